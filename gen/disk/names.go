package disk

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names is the set of paths seen so far, by their folded spelling. It refuses
// what cannot be kept apart on every file system, so that output made on one
// machine can be checked out on any other.
type names struct {
	files, folders map[string]string
}

func newNames() *names {
	return &names{files: map[string]string{}, folders: map[string]string{}}
}

func (n *names) add(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	key := fold(name)
	switch other, ok := n.files[key]; {
	case ok && other == name:
		return fmt.Errorf("%s: is generated twice; rename one of the two in its catalog", name)
	case ok:
		return clash(other, name)
	}
	if other, ok := n.folders[key]; ok {
		return fmt.Errorf("%s: is to be a file, while %s is a folder; rename one of them in its catalog", name, other)
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		key := fold(dir)
		if other, ok := n.files[key]; ok {
			return fmt.Errorf("%s: is to be a folder, while %s is a file; rename one of them in its catalog", dir, other)
		}
		if other, ok := n.folders[key]; ok && other != dir {
			return clash(other, dir)
		}
		n.folders[key] = dir
	}
	n.files[key] = name
	return nil
}

func clash(a, b string) error {
	return fmt.Errorf("%s: differs from %s in upper and lower case only; rename one of them in its catalog", b, a)
}

// fold maps all spellings of a name that differ in case only to one.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name)
}

// checkName accepts the relative paths that name a file on every system. The
// rule is the same on all of them, and close to that of Go modules.
func checkName(name string) error {
	refuse := func(why string) error {
		return fmt.Errorf("%q: %s; errgen writes only plain names within the output folder", name, why)
	}
	switch {
	case strings.HasPrefix(name, "/"):
		return refuse("is an absolute path")
	case !fs.ValidPath(name) || name == ".":
		return refuse("is not a clean relative path")
	}
	for elem := range strings.SplitSeq(name, "/") {
		switch {
		case strings.ContainsFunc(elem, unportable):
			return refuse("has a character that some systems do not allow in names")
		case strings.HasSuffix(elem, ".") || strings.HasSuffix(elem, " "):
			return refuse("ends in a dot or a space, which Windows drops")
		case isDevice(elem):
			return refuse("is the name of a Windows device")
		case isTemp(strings.ToLower(elem)) || strings.EqualFold(elem, LockName):
			return refuse("is a name that errgen keeps for itself")
		}
	}
	if strings.EqualFold(name, ManifestName) {
		return refuse("is a name that errgen keeps for itself")
	}
	return nil
}

func unportable(r rune) bool {
	return strings.ContainsRune(`\:*?"<>|`, r) || unicode.IsControl(r)
}

// isDevice reports whether Windows takes the name for a device; a suffix makes
// no difference to it.
func isDevice(elem string) bool {
	base, _, _ := strings.Cut(elem, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		n, ok := strings.CutPrefix(base, port)
		if ok && utf8.RuneCountInString(n) == 1 && strings.Contains("0123456789¹²³", n) {
			return true
		}
	}
	return false
}

const (
	tempPrefix = ".errgen-"
	tempSuffix = ".tmp"
)

func isTemp(elem string) bool {
	return strings.HasPrefix(elem, tempPrefix) && strings.HasSuffix(elem, tempSuffix)
}
