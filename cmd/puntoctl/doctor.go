package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"punto/cmd/host"
	"punto/store"
)

func doctorCommand(f *flags) *cobra.Command {
	var rebuild bool
	c := &cobra.Command{Use: "doctor [--rebuild]", Args: cobra.NoArgs, Short: "proves the whole log: tables, blocks, chains, signatures, heads",
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := diagnose(c, f.data)
			if err != nil {
				return err
			}
			if rebuild && d.Sound {
				before, whole := d.Digest, d.Owed == 0
				if err := host.Rebuild(c.Context(), f.data, nil); err != nil {
					return err
				}
				if d, err = diagnose(c, f.data); err != nil {
					return err
				}
				if d.Rebuilt = "same"; whole && d.Digest != before {
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

// diagnose proves a folder that is there.
func diagnose(c *cobra.Command, dir string) (host.Diagnosis, error) {
	if err := exists(dir); err != nil {
		return host.Diagnosis{}, err
	}
	return host.Examine(c.Context(), dir)
}

// exists refuses a folder that is not there: opening it would make an empty desk.
func exists(dir string) error {
	if !store.Holds(dir) {
		return fmt.Errorf("%w in %s: make one with puntoctl init, or say where it is with --data", host.ErrNoDesk, dir)
	}
	return nil
}
