package apierr

import "slices"

// guesses are what a scan expects of the order of members. Bodies of one vendor
// mostly have theirs in one order, and to see that a name is the one expected is
// quicker than to look it up.
type guesses struct {
	// next has the member that came after each member of each node the last
	// time, and the one that came first. In the second half are those that came
	// after a stranger, of which there may be one for each guess of the first half.
	next      []*member
	strangers []stranger

	wrong  int // guesses at members that places want, in this body
	bodies int // in a row with more than one of these
	blind  int // so many bodies more, there is no use in guesses
}

// When there is no use in guesses, and for how long.
const (
	disorder = 4  // bodies in a row with wrong guesses
	blindFor = 64 // bodies
)

func newGuesses(first []*member) guesses {
	return guesses{next: slices.Concat(first, first, []*member{&never}), strangers: make([]stranger, len(first))}
}

// never is a member that no body has.
var never = member{word: 1}

// firstGuess returns the guess at the first member of an object.
func (g *guesses) firstGuess(n *node) uint32 {
	if g.blind > 0 {
		return uint32(len(g.next) - 1)
	}
	return n.guess
}

// A stranger is a member that no place wants and that came at one guess.
type stranger struct {
	member
	seen  uint64 // what it began with the last time
	times int    // how many times in a row
}

// familiar is how many times a stranger comes before it is expected.
const familiar = 4

// learn takes note of the member that came at a guess, and returns the guess at
// what follows it. Near the end of a body it may be the expected one.
func (g *guesses) learn(m *member, guess uint32) uint32 {
	if g.blind > 0 {
		return guess
	}
	if g.next[guess] != m {
		g.wrong++
		g.next[guess] = m
	}
	return m.guess
}

// meet is learn for a stranger. Its name and colon are what b ends with, from i
// on.
func (g *guesses) meet(b []byte, i int, guess uint32) uint32 {
	if int(guess) >= len(g.strangers) || g.blind > 0 {
		return guess
	}
	m := &g.strangers[guess]
	if word := at8(b, i); m.seen != word {
		m.seen, m.times = word, 0
		return guess
	}
	m.times++
	size := len(b) - i
	if m.times < familiar || size < 0 || size > 16 {
		return guess // it takes more to tell
	}
	m.member = member{
		word: at8(b, i), mask: lowBytes(size), word2: at8(b, i+8), mask2: lowBytes(size - 8), size: size,
		node: &ignored, guess: guess + uint32(len(g.strangers)),
	}
	g.next[guess] = &m.member
	return m.guess
}

// lowBytes has the bits of the lowest n bytes.
func lowBytes(n int) uint64 { return ^(^uint64(0) << (8 * max(n, 0))) }

// bodyEnded judges the guesses of a body. After some time without, two bodies are
// tried with guesses again: the first to learn from.
func (g *guesses) bodyEnded() {
	switch {
	case g.blind > 0:
		if g.blind--; g.blind == 0 {
			g.bodies = disorder - 2
		}
	case g.wrong < 2:
		g.bodies = 0
	default:
		if g.bodies++; g.bodies == disorder {
			g.blind = blindFor
		}
	}
	g.wrong = 0
}
