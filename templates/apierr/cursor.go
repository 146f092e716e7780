package apierr

// A cursor goes over all values of a valid body, one after the other, to tell
// which names and indexes lead to a value. The zero cursor is at the start.
type cursor struct {
	at   int     // offset of the value that it is at
	open []frame // the arrays and objects that the value is in, outermost first
}

// A frame is an array or object, and which of its children the cursor is at or
// in.
type frame struct {
	start int    // offset of the array or object
	name  []byte // of a member, as it stands in the body, with quotes; nil in an array
	index int    // of the child, from 0
}

// seek goes to the value that starts at an offset and returns the arrays and
// objects around it, which are valid until the cursor goes on. It returns nil
// when no value starts there, or the root. Going on costs no more than reading
// what is between; going back, no more than reading the innermost array or
// object around both.
func (c *cursor) seek(b []byte, offset int) []frame {
	for c.at > offset && len(c.open) > 0 {
		last := len(c.open) - 1
		c.at, c.open = c.open[last].start, c.open[:last]
	}
	if c.at > offset {
		c.at = 0
	}
	c.at = skipSpace(b, c.at)
	for c.at < min(offset, len(b)) {
		c.next(b)
	}
	if c.at > offset {
		return nil
	}
	return c.open
}

// next goes to the next value; after the last one, to the end of the body.
func (c *cursor) next(b []byte) {
	i := c.at
	switch b[i] {
	case '{', '[':
		first := skipSpace(b, i+1)
		if b[first] != b[i]+2 { // the brackets are two apart in ASCII
			c.open = append(c.open, frame{start: i, index: -1})
			c.enter(b, first)
			return
		}
		i = first + 1
	case '"':
		i, _ = skipString(b, i+1)
	default:
		i = skipScalar(b, i)
	}
	for len(c.open) > 0 {
		if i = skipSpace(b, i); b[i] == ',' {
			c.enter(b, skipSpace(b, i+1))
			return
		}
		c.open = c.open[:len(c.open)-1]
		i++
	}
	c.at = len(b)
}

// enter goes to the child that starts at b[i], with its name if it has one.
func (c *cursor) enter(b []byte, i int) {
	f := &c.open[len(c.open)-1]
	f.index++
	if b[f.start] == '{' {
		end, _ := skipString(b, i+1)
		f.name = b[i:end]
		i = skipName(b, i)
	}
	c.at = i
}
