package disk

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		names string // separated by spaces; the last is the one in question
		want  string // what the error says; empty for none
	}{
		{"a.go", ""},
		{"a/b/c.go a/b/d.go a/e.go", ""},
		{"docs/fehler-ü.md", ""},
		{"a/errgen.sum", ""},
		{"console.go com.go com12.go auxiliary/nul0.go", ""},
		{"..a/b..c", ""},
		{"/etc/passwd", "absolute"},
		{"../a.go", "clean relative"},
		{"a/../b.go", "clean relative"},
		{"./a.go", "clean relative"},
		{"a//b.go", "clean relative"},
		{"a/", "clean relative"},
		{".", "clean relative"},
		{"", "clean relative"},
		{"\xff.go", "clean relative"},
		{`a\b.go`, "character"},
		{`..\a.go`, "character"},
		{"C:a.go", "character"},
		{"a\n.go", "character"},
		{"a./b.go", "dot"},
		{"aux/aux.go", "device"},
		{"a/Nul.tar.go", "device"},
		{"com1", "device"},
		{"lpt².go", "device"},
		{"errgen.sum", "keeps for itself"},
		{"ERRGEN.sum", "keeps for itself"},
		{"a/.errgen.lock", "keeps for itself"},
		{"a/.errgen-x.TMP", "keeps for itself"},
		{"a.go a.go", "generated twice"},
		{"a.go A.go", "upper and lower case"},
		{"a/b.go A/c.go", "upper and lower case"},
		{"a/b/c.go a/B/d.go", "upper and lower case"},
		{"k.go \u212a.go", "upper and lower case"},
		{"straße.md STRAẞE.md", "upper and lower case"},
		{"a a/b.go", "while a is a file"},
		{"a/b.go A", "while a is a folder"},
		{"A/b/c/d.go a/B", "while A/b is a folder"},
	} {
		n := newNames()
		all := strings.Split(c.names, " ")
		var err error
		for i, name := range all {
			err = n.add(name)
			if err != nil && i < len(all)-1 {
				t.Errorf("%q: %v", name, err)
			}
		}
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: %v", c.names, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%q: error is %v, want %q", c.names, err, c.want)
		}
	}
}

func TestBadNamesAreRefusedBeforeAnythingIsThere(t *testing.T) {
	for _, bad := range []string{"/etc/passwd", "../x.go", "p/A.go", "p/a.go/x.go", "nul"} {
		root := t.TempDir()
		mustWrite(t, root, goFile("p/a.go", "1"))
		wantRefusal(t, root, nil, goFile("p/a.go", "2"), goFile("n/n.go", "1"), goFile(bad, "1"))
		missing := filepath.Join(root, "x", "y")
		wantRefusal(t, missing, nil, goFile("p/a.go", "2"), goFile(bad, "1"))
	}
}

// FuzzNames: what is accepted stays within the folder on every system, and a
// second spelling of it is refused.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"a/b.go", "../x", "/x", `\x`, "a/./b", "nul", "C:x", "\u212a/K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		n := newNames()
		if n.add(name) != nil {
			return
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\\:\x00\n\r") {
			t.Errorf("%q is accepted", name)
		}
		if n.add(name) == nil || n.add(fold(name)) == nil {
			t.Errorf("%q is accepted twice", name)
		}
		m, _, err := parseManifest(formatManifest(map[string]string{name: sumOf(nil)}))
		if err != nil || !m.has(name, sumOf(nil)) {
			t.Errorf("%q does not survive the manifest: %v", name, err)
		}
	})
}
