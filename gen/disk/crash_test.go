package disk

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The old and the new generation between which runs are interrupted: a file
// that changes, one that stays, one that is added in a new folder, one that is
// stale in a folder of its own, one that is stale but edited.
var (
	oldSet = []File{goFile("a/change.go", "old"), goFile("a/stay.go", "1"), goFile("s/t/stale.go", "1"), goFile("a/edited.go", "1")}
	newSet = []File{goFile("a/change.go", "new"), goFile("a/stay.go", "1"), goFile("n/e/w.go", "new"), mdFile("docs/w.md", "new")}
)

const (
	userFile = "package a // mine\n"
	userEdit = "// " + Marker + "\nedited\n"
)

func oldTree(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	mustWrite(t, root, oldSet...)
	put(t, root, "a/mine.go", userFile)
	put(t, root, "a/edited.go", userEdit)
	return root
}

// wantWhole checks that each file is as the old or the new set has it, and that
// the user's are untouched. It returns whether there are leftovers of the run.
func wantWhole(t *testing.T, root, when string) bool {
	t.Helper()
	allowed := map[string][]string{"a/mine.go": {userFile}, "a/edited.go": {userEdit}, ManifestName: {}}
	must := map[string]bool{"a/mine.go": true, "a/edited.go": true, "a/change.go": true, "a/stay.go": true, ManifestName: true}
	for _, set := range [][]File{oldSet, newSet} {
		sums := map[string]string{}
		for _, f := range set {
			sums[f.Path] = sumOf(f.Data)
			if f.Path != "a/edited.go" {
				allowed[f.Path] = append(allowed[f.Path], string(f.Data))
			}
		}
		allowed[ManifestName] = append(allowed[ManifestName], string(formatManifest(sums)))
	}
	got := contents(t, root)
	for name, text := range got {
		switch {
		case isTemp(filepath.Base(name)) || name == LockName:
		case !slices.Contains(allowed[name], text):
			t.Errorf("%s: %s holds %q", when, name, text)
		}
	}
	for name := range must {
		if _, ok := got[name]; !ok {
			t.Errorf("%s: %s is gone", when, name)
		}
	}
	return littered(t, root)
}

// wantCompletion checks that the next run brings about exactly the new tree.
func wantCompletion(t *testing.T, root, when string) {
	t.Helper()
	if _, err := Write(root, Files(newSet...), Options{}); err != nil {
		t.Fatalf("%s: the next run fails: %v", when, err)
	}
	want := map[string]string{"a/mine.go": userFile, "a/edited.go": userEdit}
	sums := map[string]string{}
	for _, f := range newSet {
		want[f.Path] = string(f.Data)
		sums[f.Path] = sumOf(f.Data)
	}
	want[ManifestName] = string(formatManifest(sums))
	wantSame(t, when+", next run", contents(t, root), want)
}

// faults is a disk that fails from the nth operation on, for so many
// operations.
type faults struct {
	n, times int

	mu     sync.Mutex
	count  int
	failed bool
	passed []string // the operations that went well
}

func (f *faults) hook(op, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if f.count > f.n && f.count <= f.n+f.times {
		f.failed = true
		return fmt.Errorf("%s: injected", op)
	}
	f.passed = append(f.passed, op)
	return nil
}

const forEver = 1 << 30

func TestFailureAtEveryStep(t *testing.T) {
	for what, times := range map[string]int{"one operation fails": 1, "all fail from here on": forEver} {
		t.Run(what, func(t *testing.T) {
			for n := 0; !t.Failed(); n++ {
				root := oldTree(t)
				before := snapshot(t, root)
				f := &faults{n: n, times: times}
				_, err := Write(root, Files(newSet...), Options{workers: 1, hook: f.hook})
				if !f.failed {
					if err != nil || n < 40 {
						t.Errorf("the run without a failure has %d steps and gives %v", n, err)
					}
					return
				}
				when := fmt.Sprintf("failure at %d", n)
				if err != nil && strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: error has lines: %q", when, err)
				}
				leftovers := wantWhole(t, root, when)
				if times == 1 && err != nil {
					if leftovers {
						t.Errorf("%s: the run leaves temporary files or its lock behind", when)
					}
					if !slices.Contains(f.passed, "rename") {
						wantSame(t, when, snapshot(t, root), before)
					}
				}
				wantCompletion(t, root, when)
			}
		})
	}
}

