package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/cmd/host"
)

// measure is one line of bench: how long each of N runs took, in milliseconds,
// or how many a second.
type measure struct {
	Name      string  `json:"name"`
	N         int     `json:"n"`
	P50       float64 `json:"p50_ms,omitempty"`
	P99       float64 `json:"p99_ms,omitempty"`
	PerSecond float64 `json:"per_second,omitempty"`
}

func benchCommand(f *flags) *cobra.Command {
	var calls, cases int
	c := &cobra.Command{Use: "bench", Args: cobra.NoArgs, Short: "measures this machine with a desk of its own in a temporary folder beside the data",
		RunE: func(c *cobra.Command, _ []string) (err error) {
			near := filepath.Dir(f.data) // the same disk
			if err := os.MkdirAll(near, 0o700); err != nil {
				return err
			}
			dir, err := os.MkdirTemp(near, "punto-bench-")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
			b := &bench{dir: dir, calls: calls, cases: cases}
			if err := b.run(c.Context()); err != nil {
				return err
			}
			if f.json {
				return f.print(c.OutOrStdout(), b.done, "")
			}
			for _, m := range b.done {
				if m.PerSecond > 0 {
					fmt.Fprintf(c.OutOrStdout(), "%-34s n=%-7d %10.0f a second\n", m.Name, m.N, m.PerSecond)
					continue
				}
				fmt.Fprintf(c.OutOrStdout(), "%-34s n=%-7d p50 %8.3f ms  p99 %8.3f ms\n", m.Name, m.N, m.P50, m.P99)
			}
			return nil
		}}
	c.Flags().IntVar(&calls, "calls", 20_000, "calls imported")
	c.Flags().IntVar(&cases, "cases", 5_000, "cases imported, each with four events")
	return c
}

// bench is one run over one folder.
type bench struct {
	dir          string
	calls, cases int
	done         []measure
}

// timed runs f n times and keeps the distribution.
func (b *bench) timed(ctx context.Context, name string, n int, f func(i int) error) error {
	took := make([]time.Duration, n)
	for i := range took {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := time.Now()
		if err := f(i); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took[i] = time.Since(from)
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.done = append(b.done, measure{Name: name, N: n, P50: ms(took[n/2]), P99: ms(took[n*99/100])})
	return nil
}

// rate runs f once over n things.
func (b *bench) rate(name string, n int, f func() error) error {
	from := time.Now()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.done = append(b.done, measure{Name: name, N: n, PerSecond: float64(n) / time.Since(from).Seconds()})
	return nil
}

func (b *bench) run(ctx context.Context) error {
	if err := b.device(ctx); err != nil {
		return err
	}
	dir := filepath.Join(b.dir, "desk")
	if err := b.fill(ctx, dir); err != nil {
		return err
	}
	return b.timed(ctx, "open and close the folder", 5, func(int) error {
		h, err := host.Open(ctx, dir, nil)
		if err != nil {
			return err
		}
		return h.Close()
	})
}

// device is the floor of every durable write: 4 KiB appended and synced.
func (b *bench) device(ctx context.Context) (err error) {
	file, err := os.Create(filepath.Join(b.dir, "sync"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	page := make([]byte, 4096)
	return b.timed(ctx, "device: 4 KiB and sync", 200, func(int) error {
		if _, err := file.Write(page); err != nil {
			return err
		}
		return file.Sync()
	})
}

func (b *bench) fill(ctx context.Context, dir string) (err error) {
	h, err := host.Open(ctx, dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	ctx = h.Owner(ctx)
	if _, err := h.Do(ctx, app.CreateDesk{Name: "Medida", Zone: "America/Santiago", AlwaysOpen: true}); err != nil {
		return err
	}
	err = errors.Join( // each only after the one before: arguments are evaluated in order
		b.timed(ctx, "a case opened, durable", 500, func(i int) error {
			_, err := h.Do(ctx, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprintf("No imprime en el puesto%d", i), Category: "impresoras.cola", Impact: 2, Urgency: 2}})
			return err
		}),
		b.rate("calls imported", b.calls, func() error { return importMade(ctx, h, b.calls, madeCalls) }),
		b.rate("events of cases imported", 4*b.cases, func() error { return importMade(ctx, h, b.cases, madeCases) }),
		h.Fed(ctx), // the search would share the processor with what follows
	)
	if err != nil {
		return err
	}
	return errors.Join(
		b.timed(ctx, "page of 50 cases by deadline", 200, func(int) error { _, err := h.Ask(ctx, app.Cases{}); return err }),
		b.timed(ctx, "search of two words", 200, func(i int) error {
			_, err := h.Ask(ctx, app.Search{Text: fmt.Sprintf("impresora puesto%d", i)})
			return err
		}),
	)
}

// importMade sends n made things in batches.
func importMade(ctx context.Context, d app.Desk, n int, of func(from, to int) app.Command) error {
	for i := 0; i < n; i += perCommand {
		if _, err := d.Do(ctx, of(i, min(i+perCommand, n))); err != nil {
			return err
		}
	}
	return nil
}

// began is the first instant of what is made: a fixed one, so that two runs
// measure the same desk.
func began() time.Time { return time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC) }

func madeCalls(from, to int) app.Command {
	var c app.ImportCalls
	for i := from; i < to; i++ {
		at := began().Add(time.Duration(i) * 20 * time.Second)
		c.Calls = append(c.Calls, phone.Call{PBX: "bench", UniqueID: fmt.Sprint(i), OfferedAt: at, QueuedAt: at, AnsweredAt: at.Add(9 * time.Second),
			EndedAt: at.Add(3 * time.Minute), Wait: 9 * time.Second, Talk: 171 * time.Second, Outcome: phone.Completed})
	}
	return c
}

func madeCases(from, to int) app.Command {
	var c app.ImportCases
	for i := from; i < to; i++ {
		at := began().Add(time.Duration(i) * time.Minute).UnixMilli()
		c.Cases = append(c.Cases, app.CaseHistory{Ref: fmt.Sprintf("B%d", i), At: at, Person: fmt.Sprintf("Usuario %d", i%400), Group: "Redes",
			Opened: desk.Opened{Subject: fmt.Sprintf("La impresora no responde en el puesto%d", i), Kind: desk.Incident, Modality: desk.ByPhone, Lang: "es"},
			Steps: []app.CaseStep{
				{At: at + 60_000, Kind: desk.CaseTaken, Agent: "Ana"},
				{At: at + 120_000, Kind: desk.CaseNoted, Agent: "Ana", Text: "se reinicia la cola"},
				{At: at + 600_000, Kind: desk.CaseResolved, Agent: "Ana", Text: "cola reiniciada"},
			}})
	}
	return c
}
