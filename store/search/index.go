package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// format names the layout of the index and the analysis behind it. A change of
// either changes this line, and every index is made anew by itself.
const format = "punto-search 1\n"

const (
	formatFile = "format" // in the index's folder
	dataDir    = "scorch" // in the index's folder
	lockWait   = "2s"     // how long Open waits for another process to let go
)

// Index is an open full-text index. Close ends it.
type Index struct {
	log   *slog.Logger
	langs *languages
	queue *index.AnalysisQueue
	data  index.Index
	dir   string
	fresh bool // empty when it was opened
	tune  weights

	writing sync.Mutex // one writer at a time; questions do not wait for it

	measuring sync.Mutex // guards lengths
	lengths   lengths

	scratch sync.Pool // *scratch

	closing sync.Once
	closed  error
	faults
}

// Open opens the index in the folder dir, which it makes if need be. An index
// that cannot be read or is of another format is moved to dir+".aside" (what
// lay there is removed) and an empty one begun, whose [Index.Mark] is nil. A folder
// that another process holds open is an error, and is left alone.
func Open(dir string, log *slog.Logger) (*Index, error) {
	if dir == "" {
		return nil, errors.New("open search index: no folder given")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	x, err := openExisting(dir, log)
	if err == nil || isBusy(err) || noRoom(err) {
		return x, err
	}
	if !errors.Is(err, os.ErrNotExist) {
		log.Warn("search index set aside, it will be made anew", "dir", dir, "cause", err)
	}
	if err := setAside(dir); err != nil {
		return nil, err
	}
	return create(dir, log)
}

func openExisting(dir string, log *slog.Logger) (*Index, error) {
	found, err := os.ReadFile(filepath.Join(dir, formatFile))
	if err != nil {
		return nil, fmt.Errorf("read format of search index %s: %w", dir, err)
	}
	if string(found) != format {
		return nil, fmt.Errorf("search index %s has the format %q, this program reads %q", dir, strings.TrimSpace(string(found)), strings.TrimSpace(format))
	}
	if _, err := os.Stat(filepath.Join(dir, dataDir, "root.bolt")); err != nil {
		return nil, fmt.Errorf("search index %s has lost its data: %v", dir, err)
	}
	return start(dir, log, false)
}

func create(dir string, log *slog.Logger) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of search index: %w", err)
	}
	x, err := start(dir, log, true)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, formatFile), []byte(format), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("write format of search index: %w", err), x.Close())
	}
	return x, nil
}

// setAside moves what lies in dir out of the way.
func setAside(dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	aside := filepath.Clean(dir) + ".aside"
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("remove the search index set aside before, %s: %w", aside, err)
	}
	if err := os.Rename(dir, aside); err != nil {
		return fmt.Errorf("set the damaged search index aside (remove the folder %s by hand): %w", dir, err)
	}
	return nil
}

// onDisk is scorch's configuration. Batches are not synced one by one: the
// index is derived, and its mark is persisted with or after what it covers.
func onDisk(dir string) map[string]any {
	return map[string]any{
		"path":         filepath.Join(dir, dataDir),
		"bolt_timeout": lockWait,
		"unsafe_batch": true,

		"asyncErrorCallbackName": hears,
	}
}

// start opens scorch. It answers a panic of the reader over damaged files as
// an error, since such an index is simply made anew.
func start(dir string, log *slog.Logger, fresh bool) (x *Index, err error) {
	langs, err := newLanguages()
	if err != nil {
		return nil, fmt.Errorf("load stop words: %w", err)
	}
	queue := index.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("search index is damaged: %v", p)
		}
		if err != nil {
			queue.Close()
			x.forget()
		}
	}()
	x = &Index{log: log, langs: langs, queue: queue, dir: dir, fresh: fresh, tune: preset, faults: newFaults()}
	x.heed()
	data, err := scorch.NewScorch(scorch.Name, onDisk(dir), queue)
	if err != nil {
		return x, fmt.Errorf("open search index: %w", err)
	}
	if err := data.Open(); err != nil {
		return x, fmt.Errorf("open search index: %w", err)
	}
	x.data = data
	if err := x.probe(); err != nil {
		return x, errors.Join(err, x.end())
	}
	return x, nil
}

// probe reads what every question will need, so that a damaged index shows at
// once.
func (x *Index) probe() error {
	r, err := x.data.Reader()
	if err != nil {
		return fmt.Errorf("read search index: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	raw, err := r.GetInternal(lengthsKey)
	if err != nil {
		return fmt.Errorf("read text lengths of search index: %w", err)
	}
	if x.lengths, err = decodeLengths(raw); err != nil {
		return err
	}
	if !x.fresh { // scorch passes over what it cannot read, and begins empty
		if mark, err := r.GetInternal(writtenKey); err != nil || len(mark) == 0 {
			return errors.Join(errors.New("search index has lost its segments"), err)
		}
	}
	if _, err := r.DocCount(); err != nil {
		return fmt.Errorf("count search index: %w", err)
	}
	if _, err := r.GetInternal(markKey); err != nil {
		return fmt.Errorf("read mark of search index: %w", err)
	}
	_, err = sections(context.Background(), r)
	return err
}

func isBusy(err error) bool { return err != nil && strings.Contains(err.Error(), "timeout") }

// Close waits until everything is on disk and ends the index. Later calls of
// any method fail; a second Close answers as the first. A damaged index, and one
// on a full volume, end as they are: they are made anew, or fed what they lack.
func (x *Index) Close() error {
	x.closing.Do(func() {
		x.writing.Lock()
		defer x.writing.Unlock()
		err := x.flush()
		if errors.Is(err, ErrDamaged) || noRoom(err) {
			x.log.Warn("the search was not written to its end: what it lacks is put into it again", "cause", err)
			err = nil
		}
		x.closed = errors.Join(err, x.end())
		x.queue.Close()
	})
	return x.closed
}

// flush writes a batch of nothing much and waits for it: batches are persisted
// in order. The caller holds writing.
func (x *Index) flush() error {
	done := make(chan error, 1)
	b := index.NewBatch()
	b.SetPersistedCallback(func(err error) { done <- err })
	if err := x.write(b); err != nil {
		return fmt.Errorf("flush search index: %w", err)
	}
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("flush search index: %w", err)
		}
		return nil
	case <-x.broken:
		return x.fault()
	case <-x.tight:
		return fmt.Errorf("flush search index: %w", syscall.ENOSPC)
	}
}
