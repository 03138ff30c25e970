package store

import (
	"context"
	"errors"

	"punto/app/desk"
)

// Walk shows the events after a vector, nil = all, as one snapshot holds them: of each
// origin who writes under it, and then its runs in their order. The log may be written
// to meanwhile. What the two functions give ends it.
func (db *DB) Walk(ctx context.Context, since desk.Vector, who func(desk.Identity) error, run func(desk.Run) error) error {
	return db.View(func(r *Reader) error {
		for x, err := range r.allHeads() {
			if err != nil {
				return err
			}
			if since[x.origin] >= x.Seq {
				continue
			}
			if id, ok := db.Identity(x.origin); ok {
				if err := who(id); err != nil {
					return err
				}
			}
			if err := r.runs(ctx, x.origin, since[x.origin]+1, run); err != nil {
				return err
			}
		}
		return nil
	})
}

// runs shows all runs of an origin from a sequence on.
func (r *Reader) runs(ctx context.Context, o desk.Origin, from uint64, run func(desk.Run) error) error {
	for {
		x, ok, err := r.RunAt(o, from)
		if err = errors.Join(err, ctx.Err()); err != nil || !ok {
			return err
		}
		if err := run(x); err != nil {
			return err
		}
		from = x.Last() + 1
	}
}
