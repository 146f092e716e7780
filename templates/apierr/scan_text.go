package apierr

import "unicode/utf8"

// rawLimit is how much of a body is copied once, for all texts in it to be
// parts of.
const rawLimit = 4 << 10

// How much memory the copies of short texts share, and how long those are at
// most. One that is kept keeps no more than this of others.
const (
	sharedBytes = 1 << 10
	shortBytes  = sharedBytes / 4
)

// keep returns a copy of a text. Most of what a copy of a short one costs is to
// allocate it, so these are put behind each other.
func (s *scan) keep(text []byte) string {
	if len(text) > shortBytes {
		return string(text)
	}
	b := &s.copies
	if b.Cap()-b.Len() < len(text) {
		b.Reset()
		b.Grow(sharedBytes)
	}
	start := b.Len()
	b.Write(text)
	return b.String()[start:]
}

// lastText is the last long text that was copied out of the body. The rows of a
// list may all ask for the same one outside of it.
type lastText struct {
	start, end int
	text       string
}

func (l *lastText) is(start, end int) bool {
	return l.text != "" && l.start == start && l.end == end
}

// plainText returns the text of a string that was captured in a slot of the first
// row and stands in the copy of the body as it is. For any other value, and slot
// 0, the second result is false.
func (s *scan) plainText(slot uint32) (string, bool) {
	got := &s.caps[slot]
	if slot == 0 || got.kind != kindString || got.odd != 0 {
		return "", false
	}
	start, end := got.start+1, got.end-1
	if start > end || uint64(end) > uint64(len(s.raw)) {
		return "", false
	}
	return s.raw[start:end], true
}

// text returns the text of a captured value.
func (s *scan) text(got capture) string {
	start, end := int(got.start), int(got.end)
	if got.kind == kindString {
		start, end = start+1, end-1
	}
	return s.textMade(start, end, got.odd)
}

// textMade returns the text between two offsets.
func (s *scan) textMade(start, end int, odd oddity) string {
	if end <= len(s.raw) && odd&unlike == 0 {
		return s.raw[start:end]
	}
	var text string
	switch {
	case s.last.is(start, end):
		return s.last.text
	case odd&escaped != 0:
		s.buf, s.used = appendUnescaped(s.buf[:0], s.body[start:end]), true
		text = s.keep(s.buf)
	case end <= len(s.raw):
		text = s.raw[start:end]
	default:
		text = string(s.body[start:end])
	}
	if odd == foreign && !utf8.ValidString(text) {
		text = string([]rune(text)) // U+FFFD for each bad byte
	}
	if len(text) > rawLimit {
		s.last, s.used = lastText{start, end, text}, true
	}
	return text
}
