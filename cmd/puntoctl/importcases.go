package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"punto/app"
	"punto/app/caselog"
	"punto/app/phone"
)

// maps are examples of maps of calls, written for whoever has a file of their own.
//
//go:embed maps/*.yaml
var maps embed.FS

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

func callsCommand(f *flags) *cobra.Command {
	var zone zoneFlag
	var format, name string
	c := &cobra.Command{Use: "calls --format queue_log|technion|csv --zone ZONE FILE", Args: cobra.ExactArgs(1), Short: "imports calls, plain or gz; csv needs a --map of its columns",
		RunE: func(c *cobra.Command, args []string) error {
			z, err := zone.load()
			if err != nil {
				return err
			}
			run := importQueueLog
			switch format {
			case "queue_log":
			case "technion":
				run = func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
					return importCalls(ctx, k, phone.ReadTechnion(r, "technion", z), a)
				}
			case "csv":
				m, err := callsMap(name)
				if err != nil {
					return err
				}
				run = func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
					return importCalls(ctx, k, m.Read(r, z), a)
				}
			default:
				return fmt.Errorf("calls cannot be read from the format %q: queue_log, technion and csv are known", format)
			}
			return f.importFile(c, args[0], run)
		}}
	zone.add(c)
	c.Flags().StringVar(&format, "format", "queue_log", "format of the file")
	c.Flags().StringVar(&name, "map", "", "what each column of a CSV is: survey-calls, or a YAML file")
	return c
}

func callsMap(name string) (m phone.CSVMap, err error) {
	if name == "" {
		return m, errors.New("a CSV of calls needs a map: say --map FILE.yaml")
	}
	b, err := maps.ReadFile("maps/" + name + ".yaml") // one that comes with Punto
	if err != nil {
		if b, err = os.ReadFile(name); err != nil {
			return m, fmt.Errorf("read the map %q (survey-calls comes with Punto): %w", name, err)
		}
	}
	d := yaml.NewDecoder(strings.NewReader(string(b)))
	d.KnownFields(true)
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("read the map %s: %w", name, err)
	}
	return m, nil
}

// importCalls sends whole calls as they are read: a row is a call.
func importCalls(ctx context.Context, k app.Desk, calls iter.Seq2[phone.Call, error], a *account) error {
	var c app.ImportCalls
	send := func() error {
		if len(c.Calls) == 0 {
			return nil
		}
		receipt, err := k.Do(ctx, c)
		c = app.ImportCalls{}
		if err != nil {
			return err
		}
		progress("%d calls", a.Rows)
		return a.add(receipt)
	}
	for call, err := range calls {
		var row *phone.RowError
		a.Rows++
		switch {
		case errors.As(err, &row):
			if err := a.bad(app.Rejected{Line: row.Line, Reason: row.Reason}); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		c.Calls = append(c.Calls, call)
		c.Lines = append(c.Lines, call.Line)
		if len(c.Calls) == perCommand {
			if err := errors.Join(ctx.Err(), send()); err != nil {
				return err
			}
		}
	}
	progress("\n")
	return send()
}
