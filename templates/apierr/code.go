package apierr

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// A claimant is an entry as decoding looks at it, or what stands for one where no
// entry claims the error.
type claimant struct {
	*Entry
	catalog *Catalog
	build   func(Captures) *Error // nil: there are no details
	advice  advice                // whatever the status, when the entry has an outcome of its own
	settled bool                  // its outcome is all there is to tell: nobody waits for anything
	index   int                   // among the claimants
}

// newClaimant returns what decoding needs of an entry.
func (c *Catalog) newClaimant(e *Entry) claimant {
	k := claimant{Entry: e, catalog: c, build: e.Build}
	if k.build == nil {
		k.build = c.Build
	}
	if e.Outcome != (Outcome{}) {
		k.advice = advice{e.Outcome, cmp.Or(e.Delay, &c.Delay), cmp.Or(e.Backoff, &c.Backoff), true}
		k.settled = e.Outcome.Retry == Never && c.Override.Header == ""
	}
	return k
}

// A codeTable has the indexes of entries by their code. It is a hash table, at
// most half full, whose empty slots have no code. The zero value is empty.
type codeTable struct {
	slots  []codeSlot // a power of two of them
	factor uint64     // takes a code's key to a hash
	shift  uint8      // takes a hash to an index
}

type codeSlot struct {
	first, last uint64 // see codeWords
	code        string
	entries     []int     // in the catalog's order
	sole        *claimant // the entry that any error with this code is, as most are; nil when it takes more to tell
}

// unlisted is the slot of codes that no entry has.
var unlisted codeSlot

// newCodeTable returns a table of some codes, without entries. A code may be given
// more than once; none is empty.
func newCodeTable(codes []string) codeTable {
	var keys []uint64
	for _, code := range codes {
		first, last := codeWords(code)
		keys = append(keys, mix(first, last, len(code)))
	}
	size := bits.Len(uint(2*len(codes) + 1)) // codes may have one key
	t := codeTable{slots: make([]codeSlot, 1<<size), shift: uint8(64 - size)}
	slices.Sort(keys)
	t.factor = factorFor(slices.Compact(keys), t.shift)
	for _, code := range codes {
		slot := t.slot(code)
		slot.code = code
		slot.first, slot.last = codeWords(code)
	}
	return t
}

// slot returns the slot that has the code, which is not empty, or the empty slot
// where it belongs.
func (t *codeTable) slot(code string) *codeSlot {
	first, last := codeWords(code)
	h := mix(first, last, len(code)) * t.factor >> (t.shift & 63)
	slot := &t.slots[h&uint64(len(t.slots)-1)]
	// Up to 16 bytes, the words and the length are all of a code.
	if slot.first == first && slot.last == last && len(slot.code) == len(code) && len(code) <= 16 {
		return slot
	}
	return t.search(code, h)
}

// search is slot where the words do not tell at once.
func (t *codeTable) search(code string, h uint64) *codeSlot {
	for ; ; h++ {
		slot := &t.slots[h&uint64(len(t.slots)-1)]
		if slot.code == code || slot.code == "" {
			return slot
		}
	}
}

// find returns the slot of a code, one without entries if there is none.
func (t *codeTable) find(code string) *codeSlot {
	if code == "" || len(t.slots) == 0 {
		return &unlisted
	}
	return t.slot(code)
}

// codeWords returns the first 8 bytes of a code and the last 8; of a shorter one, all
// of them and zero. They and the length make its key. The table is made of the
// catalog alone, so nobody can send codes that make it slow.
func codeWords(code string) (first, last uint64) {
	if len(code) < 8 {
		return head([]byte(code)), 0
	}
	return word(code), word(code[len(code)-8:])
}

// index sorts the entries into those found by their code and the others.
func (c *Catalog) index() {
	var codes []string
	for i := range c.Entries {
		if code := c.Entries[i].Code; code != "" && !strings.HasSuffix(code, family) {
			codes = append(codes, code)
		}
	}
	c.byCode = newCodeTable(codes)
	for i := range c.Entries {
		e := &c.Entries[i]
		c.claimants = append(c.claimants, c.newClaimant(e))
		if e.Code == "" || strings.HasSuffix(e.Code, family) {
			c.always = append(c.always, i)
		} else {
			slot := c.byCode.slot(e.Code)
			slot.entries = append(slot.entries, i)
		}
	}
	c.claimants = append(c.claimants, c.newClaimant(&Entry{}))
	for i := range c.claimants {
		c.claimants[i].index = i
	}
	for i := range c.byCode.slots {
		slot := &c.byCode.slots[i]
		if len(c.always) == 0 && len(slot.entries) == 1 && len(c.Entries[slot.entries[0]].When) == 0 {
			slot.sole = &c.claimants[slot.entries[0]]
		}
	}
}

// family ends the code of an entry that stands for all codes that begin so.
const family = "*"

// has reports whether the entry stands for the code: it has that code, or none.
func (e *Entry) has(code string) bool {
	prefix, ok := strings.CutSuffix(e.Code, family)
	return !ok || code != "" && strings.HasPrefix(code, prefix)
}

// codeOf returns a code: the text of the first place that has one. The second result
// is its slot, or nil when nobody has looked for that yet.
func (c *Catalog) codeOf(values Captures, places []At) (code string, slot *codeSlot) {
	for _, at := range places {
		text, ok := values.text(at)
		if !ok || text == "" {
			continue
		}
		if !c.Places[at].Known {
			return text, nil
		}
		if slot = c.byCode.find(text); c.lists(text, slot) {
			return text, slot
		}
	}
	return "", nil
}

// lists reports whether an entry stands for the code, whose slot it is.
func (c *Catalog) lists(code string, slot *codeSlot) bool {
	if len(slot.entries) > 0 {
		return true
	}
	return slices.ContainsFunc(c.always, func(i int) bool { return c.Entries[i].Code != "" && c.Entries[i].has(code) })
}

// claim returns the first entry, in the catalog's order, that has the code or
// none and whose conditions hold, and what stands for it when there is none.
func (c *Catalog) claim(values Captures, code string, slot *codeSlot) *claimant {
	if slot.sole != nil {
		return slot.sole
	}
	byCode, always := slot.entries, c.always
	for len(byCode) > 0 || len(always) > 0 {
		var entry *claimant
		if len(always) == 0 || len(byCode) > 0 && byCode[0] < always[0] {
			entry, byCode = &c.claimants[byCode[0]], byCode[1:]
		} else if entry, always = &c.claimants[always[0]], always[1:]; !entry.has(code) {
			continue
		}
		if values.holds(entry.When) {
			return entry
		}
	}
	return &c.claimants[len(c.Entries)]
}
