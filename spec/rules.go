package spec

import "github.com/errgen/errgen/templates/apierr"

// A Rule is one thing that a catalog is checked for.
type Rule struct {
	ID       string // as it stands in a problem
	Severity Severity
	Purpose  string // what the rule is for

	model   func(l *linter, id string) // looks at the catalog as written
	program func(l *linter, id string) // looks at the compiled catalog
}

// Rules are all rules, in the order in which they are documented. The rules
// without a check are those of reading: each value is checked as it is read.
var Rules = []Rule{
	{ID: "yaml-syntax", Purpose: "A catalog is one YAML document."},
	{ID: "yaml-document", Purpose: "A second document in the same file would be overlooked."},
	{ID: "yaml-alias", Purpose: "Anchors, aliases and merge keys hide what a value is, and can blow up a file."},
	{ID: "yaml-tag", Purpose: "Every key knows its own type."},
	{ID: "yaml-limit", Purpose: "A catalog is untrusted input: 1 MiB, 64 levels, 50,000 values."},
	{ID: "unknown-key", Purpose: "A misspelt key must not be passed over."},
	{ID: "duplicate-key", Purpose: "Of two values for one key, one would be lost."},
	{ID: "missing-key", Purpose: "Some keys every catalog needs."},
	{ID: "wrong-type", Purpose: "A list is no mapping, and a mapping no word."},
	{ID: "bad-value", Purpose: "Each key says what it takes."},
	{ID: "bad-path", Purpose: "A place in a body is a path of the JSONPath subset (RFC 9535).", program: checkDepth},
	{ID: "bad-duration", Purpose: "A duration has a unit."},
	{ID: "bad-status", Purpose: "HTTP statuses go from 100 to 599 (RFC 9110, section 15)."},

	{ID: "reserved-vendor", Purpose: "The vendor's name becomes a package and a folder.", model: checkVendor},
	{ID: "duplicate-vendor", Purpose: "Two catalogs of one vendor would write the same package."},
	{ID: "empty-place", Purpose: "A place is in the body or in a header, not in both and not in neither.", model: checkPlaces},
	{ID: "known-place", Purpose: "Only a code can be one that an entry has.", model: checkKnown},
	{ID: "list-place", Purpose: "A code, a message or a wait is one value, so its path may not hold [*].", model: checkLists},
	{ID: "root-path", Purpose: "The envelope's root is one object from the body's own root; items and inner errors are many.", model: checkRoot},
	{ID: "bad-plan", Purpose: "Places are looked up in one pass: together they must fit, lean on few others, and not take too long with all examples.", model: checkAlternatives, program: checkPlan},
	{ID: "test-shape", Purpose: "What is absent has no text to compare.", model: checkTests},
	{ID: "unit-missing", Purpose: "A number alone says nothing about how long to wait.", model: checkUnits},
	{ID: "backoff-shape", Purpose: "Fixed steps and a growing base exclude each other.", model: checkBackoffs},
	{ID: "delay-bounds", Purpose: "A floor above the cap leaves no wait that is right, its own or one that it takes over.", model: checkDelays, program: checkBounds},
	{ID: "zero-max", Purpose: "A cap of 0 looks like no wait and is no cap.", model: checkCaps},
	{ID: "limit-shape", Purpose: "A window needs a header, and to warn of its end two counts.", model: checkLimits},
	{ID: "transport-final", Purpose: "What another try cannot mend is never sent again.", model: checkTransport},
	{ID: "override-values", Purpose: "An override tells values apart that ask for a retry and that forbid one.", model: checkOverride},
	{ID: "detail-type", Purpose: "A typed field needs its type, and what belongs to it.", model: checkDetails},
	{ID: "unclaimed", Purpose: "An entry needs a code or a condition, and a condition something to test, or it would claim everything.", model: checkClaims},
	{ID: "fail-media", Purpose: "Bodies of successes are looked at only where their media type is one of errors: others are downloads and streams.", model: checkFailMedia},
	{ID: "code-place", Purpose: "Codes are of no use when the envelope does not say where they are.", model: checkCodePlace},
	{ID: "class-missing", Purpose: "Without a class, a status or a status row, nothing is known about an entry.", model: checkClass},
	{ID: "name-missing", Purpose: "Every entry and every detail needs a Go name.", model: checkNamed},
	{ID: "name-clash", Purpose: "No two things in a package may share a Go name.", model: checkNames},
	{ID: "duplicate-code", Purpose: "Of two entries that claim the same, the second would never be chosen.", model: checkDuplicates},
	{ID: "duplicate-row", Purpose: "Of two rows for the same thing, one would be lost.", model: checkRows},
	{ID: "unreachable-entry", Purpose: "An entry behind one that claims all it claims is never chosen.", model: checkReach},
	{ID: "shadowed-entry", Severity: Warning, Purpose: "An entry behind one that claims all its documented statuses is not chosen when it should be.", model: checkShadows},

	{ID: "example-elsewhere", Purpose: "An example must decode to its own entry.", program: checkExampleEntry},
	{ID: "example-status", Purpose: "Some example of an entry has a status that it documents.", program: checkExampleStatus},
	{ID: "example-value", Purpose: "An example must decode to what it expects.", program: checkExampleValues},
	{ID: "example-unreadable", Purpose: "A detail that an example has must be of its type; an empty text counts as none.", program: checkExampleReadable},
	{ID: "example-detail", Purpose: "Every declared detail must be shown by some example.", program: checkExampleDetails},
	{ID: "example-idle", Severity: Warning, Purpose: "An example that expects nothing, or that stands twice, proves nothing.", program: checkExampleIdle},
	{ID: "example-missing", Severity: Warning, Purpose: "An entry without an example is not proven, and has no sample in the docs.", program: checkExampleMissing},
	{ID: "place-unproven", Severity: Warning, Purpose: "A place that no example has a value at may be misspelt.", program: checkPlacesProven},
	{ID: "source-unchecked", Severity: Warning, Purpose: "Vendors change their APIs: facts need the day on which they were true.", model: checkSources},
}

// A linter is one run of the rules over one catalog.
type linter struct {
	*reader
	c *Catalog
	p *Program // set for rules that look at the compiled catalog

	tooMuch bool              // the examples are not decoded
	decoded [][]*apierr.Error // what they decode to, once they are, by entry
}

// warn is report for a rule whose problems are warnings.
func (l *linter) warn(at Pos, rule, text, mend string) {
	l.report(at, rule, text, mend)
	l.problems[len(l.problems)-1].Severity = Warning
}
