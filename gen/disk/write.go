package disk

import (
	"path"
	"slices"
	"sync"
)

// writer puts a plan into effect.
type writer struct {
	tree *tree

	mu      sync.Mutex
	temps   map[string]string // target to temporary file, until it is renamed
	blocked bool              // something foreign is in the way, so nothing will be written
	done    bool
}

// stage prepares a file for commit. It is called for files that are right too,
// since a killed run may have left something beside them.
func (w *writer) stage(c Change, data []byte) error {
	w.mu.Lock()
	w.blocked = w.blocked || c.Kind == Foreign
	blocked := w.blocked
	w.mu.Unlock()
	if blocked {
		return nil
	}
	if err := w.tree.enter(path.Dir(c.Path)); err != nil {
		return w.tree.fault(c.Path, err)
	}
	if c.Kind == 0 {
		return nil
	}
	return w.put(c.Path, data)
}

func (w *writer) put(name string, data []byte) error {
	temp, err := w.tree.writeTemp(path.Dir(name), data)
	if temp != "" {
		w.mu.Lock()
		w.temps[name] = temp
		w.mu.Unlock()
	}
	if err != nil {
		return w.tree.fault(name, err)
	}
	return nil
}

// commit puts everything in place: the files, then what is stale, and when all
// of that is done the manifest. Killed on the way, the old manifest still lists
// what is left to remove.
func (w *writer) commit(p *plan) (done []Change, err error) {
	if k := p.manifest.Kind; k == Created || k == Updated {
		if err := w.put(ManifestName, p.text); err != nil {
			return nil, err
		}
	}
	stale := func(c Change) bool { return c.Kind == Removed || c.Kind == Kept }
	for _, late := range []bool{false, true} {
		for _, c := range p.found {
			if stale(c) != late {
				continue
			}
			if err := w.apply(c); err != nil {
				return done, err
			}
			done = append(done, c)
		}
	}
	for dir := range p.emptied {
		w.tree.prune(dir)
	}
	if err := w.apply(p.manifest); err != nil {
		return done, err
	}
	w.done = true
	return p.changes(), nil
}

func (w *writer) apply(c Change) (err error) {
	switch c.Kind {
	case Created, Updated, Edited:
		if err = w.tree.rename(w.temps[c.Path], c.Path); err == nil {
			delete(w.temps, c.Path)
		}
	case Removed:
		err = w.tree.remove(c.Path)
	}
	if err != nil {
		return w.tree.fault(c.Path, err)
	}
	return nil
}

// undo removes what a run that failed has left: temporary files, and folders
// that it made and that hold nothing.
func (w *writer) undo() {
	for _, temp := range w.temps {
		_ = w.tree.remove(temp)
	}
	if w.done {
		return
	}
	for _, dir := range slices.Backward(w.tree.made) {
		_ = w.tree.remove(dir)
	}
}
