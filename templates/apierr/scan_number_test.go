package apierr

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// compareRead holds what is read of a place as a number, a length of time or an
// instant against what its text says: most numbers never become a text.
func compareRead(t *testing.T, c Captures, at At, text string, scalar bool) {
	t.Helper()
	if n, ok := parseInt(text); scalar && ok && c.Int(at) != n || (!scalar || !ok) && c.Int(at) != 0 {
		t.Fatalf("place %d: %d of %q", at, c.Int(at), text)
	}
	for unit := range RateLimitField + 2 {
		want, ok := parseSpan(text, unit)
		if !scalar || !ok {
			want = 0
		}
		if got := c.Duration(unit, at); got != want {
			t.Fatalf("place %d: %v of %q in %s", at, got, text, unit)
		}
		instant, ok := parseInstant(text, unit)
		if !scalar || !ok {
			instant = time.Time{}
		}
		for range 2 { // the second time, it may be remembered
			if got := c.Time(unit, at); !got.Equal(instant) || got.Location() != time.UTC {
				t.Fatalf("place %d: %v of %q in %s", at, got, text, unit)
			}
		}
		now := time.Date(2024, 3, 9, 16, 0, 0, 0, time.UTC)
		asked, ok := parseWait(text, unit, now)
		if got, gotOK := c.wait(&Delay{Sources: []Source{{at, unit}}}, &now); scalar && (gotOK != ok || got != asked) || !scalar && gotOK {
			t.Fatalf("place %d: a wait of %v, %v of %q in %s", at, got, gotOK, text, unit)
		}
	}
}

// TestNumbers has numbers of all lengths at all distances from the end of the
// body, where they are read by words.
func TestNumbers(t *testing.T) {
	places := pathPlaces("$.n", "$.list[*]")
	p := mustPlan(t, places)
	valid := 0
	for size := range 22 {
		for _, number := range []string{
			strings.Repeat("7", size), "1" + strings.Repeat("0", size), "0" + strings.Repeat("0", size), "-" + strings.Repeat("9", size),
			strings.Repeat("4", size) + ".5", strings.Repeat("4", size) + "e2", strings.Repeat("4", size) + "E", strings.Repeat("4", size) + "x",
			strings.Repeat("4", size) + "/", strings.Repeat("4", size) + ":", strings.Repeat("4", size) + "\xb4",
		} {
			for _, body := range []string{`{"n":%s}`, `{"n":%s,"x":"yyyyyyyyyyyyyyyy"}`, "{\"n\": %s\n}", `{"list":[%s,%[1]s],"n":%[1]s  }`, `{"n":{"n":1},"n":%s}`, `{"n":5,"n":%s}`, `{"n":%s`} {
				text := []byte(fmt.Sprintf(body, number))
				s := p.getScan()
				if got, want := s.scan(text), json.Valid(text); got != want {
					t.Errorf("%v for %q", got, text)
				} else if want {
					valid++
					compareAll(t, places, p, text, rawLimit)
				}
				putScan(s)
			}
		}
	}
	if valid < 500 {
		t.Errorf("only %d bodies are valid", valid)
	}
}

// TestInstantIsOfItsPlace has several instants read by turns, as one of them is
// remembered.
func TestInstantIsOfItsPlace(t *testing.T) {
	places := pathPlaces("$.a", "$.b", "$.list[*]")
	c := scanned(t, places, `{"a":1710000000,"b":"1710000001","list":[1710000002,1710000003]}`)
	var got []int64
	read := func(c Captures, at At) {
		for _, unit := range []Unit{Unix, UnixMilli, RFC3339, Unix} {
			if at := c.Time(unit, at); !at.IsZero() {
				got = append(got, at.Unix()-1710000000)
			}
		}
	}
	for range 2 {
		read(c, 1)
		for _, row := range c.Rows(3) {
			read(row, 3)
			read(row, 2)
		}
	}
	if want := "[0 0 2 2 1 1 3 3 1 1 0 0 2 2 1 1 3 3 1 1]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	c.scan.scan([]byte(`{"a":1710000009}`))
	if got := c.Time(Unix, 1).Unix(); got != 1710000009 {
		t.Errorf("%d in another body", got)
	}
}