func TestFailureWithManyWorkers(t *testing.T) {
	for n := range 80 {
		root := oldTree(t)
		f := &faults{n: n, times: forEver}
		_, _ = Write(root, Files(newSet...), Options{hook: f.hook})
		when := fmt.Sprintf("failure at %d", n)
		wantWhole(t, root, when)
		wantCompletion(t, root, when)
	}
}

// TestFolderThatCannotBeWritten: the failure comes after other files have been
// staged, in folders that were made for them.
func TestFolderThatCannotBeWritten(t *testing.T) {
	root := oldTree(t)
	before := snapshot(t, root)
	hook := func(op, name string) error {
		if op == "open" && strings.HasPrefix(name, "docs/") {
			return &os.PathError{Op: "openat", Path: name, Err: os.ErrPermission}
		}
		return nil
	}
	_, err := Write(root, Files(newSet...), Options{workers: 1, hook: hook})
	want := filepath.Join(root, "docs", "w.md") + ": permission denied; allow writing there or choose another output folder"
	if err == nil || strings.ReplaceAll(err.Error(), os.ErrPermission.Error(), "permission denied") != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	if !errors.Is(err, os.ErrPermission) {
		t.Error("the error does not lead to its cause")
	}
	wantSame(t, "after the failure", snapshot(t, root), before)

	missing := filepath.Join(root, "x", "y")
	if _, err := Write(missing, Files(newSet...), Options{hook: hook}); err == nil {
		t.Error("no error")
	}
	wantSame(t, "after the failure in a new folder", snapshot(t, root), before)
}

const killVar = "ERRGEN_DISK_TEST_KILL"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	at, root, ok := strings.Cut(os.Getenv(killVar), ":")
	if !ok {
		os.Exit(m.Run())
	}
	n, _ := strconv.Atoi(at)
	kill := func(string, string) error {
		if n--; n < 0 {
			os.Exit(7) // nothing deferred runs
		}
		return nil
	}
	if _, err := Write(root, Files(newSet...), Options{workers: 1, hook: kill}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestKillAtEveryStep(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	killed := false
	for n := 0; ; n++ {
		root := oldTree(t)
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d:%s", killVar, n, root))
		out, err := cmd.CombinedOutput()
		when := fmt.Sprintf("kill at %d", n)
		leftovers := wantWhole(t, root, when)
		killed = killed || leftovers
		if n%2 == 0 { // a run for something else clears up as well
			if _, err := Write(root, Files(newSet[:2]...), Options{Keep: keepAll}); err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			if littered(t, root) {
				t.Errorf("%s: a partial run leaves what was left", when)
			}
		}
		wantCompletion(t, root, when)
		if _, err := os.Stat(filepath.Join(root, "s")); err == nil {
			t.Errorf("%s: the folder of the stale file stays", when)
		}
		if err == nil {
			if !killed || n < 40 {
				t.Errorf("%d steps, leftovers seen: %v", n, killed)
			}
			return
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 7 || t.Failed() {
			t.Fatalf("%s: %v\n%s", when, err, out)
		}
	}
}

// littered reports whether temporary files or a lock are there.
func littered(t *testing.T, root string) bool {
	t.Helper()
	for name := range contents(t, root) {
		if isTemp(filepath.Base(name)) || name == LockName {
			return true
		}
	}
	return false
}

func TestLeftoversAreRemoved(t *testing.T) {
	t.Run("beside a generated file, the lock gone", func(t *testing.T) {
		root := t.TempDir()
		mustWrite(t, root, goFile("p/a.go", "1"))
		put(t, root, "p/.errgen-abc-1.tmp", "half")
		put(t, root, "p/.errgen-mine", "mine")
		mustWrite(t, root, goFile("p/a.go", "1"))
		got := contents(t, root)
		if _, ok := got["p/.errgen-abc-1.tmp"]; ok {
			t.Error("the leftover stays")
		}
		if _, ok := got["p/.errgen-mine"]; !ok {
			t.Error("what is no leftover is gone")
		}
	})
	t.Run("in a folder that nothing lists", func(t *testing.T) {
		root := t.TempDir()
		put(t, root, "gone/deep/.errgen-abc-1.tmp", "half")
		put(t, root, LockName, "")
		age(t, filepath.Join(root, LockName))
		mustWrite(t, root, goFile("p/a.go", "1"))
		if _, err := os.Stat(filepath.Join(root, "gone")); err == nil {
			t.Error("the folder stays")
		}
	})
}
