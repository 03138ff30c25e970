package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/store/search"
)

// searcher fits the search index to what the engine needs, and begins another when
// it is damaged. Safe for several goroutines.
type searcher struct {
	dir string
	log *slog.Logger

	mu    sync.RWMutex // guards index
	index *search.Index
}

func openSearch(dir string, log *slog.Logger) (*searcher, error) {
	x, err := search.Open(dir, log)
	return &searcher{dir: dir, log: log, index: x}, err
}

// with uses the index; nobody replaces it meanwhile.
func (s *searcher) with(use func(*search.Index) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.index == nil {
		return errNoSearch
	}
	return use(s.index)
}

var errNoSearch = errors.New("the search is being made anew: try again in a moment")

func (s *searcher) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		return nil
	}
	x := s.index
	s.index = nil
	return x.Close()
}

// renew waits for damage, sets the index aside, and has another one fed.
func (s *searcher) renew(ctx context.Context, feed func()) {
	for {
		var broken <-chan struct{}
		if s.with(func(x *search.Index) error { broken = x.Broken(); return nil }) == nil {
			select {
			case <-broken:
			case <-ctx.Done():
				return
			}
		}
		if err := s.begin(); err != nil {
			s.log.Error("the search is not made anew: it is tried again in a minute", "err", err)
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
				return
			}
			continue
		}
		feed()
	}
}

// begin closes the damaged index and opens one that is empty.
func (s *searcher) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index != nil {
		if err := s.index.Close(); err != nil {
			s.log.Warn("the damaged search did not close well", "err", err)
		}
	}
	var err error
	if s.index, err = search.Open(s.dir, s.log); err != nil {
		s.index = nil
	}
	return err
}

func (s *searcher) Put(ctx context.Context, docs []engine.Doc) error {
	out := make([]search.Doc, len(docs))
	for i, d := range docs { // the id goes first into the reference, so that it comes back with each hit
		out[i] = search.Doc{Ref: d.ID.String() + " " + d.Ref, Kind: d.Kind, Lang: d.Lang, Title: d.Title, Body: d.Body, Keys: d.Keys}
	}
	return s.with(func(x *search.Index) error { return x.Put(ctx, out...) })
}

const idLetters = 26

func (s *searcher) Find(ctx context.Context, q app.Search) ([]app.Hit, error) {
	var kinds []string
	if q.Kind != "" {
		kinds = []string{q.Kind}
	}
	var found []search.Hit
	err := s.with(func(x *search.Index) (err error) {
		defer func() {
			if p := recover(); p != nil { // its reader met damage
				err = x.Damaged(fmt.Errorf("%v", p))
			}
		}()
		found, err = x.Query(ctx, search.Query{Text: q.Text, Kinds: kinds, Lang: q.Lang, Limit: q.Limit, Typing: q.Typing})
		return err
	})
	hits := make([]app.Hit, 0, len(found))
	for _, h := range found {
		if len(h.Ref) <= idLetters {
			return nil, fmt.Errorf("the search holds the reference %q, which is not ours: rebuild it with puntoctl doctor --rebuild", h.Ref)
		}
		id, err := desk.ParseID(h.Ref[:idLetters])
		if err != nil {
			return nil, fmt.Errorf("read a reference of the search: %w", err)
		}
		hits = append(hits, app.Hit{Ref: h.Ref[idLetters+1:], Kind: h.Kind, ID: id, Title: h.Title, Score: h.Score})
	}
	return hits, err
}

func (s *searcher) Mark() (string, error) {
	var b []byte
	err := s.with(func(x *search.Index) (err error) { b, err = x.Mark(); return err })
	return string(b), err
}

func (s *searcher) SetMark(m string) error {
	return s.with(func(x *search.Index) error { return x.SetMark([]byte(m)) })
}
