package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/vectors"
)

func searchCommand(f *flags) *cobra.Command {
	var q app.Search
	var batch string
	c := &cobra.Command{Use: "search [--kind article] [--lang es] TEXT | search --batch FILE", Short: "searches cases, users and articles",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				if err := fed(ctx, k); err != nil {
					return err
				}
				if batch != "" {
					return searchBatch(ctx, c, k, q, batch)
				}
				q.Text = strings.Join(args, " ")
				a, err := k.Ask(ctx, q)
				if err != nil {
					return err
				}
				for _, h := range a.(app.SearchAnswer).Hits {
					if err := f.print(c.OutOrStdout(), h, "%-8s %-24s %s", h.Kind, h.Ref, h.Title); err != nil {
						return err
					}
				}
				return nil
			})
		}}
	c.Flags().StringVar(&q.Kind, "kind", "", "case, person or article; none = all")
	c.Flags().StringVar(&q.Lang, "lang", "", "language of the articles")
	c.Flags().IntVar(&q.Limit, "limit", 5, "how many at most")
	c.Flags().StringVar(&batch, "batch", "", "file of JSON lines {q}; answers JSON lines {q, hits}")
	return c
}

// fed waits until the search has taken in what was written before.
func fed(ctx context.Context, k app.Desk) error {
	s, ok := k.(interface{ Fed(context.Context) error })
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	return s.Fed(ctx)
}

func searchBatch(ctx context.Context, c *cobra.Command, k app.Desk, q app.Search, name string) (err error) {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in := bufio.NewScanner(file)
	in.Buffer(make([]byte, 1<<16), 1<<20)
	out := json.NewEncoder(c.OutOrStdout())
	out.SetEscapeHTML(false)
	for n := 1; in.Scan(); n++ {
		var row struct {
			Q string `json:"q"`
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			return fmt.Errorf("%s line %d is no JSON object: %w", name, n, err)
		}
		q.Text = row.Q
		a, err := k.Ask(ctx, q)
		if err != nil {
			return err
		}
		if err := out.Encode(map[string]any{"q": row.Q, "hits": a.(app.SearchAnswer).Hits}); err != nil {
			return err
		}
	}
	return in.Err()
}

func clockCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "clock", Short: "checks and explains business time"}
	c.AddCommand(vectorsCommand(f, "runs business-time vectors", vectors.BusinessTime), &cobra.Command{Use: "explain CASE", Args: cobra.ExactArgs(1), Short: "lists what made each deadline of a case",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := k.Ask(ctx, app.Explain{Number: args[0]})
				if err != nil {
					return err
				}
				if f.json {
					return f.print(c.OutOrStdout(), a, "")
				}
				explain(c, a.(app.ExplainAnswer))
				return nil
			})
		}})
	return c
}

// callsLook looks at what is made of calls.
func callsLook(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "calls", Short: "checks how calls are summed; import calls takes them in"}
	c.AddCommand(vectorsCommand(f, "runs vectors of call and agent statistics", vectors.RollUps))
	return c
}

// vectorsCommand runs a file of vectors and ends with the counts.
func vectorsCommand(f *flags, short string, check func(io.Reader) (vectors.Report, error)) *cobra.Command {
	return &cobra.Command{Use: "vectors FILE", Args: cobra.ExactArgs(1), Short: short,
		RunE: func(c *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer func() { _ = file.Close() }()
			rep, err := check(file)
			if err != nil {
				return err
			}
			if f.json {
				return f.print(c.OutOrStdout(), rep, "")
			}
			for _, s := range rep.Failures {
				fmt.Fprintln(c.OutOrStdout(), "FAILED", s)
			}
			for _, s := range rep.Listed {
				fmt.Fprintln(c.OutOrStdout(), "listed", s)
			}
			fmt.Fprintf(c.OutOrStdout(), "%d passed, %d failed\n", rep.Passed, rep.Failed)
			return nil
		}}
}

func explain(c *cobra.Command, a app.ExplainAnswer) {
	const layout = "2006-01-02 15:04:05"
	w := c.OutOrStdout()
	for _, x := range a.Clocks {
		r := x.Run
		fmt.Fprintf(w, "%s %s: %s, %v of %v used", a.Number, r.ID, r.State, r.Elapsed, r.Target)
		if !r.Due.IsZero() {
			fmt.Fprintf(w, ", due %s", r.Due.Format(layout))
		}
		fmt.Fprintf(w, "; calendar %s v%d\n", x.Calendar, x.Version)
		for _, s := range x.Counted {
			fmt.Fprintf(w, "  open   %s to %s\n", s.From.Format(layout), s.To.Format(layout))
		}
		for _, p := range r.Pauses {
			fmt.Fprintf(w, "  paused %s to %s: %s\n", p.From.Format(layout), p.To.Format(layout), p.Why)
		}
		for _, d := range x.Closed {
			fmt.Fprintf(w, "  special day %s\n", d)
		}
	}
}
