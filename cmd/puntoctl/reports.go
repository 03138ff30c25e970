package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
)

// reportsCommand looks after the reports that are issued: the archive, comments, issues,
// definitions and schedules.
func reportsCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "reports", Args: cobra.NoArgs, Short: "the archive of issued reports; show, comment, issue, save, send, definitions, define",
		Long: `Lists the reports that were issued, the last first. An issued report stands for ever: its figures and files are the same on every
workstation. Issuing it again makes the next revision, which lists what it changes.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				x, err := k.Ask(ctx, app.Reports{Limit: 200})
				if err != nil {
					return err
				}
				rows := x.(app.ReportsAnswer).Rows
				if f.json {
					return f.print(c.OutOrStdout(), rows, "")
				}
				for _, r := range rows {
					fmt.Fprintf(c.OutOrStdout(), "%s  %-10s r%d  %s  %s  %s  %s\n", r.ID, r.Period, r.Revision, time.UnixMilli(r.At).Format(time.DateTime), r.Name, r.Client, issuer(r.By, r.DueAt))
				}
				return nil
			})
		}}
	c.AddCommand(f.showReport(), f.commentReport(), f.issueReport(), f.saveReport(), f.sendReport(), f.definitions(), f.define())
	return c
}

// reportFlags name a report.
type reportFlags struct{ definition, period, contract string }

func (r *reportFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&r.definition, "definition", "", "name or id of the definition; none = the monthly report")
	c.Flags().StringVar(&r.period, "period", "", "month 2026-10, week 2026-W41 or day 2026-10-05")
	c.Flags().StringVar(&r.contract, "contract", "", "code of the contract; none = the first")
	_ = c.MarkFlagRequired("period")
}

func (r *reportFlags) of(ctx context.Context, k app.Desk) (of app.ReportOf, err error) {
	q, err := (&monthFlags{month: r.period, contract: r.contract}).query(ctx, k)
	if err != nil {
		return of, err
	}
	of = app.ReportOf{Contract: q.Contract, Period: r.period}
	if r.definition == "" {
		return of, nil
	}
	d, err := definitionNamed(ctx, k, r.definition)
	of.Definition = d.ID
	return of, err
}

func definitionNamed(ctx context.Context, k app.Desk, name string) (app.DefinitionRow, error) {
	x, err := k.Ask(ctx, app.Definitions{})
	if err != nil {
		return app.DefinitionRow{}, err
	}
	for _, r := range x.(app.DefinitionsAnswer).Rows {
		if r.ID.String() == name || slices.ContainsFunc([]string{"es", "en", "pt"}, func(l string) bool { return strings.EqualFold(r.Of.Name(l), name) }) {
			return r, nil
		}
	}
	return app.DefinitionRow{}, fmt.Errorf("there is no definition %q: puntoctl reports definitions lists them", name)
}

func (f *flags) showReport() *cobra.Command {
	var r reportFlags
	c := &cobra.Command{Use: "show --period 2026-10", Args: cobra.NoArgs, Short: "shows what is said of a report and its revisions, with what each changed",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := f.oneReport(ctx, k, &r)
				if err != nil {
					return err
				}
				if f.json {
					return f.print(c.OutOrStdout(), a, "")
				}
				w := c.OutOrStdout()
				for _, x := range a.Comments {
					fmt.Fprintf(w, "%-10s %s: %s\n", x.Part, issuer(x.Author, 0), x.Text)
				}
				for _, x := range a.Issues {
					showIssue(w, x)
				}
				return nil
			})
		}}
	r.add(c)
	return c
}

func showIssue(w io.Writer, x app.IssuedRow) {
	twin := ""
	if x.Twin {
		twin = "  issued meanwhile elsewhere: the other one counts"
	}
	fmt.Fprintf(w, "revision %d  %s  %s  %d pages%s\n  %s\n", x.Of.Revision, time.UnixMilli(x.At).Format(time.DateTime), issuer(x.By, x.Of.DueAt), x.Of.Pages, twin, x.Of.Headline)
	for _, c := range x.Of.Changes {
		fmt.Fprintf(w, "  changes %-40s %s -> %s\n", c.Name, amountOf(c.Was), amountOf(c.Is))
	}
	for _, file := range x.Of.Files {
		fmt.Fprintf(w, "  %x  %9d  %s\n", file.Hash, file.Size, file.Name)
	}
	if n := x.Sent; n.Sent+n.Waiting+n.Failed > 0 {
		fmt.Fprintf(w, "  mailed: %d sent, %d wait, %d failed\n", n.Sent, n.Waiting, n.Failed)
	}
}

// issuer is who issued or said something: its schedule, or somebody without a name.
func issuer(name string, dueAt int64) string {
	if name == "" && dueAt > 0 {
		return "schedule"
	}
	return cmp.Or(name, "owner")
}

func amountOf(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(*v)
}

func (f *flags) oneReport(ctx context.Context, k app.Desk, r *reportFlags) (app.OneReportAnswer, error) {
	of, err := r.of(ctx, k)
	if err != nil {
		return app.OneReportAnswer{}, err
	}
	x, err := k.Ask(ctx, app.OneReport{ReportOf: of})
	if err != nil {
		return app.OneReportAnswer{}, err
	}
	return x.(app.OneReportAnswer), nil
}

func (f *flags) commentReport() *cobra.Command {
	var r reportFlags
	var part string
	c := &cobra.Command{Use: "comment --period 2026-10 [--part PART] TEXT", Args: cobra.ExactArgs(1), Short: "says something of a part of the next revision; an empty text takes it back",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				of, err := r.of(ctx, k)
				if err == nil {
					_, err = k.Do(ctx, app.CommentReport{ReportOf: of, Part: part, Text: args[0]})
				}
				return err
			})
		}}
	r.add(c)
	c.Flags().StringVar(&part, "part", "", "part of the definition; none = the whole report")
	return c
}

func (f *flags) issueReport() *cobra.Command {
	var r reportFlags
	var send bool
	c := &cobra.Command{Use: "issue --period 2026-10", Args: cobra.NoArgs, Short: "issues the next revision of a report, which stands for ever",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				of, err := r.of(ctx, k)
				if err != nil {
					return err
				}
				if _, err := k.Do(ctx, app.IssueReport{ReportOf: of, Send: send}); err != nil {
					return err
				}
				x, err := k.Ask(ctx, app.OneReport{ReportOf: of})
				if err != nil {
					return err
				}
				last := x.(app.OneReportAnswer).Issues[0]
				if f.json {
					return f.print(c.OutOrStdout(), last, "")
				}
				showIssue(c.OutOrStdout(), last)
				return nil
			})
		}}
	r.add(c)
	c.Flags().BoolVar(&send, "send", false, "mail it to whom the definition names")
	return c
}

func (f *flags) saveReport() *cobra.Command {
	var r reportFlags
	var out string
	var revision int
	c := &cobra.Command{Use: "save --period 2026-10 --out FOLDER", Args: cobra.NoArgs, Short: "writes the files of an issued report into a folder, as they were issued",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := f.oneReport(ctx, k, &r)
				if err != nil {
					return err
				}
				i := slices.IndexFunc(a.Issues, func(x app.IssuedRow) bool { return !x.Twin && (revision == 0 || x.Of.Revision == revision) })
				if i < 0 {
					return errors.New("the report was not issued, or has no such revision: puntoctl reports show tells")
				}
				if err := os.MkdirAll(out, 0o750); err != nil {
					return err
				}
				for _, file := range a.Issues[i].Of.Files {
					x, err := k.Ask(ctx, app.ReportFile{Report: a.Row.ID, Hash: fmt.Sprintf("%x", file.Hash)})
					if err != nil {
						return err
					}
					name := filepath.Join(out, filepath.Base(file.Name))
					if err := os.WriteFile(name, x.(app.ReportFileAnswer).Content, 0o640); err != nil { //nolint:gosec // the user names the folder
						return err
					}
					fmt.Fprintln(c.OutOrStdout(), name)
				}
				return nil
			})
		}}
	r.add(c)
	c.Flags().StringVar(&out, "out", ".", "folder")
	c.Flags().IntVar(&revision, "revision", 0, "which; none = the last")
	return c
}

func (f *flags) sendReport() *cobra.Command {
	var r reportFlags
	var revision int
	c := &cobra.Command{Use: "send --period 2026-10 ADDRESS…", Args: cobra.MinimumNArgs(1), Short: "mails an issued report",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := f.oneReport(ctx, k, &r)
				if err == nil {
					_, err = k.Do(ctx, app.SendReport{Report: a.Row.ID, Revision: cmp.Or(revision, a.Row.Revision), To: args})
				}
				return err
			})
		}}
	r.add(c)
	c.Flags().IntVar(&revision, "revision", 0, "which; none = the last")
	return c
}

func (f *flags) definitions() *cobra.Command {
	return &cobra.Command{Use: "definitions", Args: cobra.NoArgs, Short: "lists the definitions of reports, their schedules and how they go; with --json as define takes them",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				x, err := k.Ask(ctx, app.Definitions{})
				if err != nil {
					return err
				}
				a := x.(app.DefinitionsAnswer)
				if f.json {
					return f.print(c.OutOrStdout(), a, "")
				}
				for _, r := range a.Rows {
					when := "not scheduled"
					if r.NextAt > 0 {
						when = "next " + time.UnixMilli(r.NextAt).Format(time.DateTime)
					}
					if r.LateAt > 0 {
						when += fmt.Sprintf(", %s is due since %s", r.Late, time.UnixMilli(r.LateAt).Format(time.DateTime))
					}
					if r.Err != "" {
						when += ", failed: " + r.Err
					}
					fmt.Fprintf(c.OutOrStdout(), "%s  %-5s %-32s %s\n", r.ID, r.Of.Cycle, r.Of.Name("es"), when)
				}
				return nil
			})
		}}
}

func (f *flags) define() *cobra.Command {
	var file, at, to string
	var day int
	var off, gone bool
	c := &cobra.Command{Use: "define NAME [--file DEFINITION.json] [--at 07:00 --day 2] [--to A,B] [--off] [--remove]", Args: cobra.ExactArgs(1),
		Short: "changes a definition, or makes one of a file: the Of of definitions --json",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := definitionNamed(ctx, k, args[0])
				if err != nil && file == "" {
					return err
				}
				if file != "" {
					b, err := os.ReadFile(file)
					if err != nil {
						return err
					}
					r.Of = desk.Definition{}
					if err := json.Unmarshal(b, &r.Of); err != nil {
						return fmt.Errorf("%s is no definition: %w", file, err)
					}
				}
				d := r.Of
				if c.Flags().Changed("at") {
					var hour time.Time
					if hour, err = time.Parse("15:04", at); err != nil {
						return fmt.Errorf("%q is no time of day such as 07:00", at)
					}
					d.Scheduled, d.Hour, d.Minute = true, hour.Hour(), hour.Minute()
				}
				if c.Flags().Changed("day") {
					d.Scheduled, d.Day = true, day
				}
				if c.Flags().Changed("to") {
					d.To = filled(strings.Split(to, ","))
				}
				if off {
					d.Scheduled = false
				}
				d.Gone = gone
				_, err = k.Do(ctx, app.SaveDefinition{ID: r.ID, Definition: d})
				return err
			})
		}}
	l := c.Flags()
	l.StringVar(&file, "file", "", "a definition as JSON")
	l.StringVar(&at, "at", "", "issue it at this time, in the desk's zone")
	l.IntVar(&day, "day", 1, "on this day of the month (1 to 28) or of the week (1 is Monday)")
	l.StringVar(&to, "to", "", "addresses to which it is mailed")
	l.BoolVar(&off, "off", false, "issue it no more by itself")
	l.BoolVar(&gone, "remove", false, "take it out; what was issued stays")
	return c
}
