package apierr

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestStrangers has members that no place wants among the others: in the end
// they are expected, and whatever comes in their place is still read.
func TestStrangers(t *testing.T) {
	p := mustPlan(t, pathPlaces("$.a", "$.b", "$.c.a", "$.statusCode_which_is_wanted"))
	s := p.newScan()
	expected := func(body string) bool {
		t.Helper()
		s.scan([]byte(body))
		guess := p.root.guess
		for _, name := range strings.Split(body[1:len(body)-1], ",") {
			name, _, _ = strings.Cut(name, ":")
			m := s.next[guess]
			if m.word != head([]byte(name+":")) {
				return false
			}
			guess = m.guess
		}
		return true
	}
	const body = `{"statusCode":1,"a":2,"data":null,"b":3}`
	for i := range familiar + 3 {
		if got := expected(body); got != (i >= familiar) {
			t.Errorf("body %d: all members expected: %v", i+1, got)
		}
		if s.caps[p.slots[1].slot].number != 2 || s.caps[p.slots[2].slot].number != 3 {
			t.Errorf("body %d: %v", i+1, s.caps)
		}
	}
	for i, body := range []string{
		`{"statusCoda":1,"a":2,"data":null,"b":3}`,
		`{"a":2,"b":3}`,
		`{"data":{"a":1},"b":3,"statusCode":{"b":1},"a":2}`,
		`{"statusCode":1,"data":2,"a":2,"b":3}`,
		`{"statusCode" : 1,"a":2,"dat\u0061":null,"b":3}`,
		`{"statusCode_which_is_long":1,"a":2,"b":3}`,
	} {
		for range familiar + 2 {
			if !s.scan([]byte(body)) || s.caps[p.slots[1].slot].number != 2 || s.caps[p.slots[2].slot].number != 3 {
				t.Errorf("body %d: %v", i, s.caps)
			}
		}
	}
	s.scan([]byte(`{"statusCode_which_is_wanted":7,"a":2,"b":3}`))
	if got := s.caps[p.slots[4].slot]; got.number != 7 {
		t.Errorf("a name that begins as a stranger's: %v", got)
	}
}

// TestLongNames has names that agree in all that a guess compares at once.
func TestLongNames(t *testing.T) {
	const long = "abcdefghijklmnopq"
	p := mustPlan(t, pathPlaces("$.first", "$."+long+"r"))
	s := p.newScan()
	for range familiar + 2 {
		for _, body := range []string{
			`{"first":1,"` + long + `r":2}`,
			`{"first":1,"` + long + `s":3,"` + long + `r":2}`,
			`{"first":1,"` + long + `r7":3,"` + long + `r":2}`,
			`{"` + long + `t":3,"first":1,"` + long + `r":2}`,
		} {
			if !s.scan([]byte(body)) || s.caps[p.slots[1].slot].number != 1 || s.caps[p.slots[2].slot].number != 2 {
				t.Fatalf("%s: %v", body, s.caps)
			}
		}
	}
}

// TestBlind shows that a scan stops to guess where that is of no use, and begins
// again: with members in one order, it is back at guessing soon.
func TestBlind(t *testing.T) {
	names := []string{"aa", "bb", "cc", "dd", "ee", "ff"}
	var paths []string
	for _, name := range names {
		paths = append(paths, "$."+name)
	}
	p := mustPlan(t, pathPlaces(paths...))
	s := p.newScan()
	r := rand.New(rand.NewPCG(1, 2))
	blind := func(shuffled bool, bodies int) (n int) {
		for range bodies {
			order := []int{0, 1, 2, 3, 4, 5}
			if shuffled {
				order = r.Perm(len(names))
			}
			body := "{"
			for _, k := range order {
				body += fmt.Sprintf(`"%s":%d,`, names[k], k)
			}
			if s.blind > 0 {
				n++
			}
			if !s.scan([]byte(body[:len(body)-1] + "}")) {
				t.Fatal(body)
			}
			for k := range names {
				if got := s.caps[p.slots[k+1].slot]; got.number != uint32(k) || got.odd != counted {
					t.Fatalf("%s: %s is %v", body, names[k], got)
				}
			}
		}
		return n
	}
	if n := blind(false, 100); n != 0 {
		t.Errorf("blind for %d bodies in one order", n)
	}
	// Two bodies are tried after each time without guesses, and few that are shuffled
	// come in one order by chance.
	if n, all := blind(true, 1000), 1000*blindFor/(blindFor+2); n > all || n < all-all/100 {
		t.Errorf("blind for %d of 1000 shuffled bodies, want about %d", n, all)
	}
	if n := blind(false, 1000); n > blindFor {
		t.Errorf("blind for %d bodies that are in one order again", n)
	}
}

// TestGuessedNames has names of all lengths about those that two words hold, wanted
// and not, in bodies that are like those before but for one byte of the name, the
// quotes or the colon. What is not JSON is not taken for it.
func TestGuessedNames(t *testing.T) {
	for size := 5; size <= 30; size++ {
		name := strings.Repeat("n", size)
		for _, wanted := range []bool{true, false} {
			path := "$.other"
			if wanted {
				path = "$." + name
			}
			p := mustPlan(t, pathPlaces(path, "$.last"))
			s := p.newScan()
			quoted := `"` + name + `":`
			body := func(quoted string) []byte { return []byte(`{` + quoted + `7,"last":8,"filler":"0123456789"}`) }
			for range familiar + 2 {
				s.scan(body(quoted))
			}
			for i := range quoted {
				for _, b := range []byte{';', 'm', '"', '\\', ' ', 0, 0xff} {
					changed := body(quoted[:i] + string([]byte{b}) + quoted[i+1:])
					for range 2 {
						if got, want := s.scan(changed), json.Valid(changed); got != want {
							t.Errorf("%s: valid %v, want %v", changed, got, want)
						}
						if got := s.caps[p.slots[1].slot]; got.kind != kindNone && b != quoted[i] {
							t.Errorf("%s: something is captured", changed)
						}
					}
					for range familiar + 2 {
						if !s.scan(body(quoted)) || wanted && s.caps[p.slots[1].slot].number != 7 || s.caps[p.slots[2].slot].number != 8 {
							t.Fatalf("%s: %v", body(quoted), s.caps)
						}
					}
				}
			}
		}
	}
}

// TestRootWanted has a place that is the root itself beside one within it.
func TestRootWanted(t *testing.T) {
	c := &Catalog{Places: pathPlaces("$", "$.a"), Code: []At{2}}
	s := c.scan()
	const body = `{"a":1}`
	c.read(s, 400, nil, []byte(body))
	if got := (Captures{scan: s}).JSON(1); string(got) != body {
		t.Errorf("%s of %s", got, body)
	}
}
