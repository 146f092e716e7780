package disk

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// lock is held by the one run that may write to a tree. Its file is there while
// the run lasts. Where the system has flock, the kernel lets go when the holder
// dies, however it does; elsewhere the file itself is the lock, and one that is
// older than lockAge counts as left behind.
type lock struct {
	tree      *tree
	file      *os.File
	abandoned bool // a run before this one died while it held the lock
}

const (
	lockAge  = 5 * time.Minute
	lockPoll = 10 * time.Millisecond
)

// acquire takes the lock, waiting for another run as long as opt allows.
func acquire(t *tree, opt Options) (*lock, error) {
	flock := opt.tryLock
	if flock == nil {
		flock = tryLock
	}
	wait := cmp.Or(opt.Wait, defaultWait)
	deadline := time.Now().Add(wait)
	l := &lock{tree: t}
	for {
		held, err := l.try(flock)
		switch {
		case err != nil:
			return nil, t.fault(LockName, err)
		case held:
			return l, nil
		case time.Now().After(deadline):
			return nil, fmt.Errorf("%s: another run has held this lock for more than %v; let it end, or delete the file if there is none, and run errgen again", t.show(LockName), wait)
		}
		time.Sleep(lockPoll)
	}
}

func (l *lock) try(flock func(fd uintptr) (bool, error)) (held bool, err error) {
	f, err := l.tree.openFile(LockName, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	found := errors.Is(err, fs.ErrExist)
	if found {
		f, err = l.tree.openFile(LockName, os.O_RDWR)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil // its holder has just let go
		}
	}
	if err != nil {
		return false, err
	}
	held, err = flock(f.Fd())
	if errors.Is(err, errors.ErrUnsupported) {
		held, err = !found, nil
		if found {
			l.expire(f)
		}
	}
	// The holder before may have removed the file between our opening and
	// locking it; then we hold a lock that nobody else can see.
	if held && l.inPlace(f) {
		l.file = f
		l.abandoned = l.abandoned || found
		return true, nil
	}
	if err != nil && !found {
		_ = l.tree.remove(LockName)
	}
	f.Close()
	return false, err
}

// expire removes a lock file that is too old to have a living holder.
func (l *lock) expire(f *os.File) {
	info, err := f.Stat()
	if err == nil && time.Since(info.ModTime()) > lockAge && l.inPlace(f) && l.tree.remove(LockName) == nil {
		l.abandoned = true
	}
}

func (l *lock) inPlace(f *os.File) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := l.tree.lstat(LockName)
	return err == nil && os.SameFile(opened, named)
}

// release lets go. The file is removed while the lock is still held: nobody
// else can have put another in its place.
func (l *lock) release() {
	_ = l.tree.remove(LockName)
	l.file.Close()
}
