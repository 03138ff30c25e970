package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/caselog"
)

// zoneFlag is the zone that an import asks for and never assumes.
type zoneFlag struct{ name string }

func (z *zoneFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&z.name, "zone", "", "IANA zone in which the times of the file were written")
}

func (z *zoneFlag) load() (*time.Location, error) {
	zone, err := time.LoadLocation(z.name)
	if err != nil || z.name == "" || z.name == "Local" {
		return nil, fmt.Errorf("%q is not a time zone: say in which the file was written, such as --zone America/Santiago", z.name)
	}
	return zone, nil
}

func casesCommand(f *flags) *cobra.Command {
	var zone zoneFlag
	var name string
	c := &cobra.Command{Use: "cases --map NAME|FILE.yaml --zone ZONE FILE", Args: cobra.ExactArgs(1),
		Short: "imports cases with their history from a CSV log, plain or gz; maps that come with Punto: " + strings.Join(caselog.Shipped(), ", "),
		RunE: func(c *cobra.Command, args []string) error {
			z, err := zone.load()
			if err != nil {
				return err
			}
			m, err := caselog.LoadMap(name)
			if err != nil {
				return err
			}
			return f.importFile(c, args[0], func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
				return importCases(ctx, k, r, m, z, a)
			})
		}}
	zone.add(c)
	c.Flags().StringVar(&name, "map", "", "what each column and activity means")
	c.Flags().String("format", "csv", "csv is the one there is")
	_ = c.MarkFlagRequired("map")
	return c
}

// importCases sends the cases of a log. The account counts its rows: those of
// imported cases, of cases known already, and rejected ones add up to all.
func importCases(ctx context.Context, k app.Desk, r io.Reader, m *caselog.Map, zone *time.Location, a *account) error {
	log, err := caselog.Read(r, m, zone)
	if err != nil {
		return err
	}
	a.Rows = log.Rows
	for _, x := range log.Rejected {
		if err := a.bad(x); err != nil {
			return err
		}
	}
	all := len(log.Cases)
	for len(log.Cases) > 0 {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("stopped after %d cases; import the file again to go on: %w", a.Cases, err)
		}
		n, held := 0, 0
		for n < len(log.Cases) && !full(n, held) {
			h := log.Cases[n]
			for _, s := range h.Steps {
				held += 400 + len(s.Text) // as JSON
			}
			n++
		}
		receipt, err := k.Do(ctx, app.ImportCases{Cases: log.Cases[:n]})
		if err != nil {
			return err
		}
		rows := map[int]int{}
		for _, h := range log.Cases[:n] {
			rows[h.Line] = h.Rows
		}
		im := receipt.Import
		a.Cases += im.Imported
		a.Imported += im.Rows
		a.Known += im.KnownRows
		for _, x := range im.Rejected {
			a.Rejected += max(0, rows[x.Line]-1) // all rows of the case are out with it
			if err := a.bad(x); err != nil {
				return err
			}
		}
		log.Cases = log.Cases[n:]
		progress("%d of %d cases", all-len(log.Cases), all)
	}
	progress("\n")
	return nil
}
