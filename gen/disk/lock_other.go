//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package disk

import "errors"

// tryLock always fails: package syscall has no such lock here.
func tryLock(uintptr) (held bool, err error) { return false, errors.ErrUnsupported }
