package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"punto/app/desk"
)

// feeder keeps the search behind the desk by at most a moment: it remembers
// which entities changed, and how far the log was when all before was fed.
type feeder struct {
	kinds map[desk.Type]DocKind

	mu   sync.Mutex // guards what follows
	todo map[desk.Entity]struct{}
	wake chan struct{}
	held desk.Vector   // how far the log was when the last of todo was added
	at   desk.Vector   // how far the search is
	fed  chan struct{} // closed when mark moves; nil when nobody waits
	anew bool          // the search is another one: all is to be fed
}

func (f *feeder) ring() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *feeder) add(ents []desk.Entity) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.todo == nil {
		f.todo = map[desk.Entity]struct{}{}
	}
	for _, x := range ents {
		if _, searched := f.kinds[x.Type]; searched {
			f.todo[x] = struct{}{}
		}
	}
}

// reach says that all that the log holds so far was added.
func (f *feeder) reach(v desk.Vector) {
	f.mu.Lock()
	f.held = v
	f.mu.Unlock()
	f.ring()
}

// begin says how far the log was when the feeding began, unless more was added
// since.
func (f *feeder) begin(v desk.Vector) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.held.Covers(v) {
		f.held = v
	}
}

// take gives what is to be fed, and how far the search is when it was.
func (f *feeder) take() (ents []desk.Entity, at desk.Vector) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for x := range f.todo {
		ents = append(ents, x)
	}
	clear(f.todo)
	return ents, f.held
}

const feedBatch = 2000

// feedDelay gathers changes before they are fed: one small batch for each
// command would keep a core busy with merging.
const feedDelay = 300 * time.Millisecond

// reached tells those who wait how far the search is.
func (f *feeder) reached(v desk.Vector) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = v
	if f.fed != nil {
		close(f.fed)
		f.fed = nil
	}
}

// Fed waits until the search holds all that was written before the call. Run
// must be running.
func (e *Engine) Fed(ctx context.Context) error {
	want := e.Log.Vector()
	if err := e.Settled(ctx); err != nil {
		return err
	}
	for {
		e.feed.mu.Lock()
		if e.Search == nil || e.feed.at.Covers(want) {
			e.feed.mu.Unlock()
			return nil
		}
		if e.feed.fed == nil {
			e.feed.fed = make(chan struct{})
		}
		fed := e.feed.fed
		e.feed.mu.Unlock()
		select {
		case <-fed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// runFeed feeds what the search does not hold yet, then what changes.
func (e *Engine) runFeed(ctx context.Context) error {
	if e.Search == nil {
		<-ctx.Done()
		return nil
	}
	mark, err := e.Search.Mark()
	if err != nil {
		return fmt.Errorf("read the mark of the search: %w", err)
	}
	if e.Settled(ctx) != nil { // what was dirty when the program ended is not in it
		return nil
	}
	at := e.Log.Vector()
	if mark != watermark(at) {
		e.feed.again()
	}
	e.feed.begin(at)
	for ctx.Err() == nil {
		if err := e.feedDue(ctx); err != nil && ctx.Err() == nil {
			e.Logger.Warn("the search is behind: it is fed again in a moment", "err", err)
			select {
			case <-time.After(feedAgain):
			case <-ctx.Done():
			}
			continue
		}
		select {
		case <-e.feed.wake:
		case <-ctx.Done():
			return nil
		}
		select { // what comes within a moment goes in together
		case <-time.After(feedDelay):
		case <-ctx.Done():
		}
	}
	return nil
}

// feedAgain is how long after a failure the search is fed again: it may be made
// anew meanwhile.
const feedAgain = time.Second

// feedDue feeds what the search does not hold.
func (e *Engine) feedDue(ctx context.Context) error {
	if e.feed.takeAnew() {
		if err := e.feedAll(ctx); err != nil {
			e.feed.again()
			return err
		}
	}
	ents, at := e.feed.take()
	for len(ents) > 0 && ctx.Err() == nil {
		n := min(feedBatch, len(ents))
		if err := e.feedSome(ctx, ents[:n]); err != nil {
			e.feed.add(ents)
			return fmt.Errorf("feed the search: %w", err)
		}
		ents = ents[n:]
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := e.Search.SetMark(watermark(at)); err != nil {
		return fmt.Errorf("mark the search: %w", err)
	}
	e.feed.reached(at)
	return nil
}

// Refeed has all fed again: the search was made anew.
func (e *Engine) Refeed() {
	e.feed.again()
	e.feed.ring()
}

func (f *feeder) again() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.anew = true
}

func (f *feeder) takeAnew() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.anew
	f.anew = false
	return was
}

// watermark is a vector as text.
func watermark(v map[desk.Origin]uint64) string {
	var b strings.Builder
	for _, o := range slices.Sorted(maps.Keys(v)) {
		fmt.Fprintf(&b, "%x:%d ", o, v[o])
	}
	return b.String()
}

func (e *Engine) feedAll(ctx context.Context) error {
	for _, t := range slices.Sorted(maps.Keys(e.feed.kinds)) {
		ix := e.feed.kinds[t].Walk
		var after []byte
		for {
			var ents []desk.Entity
			err := e.Log.Read(func(r desk.Reader) (err error) {
				after, err = Page(r, ix, after, false, 1000, 1000, func(id desk.ID) (any, error) {
					ents = append(ents, desk.Entity{Type: t, ID: id})
					return id, nil
				})
				return err
			})
			if err == nil {
				err = e.feedSome(ctx, ents)
			}
			if err != nil {
				return err
			}
			if after == nil {
				break
			}
		}
	}
	return nil
}

func (e *Engine) feedSome(ctx context.Context, ents []desk.Entity) error {
	var docs []Doc
	err := e.Log.Read(func(r desk.Reader) error {
		n := NewNames(e, r)
		for _, x := range ents {
			d, err := e.feed.kinds[x.Type].Make(n, x)
			if err != nil {
				return err
			}
			docs = append(docs, d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.Search.Put(ctx, docs)
}
