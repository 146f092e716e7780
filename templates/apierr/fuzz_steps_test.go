package apierr

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// A maker makes bodies and paths of few words, so that they meet often. Each
// byte is a choice; when there are no more, it is the first one.
type maker struct{ choices []byte }

func (m *maker) choose(n int) int {
	if len(m.choices) == 0 {
		return 0
	}
	c := int(m.choices[0])
	m.choices = m.choices[1:]
	return c % n
}

func (m *maker) pick(words ...string) string { return words[m.choose(len(words))] }

func (m *maker) body(depth int) string {
	switch k := m.choose(8); {
	case depth == 0 || k < 2:
		return m.pick("0", "1", "2", "1.0", "10e-1", `"1"`, `"q"`, `"\u0071"`, "true", "false", "null", `""`, "[]", "{}", "-0")
	case k < 4:
		var list []string
		for range m.choose(5) {
			list = append(list, m.body(depth-1))
		}
		return "[" + strings.Join(list, m.pick(",", " , ")) + "]"
	default:
		var list []string
		for range m.choose(6) {
			list = append(list, m.pick(`"a":`, `"b":`, `"t":`, `"t" : `, `"\u0061":`, `"x":`)+m.body(depth-1))
		}
		return "{" + strings.Join(list, ",") + m.pick("", " ") + "}"
	}
}

func (m *maker) path() string {
	p := "$"
	for range 1 + m.choose(5) {
		switch m.choose(8) {
		case 0, 1:
			p += m.pick(".a", ".b", ".t")
		case 2:
			p += m.pick("[0]", "[1]")
		case 3, 4:
			p += "[*]"
		case 5:
			p += m.pick("..a", "..b")
		default:
			p += "[?@" + m.pick("", ".t", ".a", "[0]", ".a.t", ".t[0]") + "==" + m.pick("1", "'q'", "true", "0", `""`) + "]"
		}
	}
	return p
}

func FuzzScanSteps(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		seed := make([]byte, 20+r.IntN(200))
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		m := maker{choices}
		var paths []string
		for range 1 + m.choose(6) {
			paths = append(paths, m.path())
		}
		body := m.body(7)
		if !json.Valid([]byte(body)) {
			t.Fatal("not valid")
		}
		places := pathPlaces(paths...)
		compareAll(t, places, mustPlan(t, places), []byte(body), rawLimit)
	})
}

// compareAll checks all that a scan captures.
func compareAll(t *testing.T, places []Place, p *plan, body []byte, raw int) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("%+v in %q", places[1:], body)
		}
	}()
	s := p.getScan()
	defer putScan(s)
	if !s.scan(body) {
		t.Fatal("valid JSON is rejected")
	}
	c := s.captures(string(body[:min(len(body), raw)]), 0, nil)
	root := decodeAny(t, body)
	for at := 1; at < len(places); at++ {
		path, err := ParsePath(places[at].Path)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, c, At(at), path.steps, root, true)
	}
}
