package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// ErrDamaged: a part of the index cannot be read. It takes nothing more, and is set
// aside when it is opened again.
var ErrDamaged = errors.New("the search index is damaged")

// faults are what scorch tells of its work in the background. After a panic over
// damaged files it goes on without the part that failed, and what waits for that
// part waits for ever: so nothing here waits without looking at broken.
type faults struct {
	broken chan struct{} // closed at the first damage
	tight  chan struct{} // the volume is full: scorch tries again
	ending chan struct{} // closed when the index closes
	once   *sync.Once
	cause  *error // written before broken is closed
}

func newFaults() faults {
	return faults{broken: make(chan struct{}), tight: make(chan struct{}, 1), ending: make(chan struct{}), once: &sync.Once{}, cause: new(error)}
}

// Broken is closed when the index is found to be damaged.
func (x *Index) Broken() <-chan struct{} { return x.broken }

func (x *Index) fault() error { return fmt.Errorf("%w: %w", ErrDamaged, *x.cause) }

// Damaged has the index made anew: whoever uses it has found it to be damaged.
func (x *Index) Damaged(cause error) error { return x.breakDown(cause) }

// breakDown notes that the index is damaged, also for whoever opens it next.
func (x *Index) breakDown(cause error) error {
	x.once.Do(func() {
		*x.cause = cause
		x.log.Warn("the search index is damaged: it will be made anew", "dir", x.dir, "cause", cause)
		_ = os.Remove(filepath.Join(x.dir, formatFile)) // without it the index is not taken for one
		close(x.broken)
	})
	return x.fault()
}

// hears is under which name scorch knows the function below.
const hears = "punto"

// open indexes, by the folder of their data.
var listeners sync.Map

func init() {
	scorch.RegistryAsyncErrorCallbacks[hears] = func(err error, path string) {
		if x, ok := listeners.Load(path); ok {
			x.(*Index).heard(err)
		}
	}
}

func (x *Index) heed() { listeners.Store(filepath.Join(x.dir, dataDir), x) }

func (x *Index) forget() {
	if x != nil {
		listeners.CompareAndDelete(filepath.Join(x.dir, dataDir), x)
	}
}

// pause keeps scorch from trying again at once what a full volume refuses.
const pause = time.Second

// heard is called where scorch has failed, and holds that part of it up.
func (x *Index) heard(err error) {
	if !noRoom(err) {
		select {
		case <-x.ending: // it tells of what it did not do any more
		default:
			_ = x.breakDown(err)
		}
		return
	}
	select {
	case x.tight <- struct{}{}:
	default:
	}
	select {
	case <-time.After(pause):
	case <-x.ending:
	}
}

func noRoom(err error) bool {
	return err != nil && (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || strings.Contains(err.Error(), syscall.ENOSPC.Error()))
}

// endLimit is how long a damaged index may take to let go of its files.
const endLimit = 10 * time.Second

// end closes scorch. Of a damaged one some part may never end.
func (x *Index) end() error {
	defer x.forget()
	close(x.ending)
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("%w: %v", ErrDamaged, p)
			}
		}()
		done <- x.data.Close()
	}()
	select {
	case err := <-done:
		return err
	case <-x.broken:
	}
	select {
	case err := <-done:
		return err
	case <-time.After(endLimit):
		x.log.Warn("the damaged search index does not close: it is left behind", "dir", x.dir)
		return nil
	}
}
