//go:build unix

// Package scripts runs the real command as its users do: each file in testdata
// is a folder, the command lines run in it, and what they print.
//
//	go test . -run Scripts/lint         # those whose name begins with lint
//	go test . -update                   # rewrite what they print
//
// With GOCOVERDIR set, the runs leave their coverage there.
package scripts

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

// checkout is the root of the project.
const checkout = "../../.."

func TestScripts(t *testing.T) {
	bin := build(t)
	root, err := filepath.Abs(checkout)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"CHECKOUT=" + root, "GOCOVERDIR=" + os.Getenv("GOCOVERDIR")}
	for _, name := range []string{"GOROOT", "GOCACHE", "GOMODCACHE"} {
		env = append(env, name+"="+goEnv(t, name))
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, env...)
			e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "nobody": nobody, "remember": remember, "untouched": untouched,
		},
	})
}

// build builds the command and returns the folder that it is in, which
// everybody may read.
func build(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "errgen-scripts")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{"build", "-o", filepath.Join(dir, "errgen")}
	if os.Getenv("GOCOVERDIR") != "" {
		args = append(args, "-cover")
	}
	cmd := exec.Command("go", append(args, "./cmd/errgen")...)
	cmd.Dir = checkout
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// A client's module looks at the go.mod of every module in the list, and
	// the scripts run without a proxy.
	cmd = exec.Command("go", "list", "-m", "all")
	cmd.Dir = checkout
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// exits runs a command and checks its exit code: exits CODE COMMAND [ARG...].
// Whatever it prints must be for people: no trace of a panic.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	check(ts, want, err, ts.ReadFile("stderr"))
}

func check(ts *testscript.TestScript, want int, err error, stderr string) {
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
	if strings.Contains(stderr, "goroutine ") || strings.Contains(stderr, "panic:") {
		ts.Fatalf("a stack trace was printed")
	}
}

// nobody is exits for a user without rights to write, also when the tests are
// run by root, whom no permission stops: nobody CODE STDERR COMMAND [ARG...].
// What the command prints to stderr goes to the file STDERR.
func nobody(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: nobody CODE STDERR COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	// The work folder's parent is for the owner only.
	ts.Check(os.Chmod(filepath.Dir(ts.Getenv("WORK")), 0o755))
	tmp := ts.Getenv("TMPDIR")
	ts.Check(os.Chmod(tmp, 0o777))
	path, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[2]))
	ts.Check(err)
	var stderr strings.Builder
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"GOCOVERDIR=" + tmp}
	cmd.Stderr = &stderr
	if os.Geteuid() == 0 {
		const uid = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	err = cmd.Run()
	ts.Logf("[stderr]\n%s", stderr.String())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(stderr.String()), 0o666))
	check(ts, want, err, stderr.String())
}

// remember notes which files a folder holds and when each was last written:
// remember FOLDER. A folder that is missing holds none.
func remember(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: remember FOLDER")
	}
	ts.Check(os.WriteFile(memory(ts, args[0]), []byte(strings.Join(stamps(ts, args[0]), "\n")), 0o666))
}

// untouched checks that nothing has happened to the files of a folder since
// they were remembered: untouched FOLDER.
func untouched(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: untouched FOLDER")
	}
	before := strings.Split(ts.ReadFile(memory(ts, args[0])), "\n")
	after := stamps(ts, args[0])
	for _, line := range after {
		if !slices.Contains(before, line) {
			ts.Fatalf("was written: %s", line)
		}
	}
	if len(after) != len(before) {
		ts.Fatalf("there were %d files, now there are %d", len(before), len(after))
	}
}

func memory(ts *testscript.TestScript, folder string) string {
	return filepath.Join(ts.Getenv("TMPDIR"), strings.ReplaceAll(ts.MkAbs(folder), "/", "_"))
}

// stamps are the name, size and modification time of each file in a folder, and
// the names of the folders in it.
func stamps(ts *testscript.TestScript, folder string) []string {
	all := []string{folder}
	dir := ts.MkAbs(folder)
	ts.Check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case path == ts.Getenv("TMPDIR"):
			return fs.SkipDir
		case path == dir && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		}
		name := strings.TrimPrefix(path, dir)
		if d.IsDir() {
			all = append(all, name+"/")
			return nil
		}
		info, err := d.Info()
		if err == nil {
			all = append(all, fmt.Sprintf("%s %d %s", name, info.Size(), info.ModTime()))
		}
		return err
	}))
	return all
}
