package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"punto/app"
	"punto/app/phone"
	"punto/app/phone/ami"
	"punto/app/phone/smdr"
)

// maps are examples of maps of calls, written for whoever has a file of their own.
//
//go:embed maps/*.yaml
var maps embed.FS

// asterisk is the name of the exchange of all that an Asterisk writes: what its
// several files tell of one call meets under it.
const asterisk = "asterisk"

// callFormats are the formats of files of calls. Those that zoned names have local
// times.
var (
	callFormats = []string{"queue_log", "ami", "cdr", "cel", "smdr", "tsv", "csv"}
	zoned       = []string{"cdr", "smdr", "tsv", "technion", "csv"}
)

// callsFlags are those of the import of calls.
type callsFlags struct {
	zone              zoneFlag
	format, name, pbx string
}

func callsCommand(f *flags) *cobra.Command {
	var o callsFlags
	c := &cobra.Command{Use: "calls --format " + strings.Join(callFormats, "|") + " [--zone ZONE] FILE...", Args: cobra.MinimumNArgs(1),
		Short: "imports calls, plain or gz; files of the same hours of one exchange are one set of calls",
		Long: `Imports calls out of files, plain or packed with gz. What is known already is known: files of the same hours of one exchange, in
whatever formats and order, are one set of calls, and the most exact of them holds.

  queue_log  Asterisk's queue_log
  ami        the text of a saved session of Asterisk's manager interface (timestampevents=yes)
  cdr        Asterisk's Master.csv, or a CSV whose first row names its columns; --map: their names, with commas
  cel        Asterisk's channel event log as CSV; --map as for cdr
  smdr       the lines that an exchange prints; --map: avaya, panasonic, 3cx or a YAML file
  tsv        a table of calls with tabs, as the Technion's
  csv        any other; --map: survey-calls or a YAML file that says what its columns are`,
		RunE: func(c *cobra.Command, args []string) error {
			run, err := o.importer()
			if err != nil {
				return err
			}
			for _, name := range args {
				if err := f.importFile(c, name, run); err != nil {
					return err
				}
			}
			return nil
		}}
	o.zone.add(c)
	c.Flags().StringVar(&o.format, "format", "queue_log", "format of the files")
	c.Flags().StringVar(&o.name, "map", "", "what stands where in a line or in a column")
	c.Flags().StringVar(&o.pbx, "pbx", "", "name of the exchange, where there is more than one; none = by the format")
	return c
}

// importer is what reads a file of the format.
func (o *callsFlags) importer() (importer, error) {
	var zone *time.Location
	if o.zone.name != "" || slices.Contains(zoned, o.format) {
		var err error
		if zone, err = o.zone.load(); err != nil {
			return nil, err
		}
	}
	pbx := o.pbx
	if pbx == "" {
		pbx = asterisk
	}
	switch o.format {
	case "queue_log":
		return func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
			return importEvents(ctx, k, phone.QueueLog{PBX: pbx, Skip: func(int) { a.Rows++ }, Agents: true}.Read(r), a)
		}, nil
	case "ami":
		return func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
			return importEvents(ctx, k, session(r, pbx, a), a)
		}, nil
	case "cdr":
		return whole(func(r io.Reader, skip func(int)) iter.Seq2[phone.Call, error] {
			return phone.CDR{PBX: pbx, Columns: o.name, Skip: skip}.Read(r, zone)
		}), nil
	case "cel":
		return whole(func(r io.Reader, skip func(int)) iter.Seq2[phone.Call, error] {
			return phone.CEL{PBX: pbx, Columns: o.name, Skip: skip}.Read(r, zone)
		}), nil
	case "smdr":
		m, err := smdrMap(o.name)
		if o.pbx != "" {
			m.PBX = o.pbx
		}
		return whole(func(r io.Reader, skip func(int)) iter.Seq2[phone.Call, error] { return m.Read(r, zone, skip) }), err
	case "tsv", "technion":
		if o.pbx == "" {
			pbx = "technion"
		}
		return whole(func(r io.Reader, _ func(int)) iter.Seq2[phone.Call, error] { return phone.ReadTechnion(r, pbx, zone) }), nil
	case "csv":
		m, err := callsMap(o.name)
		if o.pbx != "" {
			m.PBX = o.pbx
		}
		return whole(func(r io.Reader, _ func(int)) iter.Seq2[phone.Call, error] { return m.Read(r, zone) }), err
	}
	return nil, fmt.Errorf("calls cannot be read from the format %q: %s are known", o.format, strings.Join(callFormats, ", "))
}

