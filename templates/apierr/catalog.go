package apierr

import (
	"sync"
	"time"
)

// GeneratedV1 is referred to by every generated package, so that a package
// generated for another version of this one does not compile.
const GeneratedV1 = true

// A Catalog is one vendor's error catalog, compiled to tables. A generated
// package holds one as a package variable and errgen itself compiles one from
// YAML; decoding and deciding are driven by nothing else, so the two agree.
//
// A Catalog is immutable once used, must not be copied, and is safe for
// concurrent use.
type Catalog struct {
	Vendor  string // package name of the vendor, "forlena"
	DocsURL string // page that the entries' anchors are on; may be relative or empty

	Format    Format    // of the body
	MaxBody   int       // bytes of an error's body that are read; zero or less is [MaxBody]
	FailWhen  []Match   // alternatives that make a response below 400 an error
	Places    []Place   // by At; element 0 is unused
	Code      []At      // where the code is: the first present wins
	Message   []At      // where the message is
	RequestID []At      // where the request's id is
	Items     []Items   // where several errors in one body are
	Refine    []Refine  // where errors within the error are
	Override  Override  // the header that decides about retries
	Delay     Delay     // how long to wait, for errors that no entry claims
	Rules     []Rule    // what an error of a status is when no entry claims it
	Entries   []Entry   // in the catalog's order: the first that holds wins
	Limits    []Window  // rate-limit windows, readable on any response
	Transport []Failing // what to do when no response came

	MaxRetries  int        // attempts after the first; zero is none
	Backoff     Curve      // computed waits
	Breaker     Breaker    // the vendor's advice for a circuit breaker
	Idempotency string     // request header that makes a request safe to repeat
	Messages    []UserText // for people, when an entry has none

	// Build makes an Error and fills in the details that every error of the
	// vendor has. It may be nil.
	Build func(Captures) *Error

	once      sync.Once
	plan      *plan
	limit     int64      // see maxBody
	code      uint32     // slot of the first row that has the code, 0 when it takes more to tell
	message   uint32     // the same for the message
	claimants []claimant // the entries, and behind them what errors are that no entry claims
	byCode    codeTable
	always    []int // indexes of the entries that have no code, or stand for several
}

// An At is the index of a place in [Catalog.Places]; zero is no place.
type At uint16

// A Place is where in a response a value is: at a path in the body, in a header
// or in a part of one, or joined of several places. Exactly one of Path, Header
// and Join says which. The zero value is no place.
//
// A part of a header is an auth-param of a challenge (RFC 9110, section 11), or
// in a structured field (RFC 9651): an item of a List, a member of a
// Dictionary, or a parameter of either. The text of such a part is that of its
// value: of a Boolean true or false, of a Date the Unix time, of a Byte
// Sequence its Base64; an inner list has none. A field that is not well formed
// or longer than 64 KiB has no parts.
type Place struct {
	Path   string  // see [ParsePath]
	Header string  // canonical header name, "Www-Authenticate"
	After  string  // only the text after the first occurrence of this counts
	Before string  // only the text before the first occurrence of this counts
	When   []Match // alternatives, one of which must hold for the place to count; none: always
	Join   []At    // places whose texts, all present, make the text of this one
	With   string  // stands between the texts of Join
	Scheme string  // of a challenge in Header, "Bearer"; empty: any
	Item   string  // the value of an item of the List in Header; "*": the first that has Param
	Key    string  // of a member of the Dictionary in Header
	Param  string  // of the item, of the member, or else of the challenge; empty: all of what it would be of
	Lines  bool    // without Item, Key and Param: all fields of the name, joined with ", "; else the first counts
	Known  bool    // as a code, the place counts only when an entry has its value
}

// A Format is what a body is written in. The zero value is [JSON].
type Format uint8

// The formats of bodies.
const (
	JSON Format = iota
	XML         // the same tree as JSON, under the root element's name; a name is the list of its elements
)

// Items says where a body has several errors: at each value of Each, the parts
// of one, in places below it.
type Items struct {
	Each    At
	Code    []At
	Field   []At // none: the names that lead from the list to the item, joined with dots
	Message []At
}

