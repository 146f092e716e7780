package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"sync/atomic"
)

// tree is the output folder. Every operation on it passes through here, and so
// through os.Root. It may be used by several goroutines.
type tree struct {
	name string   // as the user gave it
	root *os.Root // nil when the folder does not exist
	hook func(op, name string) error
	run  string // part of the name of every temporary file of this run
	next atomic.Int64

	mu     sync.Mutex
	folder map[string]bool // folders that are known to exist, and swept
	made   []string        // folders made by this run, parents first
}

func (t *tree) close() {
	if t.root != nil {
		t.root.Close()
	}
}

// step is the door that every operation passes.
func (t *tree) step(op, name string) error {
	if t.hook != nil {
		if err := t.hook(op, name); err != nil {
			return err
		}
	}
	if t.root == nil {
		return fs.ErrNotExist
	}
	return nil
}

func (t *tree) lstat(name string) (fs.FileInfo, error) {
	if err := t.step("lstat", name); err != nil {
		return nil, err
	}
	return t.root.Lstat(name)
}

func (t *tree) readFile(name string) ([]byte, error) {
	if err := t.step("read", name); err != nil {
		return nil, err
	}
	return t.root.ReadFile(name)
}

func (t *tree) openFile(name string, flag int) (*os.File, error) {
	if err := t.step("open", name); err != nil {
		return nil, err
	}
	return t.root.OpenFile(name, flag, 0o644)
}

func (t *tree) rename(from, to string) error {
	if err := t.step("rename", to); err != nil {
		return err
	}
	return t.root.Rename(from, to)
}

func (t *tree) remove(name string) error {
	if err := t.step("remove", name); err != nil {
		return err
	}
	return t.root.Remove(name)
}

// enter makes the folder with all its parents and clears away what a killed run
// left in it, once a run.
func (t *tree) enter(dir string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.folder[dir] {
		return nil
	}
	if err := t.mkdirAll(dir); err != nil {
		return err
	}
	t.sweep(dir)
	t.folder[dir] = true
	return nil
}

func (t *tree) mkdirAll(dir string) error {
	if info, err := t.lstat(dir); err == nil && info.IsDir() {
		return nil
	}
	if parent := path.Dir(dir); parent != "." {
		if err := t.mkdirAll(parent); err != nil {
			return err
		}
	}
	if err := t.step("mkdir", dir); err != nil {
		return err
	}
	err := t.root.Mkdir(dir, 0o755)
	if err == nil {
		t.made = append(t.made, dir)
		return nil
	}
	if info, stat := t.root.Stat(dir); stat == nil && info.IsDir() {
		return nil
	}
	return err
}

// writeTemp writes data to a new temporary file in the folder and returns its
// name, also with an error if the file is there.
func (t *tree) writeTemp(dir string, data []byte) (name string, err error) {
	elem := fmt.Sprintf("%s%s-%d%s", tempPrefix, t.run, t.next.Add(1), tempSuffix)
	name = path.Join(dir, elem)
	f, err := t.openFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return "", err
	}
	if err = t.step("write", name); err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = t.step("sync", name)
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return name, err
}

// prune removes the folder and then its parents as long as they are empty. A
// symbolic link to a folder is none.
func (t *tree) prune(dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		info, err := t.lstat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a killed run got this far
		}
		if err != nil || !info.IsDir() || t.remove(dir) != nil {
			return
		}
	}
}

// sweep removes the temporary files that other runs left in the folder, and
// reports whether there were any. The caller holds the lock, so no other run is
// alive. What cannot be removed now is left to the next run.
func (t *tree) sweep(dir string) (swept bool) {
	f, err := t.openFile(dir, os.O_RDONLY)
	if err != nil {
		return false
	}
	defer f.Close()
	entries, _ := f.ReadDir(-1)
	for _, e := range entries {
		if isTemp(e.Name()) && e.Type().IsRegular() && !strings.HasPrefix(e.Name(), tempPrefix+t.run) {
			swept = t.remove(path.Join(dir, e.Name())) == nil || swept
		}
	}
	return swept
}

// sweepAll sweeps every folder of the tree, and removes those that a killed run
// had made for nothing but its temporary files.
func (t *tree) sweepAll() {
	var swept []string
	_ = fs.WalkDir(t.root.FS(), ".", func(dir string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && t.sweep(dir) {
			swept = append(swept, dir)
		}
		return nil
	})
	for _, dir := range swept {
		t.prune(dir)
	}
}