// session gives the events of a saved session of a manager interface. Its rows are
// its messages; those that tell of no call are counted here.
func session(r io.Reader, pbx string, a *account) iter.Seq2[phone.CallEvent, error] {
	return func(yield func(phone.CallEvent, error) bool) {
		in, calls := ami.NewReader(r), ami.NewCalls(pbx)
		for {
			m, err := in.Next()
			var row *phone.RowError
			switch {
			case err == io.EOF:
				return
			case errors.As(err, &row) || err != nil:
				if !yield(phone.CallEvent{}, err) || row == nil {
					return
				}
				continue
			}
			events, err := calls.See(&m, time.Time{})
			if err != nil && len(events) == 0 {
				if !yield(phone.CallEvent{}, err) {
					return
				}
				continue
			}
			if errors.As(err, &row) {
				if err := a.odd(row.Line, row.Reason); err != nil {
					yield(phone.CallEvent{}, err)
					return
				}
			}
			if len(events) == 0 {
				a.Rows++
			}
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// Calls that wait until they are complete: so many, or all once so many events came
// after their last.
const (
	waitingCalls = 100_000
	settled      = 2_000
)

// pending are the events of calls that are not sent yet.
type pending struct {
	of    map[string]*told
	order []string
	n     int
}

// told is what was read of one call.
type told struct {
	app.ToldCall
	last  int // the count of events when one came
	ended bool
}

// add takes an event.
func (p *pending) add(e phone.CallEvent) {
	id := e.Key.UniqueID
	t := p.of[id]
	if t == nil {
		t = &told{ToldCall: app.ToldCall{Line: e.Line}}
		p.of[id] = t
		p.order = append(p.order, id)
	}
	p.n++
	t.last, t.ended = p.n, e.Key.Kind == phone.Ended
	t.Events = append(t.Events, e)
}

// take gives a command's worth of calls that are complete, the oldest first; of too
// many, or of all, whatever there is.
func (p *pending) take(all bool) (out []app.ToldCall) {
	all = all || len(p.order) > waitingCalls
	rest := p.order[:0]
	for _, id := range p.order {
		t := p.of[id]
		if len(out) == perCommand || !all && (!t.ended || p.n-t.last < settled) {
			rest = append(rest, id)
			continue
		}
		out = append(out, t.ToldCall)
		delete(p.of, id)
	}
	p.order = rest
	return out
}

// mostTold is how many events of one call are sent at once.
const mostTold = 1_000

// importEvents sends the events of calls, call by call, as the calls are complete, and
// those of agents. The events of one row come together.
func importEvents(ctx context.Context, k app.Desk, events iter.Seq2[phone.CallEvent, error], a *account) error {
	p := pending{of: map[string]*told{}}
	send := func(all bool) error {
		for len(p.order) > 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("stopped after %d calls; import the file again to go on: %w", a.Imported, err)
			}
			c := app.ImportCalls{Told: p.take(all)}
			if len(c.Told) == 0 {
				return nil
			}
			receipt, err := k.Do(ctx, c)
			if err != nil {
				return err
			}
			if err := a.add(receipt); err != nil {
				return err
			}
			if progress("%d calls imported", a.Imported+a.Known); !all {
				return nil
			}
		}
		return nil
	}
	var ofAgents []phone.CallEvent
	tellAgents := func() error {
		if len(ofAgents) == 0 {
			return nil
		}
		_, err := k.Do(ctx, app.SeeAgents{Events: ofAgents})
		ofAgents = nil
		return err
	}
	line := 0
	for e, err := range events {
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			a.Rows++
			if err := a.bad(app.Rejected{Line: row.Line, Reason: row.Reason}); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		if e.Line != line {
			line = e.Line
			a.Rows++
		}
		if !e.Key.Kind.OfCall() {
			if e.Key.Kind >= phone.AgentSignedIn && e.Key.Kind <= phone.AgentBack && e.Key.UniqueID != "" {
				ofAgents = append(ofAgents, e)
			}
			if len(ofAgents) == mostTold {
				if err := tellAgents(); err != nil {
					return err
				}
			}
			continue
		}
		if t := p.of[e.Key.UniqueID]; t != nil && len(t.Events) == mostTold {
			if err := a.odd(e.Line, "the call has more events than are kept: this one was left out"); err != nil {
				return err
			}
			continue
		}
		if p.add(e); p.n%(2*perCommand) == 0 && len(p.order) >= 2*perCommand {
			if err := send(false); err != nil {
				return err
			}
		}
	}
	defer progress("\n")
	if err := tellAgents(); err != nil {
		return err
	}
	return send(true)
}

// whole imports a file that tells of whole calls.
func whole(read func(r io.Reader, skip func(line int)) iter.Seq2[phone.Call, error]) importer {
	return func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
		return importCalls(ctx, k, read(r, func(int) { a.Rows++ }), a)
	}
}

func smdrMap(name string) (smdr.Map, error) {
	if m, ok := smdr.Preset(name); ok {
		return m, nil
	}
	if name == "" {
		return smdr.Map{}, fmt.Errorf("the lines of an exchange need a map: say --map %s, or --map FILE.yaml", strings.Join(smdr.Presets(), ", "))
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return smdr.Map{}, fmt.Errorf("read the map %q (%s come with Punto): %w", name, strings.Join(smdr.Presets(), ", "), err)
	}
	return smdr.Parse(b)
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

// importCalls sends whole calls as they are read.
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
