package host

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"

	"punto/app"
	"punto/app/desk"
	"punto/app/nodes"
	"punto/store"
	"punto/store/backup"
	"punto/sync/site"
	"punto/sync/stream"
)

// Founded is what IT has to keep when a site is made.
type Founded struct {
	Desk     desk.ID
	Recovery string // key that opens the backups: it is kept nowhere else
}

// Found makes the desk in a folder a site, and this workstation its coordinator.
// The folder must hold a desk and nobody may have it open.
func Found(ctx context.Context, dir, name, listen string) (f Founded, err error) {
	if s, err := stream.LoadMembership(dir); err != nil || s != nil {
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
	own, err := stream.Found(pub)
	if err != nil {
		return f, err
	}
	own.Listen = listen
	recovery, recipient, err := backup.NewKey()
	if err != nil {
		return f, err
	}
	carry, _, err := backup.NewKey()
	if err != nil {
		return f, err
	}
	own.Recovery, own.Carry = recipient, carry
	if err := h.db.Certify(ctx, own.Cert, true); err != nil {
		return f, err
	}
	if _, err := h.Do(h.Owner(ctx), app.AddNode{Key: pub, Name: site.NameOr(name), Coordinator: true}); err != nil {
		return f, err
	}
	return Founded{Desk: own.Desk, Recovery: recovery}, own.Save(dir)
}

// Joining is what Join needs.
type Joining = site.Joining

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
	prefix, err := site.Join(ctx, j, db, db.Key())
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	h, err := Open(ctx, j.Dir, j.Logger) // derives everything of what came
	if err != nil {
		return err
	}
	return errors.Join(nodes.Number(ctx, h.Engine, prefix), h.Close())
}
