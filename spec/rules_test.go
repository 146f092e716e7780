package spec

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected problems from what is found")

// TestRules runs the catalogs in testdata/rules, a folder a rule, and compares
// the problems of each with the lines of the .want file beside it. Those in the
// folder ok have no problems, and so no such file.
func TestRules(t *testing.T) {
	for _, folder := range folders(t) {
		t.Run(folder, func(t *testing.T) {
			vendors := map[string]string{}
			var all Problems
			for _, file := range fixtures(t, folder) {
				p, problems := Load(filepath.Base(file), open(t, file))
				if (p == nil) != (problems.Err() != nil) {
					t.Errorf("%s: program %t, errors %v", file, p != nil, problems.Err())
				}
				if p != nil && vendors[p.Vendor] != "" {
					problems = append(problems, p.DuplicateVendor(vendors[p.Vendor]))
				} else if p != nil {
					vendors[p.Vendor] = p.File
				}
				compare(t, strings.TrimSuffix(file, ".yaml")+".want", problems)
				all = append(all, problems...)
			}
			if folder == "ok" && len(all) > 0 {
				t.Errorf("these catalogs are clean: %s", all)
			}
			if folder != "ok" && !slices.ContainsFunc(all, func(p Problem) bool { return p.Rule == folder }) {
				t.Errorf("no fixture has a problem of this rule")
			}
			checkProblems(t, all)
		})
	}
}

// TestRulesHaveFolders holds the table of rules and the folders together.
func TestRulesHaveFolders(t *testing.T) {
	want := []string{"ok"}
	for _, rule := range Rules {
		if rule.Purpose == "" || slices.Contains(want, rule.ID) {
			t.Errorf("rule %q has no purpose or stands twice", rule.ID)
		}
		want = append(want, rule.ID)
	}
	slices.Sort(want)
	if have := folders(t); !slices.Equal(have, want) {
		t.Errorf("folders %q, want a folder for each rule: %q", have, want)
	}
}

// checkProblems checks what holds for every problem: its rule is in the table
// and has its severity, it has a place, a text and a mend on one line.
func checkProblems(t *testing.T, problems Problems) {
	t.Helper()
	for _, p := range problems {
		i := slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == p.Rule })
		switch {
		case i < 0:
			t.Errorf("no such rule: %s", p)
		case Rules[i].Severity != p.Severity:
			t.Errorf("severity %s, want %s: %s", p.Severity, Rules[i].Severity, p)
		case p.Line < 1 || p.Col < 1 || p.Text == "" || p.Mend == "" || strings.ContainsAny(p.Text+p.Mend, "\n\r"):
			t.Errorf("not a place, a cause and a mend on one line: %q", p)
		}
	}
}

func folders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func fixtures(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata/rules", folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogs in %s (%v)", folder, err)
	}
	return files
}

func open(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// compare compares problems with the lines of a file; without problems there
// is no file.
func compare(t *testing.T, file string, problems Problems) {
	t.Helper()
	have := ""
	if len(problems) > 0 {
		have = problems.Error() + "\n"
	}
	if *update {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if have != "" {
			if err := os.WriteFile(file, []byte(have), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if have != string(want) {
		t.Errorf("problems:\n%swant (%s):\n%s", have, file, want)
	}
}
