package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"punto/app/desk"
	"punto/cmd/host"
	"punto/store"
)

// diagnosis is what doctor finds of a folder that nobody else holds.
type diagnosis struct {
	Data    string                 `json:"data"`
	Format  int                    `json:"format"`
	Origins map[desk.Origin]uint64 `json:"origins"` // events held of each
	Events  uint64                 `json:"events"`
	Digest  string                 `json:"digest"` // of all views
	Sound   bool                   `json:"sound"`
	Fault   string                 `json:"fault,omitempty"`
	Rebuilt string                 `json:"rebuilt,omitempty"` // the views made again are the "same", or "changed"
}

func doctorCommand(f *flags) *cobra.Command {
	var rebuild bool
	c := &cobra.Command{Use: "doctor [--rebuild]", Args: cobra.NoArgs, Short: "proves the whole log: tables, blocks, chains, signatures, heads",
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := examine(c.Context(), f.data)
			if err != nil {
				return err
			}
			if rebuild && d.Sound {
				before := d.Digest
				if err := host.Rebuild(c.Context(), f.data, nil); err != nil {
					return err
				}
				if d, err = examine(c.Context(), f.data); err != nil {
					return err
				}
				if d.Rebuilt = "same"; d.Digest != before {
					d.Rebuilt = "changed"
				}
			}
			verdict := "sound"
			if !d.Sound {
				verdict = "DAMAGED: " + d.Fault
			}
			if err := f.print(c.OutOrStdout(), d, "%s\n%d events of %d workstations\ndigest %s\n%s", d.Data, d.Events, len(d.Origins), d.Digest, verdict); err != nil {
				return err
			}
			if !d.Sound {
				return errors.New("the desk is damaged: set the folder aside and restore it from a backup or from another workstation")
			}
			return nil
		}}
	c.Flags().BoolVar(&rebuild, "rebuild", false, "also drop all views, indexes and the search, and make them again from the log")
	return c
}

// examine proves a folder without writing to it.
func examine(ctx context.Context, dir string) (d diagnosis, err error) {
	if err := exists(dir); err != nil {
		return d, err
	}
	d = diagnosis{Data: dir, Format: store.Format}
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

// exists refuses a folder that is not there: opening it would make an empty desk.
func exists(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no desk in %s: make one with puntoctl init, or say where it is with --data", dir)
	} else if err != nil {
		return err
	}
	return nil
}
