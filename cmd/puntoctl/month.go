package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
	"punto/cmd/print"
)

// monthFlags name a month of a contract.
type monthFlags struct{ month, contract string }

func (m *monthFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&m.month, "month", "", "month, such as 2026-10")
	c.Flags().StringVar(&m.contract, "contract", "", "code of the contract; none = the first")
	_ = c.MarkFlagRequired("month")
}

// query finds the contract by its code.
func (m *monthFlags) query(ctx context.Context, k app.Desk) (q app.Month, err error) {
	q.Month = m.month
	if m.contract == "" {
		return q, nil
	}
	a, err := k.Ask(ctx, app.Records{Type: desk.ContractType})
	if err != nil {
		return q, err
	}
	for _, c := range a.(app.RecordsAnswer).Contracts {
		if c.Of.Code == m.contract {
			q.Contract = c.ID
			return q, nil
		}
	}
	return q, fmt.Errorf("there is no contract %q", m.contract)
}

func indexCommand(f *flags) *cobra.Command {
	var m monthFlags
	var by, rows, key string
	var which []string
	c := &cobra.Command{Use: "index --month 2026-10 [--contract CODE] [--by CUT] [--rows INDEX]", Args: cobra.NoArgs, Short: "prints every index of a month with its numerator, denominator and definition, or some of them by a cut, or the rows behind one",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				q, err := m.query(ctx, k)
				if err != nil {
					return err
				}
				if rows != "" {
					return f.rows(ctx, c.OutOrStdout(), k, app.IndexRows{Month: q.Month, Contract: q.Contract, Index: rows, By: by, Key: key})
				}
				if by != "" {
					return f.cut(ctx, c.OutOrStdout(), k, app.MonthBy{Month: q.Month, Contract: q.Contract, By: by}, which)
				}
				a, err := k.Ask(ctx, q)
				if err != nil {
					return err
				}
				month := a.(app.MonthAnswer)
				if f.json {
					return f.print(c.OutOrStdout(), indices{month.Month, month.Contract, month.Zone, month.Indices, month.Restated, month.Gaps}, "")
				}
				for _, x := range month.Indices {
					fmt.Fprintf(c.OutOrStdout(), "%-26s %12s  %s\n", x.ID, figure(x), x.Means)
				}
				for _, x := range month.Restated {
					fmt.Fprintf(c.OutOrStdout(), "restated %-26s was %s, is %s: %s\n", x.ID, stated(month, x.ID, x.Was), stated(month, x.ID, x.Is), whys[x.Why])
				}
				for _, g := range month.Gaps {
					fmt.Fprintf(c.OutOrStdout(), "nobody listened to %s from %s to %s: %d calls ended unseen\n", g.PBX, time.UnixMilli(g.From).UTC().Format(time.RFC3339), time.UnixMilli(g.To).UTC().Format(time.RFC3339), g.Open)
				}
				return nil
			})
		}}
	m.add(c)
	c.Flags().StringVar(&by, "by", "", "cut: "+strings.Join(app.Cuts, ", "))
	c.Flags().StringVar(&rows, "rows", "", "index whose rows are listed, each with what it adds to the numerator and the denominator")
	c.Flags().StringVar(&key, "key", "", "with --rows and --by: the part whose rows are listed")
	c.Flags().StringSliceVar(&which, "index", []string{"offered", "service_level_strict", "pct_abandoned", "asa", "aht", "cases_opened", "cases_resolved", "sla_resolve", "solved_online"}, "indices of the cut; --json has all")
	return c
}

// cut prints a month cut, a part a line.
func (f *flags) cut(ctx context.Context, w io.Writer, k app.Desk, q app.MonthBy, which []string) error {
	x, err := k.Ask(ctx, q)
	if err != nil {
		return err
	}
	a := x.(app.MonthByAnswer)
	if f.json {
		return f.print(w, a, "")
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "%s\tcalls\topened\tresolved\t%s\n", q.By, strings.Join(which, "\t"))
	line := func(name string, calls, opened, solved int, figures []tally.Figure) error {
		cells := []string{name, fmt.Sprint(calls), fmt.Sprint(opened), fmt.Sprint(solved)}
		for _, id := range which {
			i := slices.IndexFunc(figures, func(f tally.Figure) bool { return f.ID == id })
			switch {
			case !tally.Known(id):
				return app.Fail(app.Invalid, "there is no index %q: `puntoctl index` without --by names them all", id)
			case i < 0: // it has no such cut
				cells = append(cells, "-")
			default:
				cells = append(cells, strings.TrimSpace(figure(figures[i])))
			}
		}
		fmt.Fprintln(out, strings.Join(cells, "\t"))
		return nil
	}
	var calls, opened, solved int
	for _, r := range a.Rows {
		calls, opened, solved = calls+r.Calls, opened+r.Opened, solved+r.Solved
		if err := line(cmp.Or(r.Name, r.Key, "-"), r.Calls, r.Opened, r.Solved, r.Figures); err != nil {
			return err
		}
	}
	if err := line("all", calls, opened, solved, a.Whole); err != nil {
		return err
	}
	return out.Flush()
}

