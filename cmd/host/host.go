// Package host opens the data folder of a desk and runs its engine: the log, the
// search and the engine over both. Whoever holds the folder hosts the engine;
// the folder admits one holder.
package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"punto/app"
	"punto/app/desk"
	"punto/store"
	"punto/store/search"
)

// Host is an open desk. Close ends it.
type Host struct {
	*app.Engine
	db     *store.DB
	index  *search.Index
	cancel context.CancelFunc
	done   sync.WaitGroup
	runErr error // of the feeding of the search; read after done
}

// Open opens the folder, making it when it is missing.
func Open(ctx context.Context, dir string, log *slog.Logger) (_ *Host, err error) {
	h := &Host{}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if h.db, err = store.Open(ctx, store.Options{Dir: dir, Logger: log}); err != nil {
		return nil, fmt.Errorf("open the desk in %s: %w", dir, err)
	}
	if h.index, err = search.Open(filepath.Join(dir, "search"), log); err != nil {
		return nil, fmt.Errorf("open the search in %s: %w", dir, err)
	}
	if h.Engine, err = app.Open(ctx, app.Config{Log: h.db, Search: searcher{h.index}, Logger: log}); err != nil {
		return nil, err
	}
	if err = h.fold(ctx, false); err != nil {
		return nil, fmt.Errorf("derive the desk in %s anew: %w", dir, err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.cancel = cancel
	h.done.Go(func() { h.runErr = h.Run(run) })
	return h, nil
}

const foldMeta = "fold"

// fold derives all views and indexes anew when another version made them, when
// that was begun and not ended, or when it is asked for.
func (h *Host) fold(ctx context.Context, always bool) error {
	half, err := h.db.Rebuilding()
	if err != nil {
		return err
	}
	var was []byte
	if err := h.db.Read(func(r desk.Reader) (err error) { was, err = r.Meta(foldMeta); return err }); err != nil {
		return err
	}
	if string(was) == app.FoldVersion && !half && !always {
		return nil
	}
	if half || always || len(was) > 0 {
		if err := h.db.Rebuild(ctx, h.Engine); err != nil {
			return err
		}
	}
	return h.db.Update(ctx, func(tx desk.Tx) error { return tx.PutMeta(foldMeta, []byte(app.FoldVersion)) })
}

// Rebuild drops all that is derived in a folder that nobody else holds, the
// search with it, and makes it again from the log.
func Rebuild(ctx context.Context, dir string, log *slog.Logger) (err error) {
	h, err := Open(ctx, dir, log)
	if err != nil {
		return err
	}
	if err := errors.Join(h.fold(ctx, true), h.Close()); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(dir, "search")); err != nil {
		return err
	}
	if h, err = Open(ctx, dir, log); err != nil {
		return err
	}
	return errors.Join(h.Fed(ctx), h.Close())
}

// Close stops the engine and closes the folder.
func (h *Host) Close() error {
	var errs []error
	if h.Engine != nil {
		errs = append(errs, h.Engine.Close())
	}
	if h.cancel != nil {
		h.cancel()
		h.done.Wait()
		errs = append(errs, h.runErr)
	}
	if h.index != nil {
		errs = append(errs, h.index.Close())
	}
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	return errors.Join(errs...)
}

// searcher fits the search index to what the engine needs.
type searcher struct{ index *search.Index }

func (s searcher) Put(ctx context.Context, docs []app.Doc) error {
	out := make([]search.Doc, len(docs))
	for i, d := range docs { // the id goes first into the reference, so that it comes back with each hit
		out[i] = search.Doc{Ref: d.ID.String() + " " + d.Ref, Kind: d.Kind, Lang: d.Lang, Title: d.Title, Body: d.Body, Keys: d.Keys}
	}
	return s.index.Put(ctx, out...)
}

const idLetters = 26

func (s searcher) Find(ctx context.Context, q app.Search) ([]app.Hit, error) {
	var kinds []string
	if q.Kind != "" {
		kinds = []string{q.Kind}
	}
	found, err := s.index.Query(ctx, search.Query{Text: q.Text, Kinds: kinds, Lang: q.Lang, Limit: q.Limit, Typing: q.Typing})
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

func (s searcher) Mark() (string, error) {
	b, err := s.index.Mark()
	return string(b), err
}

func (s searcher) SetMark(m string) error { return s.index.SetMark([]byte(m)) }
