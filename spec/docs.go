package spec

// FormerAnchors returns the fragments that the entry's section in the docs had
// under its earlier names, so that links to them go on working.
func (e *Entry) FormerAnchors() []string {
	anchors := make([]string, len(e.RenamedFrom))
	for i, name := range e.RenamedFrom {
		anchors[i] = anchor(name)
	}
	return anchors
}
