//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package disk

import (
	"errors"
	"syscall"
)

// tryLock takes the advisory lock on an open file unless somebody else has it.
func tryLock(fd uintptr) (held bool, err error) {
	for {
		err = syscall.Flock(int(fd), syscall.LOCK_EX|syscall.LOCK_NB)
		switch err {
		case nil:
			return true, nil
		case syscall.EINTR:
		case syscall.EWOULDBLOCK:
			return false, nil
		case syscall.ENOLCK: // a network file system without a lock service
			return false, errors.ErrUnsupported
		default:
			return false, err
		}
	}
}
