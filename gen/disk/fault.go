package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const mendRoot = "move it away or choose another output folder"

// show is the name of a file as the user would write it.
func (t *tree) show(name string) string {
	return filepath.Join(t.name, filepath.FromSlash(name))
}

// fault is the one-line error for an operation on the named file that failed.
func (t *tree) fault(name string, err error) error {
	if where, why := t.blame(name); why != "" {
		return fmt.Errorf("%s: %s; %s", t.show(where), why, mendRoot)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s: %w; allow writing there or choose another output folder", t.show(name), cause(err))
	}
	return fmt.Errorf("%s: %w; put that right and run errgen again", t.show(name), cause(err))
}

const (
	whyLink = "is a symbolic link that does not lead to a folder within the output folder"
	whyFile = "is a file where a folder is needed"
)

// blame finds the part of a path that cannot be a folder on the way to a file.
func (t *tree) blame(name string) (where, why string) {
	if t.root == nil {
		return "", ""
	}
	for i, c := range name {
		if c != '/' {
			continue
		}
		info, err := t.root.Lstat(name[:i])
		if err != nil {
			return "", ""
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			if to, err := t.root.Stat(name[:i]); err != nil || !to.IsDir() {
				return name[:i], whyLink
			}
		} else if !info.IsDir() {
			return name[:i], whyFile
		}
	}
	return "", ""
}

// cause strips from an error of package os the names that the caller gives.
func cause(err error) error {
	var pathErr *fs.PathError
	var linkErr *os.LinkError
	switch {
	case errors.As(err, &pathErr):
		return pathErr.Err
	case errors.As(err, &linkErr):
		return linkErr.Err
	}
	return err
}
