package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// goFile and mdFile are generated files whose content depends on text.
func goFile(name, text string) File {
	return File{name, []byte("// " + Marker + "\n\npackage p\n\nconst Text = \"" + text + "\"\n")}
}

func mdFile(name, text string) File {
	return File{name, []byte("---\ntitle: T\n---\n<!-- " + Marker + " -->\n\n" + text + "\n")}
}

// snapshot is everything below a folder: content, and the time for files.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		info, err := e.Info()
		switch {
		case err != nil:
			return err
		case e.IsDir():
			all[rel+"/"] = "folder"
		case !e.Type().IsRegular():
			all[rel] = e.Type().String()
		default:
			data, err := os.ReadFile(name)
			all[rel] = info.ModTime().String() + "\n" + string(data)
			return err
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return all
}

// contents is a snapshot without times and folders.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := snapshot(t, root)
	for name, text := range all {
		if text == "folder" {
			delete(all, name)
			continue
		}
		_, all[name], _ = strings.Cut(text, "\n")
	}
	return all
}

func wantSame(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if text, ok := got[name]; !ok {
			t.Errorf("%s: %s is gone", what, name)
		} else if text != want[name] {
			t.Errorf("%s: %s is\n%s\nwant\n%s", what, name, text, want[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %s is there", what, name)
		}
	}
}

func mustWrite(t *testing.T, root string, files ...File) []Change {
	t.Helper()
	return mustWriteOpt(t, root, Options{}, files...)
}

func mustWriteOpt(t *testing.T, root string, opt Options, files ...File) []Change {
	t.Helper()
	want, err := Compare(root, Files(files...), opt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Write(root, Files(files...), opt)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("Write did %v, Compare had said %v", got, want)
	}
	if again, err := Compare(root, Files(files...), opt); err != nil || len(again) > 0 {
		t.Errorf("after Write, Compare says %v, %v", again, err)
	}
	return got
}

func wantChanges(t *testing.T, got []Change, want ...string) {
	t.Helper()
	var lines []string
	for _, c := range got {
		line := c.Kind.String() + " " + c.Path
		if c.Reason != "" {
			line += ": " + c.Reason
		}
		lines = append(lines, line)
	}
	if !slices.Equal(lines, want) {
		t.Errorf("changes:\n%s\nwant:\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// wantRefusal checks that Write fails with one line that holds the words, and
// that it changes nothing.
func wantRefusal(t *testing.T, root string, words []string, files ...File) {
	t.Helper()
	before := snapshot(t, root)
	changes, err := Write(root, Files(files...), Options{})
	if err == nil {
		t.Fatalf("Write did %v; want an error", changes)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "; ") {
		t.Errorf("error %q is not one line of cause and mend", err)
	}
	if len(changes) > 0 {
		t.Errorf("Write reports %v", changes)
	}
	wantSame(t, "after the refusal", snapshot(t, root), before)
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	name = filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCreateUpdateRemove(t *testing.T) {
	root := filepath.Join(t.TempDir(), "a", "out")
	a, b, c := goFile("apierr/a.go", "1"), goFile("forlena/b.go", "1"), mdFile("docs/deep/er/c.md", "1")
	wantChanges(t, mustWrite(t, root, a, b, c),
		"created apierr/a.go", "created docs/deep/er/c.md", "created errgen.sum", "created forlena/b.go")
	wantChanges(t, mustWrite(t, root, a, b, c))
	put(t, root, "forlena/mine.go", "package forlena\n")
	a2 := goFile("apierr/a.go", "2")
	wantChanges(t, mustWrite(t, root, a2),
		"updated apierr/a.go", "removed docs/deep/er/c.md", "updated errgen.sum", "removed forlena/b.go")
	got := snapshot(t, root)
	want := []string{"apierr/", "apierr/a.go", "errgen.sum", "forlena/", "forlena/mine.go"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("the folder holds %q, want %q", names, want)
	}
	wantChanges(t, mustWrite(t, root), "removed apierr/a.go", "removed errgen.sum")
	wantSame(t, "the end", contents(t, root), map[string]string{"forlena/mine.go": "package forlena\n"})
}

func TestEmptySetLeavesNoFolder(t *testing.T) {
	root := filepath.Join(t.TempDir(), "a", "out")
	wantChanges(t, mustWrite(t, root))
	if _, err := os.Stat(filepath.Dir(root)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("stat gives %v", err)
	}
}

func TestRightFileKeepsItsTime(t *testing.T) {
	root := t.TempDir()
	a, b := goFile("p/a.go", "1"), goFile("p/b.go", "1")
	mustWrite(t, root, a, b)
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, name := range []string{"p/a.go", "p/b.go", ManifestName} {
		if err := os.Chtimes(filepath.Join(root, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	before := snapshot(t, root)
	mustWrite(t, root, a, b)
	wantSame(t, "the same again", snapshot(t, root), before)
	mustWrite(t, root, a, goFile("p/b.go", "2"))
	after := snapshot(t, root)
	if after["p/a.go"] != before["p/a.go"] {
		t.Error("a file that was right has been touched")
	}
	if after["p/b.go"] == before["p/b.go"] {
		t.Error("a file that was out of date has not been written")
	}
}

func TestCompareTouchesNothing(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a.go", "1"), goFile("b.go", "1"), goFile("c.go", "1"), goFile("d.go", "1"), goFile("s.go", "1"))
	put(t, root, "b.go", "// "+Marker+"\nby hand\n")
	put(t, root, "f.go", "package mine\n")
	put(t, root, "d.go", "// "+Marker+"\nby hand\n")
	before := snapshot(t, root)
	got, err := Compare(root, Files(goFile("a.go", "2"), goFile("b.go", "1"), goFile("c.go", "1"), goFile("f.go", "1"), goFile("n.go", "1")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantChanges(t, got, "updated a.go", "edited b.go", "kept d.go: was edited since it was generated",
		"updated errgen.sum", "foreign f.go: was not generated by errgen", "created n.go", "removed s.go")
	wantSame(t, "after Compare", snapshot(t, root), before)

	missing := filepath.Join(root, "missing")
	got, err = Compare(missing, Files(goFile("a.go", "1")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantChanges(t, got, "created a.go", "created errgen.sum")
	if _, err := os.Stat(missing); err == nil {
		t.Error("Compare has made the folder")
	}
}

func TestEditedFileIsWrittenAnew(t *testing.T) {
	for what, text := range map[string]string{
		"edited":         "// " + Marker + "\nby hand\n",
		"CRLF":           "// " + Marker + "\r\nby hand\r\n",
		"merge conflict": "<<<<<<< ours\n// " + Marker + "\n=======\nx\n>>>>>>> theirs\n",
		"emptied":        "",
	} {
		t.Run(what, func(t *testing.T) {
			root := t.TempDir()
			mustWrite(t, root, goFile("a.go", "1"))
			put(t, root, "a.go", text)
			wantChanges(t, mustWrite(t, root, goFile("a.go", "1")), "edited a.go")
		})
	}
}

func TestFileWithoutMarkerIsWrittenAnewIfListed(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, File{"a.json", []byte("{}")})
	put(t, root, "a.json", "[]")
	wantChanges(t, mustWrite(t, root, File{"a.json", []byte("{}")}), "edited a.json")
}

func TestForeignFileIsNeverOverwritten(t *testing.T) {
	t.Run("never generated", func(t *testing.T) {
		root := t.TempDir()
		put(t, root, "p/b.go", "package p\n")
		wantRefusal(t, root, []string{filepath.Join(root, "p", "b.go"), "was not generated by errgen", "move it away or choose another output folder"},
			goFile("p/a.go", "1"), goFile("p/b.go", "1"), goFile("q/c.go", "1"))
	})
	t.Run("marker taken out", func(t *testing.T) {
		root := t.TempDir()
		mustWrite(t, root, goFile("a.go", "1"))
		put(t, root, "a.go", "package mine\n")
		wantRefusal(t, root, []string{"no longer says"}, goFile("a.go", "1"))
	})
	t.Run("marker only far below", func(t *testing.T) {
		root := t.TempDir()
		put(t, root, "a.go", strings.Repeat("// text\n", headSize)+"// "+Marker+"\n")
		wantRefusal(t, root, []string{"a.go"}, goFile("a.go", "1"))
	})
	t.Run("folder", func(t *testing.T) {
		root := t.TempDir()
		put(t, root, "a.go/x", "x")
		wantRefusal(t, root, []string{"a.go: is a folder"}, goFile("a.go", "1"))
	})
	t.Run("several", func(t *testing.T) {
		root := t.TempDir()
		var files []File
		for i := range 9 {
			name := fmt.Sprintf("%d.go", i)
			put(t, root, name, "package mine\n")
			files = append(files, goFile(name, "1"))
		}
		wantRefusal(t, root, []string{"0.go: was not", "1.go, ", "5.go and 3 more", "move them away"}, files...)
	})
}

func TestForeignFileWithTheRightBytesIsFine(t *testing.T) {
	root := t.TempDir()
	f := File{"a.json", []byte("{}")}
	put(t, root, f.Path, string(f.Data))
	wantChanges(t, mustWrite(t, root, f), "created errgen.sum")
}

func TestStaleFileIsKeptUnlessSafe(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a/edited.go", "1"), goFile("a/fine.go", "1"), goFile("a/gone.go", "1"),
		File{"a/plain.json", []byte("{}")}, goFile("a/folder.go", "1"), goFile("z.go", "1"))
	put(t, root, "a/unlisted.go", string(goFile("", "1").Data))
	put(t, root, "a/edited.go", "// "+Marker+"\nby hand\n")
	for _, name := range []string{"gone.go", "folder.go"} {
		if err := os.Remove(filepath.Join(root, "a", name)); err != nil {
			t.Fatal(err)
		}
	}
	put(t, root, "a/folder.go/x", "x")
	wantChanges(t, mustWrite(t, root, goFile("z.go", "1")),
		"kept a/edited.go: was edited since it was generated", "removed a/fine.go", "kept a/folder.go: is a folder",
		"kept a/plain.json: does not say that it is generated", "updated errgen.sum")
	got := slices.Sorted(maps.Keys(contents(t, root)))
	want := []string{"a/edited.go", "a/folder.go/x", "a/plain.json", "a/unlisted.go", "errgen.sum", "z.go"}
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func TestStaleFolderThatIsNowAFile(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a/b.go", "1"), goFile("z.go", "1"))
	if err := os.RemoveAll(filepath.Join(root, "a")); err != nil {
		t.Fatal(err)
	}
	put(t, root, "a", "mine")
	wantChanges(t, mustWrite(t, root, goFile("z.go", "1")), "updated errgen.sum")
	wantRefusal(t, root, []string{filepath.Join(root, "a") + ": is a file where a folder is needed"}, goFile("a/b.go", "1"))
}

// On a file system that ignores case the old spelling names the new file; a
// hard link gives the same picture on any other.
func TestStaleSpellingOfACurrentFileIsNotRemoved(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("docs/A.go", "1"))
	err := os.Link(filepath.Join(root, "docs", "A.go"), filepath.Join(root, "docs", "a.go"))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	wantChanges(t, mustWrite(t, root, goFile("docs/a.go", "1")), "updated errgen.sum")
	if got := contents(t, root)["docs/a.go"]; got != string(goFile("", "1").Data) {
		t.Errorf("docs/a.go is %q", got)
	}
}

func keepAll(string) bool { return true }

// A partial run owns some folders: what is stale in them goes, the rest stays.
func TestPartialRemovesItsOwn(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a/a.go", "1"), goFile("a/old.go", "1"), goFile("b/b.go", "1"))
	opt := Options{Keep: func(path string) bool { return !strings.HasPrefix(path, "a/") }}
	changes, err := Write(root, Files(goFile("a/a.go", "1")), opt)
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{Path: "a/old.go", Kind: Removed}, {Path: ManifestName, Kind: Updated}}
	if !slices.Equal(changes, want) {
		t.Errorf("got %v, want %v", changes, want)
	}
	if _, err := os.Stat(filepath.Join(root, "b", "b.go")); err != nil {
		t.Error("a file of another catalog has gone:", err)
	}
}

func TestPartial(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a/a.go", "1"), goFile("b/b.go", "1"))
	partial := Options{Keep: keepAll}
	wantChanges(t, mustWriteOpt(t, root, partial, goFile("a/a.go", "2"), goFile("c/c.go", "1")),
		"updated a/a.go", "created c/c.go", "updated errgen.sum")
	wantChanges(t, mustWrite(t, root, goFile("a/a.go", "2"), goFile("b/b.go", "1"), goFile("c/c.go", "1")))
	if _, err := Write(root, Files(goFile("B/x.go", "1")), partial); err == nil || !strings.Contains(err.Error(), "upper and lower case") {
		t.Errorf("a folder that clashes with a listed one gives %v", err)
	}
}

func TestManifestIsForSha256sum(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("b/b.go", "1"), mdFile("a.md", "1"), goFile("B.go", "2"))
	text := contents(t, root)[ManifestName]
	var names []string
	for line := range strings.Lines(text) {
		names = append(names, strings.TrimSpace(line[66:]))
	}
	if want := []string{"B.go", "a.md", "b/b.go"}; !slices.Equal(names, want) {
		t.Errorf("the manifest lists %q, want %q", names, want)
	}
	tool, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Logf("no sha256sum here: %v", err)
		return
	}
	cmd := exec.Command(tool, "--strict", "-c", ManifestName)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
}

func TestLostManifest(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a.go", "1"), goFile("stale.go", "1"))
	if err := os.Remove(filepath.Join(root, ManifestName)); err != nil {
		t.Fatal(err)
	}
	wantChanges(t, mustWrite(t, root, goFile("a.go", "2")), "updated a.go", "created errgen.sum")
	if _, ok := contents(t, root)["stale.go"]; !ok {
		t.Error("a file that no manifest lists has been removed")
	}
}

func TestMergedManifest(t *testing.T) {
	root := t.TempDir()
	ours, theirs := goFile("both.go", "ours"), goFile("both.go", "theirs")
	mustWrite(t, root, goFile("a.go", "1"), theirs, goFile("stale.go", "1"))
	text := contents(t, root)[ManifestName]
	put(t, root, ManifestName, "<<<<<<< HEAD\r\n"+sumOf(ours.Data)+"  both.go\r\n||||||| base\n=======\n"+text+">>>>>>> feature/x\n")
	_, err := Write(root, Files(goFile("a.go", "1")), Options{Keep: keepAll})
	if err == nil || !strings.Contains(err.Error(), "generate all catalogs at once") {
		t.Errorf("a partial run gives %v", err)
	}
	wantChanges(t, mustWrite(t, root, goFile("a.go", "1")),
		"removed both.go", "updated errgen.sum", "removed stale.go")
}

func TestMalformedManifest(t *testing.T) {
	good := strings.Repeat("0", 64) + "  a.go\n"
	for _, bad := range []string{
		"x", "hash  a.go", strings.Repeat("0", 64) + " a.go", strings.Repeat("A", 64) + "  a.go",
		strings.Repeat("0", 64) + "  ../a.go", strings.Repeat("0", 64) + "  /etc/passwd", strings.Repeat("0", 64) + "  ",
		"\x00\x01\x02", "=======x",
	} {
		root := t.TempDir()
		put(t, root, ManifestName, good+"\n"+bad+"\n")
		wantRefusal(t, root, []string{filepath.Join(root, ManifestName) + ":3: "}, goFile("a.go", "1"))
	}
	root := t.TempDir()
	put(t, root, ManifestName+"/x", "x")
	wantRefusal(t, root, []string{ManifestName + ": is not a regular file"}, goFile("a.go", "1"))
}

func TestSymlinks(t *testing.T) {
	outside := t.TempDir()
	put(t, outside, "a.go", string(goFile("", "outside").Data))
	before := snapshot(t, outside)
	link := func(to, root, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("folder that leads out", func(t *testing.T) {
		for _, to := range []string{outside, "..", "nowhere"} {
			root := t.TempDir()
			link(to, root, "p")
			wantRefusal(t, root, []string{filepath.Join(root, "p") + ": is a symbolic link", "choose another output folder"},
				goFile("p/a.go", "1"), goFile("q.go", "1"))
		}
	})
	t.Run("file", func(t *testing.T) {
		root := t.TempDir()
		link(filepath.Join(outside, "a.go"), root, "a.go")
		wantRefusal(t, root, []string{"a.go: is a symbolic link"}, goFile("a.go", "1"))
	})
	t.Run("stale behind one", func(t *testing.T) {
		root := t.TempDir()
		link(outside, root, "p")
		put(t, root, ManifestName, sumOf(goFile("", "outside").Data)+"  p/a.go\n")
		wantChanges(t, mustWrite(t, root, goFile("q.go", "1")), "updated errgen.sum",
			"kept p/a.go: lies behind p, which "+whyLink, "created q.go")
	})
	t.Run("within the folder", func(t *testing.T) {
		root := t.TempDir()
		put(t, root, "real/mine", "x")
		link("real", root, "p")
		mustWrite(t, root, goFile("p/a.go", "1"))
		mustWrite(t, root, goFile("z.go", "1"))
		want := []string{"errgen.sum", "p", "real/", "real/mine", "z.go"}
		if got := slices.Sorted(maps.Keys(snapshot(t, root))); !slices.Equal(got, want) {
			t.Errorf("the folder holds %q, want %q", got, want)
		}
	})
	wantSame(t, "outside", snapshot(t, outside), before)
}

func TestRootThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "file", "x")
	file := filepath.Join(dir, "file")
	for root, word := range map[string]string{
		file:                       "is a file, not a folder",
		filepath.Join(file, "sub"): "choose another output folder",
		"":                         "no name",
	} {
		_, err := Write(root, Files(goFile("a.go", "1")), Options{})
		if err == nil || !strings.Contains(err.Error(), word) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Write in %q gives %v", root, err)
		}
	}
	if _, err := Compare(file, Files(), Options{}); err == nil {
		t.Error("Compare takes a file for a folder")
	}
}

func TestErrorsNamePathsAsTheUserDoes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	put(t, ".", "out/a.go", "package mine\n")
	put(t, ".", "out/p", "x")
	for _, f := range []File{goFile("a.go", "1"), goFile("p/a.go", "1")} {
		_, err := Write("out", Files(f), Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "out"+string(filepath.Separator)) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s gives %v", f.Path, err)
		}
	}
}

func TestModes(t *testing.T) {
	root := filepath.Join(t.TempDir(), "out")
	mustWrite(t, root, goFile("p/a.go", "1"))
	probe := filepath.Join(t.TempDir(), "probe")
	if err := os.Mkdir(probe, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, probe, "file", "x")
	for name, like := range map[string]string{"p": "", "p/a.go": "file", ManifestName: "file"} {
		got, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		want, _ := os.Stat(filepath.Join(probe, like))
		if got.Mode() != want.Mode() {
			t.Errorf("%s has mode %v, want %v", name, got.Mode(), want.Mode())
		}
	}
}

func TestSequenceThatFails(t *testing.T) {
	root := t.TempDir()
	mustWrite(t, root, goFile("a.go", "1"))
	before := snapshot(t, root)
	broken := errors.New("forlena.yaml:3:1: broken")
	files := func(yield func(File, error) bool) {
		_ = yield(goFile("a.go", "2"), nil) && yield(goFile("n/b.go", "2"), nil) && yield(File{}, broken)
	}
	if _, err := Write(root, files, Options{}); err != broken {
		t.Errorf("Write gives %v", err)
	}
	if _, err := Compare(root, files, Options{}); err != broken {
		t.Errorf("Compare gives %v", err)
	}
	func() {
		defer func() {
			if recover() != broken {
				t.Error("the panic of a sequence is lost")
			}
		}()
		_, _ = Write(root, func(yield func(File, error) bool) {
			yield(goFile("m/b.go", "2"), nil)
			panic(broken)
		}, Options{})
	}()
	wantSame(t, "after the failures", snapshot(t, root), before)
}
