package apierr

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestValid holds what makes tables invalid, and at which place.
func TestValid(t *testing.T) {
	present := func(ats ...At) (m []Match) {
		for _, at := range ats {
			m = append(m, Match{{At: at}})
		}
		return m
	}
	for _, tt := range []struct {
		name string
		c    *Catalog
		at   At // of the place that is wrong; 0: none
		want string
	}{
		{"nothing", &Catalog{}, 0, ""},
		{"a plain vendor", quotaCatalog(), 0, ""},
		{"successes that fail", failing(), 0, ""},
		{"items", itemsCatalog(), 0, ""},
		{"no kind", &Catalog{Places: []Place{{}, {}}}, 1, "given in 0 ways"},
		{"two kinds", &Catalog{Places: []Place{{}, {Path: "$.a"}, {Path: "$.a", Header: "B"}}}, 2, "given in 2 ways"},
		{"no path", &Catalog{Places: []Place{{}, {Path: "a"}}}, 1, "a path starts with $"},
		{"a join of itself", &Catalog{Places: []Place{{}, {Path: "$.a"}, {Join: []At{1, 2}}}}, 2, "leans on itself"},
		{"a circle", &Catalog{Places: []Place{{}, {Path: "$.a", When: present(2)}, {Join: []At{1, 1}}}}, 1, "leans on itself"},
		{"a test of itself", &Catalog{Places: []Place{{}, {Header: "A", When: present(1)}}}, 1, "leans on itself"},
		{"a join of nothing", &Catalog{Places: []Place{{}, {Join: []At{0, 3}}}}, 1, "no place 0"},
		{"a join of a place beyond", &Catalog{Places: []Place{{}, {Path: "$.a"}, {Join: []At{1, 3}}}}, 2, "no place 3"},
		{"four in a row", &Catalog{Places: []Place{{}, {Path: "$.a"}, {Join: []At{1}}, {Join: []At{2, 2}}, {Join: []At{3}}, {Join: []At{1, 4}}}}, 0, ""},
		{"five in a row", &Catalog{Places: []Place{{}, {Path: "$.a"}, {Join: []At{1}}, {Join: []At{2}}, {Join: []At{3}}, {Header: "A", When: present(1, 4)}, {Join: []At{1, 5}}}}, 6, "leans on 5 places in a row"},
		{"five, from the other end", &Catalog{Places: []Place{{}, {Join: []At{2}}, {Join: []At{3}}, {Join: []At{4}}, {Join: []At{5}}, {Join: []At{6}}, {Path: "$.a"}}}, 1, "leans on 5 places in a row"},
		{"a condition on the status leans, too", &Catalog{Places: []Place{{}, {Path: "$.a", When: []Match{{{Status: [][2]int{{1, 2}}}}}}, {Join: []At{1}}, {Join: []At{2}}, {Join: []At{3}}, {Join: []At{4}}}}, 5, "5 places"},
		{"code", &Catalog{Places: pathPlaces("$.a"), Code: []At{1, 2}}, 0, "no place 2"},
		{"message", &Catalog{Message: []At{0}}, 0, "no place 0"},
		{"request id", &Catalog{RequestID: []At{9}}, 0, "no place 9"},
		{"failures", &Catalog{FailWhen: []Match{{{Status: [][2]int{{1, 2}}}, {At: 7}}}}, 0, "no place 7"},
		{"items' list", &Catalog{Items: []Items{{}}}, 0, "no place 0"},
		{"items' field", &Catalog{Places: pathPlaces("$.a[*]"), Items: []Items{{Each: 1, Field: []At{4}}}}, 0, "no place 4"},
		{"inner errors", &Catalog{Places: pathPlaces("$..a"), Refine: []Refine{{Each: 1, Code: []At{5}}}}, 0, "no place 5"},
		{"delay", &Catalog{Delay: Delay{Sources: []Source{{At: 3}}}}, 0, "no place 3"},
		{"a rule's delay", &Catalog{Rules: []Rule{{}, {Delay: &Delay{Sources: []Source{{}}}}}}, 0, "no place 0"},
		{"an entry's delay", &Catalog{Entries: []Entry{{Delay: &Delay{Sources: []Source{{At: 3}}}}}}, 0, "no place 3"},
		{"an entry's condition", &Catalog{Entries: []Entry{{When: present(6)}}}, 0, "no place 6"},
		{"a limit without most", &Catalog{Places: pathPlaces("$.a"), Limits: []Window{{Remaining: 1}}}, 0, ""},
		{"a limit", &Catalog{Limits: []Window{{Used: 1}}}, 0, "no place 1"},
		{"paths that are too many together", &Catalog{Places: mixedPlaces()}, 0, "mix [n] and [*]"},
	} {
		err := tt.c.Valid()
		var place *PlaceError
		if errors.As(err, &place) != (tt.at != 0) || place != nil && place.At != tt.at {
			t.Errorf("%s: %v, want it at place %d", tt.name, err, tt.at)
		}
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	var path *PathError
	if err := (&Catalog{Places: []Place{{}, {Path: "$.."}}}).Valid(); !errors.As(err, &path) {
		t.Errorf("%v is no PathError", err)
	}
}

// mixedPlaces are places that need more nodes than a plan may have.
func mixedPlaces() []Place {
	var paths []string
	for i := range 1 << 12 {
		path := "$"
		for bit := range 12 {
			path += []string{"[*]", fmt.Sprintf("[%d]", bit)}[i>>bit&1]
		}
		paths = append(paths, path)
	}
	return pathPlaces(paths...)
}
