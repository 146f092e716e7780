package apierr

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestPlanKeepsOrder(t *testing.T) {
	p := mustPlan(t, pathPlaces("$.error", "$.code", "$.a[0]", "$.a.z", "$.error.inner", "$.limit"))
	var names []string
	for _, m := range p.root.members {
		names = append(names, m.name)
	}
	if got := strings.Join(names, " "); got != "error code a limit" {
		t.Errorf("members %s", got)
	}
}

func TestPlanTables(t *testing.T) {
	p := mustPlan(t, pathPlaces("$.a[*].b", "$.a[*].c", "$.a[*]", "$.a[*].d[*].e", "$.x", "$.a[*].b"))
	if len(p.tables) != 3 {
		t.Fatalf("%d tables, want 3", len(p.tables))
	}
	for at, table := range []uint32{0, 1, 1, 1, 2, 0, 1} {
		if at > 0 && p.slots[at].table != table {
			t.Errorf("place %d is in table %d, want %d", at, p.slots[at].table, table)
		}
	}
	if p.slots[1] != p.slots[6] {
		t.Errorf("one path, two slots: %v and %v", p.slots[1], p.slots[6])
	}
	if p.slots[0].slot != 0 {
		t.Errorf("no place has slot %v", p.slots[0])
	}
	if p.tables[2].list.table != 1 || p.tables[1].list.table != 0 {
		t.Errorf("tables hang on %v and %v", p.tables[1].list, p.tables[2].list)
	}
}

// TestPlanTablesBelow checks which table a place is in that has a list or a
// filter before it.
func TestPlanTablesBelow(t *testing.T) {
	p := mustPlan(t, pathPlaces("$..a", "$..a.b", "$..a..a", "$.a[?@.b==1].c", "$.a[?@.b==1].d[*]", "$[*].a[?@.b==1]", "$[*].x"))
	if len(p.tables) != 5 {
		t.Fatalf("%d tables, want 5", len(p.tables))
	}
	for at, table := range []uint32{0, 1, 1, 2, 0, 3, 4, 4} {
		if at > 0 && p.slots[at].table != table {
			t.Errorf("place %d is in table %d, want %d", at, p.slots[at].table, table)
		}
	}
	if p.tables[2].list.table != 1 || p.tables[3].list.table != 0 {
		t.Errorf("tables hang on %v and %v", p.tables[2].list, p.tables[3].list)
	}
}

// TestPlanIsPlain guards the speed of plans that need nothing to be read again.
func TestPlanIsPlain(t *testing.T) {
	p := mustPlan(t, pathPlaces("$.a.b", "$.a.c[0].d", "$.e[1]"))
	for n := &p.root; ; n = n.members[0].node {
		if n.more != nil {
			t.Errorf("a node has %+v", n.more)
		}
		if n.members == nil {
			break
		}
	}
	if len(p.tables) != 1 || p.tables[0].width != 7 { // one for the header, a, b, c, d, e and its element
		t.Errorf("tables %v", p.tables)
	}
}

func TestPlanErrors(t *testing.T) {
	for _, path := range []string{"a", "$.", "@.a", "$..*", "$[?@.a]", "$" + strings.Repeat("[0]", 17)} {
		_, err := newPlan(pathPlaces("$.fine", path), JSON)
		var pe *PathError
		if !errors.As(err, &pe) || pe.Path != path || !strings.HasPrefix(err.Error(), "place 2: ") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := newPlan(make([]Place, 1<<16+1), JSON); err == nil {
		t.Error("no error for 65537 places")
	}
}

// TestPlanIsBounded guards against catalogs whose mixture of [n] and [*] would
// take a node for every subset of their paths.
func TestPlanIsBounded(t *testing.T) {
	var paths []string
	for i := range 16 {
		for n := range 4 {
			paths = append(paths, fmt.Sprintf("$%s[%d]%s", strings.Repeat("[*]", i), n, strings.Repeat("[*]", 15-i)))
		}
	}
	if _, err := newPlan(pathPlaces(paths...), JSON); err == nil || !strings.Contains(err.Error(), "use one of the two") {
		t.Errorf("error %v", err)
	}
}

func TestPlanFindsNames(t *testing.T) {
	names := []string{
		"", "a", "b", "ab", "ba", "abc", "acc", "code", "node", "message", "messages",
		"retry_after_seconds", "retry_before_second", "retry_xxxxx_seconds", "é", "\ufffd", `a"b`, "a\x01", "name\": ",
	}
	for i := range 500 {
		names = append(names, fmt.Sprintf("field%07d_of_many", i))
	}
	var paths []string
	for _, name := range names {
		p := Path{steps: []step{{kind: stepName, name: name}}}
		paths = append(paths, p.String())
	}
	n := &mustPlan(t, pathPlaces(paths...)).root
	for i, name := range names {
		if got := n.find([]byte(name)); got != &n.members[i] {
			t.Errorf("find(%q) = %v, want %v", name, got, n.members[i])
		}
		if got := n.find([]byte(name + "x")); got != nil {
			t.Errorf("find(%qx) = %v", name, got)
		}
	}
}