// Refine says where a body has errors within the error, outermost first. Of
// those whose code has an entry, the last decides which entry is chosen.
type Refine struct {
	Each At
	Code []At
}

// An Override is a response header that decides about retries both ways,
// whatever the error is. The zero value is none.
type Override struct {
	Header string
	Retry  []string // values that ask for a retry, of any request
	Stop   []string // values that forbid one
}

// An Outcome is what an error means.
type Outcome struct {
	Class  Class
	Retry  Retry
	Repeat Repeat
}

// A Rule is the outcome of a range of statuses that no entry claims.
type Rule struct {
	From, To int // statuses, both included
	Outcome  Outcome
	Firm     bool   // the catalog itself gives Outcome.Repeat
	Delay    *Delay // nil: the catalog's
	Backoff  *Curve // nil: the catalog's
}

// An Entry is one error that a catalog names.
type Entry struct {
	Name     string  // Go name, unique within the catalog
	Code     string  // code on the wire; empty when the vendor sends none; "x*" stands for all that begin with x
	Status   []int   // documented statuses; empty when none is documented
	When     []Match // alternatives, one of which must hold; none: always
	Outcome  Outcome // zero: what the response's status means
	Delay    *Delay  // nil: the catalog's
	Backoff  *Curve  // nil: the catalog's
	Meaning  string  // what happened, in one sentence
	Action   string  // what to do about it
	Anchor   string  // fragment of the entry's section in the docs
	Messages []UserText

	// Build makes an Error and fills in this entry's details. It may be nil.
	Build func(Captures) *Error
}

// A Match is a set of conditions that must all hold.
type Match []Cond

// A Cond is one condition on a response. Exactly one of Status, Media and At
// says what it looks at. A value is compared as text, exactly; for Media,
// without regard to case and parameters.
type Cond struct {
	Status   [][2]int // ranges of statuses, both ends included
	Media    []string // media types
	At       At       // a place
	Equals   []string // values of the place, one of which must be equal
	Contains []string // parts, one of which the place's text must contain
	Absent   bool     // the place must be absent instead of present
}

// A Delay says how long to wait before the next attempt.
type Delay struct {
	Sources []Source      // what the server asks for: the first valid one wins
	Default time.Duration // when the server asks for nothing; zero: computed backoff
	Min     time.Duration // floor of whatever the wait is
	Max     time.Duration // cap of whatever the wait is; zero: none
}

// A Source is one place in which a server says how long to wait.
type Source struct {
	At   At
	Unit Unit
}

// A Curve is how waits are computed when the server asks for none. The wait
// before the nth retry is Steps[n-1] (the last step when there are fewer), or
// Base × Factor^(n-1) up to Max when there are no steps. The zero value waits
// not at all.
type Curve struct {
	Steps  []time.Duration
	Base   time.Duration
	Factor float64 // below 1 counts as 1
	Max    time.Duration
	Jitter Jitter
}

// A Jitter spreads the retries of many clients over time.
type Jitter struct {
	Add  time.Duration // adds up to this much
	Part float64       // adds up to this part of the wait: 0.2 is a fifth
	Full bool          // any wait between zero and the computed one
}

// A Breaker is a vendor's advice for a circuit breaker: open after so many
// failures in a row, for so long. The zero value is no advice.
type Breaker struct {
	Failures int
	Open     time.Duration
}

// A UserText is a text for the people who use a program, in one language.
type UserText struct {
	Lang string // BCP 47 language tag, "en"
	Text string
}

// A Window is where the state of one rate-limit window stands in a response.
// Fields that are zero are not sent.
//
// With Header it stands for any number of windows: those that the header itself
// tells of, in the form of RateLimit, and the header of the same name with
// -Policy. Name is then what a window is called that has no name of its own,
// and the places count for nothing.
type Window struct {
	Name      string
	Header    string // canonical header name, "Ratelimit"
	Limit     At
	Remaining At
	Used      At
	Reset     At
	ResetUnit Unit
	Warn      []float64 // parts of the limit left at which to warn, falling: 0.2, 0.05
}

// A Failing is what to do about one kind of failure in which no response
// came.
type Failing struct {
	Failure Failure
	Outcome Outcome
}
