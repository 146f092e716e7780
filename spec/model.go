package spec

import (
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// A Catalog is one vendor's error catalog as its author wrote it: the model of
// a catalog file. Its names are those of the language, which grammar.go
// defines; what a catalog leaves out is the zero value here and gets its
// default in [Load].
type Catalog struct {
	Node
	File string // as given to [Load]

	Version     string
	Vendor      string
	Title       string
	Source      Source
	Envelope    Envelope
	MaxBody     int // bytes of an error's body that are read; zero: apierr.MaxBody
	FailWhen    []When
	Override    Override
	Delay       Delay
	Retry       RetryPolicy
	Idempotency Idempotency
	Status      []StatusRow
	Transport   []TransportRow
	Limits      []Limit
	Messages    []Message
	Details     []Detail
	Notes       []string
	Errors      []Entry
}

// A Source says where facts come from.
type Source struct {
	Node
	Document string
	URL      string
	Section  string
	Checked  string // year-month-day
}

// An Envelope says where in a response the parts of an error are.
type Envelope struct {
	Node
	Format    string        // json or xml
	Roots     []apierr.Path // what @ stands for, the first present wins; none: the body
	Code      []Place
	Message   []Place
	RequestID []Place
	Details   apierr.Path // where details are that have no place of their own; unset: @
	Items     []Items
	Refine    Refine
}

// Items says where a body has several errors.
type Items struct {
	Node
	Each    apierr.Path
	Code    []Place
	Field   []Place
	Message []Place
}

// A Refine says where a body has errors within the error.
type Refine struct {
	Node
	Each apierr.Path
	Code []Place
}

// An Override is a response header that decides about retries both ways.
type Override struct {
	Node
	Header string
	Retry  []string
	Stop   []string
}

// A Place is where a value is: in the body, in a header, or joined of several
// places.
type Place struct {
	Node
	Body   apierr.Path
	Header string
	Scheme string // of a challenge in the header
	Item   string // of the structured List that the header is, by its value
	Key    string // of a member of the structured Dictionary that the header is
	Param  string // of the challenge, of the item or of the member
	Join   []Place
	With   string // what stands between the joined
	After  string
	Before string
	Known  bool
	When   []When

	lines bool // all of the header's lines are one value
}

// An Outcome says what an error means. What is not given comes from the class.
type Outcome struct {
	Class   apierr.Class
	Retry   apierr.Retry
	Repeat  apierr.Repeat
	Delay   Delay
	Backoff Backoff
}

// A Delay says how long to wait.
type Delay struct {
	Node
	Sources []DelaySource
	Default time.Duration
	Min     time.Duration
	Max     time.Duration
}

// A DelaySource is one place where the server says how long to wait.
type DelaySource struct {
	Place
	Unit apierr.Unit
}

// A Backoff says how waits are computed when the server names none.
type Backoff struct {
	Node
	Steps  []time.Duration
	Base   time.Duration
	Factor float64
	Max    time.Duration
	Jitter Jitter
}

// A Jitter spreads computed waits.
type Jitter struct {
	Node
	Add  time.Duration
	Part float64
	Full bool
}

// A RetryPolicy is the vendor's retry advice as a whole.
type RetryPolicy struct {
	Node
	MaxRetries int
	Backoff    Backoff
	Breaker    CircuitBreaker
}

// A CircuitBreaker is the vendor's advice for one.
type CircuitBreaker struct {
	Node
	Failures int
	Open     time.Duration
}

// An Idempotency names the request header that the vendor honours.
type Idempotency struct {
	Node
	Header string
}

// A StatusRow says what an error of a status is when no entry claims it.
type StatusRow struct {
	Node
	Range
	Outcome
	Meaning string
	Action  string
}

// A TransportRow says what to do about a failure in which no response came.
type TransportRow struct {
	Node
	Outcome
	Failure apierr.Failure
}

// A Limit says which headers tell the state of a rate-limit window, or which
// one tells of windows itself.
type Limit struct {
	Node
	Name      string
	Header    string
	Limit     Place
	Remaining Place
	Used      Place
	Reset     DelaySource
	Warn      []float64
	Meaning   string
}

// A Message is a text for the people who use a program.
type Message struct {
	Lang string
	Text string
}

// A When is a set of conditions that must all hold.
type When struct {
	Node
	Status []Range
	Media  []string
	Header []Test
	Body   []Test
}

// A Test compares the value at a place.
type Test struct {
	Node
	Path     apierr.Path // the place, in the body
	Header   string      // the place, in a header
	Equals   []string
	Contains []string
	Present  bool

	place string // the place as text, to compare
}

// A Detail is one typed field of an error.
type Detail struct {
	Place
	From      []Place // where it is, when in one of several places
	Wire      string  // its name on the wire
	Name      string  // its Go name, when the author chose one
	Type      Type
	Unit      apierr.Unit
	Of        []Detail // fields of an object or of a list's elements
	OfType    Type     // type of a list's elements when they are no objects
	Split     string   // what stands between the elements of a list in one text
	Sensitive bool
	Meaning   string
}

// A Type is the type of a detail.
type Type string

// The types of details, with the Go type of each.
const (
	TypeString   Type = "string"   // string
	TypeInt      Type = "int"      // int64
	TypeNumber   Type = "number"   // float64
	TypeBool     Type = "bool"     // bool
	TypeDuration Type = "duration" // time.Duration; needs a unit
	TypeTime     Type = "time"     // time.Time; needs a unit
	TypeList     Type = "list"     // a slice of what Of says
	TypeObject   Type = "object"   // a struct of what Of says
	TypeTexts    Type = "texts"    // apierr.Texts: a text, a list of texts, or texts under keys
	TypeAny      Type = "any"      // json.RawMessage: whatever is there
)

// An Entry is one error.
type Entry struct {
	Node
	Outcome
	Code        string
	Name        string // Go name, when the author chose one
	Status      []int
	When        []When
	Meaning     string
	Action      string
	Details     []Detail
	Messages    []Message
	Examples    []Example
	Source      Source
	Deprecated  string
	RenamedFrom []string
}

// An Example is a real response and what it must decode to.
type Example struct {
	Node
	Name    string
	Status  int
	Headers []Header
	Body    string
	Now     time.Time
	Expect  Expect

	media string // media type of the body when no header says
}

// A Header is one header of an example, with all its values.
type Header struct {
	Name   string
	Values []string
}

// An Expect is what an example must decode to, beyond its entry. Only what is
// given is compared.
type Expect struct {
	Node
	Code      string
	Message   string
	RequestID string
	Wait      Wait
	Details   []ExpectedDetail
	Items     []ExpectedItem // all of them, in order
}

// An ExpectedItem is one of the errors in an example's body. Only what is given
// is compared.
type ExpectedItem struct {
	Node
	Code    string
	Field   string
	Message string
}

// A Wait is how long an example's server asks to wait.
type Wait struct {
	None bool // it asks for nothing
	For  time.Duration
}

// An ExpectedDetail is a detail and its value, as JSON.
type ExpectedDetail struct {
	Pos
	Name  string
	Value any
}
