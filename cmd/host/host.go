// Package host opens the data folder of a desk and runs its engine: the log, the
// search and the engine over both. Whoever holds the folder hosts the engine;
// the folder admits one holder.
package host

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/issuing"
	"punto/app/keyring"
	"punto/app/mail"
	"punto/app/nodes"
	"punto/app/rooms"
	"punto/app/switchboard"
	"punto/cmd/print"
	"punto/store"
	"punto/store/files"
)

// Host is an open desk. Close ends it.
type Host struct {
	*engine.Engine
	dir    string
	log    *slog.Logger
	db     *store.DB
	files  *files.Folder
	search *searcher
	cancel context.CancelFunc
	done   sync.WaitGroup
	runErr error // of the feeding of the search; read after done
	netErr error // of the site; read after done
	ended  chan struct{}
}

// Options are the choices of a host. The zero Options host the folder and speak
// with nobody.
type Options struct {
	Network bool   // speak with the other workstations of the site
	Service bool   // this is the background service
	Version string // of the program

	homeless bool                                           // the folder is not where it will be: it does not learn its place
	measure  func(dir string) (free, all uint64, err error) // of its volume; nil asks the system
}

// Open opens the folder, making it when it is missing.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Host, error) {
	return OpenWith(ctx, dir, log, Options{})
}

// placeOf is where it is kept, outside the folder, where the folder was.
func placeOf(dir string) (p store.Place, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return p, err
	}
	home, err := os.UserConfigDir()
	if err != nil || os.Geteuid() == 0 {
		home = systemState
	}
	if s := os.Getenv("PUNTO_STATE"); s != "" {
		home = s
	}
	sum := sha256.Sum256([]byte(dir))
	id, _ := os.ReadFile("/etc/machine-id") // where there is none the folder alone is known by
	return store.Place{File: filepath.Join(home, "punto", "places", hex.EncodeToString(sum[:12])), Machine: string(id)}, nil
}

// OpenWith is Open with its choices.
func OpenWith(ctx context.Context, dir string, log *slog.Logger, o Options) (_ *Host, err error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &Host{dir: dir, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	var place store.Place
	if !o.homeless {
		if place, err = placeOf(dir); err != nil {
			return nil, err
		}
	}
	if h.db, err = store.Open(ctx, store.Options{Dir: dir, Logger: log, Place: place, Measure: o.measure, Check: checkApart(log)}); err != nil {
		return nil, fmt.Errorf("open the desk in %s: %w", dir, err)
	}
	if h.search, err = openSearch(filepath.Join(dir, "search"), log); err != nil {
		return nil, fmt.Errorf("open the search in %s: %w", dir, err)
	}
	defer func() {
		if err == nil {
			nodes.SetKeeper(h.Engine, h)
		}
	}()
	h.files = files.Open(dir, h.filesNamed)
	h.files.Room = h.db.RoomFor
	if h.Engine, err = rooms.Open(ctx, engine.Config{Log: h.db, Search: h.search, Files: h.files, Room: h.db.Room, Logger: log}); err != nil {
		return nil, err
	}
	keyring.SetKey(h.Engine, h.db.Key())
	issuing.SetPress(h.Engine, print.Press)
	if err = h.fold(ctx, false); err != nil {
		return nil, fmt.Errorf("derive the desk in %s anew: %w", dir, err)
	}
	if err = h.Born(ctx); err != nil {
		return nil, err
	}
	var network func(context.Context) error
	if o.Network {
		if network, err = h.joinSite(o); err != nil {
			return nil, err
		}
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.cancel = cancel
	h.ended = make(chan struct{})
	var once sync.Once
	end := func() { once.Do(func() { close(h.ended) }) }
	h.done.Go(func() { defer end(); h.runErr = h.Run(run) })
	h.done.Go(func() { h.search.renew(run, h.Refeed) })
	if o.Network {
		h.done.Go(func() { switchboard.Keep(run, h.Engine) })
		h.done.Go(func() { mail.Keep(run, h.Engine) })
		h.done.Go(func() { issuing.Keep(run, h.Engine) })
	}
	if network != nil {
		h.done.Go(func() { defer end(); h.netErr = network(run) })
	}
	return h, nil
}

// filesNamed are the files that are to be here: those of cases and of reports.
func (h *Host) filesNamed() ([][32]byte, error) {
	of, err := cases.FilesNamed(h.Engine)
	if err != nil {
		return nil, err
	}
	more, err := issuing.FilesNamed(h.Engine)
	return append(of, more...), err
}

// Ended is closed when the engine or the network has ended, by Close or by a
// failure: then Err tells it, after Close.
func (h *Host) Ended() <-chan struct{} { return h.ended }

// Err waits until everything has ended and tells why.
func (h *Host) Err() error {
	h.cancel()
	h.done.Wait()
	return errors.Join(h.runErr, h.netErr)
}

// Held is how far the events of each origin are held.
func (h *Host) Held() desk.Vector { return h.db.Vector() }

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
	if string(was) == engine.FoldVersion && !half && !always {
		return nil
	}
	if half || always || len(was) > 0 {
		if err := h.db.Rebuild(ctx, h.Engine); err != nil {
			return err
		}
	}
	return h.db.Update(ctx, func(tx desk.Tx) error { return tx.PutMeta(foldMeta, []byte(engine.FoldVersion)) })
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
		errs = append(errs, h.runErr, h.netErr)
	}
	if h.search != nil {
		errs = append(errs, h.search.close())
	}
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	return errors.Join(errs...)
}
