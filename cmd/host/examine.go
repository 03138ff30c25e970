package host

import (
	"context"
	"errors"
	"fmt"

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
	Sound   bool                   `json:"sound"`
	Fault   string                 `json:"fault,omitempty"`
	Rebuilt string                 `json:"rebuilt,omitempty"` // the views made again are the "same", or "changed"
}

// Examine proves a folder without writing to it.
func Examine(ctx context.Context, dir string) (d Diagnosis, err error) {
	d = Diagnosis{Data: dir, Format: store.Format}
	db, err := store.Open(ctx, store.Options{Dir: dir, ReadOnly: true})
	switch {
	case errors.Is(err, store.ErrDamaged):
		d.Fault = err.Error()
		return d, nil
	case err != nil:
		return d, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	d.Origins = db.Vector()
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
	sum, err := db.Digest()
	d.Digest, d.Sound = fmt.Sprintf("%x", sum), err == nil
	return d, err
}
