package apierr

import (
	"math"
	"net/http"
	"strings"
)

// Limits of a scan.
const (
	maxDepth   = 10000   // nested arrays and objects, as in encoding/json
	maxRows    = 1000    // elements that one list captures
	maxAllRows = 10000   // elements that all lists of a body capture
	maxLevels  = 64      // levels that ..name goes down
	maxAgain   = 16      // times its length that a body is read again for rows within rows
	keepBytes  = 1 << 16 // a larger buffer does not go back into the pool
)

// A kind is the type of a JSON value.
type kind uint8

const (
	kindNone kind = iota // there is no value
	kindNull
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// kinds has the kind of a value by its first byte.
var kinds = [256]kind{
	'"': kindString, '[': kindArray, '{': kindObject,
	't': kindBool, 'f': kindBool, 'n': kindNull,
	'-': kindNumber, '0': kindNumber, '1': kindNumber, '2': kindNumber, '3': kindNumber, '4': kindNumber,
	'5': kindNumber, '6': kindNumber, '7': kindNumber, '8': kindNumber, '9': kindNumber,
}

// A capture is where a value is in the body. In a table's slot of a row, it is
// the rows of a list: start has the first, end their number. In slot 0 of a
// row, start has the next row and end the parent's.
type capture struct {
	start, end uint32
	number     uint32 // that it is, when it is counted
	kind       kind
	odd        oddity
}

// An oddity is why the text of a string is not what stands in the body, zero for
// one whose text does; or that a number is counted already.
type oddity uint8

const (
	escaped oddity = 1 << iota // there are backslashes in it
	foreign                    // there are bytes beyond ASCII, which may not be UTF-8
	counted                    // an integer of up to 7 digits, and in capture.number

	unlike = escaped | foreign // the text may have to be made
)

// A scan is the memory that a scan of one body needs, and its result. It is made
// for one plan.
type scan struct {
	plan   *plan
	slots  []slot // the plan's
	places []Place
	body   []byte
	raw    string
	header http.Header
	status int

	caps  []capture // rows, those of table 0 first; a row is named by its offset
	width uint32    // of the first row
	row   []uint32  // the current row, by table
	rows  int       // how many there are, but for the first

	guesses
	blocks  blocks
	instant lastInstant     // see [Captures.instant]
	dated   lastDate        // see [scan.responseBase]
	copies  strings.Builder // see [scan.keep]

	used   bool   // there is something for tidy to do
	buf    []byte // for undoing escapes
	cursor cursor // for [Captures.Path]
	last   lastText

	entries []entry  // members of objects that are read again
	table   []uint32 // for finding those that were replaced
	reread  int      // bytes of rows of ..name that were read

	nest [maxDepth/64 + 1]uint64 // a bit for each open value that is skipped: an object
}

// newScan returns the memory for scans of a plan.
func (p *plan) newScan() *scan {
	width := p.tables[0].width
	return &scan{
		plan: p, slots: p.slots, places: p.places,
		caps: make([]capture, width), width: width, row: make([]uint32, len(p.tables)),
		guesses: newGuesses(p.guesses),
	}
}

// getScan returns a scan. Its captures are those of another body until it scans
// or is reset. [putScan] takes it back.
func (p *plan) getScan() *scan { return p.scans.Get().(*scan) }

// putScan takes back a scan that nobody will use any more.
func putScan(s *scan) {
	s.body, s.raw, s.header = nil, "", nil
	if s.used {
		s.tidy()
	}
	s.plan.scans.Put(s)
}

// tidy forgets what belongs to one body, and gives back what took much memory.
func (s *scan) tidy() {
	s.used, s.cursor, s.last = false, cursor{}, lastText{}
	if cap(s.caps) > keepBytes/16 {
		s.caps = make([]capture, s.width)
	}
	if cap(s.buf) > keepBytes {
		s.buf = nil
	}
	if cap(s.entries) > keepBytes/16 {
		s.entries = nil
	}
	if cap(s.table) > keepBytes/4 {
		s.table = nil
	}
}

// scan reads a body in one pass and captures the values at the plan's places.
// It reports whether the body is valid, exactly as [json.Valid] does; nothing
// is captured from one that is not. What is captured is what encoding/json
// would decode: of members with the same name, the last.
func (s *scan) scan(body []byte) bool {
	s.body = body
	s.reset()
	root := &s.plan.root
	if uint64(len(body)) > math.MaxUint32 {
		root = &ignored // the positions would not fit
	}
	i := skipSpace(body, 0)
	if i < len(body) && body[i] == '{' && root.mere {
		i = s.object(body, root, i+1, 1) // as value does it
	} else {
		i = s.value(body, root, i, 0)
	}
	s.bodyEnded()
	if i == len(body) || i >= 0 && skipSpace(body, i) == len(body) {
		return true
	}
	s.reset()
	return false
}

// reset leaves one row, an empty one for table 0.
func (s *scan) reset() {
	s.caps, s.rows, s.reread, s.instant.at = s.caps[:s.width], 0, 0, 0
	clear(s.caps)
}
