package host

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"

	"filippo.io/age"

	"punto/app"
	"punto/app/desk"
	"punto/store"
	"punto/sync/stream"
)

// Founded is what IT has to keep when a site is made.
type Founded struct {
	Desk     desk.ID
	Recovery string // age identity that opens the backups: it is kept nowhere else
}

// Found makes the desk in a folder a site, and this workstation its coordinator.
// The folder must hold a desk and nobody may have it open.
func Found(ctx context.Context, dir, name, listen string) (f Founded, err error) {
	if s, err := stream.LoadSite(dir); err != nil || s != nil {
		return f, errors.Join(err, fmt.Errorf("the desk in %s is a site already: invite workstations with puntod invite", dir))
	}
	h, err := Open(ctx, dir, nil)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	a, err := h.Ask(h.Owner(ctx), app.Status{})
	if err != nil {
		return f, err
	}
	if a.(app.StatusAnswer).Desk.Name == "" {
		return f, fmt.Errorf("there is no desk in %s yet: make it first", dir)
	}
	pub, _ := h.db.Key().Public().(ed25519.PublicKey)
	site, err := stream.Found(pub)
	if err != nil {
		return f, err
	}
	site.Listen = listen
	recovery, err := age.GenerateX25519Identity()
	if err != nil {
		return f, err
	}
	carry, err := age.GenerateX25519Identity()
	if err != nil {
		return f, err
	}
	site.Recovery, site.Carry = recovery.Recipient().String(), carry.String()
	if err := h.db.Certify(ctx, site.Cert, true); err != nil {
		return f, err
	}
	if _, err := h.Do(h.Owner(ctx), app.AddNode{Key: pub, Name: nodeName(name), Coordinator: true}); err != nil {
		return f, err
	}
	return Founded{Desk: site.Desk, Recovery: recovery.String()}, site.Save(dir)
}

func nodeName(name string) string {
	if name != "" {
		return name
	}
	if n, err := os.Hostname(); err == nil && n != "" {
		return n
	}
	return "puesto"
}

// WithPort completes an address by the usual port.
func WithPort(address string) string {
	address = strings.TrimSpace(address)
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), strconv.Itoa(Port))
}

// Joining is what Join needs. Progress may be nil.
type Joining struct {
	Dir, Code, Address, Name, Listen string
	Progress                         func(done, all uint64)
	Logger                           *slog.Logger
}

// Join makes an empty folder a workstation of the site of the coordinator at an
// address, and fetches the whole desk. Interrupted while it fetches, it goes on
// when the folder is opened.
func Join(ctx context.Context, j Joining) (err error) {
	if j.Logger == nil {
		j.Logger = slog.New(slog.DiscardHandler)
	}
	place, err := placeOf(j.Dir)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{Dir: j.Dir, Logger: j.Logger, Place: place})
	if err != nil {
		return fmt.Errorf("open %s: %w", j.Dir, err)
	}
	prefix, err := j.enter(ctx, db)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	h, err := Open(ctx, j.Dir, j.Logger) // derives everything of what came
	if err != nil {
		return err
	}
	return errors.Join(h.Number(ctx, prefix), h.Close())
}

func (j Joining) enter(ctx context.Context, db *store.DB) (string, error) {
	if s, err := stream.LoadSite(j.Dir); err != nil || s != nil || len(db.Vector()) > 0 {
		return "", errors.Join(err, fmt.Errorf("the folder %s holds a desk already: join with an empty one", j.Dir))
	}
	address := WithPort(j.Address)
	site, prefix, err := stream.Join(ctx, address, j.Code, nodeName(j.Name), db.Key())
	if err != nil {
		return "", err
	}
	site.Listen = j.Listen
	if err := errors.Join(db.Certify(ctx, site.Cert, false), site.Save(j.Dir)); err != nil {
		return "", err
	}
	if err := j.fetch(ctx, db, site, address); err != nil {
		j.Logger.Warn("the desk was not fetched whole: it is when the program runs", "err", err)
	}
	return prefix, nil
}

// fetch takes the whole log in, without folding any of it.
func (j Joining) fetch(ctx context.Context, db *store.DB, site *stream.Site, address string) error {
	log := &bulk{Replica{DB: db, Check: site.Check}}
	return stream.Fetch(ctx, address, site, db.Key(), log, func(held, all uint64) {
		if j.Progress != nil {
			j.Progress(held, all)
		}
	})
}

// bulk is a replica whose events are derived later.
type bulk struct{ Replica }

// Merge implements stream.Log.
func (b *bulk) Merge(ctx context.Context, runs []desk.Run) (desk.Taken, error) {
	return b.Bulk(ctx, runs)
}
