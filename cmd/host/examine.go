package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"punto/app/desk"
	"punto/store"
)

// Diagnosis is what Examine finds of a folder that nobody else holds.
type Diagnosis struct {
	Data    string                 `json:"data"`
	Format  int                    `json:"format"`
	Origins map[desk.Origin]uint64 `json:"origins"` // events held of each
	Events  uint64                 `json:"events"`
	Digest  string                 `json:"digest"` // of all views
	Owed    int                    `json:"owed"`   // events that the views are not of yet: they are derived when the program runs
	Sound   bool                   `json:"sound"`
	Killed  bool                   `json:"killed,omitempty"`    // who wrote it was killed: it recovers when it is opened
	Aside   string                 `json:"set_aside,omitempty"` // a damaged file that is done without
	Fault   string                 `json:"fault,omitempty"`
	Rebuilt string                 `json:"rebuilt,omitempty"` // the views made again are the "same", or "changed"
}

// ErrNoDesk: the folder holds no desk.
var ErrNoDesk = errors.New("there is no desk")

// NeedDesk is an error where a folder holds no desk: whoever would open it would
// make one.
func NeedDesk(dir string) error {
	if store.Holds(dir) {
		return nil
	}
	return fmt.Errorf("%w in %s: make one with puntod init, enter a site with puntod join, or say where it is with --data", ErrNoDesk, dir)
}

// Examine proves a folder without writing to it.
func Examine(ctx context.Context, dir string) (d Diagnosis, err error) {
	d = Diagnosis{Data: dir, Format: store.Format}
	if !store.Holds(dir) {
		return d, fmt.Errorf("%w in %s", ErrNoDesk, dir)
	}
	db, err := store.Open(ctx, store.Options{Dir: dir, ReadOnly: true})
	switch {
	case errors.Is(err, store.ErrDamaged):
		d.Fault = err.Error()
		return d, nil
	case err != nil:
		return d, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	d.Origins, d.Killed = db.Vector(), db.Killed()
	if db.Registry() {
		d.Aside = filepath.Join(dir, "db", "KEYREGISTRY")
	}
	for _, n := range d.Origins {
		d.Events += n
	}
	if err := errors.Join(db.Verify(ctx), db.Checked()); err != nil {
		if ctx.Err() != nil {
			return d, ctx.Err()
		}
		d.Fault = err.Error()
		return d, nil
	}
	_, d.Owed = db.Owed()
	sum, err := db.Digest()
	d.Digest, d.Sound = fmt.Sprintf("%x", sum), err == nil
	return d, err
}
