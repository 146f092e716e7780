package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// noLock is a system without a lock of its own.
func noLock(uintptr) (bool, error) { return false, errors.ErrUnsupported }

var lockings = map[string]func(uintptr) (bool, error){"of the system": nil, "by age": noLock}

// age makes a lock file too old to have a holder.
func age(t *testing.T, name string) {
	t.Helper()
	then := time.Now().Add(-2 * lockAge)
	if err := os.Chtimes(name, then, then); err != nil {
		t.Fatal(err)
	}
}

func TestRunsFollowOneAnother(t *testing.T) {
	for what, lock := range lockings {
		t.Run(what, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "out")
			sets := make([][]File, 6)
			for i := range sets {
				for j := range 10 {
					sets[i] = append(sets[i], goFile(fmt.Sprintf("p%d/f%d.go", (i+j)%4, j), fmt.Sprint(i)))
				}
			}
			var inside, most int
			var mu sync.Mutex
			var all sync.WaitGroup
			for _, set := range sets {
				all.Go(func() {
					files := func(yield func(File, error) bool) {
						mu.Lock()
						inside++
						most = max(most, inside)
						mu.Unlock()
						Files(set...)(yield)
						mu.Lock()
						inside--
						mu.Unlock()
					}
					if _, err := Write(root, files, Options{tryLock: lock}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if most != 1 {
				t.Errorf("%d runs at a time", most)
			}
			right := 0
			for _, set := range sets {
				if changes, err := Compare(root, Files(set...), Options{}); err == nil && len(changes) == 0 {
					right++
				}
			}
			if right != 1 {
				t.Errorf("the folder is what %d of the runs made it, want 1", right)
			}
			if littered(t, root) {
				t.Error("temporary files or a lock are left")
			}
		})
	}
}

func TestLockIsWaitedForOnlySoLong(t *testing.T) {
	for what, lock := range lockings {
		t.Run(what, func(t *testing.T) {
			root := t.TempDir()
			files := func(yield func(File, error) bool) {
				start := time.Now()
				_, err := Write(root, Files(goFile("b.go", "1")), Options{Wait: 50 * time.Millisecond, tryLock: lock})
				want := filepath.Join(root, LockName) + ": another run has held this lock for more than 50ms; "
				if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error is %v, want %s", err, want)
				}
				if waited := time.Since(start); waited < 50*time.Millisecond || waited > 5*time.Second {
					t.Errorf("waited %v", waited)
				}
				yield(goFile("a.go", "1"), nil)
			}
			changes, err := Write(root, files, Options{tryLock: lock})
			if err != nil {
				t.Fatal(err)
			}
			wantChanges(t, changes, "created a.go", "created errgen.sum")
			if littered(t, root) {
				t.Error("the lock is left")
			}
		})
	}
}

func TestLockOfADeadRun(t *testing.T) {
	for what, lock := range lockings {
		t.Run(what, func(t *testing.T) {
			root := t.TempDir()
			put(t, root, LockName, "")
			if lock != nil || runtime.GOOS == "windows" || runtime.GOOS == "plan9" {
				if _, err := Write(root, Files(goFile("a.go", "1")), Options{Wait: time.Millisecond, tryLock: lock}); err == nil {
					t.Error("a fresh lock file does not hold")
				}
				age(t, filepath.Join(root, LockName))
			}
			if _, err := Write(root, Files(goFile("a.go", "1")), Options{Wait: time.Second, tryLock: lock}); err != nil {
				t.Fatal(err)
			}
			if littered(t, root) {
				t.Error("the lock is left")
			}
		})
	}
}

func TestLockThatCannotBe(t *testing.T) {
	root := t.TempDir()
	put(t, root, LockName+"/x", "x")
	wantRefusal(t, root, []string{filepath.Join(root, LockName) + ": "}, goFile("a.go", "1"))

	broken := errors.New("broken")
	root = filepath.Join(t.TempDir(), "out")
	_, err := Write(root, Files(goFile("a.go", "1")), Options{tryLock: func(uintptr) (bool, error) { return false, broken }})
	if !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("the folder made for the run stays")
	}
}

// Between opening the lock file and locking it, its holder may remove it and a
// third run put a new one in its place. The lock on the old file is worthless.
func TestLockOnARemovedFileDoesNotCount(t *testing.T) {
	root := t.TempDir()
	put(t, root, LockName, "")
	calls := 0
	lock := func(uintptr) (bool, error) {
		calls++
		if calls > 1 {
			return false, nil
		}
		if err := os.Rename(filepath.Join(root, LockName), filepath.Join(t.TempDir(), "old")); err != nil {
			t.Error(err)
		}
		put(t, root, LockName, "")
		return true, nil
	}
	changes, err := Write(root, Files(goFile("a.go", "1")), Options{Wait: 30 * time.Millisecond, tryLock: lock})
	if err == nil {
		t.Errorf("Write did %v under a lock that nobody else sees", changes)
	}
}