// rows prints what is behind an index, a row a line, and what they add up to.
func (f *flags) rows(ctx context.Context, w io.Writer, k app.Desk, q app.IndexRows) error {
	var all app.IndexRowsAnswer
	for q.Limit = 1000; ; q.Skip += q.Limit {
		x, err := k.Ask(ctx, q)
		if err != nil {
			return err
		}
		a := x.(app.IndexRowsAnswer)
		a.Rows = append(all.Rows, a.Rows...)
		if all = a; len(a.Rows) < q.Skip+q.Limit {
			break
		}
	}
	if f.json {
		return f.print(w, all, "")
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "at\twhat\tnumerator\tdenominator\t\t")
	for _, r := range all.Rows {
		what := r.Of.ID.String()
		if r.Number != "" {
			what = string(r.Number)
		}
		if r.Of.ID.IsZero() {
			what = "sign-ins"
		}
		fmt.Fprintf(out, "%s\t%s\t%g\t%g\t%s\t%s\n", time.UnixMilli(r.At).UTC().Format(time.RFC3339), what, r.Num, r.Den, r.Name, r.Text)
	}
	den := "-"
	if all.Figure.Den != nil {
		den = fmt.Sprintf("%g", *all.Figure.Den)
	}
	fmt.Fprintf(out, "%d rows\t%s\t%g\t%s\t%s\t\n", all.Total, q.Index, all.Figure.Num, den, strings.TrimSpace(figure(all.Figure)))
	return out.Flush()
}

// indices is the object that programs outside rely on.
type indices struct {
	Month    string         `json:"month"`
	Contract string         `json:"contract"`
	Zone     string         `json:"zone"`
	Indices  []tally.Figure `json:"indices"`

	Restated []tally.Restatement `json:"restated"`
	Gaps     []desk.Gap          `json:"gaps,omitempty"`
}

// whys say what came after a month had ended, and missing what data a figure
// would need.
var (
	whys = map[string]string{tally.ByReopening: "reopened within the window, after the month had ended", tally.ByExcuse: "excused after the month had ended",
		tally.ByLate: "events of the month came after it was stated", tally.ByContract: "the contract counts otherwise than when it was stated"}
	missing = map[string]string{"callbacks": "callers' numbers", "users": "users and categories", "contacts": "contacts", "levels": "levels", "sessions": "sign-ins",
		"surveys": "surveys", "waits": "waits"}
)

// stated is a figure of a month as it was or is.
func stated(m app.MonthAnswer, id string, s tally.Stated) string {
	for _, x := range m.Indices {
		if x.ID == id {
			x.Num, x.Den, x.Value, x.Needs = s.Num, s.Den, s.Value, ""
			return figure(x)
		}
	}
	return "-"
}

func figure(x tally.Figure) string {
	switch {
	case x.Value == nil && x.Needs != "":
		return "- no " + missing[x.Needs]
	case x.Value == nil:
		return "-"
	case x.Unit == "share":
		return fmt.Sprintf("%.2f %%", 100**x.Value)
	case x.Unit == "seconds":
		return fmt.Sprintf("%.1f s", *x.Value)
	}
	return fmt.Sprintf("%.0f", *x.Value)
}

func reportCommand(f *flags) *cobra.Command {
	var m monthFlags
	var out, issued string
	var formats []string
	c := &cobra.Command{Use: "report --month 2026-10 --out DIR", Args: cobra.NoArgs, Short: "writes the month's report: PDF, JSON, a spreadsheet, a web page, files of rows",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				at := time.Now()
				if issued != "" {
					var err error
					if at, err = time.Parse(time.RFC3339, issued); err != nil {
						return fmt.Errorf("--issued %q is not an instant: write one such as 2026-11-02T06:00:00-03:00", issued)
					}
				}
				q, err := m.query(ctx, k)
				if err != nil {
					return err
				}
				r, err := print.Month(ctx, k, q, at)
				if err != nil {
					return err
				}
				if err := os.MkdirAll(out, 0o750); err != nil {
					return err
				}
				files, err := print.Report(print.Base(out, q, r), r, formats)
				if err != nil {
					return err
				}
				var lines []string
				for _, f := range print.Formats {
					if files[f] != "" {
						lines = append(lines, files[f])
					}
				}
				return f.print(c.OutOrStdout(), files, "%s", strings.Join(lines, "\n"))
			})
		}}
	m.add(c)
	c.Flags().StringVar(&out, "out", ".", "folder for the report")
	c.Flags().StringSliceVar(&formats, "format", []string{"pdf", "json"}, "of the files: "+strings.Join(print.Formats, ", "))
	c.Flags().StringVar(&issued, "issued", "", "instant of issue that the report states, to write the same bytes again; none = now")
	return c
}
