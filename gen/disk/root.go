package disk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// openTree opens the folder; if it is missing and may be, the tree is empty.
func openTree(name string, opt Options, mayMiss bool) (*tree, error) {
	t := &tree{name: name, hook: opt.hook, run: strings.ToLower(rand.Text()), folder: map[string]bool{}}
	info, err := os.Stat(name)
	switch {
	case mayMiss && errors.Is(err, fs.ErrNotExist):
		return t, nil
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("%s: is a file, not a folder; %s", name, mendRoot)
	case err == nil:
		t.root, err = os.OpenRoot(name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; make it a folder that can be opened or choose another output folder", name, cause(err))
	}
	return t, nil
}

// makeRoot makes the output folder with its parents and returns those it made,
// the outermost first.
func makeRoot(name string) (made []string, err error) {
	if name == "" {
		return nil, errors.New("the output folder has no name; name one")
	}
	var missing []string
	for dir := filepath.Clean(name); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		missing = append(missing, dir)
	}
	for i := len(missing) - 1; i >= 0; i-- {
		err := os.Mkdir(missing[i], 0o755)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return made, fmt.Errorf("%s: %w; allow writing there or choose another output folder", missing[i], cause(err))
		}
		if err == nil {
			made = append(made, missing[i])
		}
	}
	return made, nil
}

// unmakeRoot removes the folders that makeRoot made and that are still empty.
func unmakeRoot(made []string) {
	for i := len(made) - 1; i >= 0; i-- {
		if os.Remove(made[i]) != nil {
			return
		}
	}
}
