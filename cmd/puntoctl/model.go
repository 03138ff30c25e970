package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/trial"
	"punto/cmd/host"
)

func modelCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "model", Short: "checks, tests, compares, publishes and replays the service model as one file",
		Long: "The service model (categories, matrix, groups, calendars, contracts, reasons) is one YAML file. Export it, change it, check and test it, see\n" +
			"what differs, replay a past month under it, and import it: it is then in force, as the next version. An older version is exported by\n" +
			"its number, and importing it rolls back."}
	c.AddCommand(f.modelCheck(), f.modelExport(), f.modelDiff(), f.modelImport(), f.modelVersions(), f.modelTest(), f.modelReplay())
	return c
}

// content reads a file, or the standard input of "-", up to what a model may have.
func content(c *cobra.Command, path string) ([]byte, error) {
	in := c.InOrStdin()
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	return io.ReadAll(io.LimitReader(in, draft.MaxBytes+1))
}

// errProblems ends a command that has already told what is wrong.
var errProblems = errors.New("the service model has grave problems: nothing was done")

func (f *flags) modelCheck() *cobra.Command {
	return &cobra.Command{Use: "check FILE|-", Args: cobra.ExactArgs(1), Short: "says what is missing in a model or contradicts itself, with its line",
		RunE: func(c *cobra.Command, args []string) error {
			b, err := content(c, args[0])
			if err != nil {
				return err
			}
			_, problems := draft.Read(bytes.NewReader(b))
			grave := draft.Grave(problems)
			if f.json {
				var rows []app.ModelProblem
				for _, p := range problems {
					rows = append(rows, app.ModelProblem{Line: p.Line, At: p.At, Msg: fmt.Sprintf(p.Form, p.Args...), Grave: p.Grave})
				}
				if err := f.print(c.OutOrStdout(), rows, ""); err != nil {
					return err
				}
			} else {
				for _, p := range problems {
					fmt.Fprintf(c.OutOrStdout(), "%s  %s\n", map[bool]string{true: "wrong", false: "look "}[p.Grave], p.Error())
				}
				fmt.Fprintf(c.OutOrStdout(), "%d wrong, %d to look at\n", len(grave), len(problems)-len(grave))
			}
			if len(grave) > 0 {
				return errProblems
			}
			return nil
		}}
}

func (f *flags) modelExport() *cobra.Command {
	var version int
	c := &cobra.Command{Use: "export", Args: cobra.NoArgs, Short: "writes the model in force, or an older version, as a file",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				b, err := modelText(ctx, k, version)
				if err == nil {
					_, err = c.OutOrStdout().Write(b)
				}
				return err
			})
		}}
	c.Flags().IntVar(&version, "version", 0, "a version; 0 is the one in force")
	return c
}

func modelText(ctx context.Context, k app.Desk, version int) ([]byte, error) {
	a, err := k.Ask(ctx, app.ModelText{Version: version})
	if err != nil {
		return nil, err
	}
	return a.(app.ModelTextAnswer).File, nil
}

func (f *flags) modelDiff() *cobra.Command {
	return &cobra.Command{Use: "diff FILE|- [FILE]", Args: cobra.RangeArgs(1, 2), Short: "lists what a model changes of the one in force, or of another file",
		RunE: func(c *cobra.Command, args []string) error {
			b, err := content(c, args[0])
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
					a, err := k.Ask(ctx, app.ReviewModel{File: b})
					if err != nil {
						return err
					}
					return f.reviewed(c, a.(app.ReviewModelAnswer))
				})
			}
			other, err := content(c, args[1])
			if err != nil {
				return err
			}
			is, problems := draft.Read(bytes.NewReader(b))
			was, more := draft.Read(bytes.NewReader(other))
			for _, p := range append(draft.Grave(problems), draft.Grave(more)...) {
				return p
			}
			var a app.ReviewModelAnswer
			for _, x := range draft.Diff(was, is) {
				a.Changes = append(a.Changes, app.ModelChange{At: x.At, Was: x.Was, Is: x.Is})
			}
			return f.reviewed(c, a)
		}}
}

// reviewed prints what a draft changes.
func (f *flags) reviewed(c *cobra.Command, a app.ReviewModelAnswer) error {
	if f.json {
		return f.print(c.OutOrStdout(), a, "")
	}
	grave := 0
	for _, p := range a.Problems {
		if p.Grave {
			grave++
			fmt.Fprintf(c.OutOrStdout(), "wrong  line %d: %s: %s\n", p.Line, p.At, p.Msg)
		}
	}
	for _, x := range a.Changes {
		fmt.Fprintln(c.OutOrStdout(), draft.Change(x).String())
	}
	if grave > 0 {
		return errProblems
	}
	return f.print(c.OutOrStdout(), nil, "%d changes", len(a.Changes))
}

func (f *flags) modelImport() *cobra.Command {
	return &cobra.Command{Use: "import FILE|-", Args: cobra.ExactArgs(1), Short: "publishes a model: it is in force from now on, as the next version",
		RunE: func(c *cobra.Command, args []string) error {
			b, err := content(c, args[0])
			if err != nil {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := k.Do(ctx, app.PublishModel{File: b})
				if err != nil {
					return err
				}
				a, err := k.Ask(ctx, app.TheModel{})
				if err != nil {
					return err
				}
				return f.print(c.OutOrStdout(), r, "The service model is in force as version %d: cases that are open keep what they were promised.", a.(app.TheModelAnswer).Model.Version)
			})
		}}
}

func (f *flags) modelVersions() *cobra.Command {
	return &cobra.Command{Use: "versions", Args: cobra.NoArgs, Short: "lists what was published, newest first",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := k.Ask(ctx, app.ModelVersions{})
				if err != nil {
					return err
				}
				rows := a.(app.ModelVersionsAnswer).Rows
				if f.json {
					return f.print(c.OutOrStdout(), rows, "")
				}
				for _, v := range rows {
					fmt.Fprintf(c.OutOrStdout(), "%4d  %s  %s\n", v.Version, time.UnixMilli(v.At).Format("2006-01-02 15:04"), v.By)
				}
				return nil
			})
		}}
}

func (f *flags) modelTest() *cobra.Command {
	var model string
	c := &cobra.Command{Use: "test [SCENARIOS...] [--model FILE]", Short: "runs scenarios against a model on a simulated clock; ends with the counts",
		Long: "Runs scenarios (YAML files; with none, those of the model that a new desk begins with) against the model in force, or against a file.\n" +
			"Each runs on an empty desk in memory: nothing of yours is touched.",
		RunE: func(c *cobra.Command, args []string) error {
			text, err := f.modelOf(c, model)
			if err != nil {
				return err
			}
			m, problems := draft.Read(bytes.NewReader(text))
			for _, p := range draft.Grave(problems) {
				return p
			}
			scenarios := trial.Standard().Scenarios
			if len(args) > 0 {
				scenarios = nil
			}
			for _, path := range args {
				b, err := content(c, path)
				if err != nil {
					return err
				}
				file, err := trial.Read(bytes.NewReader(b))
				if err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
				scenarios = append(scenarios, file.Scenarios...)
			}
			return f.run(c, m, text, scenarios)
		}}
	c.Flags().StringVar(&model, "model", "", "a model file; the one in force where none is named")
	return c
}

// modelOf is a model from a file, or the one in force.
func (f *flags) modelOf(c *cobra.Command, path string) (text []byte, err error) {
	if path != "" {
		return content(c, path)
	}
	err = f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
		text, err = modelText(ctx, k, 0)
		return err
	})
	return text, err
}

func (f *flags) run(c *cobra.Command, m draft.File, text []byte, scenarios []trial.Scenario) error {
	failed := 0
	var all []trial.Result
	for _, s := range scenarios {
		r, err := host.Try(c.Context(), m, text, s)
		if err != nil {
			r.Failed = append(r.Failed, trial.Failure{What: "the scenario", Want: "one that can be run", Is: err.Error()})
		}
		all = append(all, r)
		if len(r.Failed) > 0 {
			failed++
		}
		if f.json {
			continue
		}
		fmt.Fprintf(c.OutOrStdout(), "%s  %s\n", map[bool]string{true: "pass", false: "FAIL"}[len(r.Failed) == 0], s.Name)
		for _, x := range r.Failed {
			fmt.Fprintf(c.OutOrStdout(), "      %s\n", x)
		}
	}
	if f.json {
		if err := f.print(c.OutOrStdout(), all, ""); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.OutOrStdout(), "%d passed, %d failed\n", len(scenarios)-failed, failed)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d scenarios failed", failed, len(scenarios))
	}
	return nil
}

func (f *flags) modelReplay() *cobra.Command {
	var month, code string
	c := &cobra.Command{Use: "replay FILE|- --month YYYY-MM [--contract CODE]", Args: cobra.ExactArgs(1),
		Short: "judges a past month as if its contract had promised what a model says",
		RunE: func(c *cobra.Command, args []string) error {
			b, err := content(c, args[0])
			if err != nil {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				q := app.ReplayMonth{Month: month, File: b}
				if code != "" {
					if q.Contract, err = contractCalled(ctx, k, code); err != nil {
						return err
					}
				}
				a, err := k.Ask(ctx, q)
				if err != nil {
					return err
				}
				return f.replayed(c, a.(app.ReplayMonthAnswer))
			})
		}}
	c.Flags().StringVar(&month, "month", "", "the month, such as 2026-10")
	c.Flags().StringVar(&code, "contract", "", "code of the contract; the first where none is named")
	_ = c.MarkFlagRequired("month")
	return c
}

// contractCalled is the contract with a code.
func contractCalled(ctx context.Context, k app.Desk, code string) (id desk.ID, err error) {
	a, err := k.Ask(ctx, app.Records{Type: desk.ContractType, Limit: 1000})
	if err != nil {
		return id, err
	}
	for _, x := range a.(app.RecordsAnswer).Contracts {
		if x.Of.Code == code {
			return x.ID, nil
		}
	}
	return id, fmt.Errorf("there is no contract %q: puntoctl contract lists them", code)
}

func (f *flags) replayed(c *cobra.Command, a app.ReplayMonthAnswer) error {
	if f.json {
		return f.print(c.OutOrStdout(), a, "")
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	share := func(met, of int) string {
		if of == 0 {
			return "-"
		}
		return fmt.Sprintf("%.2f %% (%d of %d)", 100*float64(met)/float64(of), met, of)
	}
	fmt.Fprintf(w, "%s: %d cases\tas it was\tunder the draft\n", a.Contract, a.Cases)
	for _, x := range a.Clocks {
		fmt.Fprintf(w, "%s\t%s\t%s\n", x.Clock, share(x.Met, x.Judged), share(x.MetThen, x.JudgedThen))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, x := range a.Moved {
		fmt.Fprintf(w, "%s\t%s\t%s → %s\t%s\n", x.Number, x.Clock, x.Was, x.Is, time.Duration(x.Spent)*time.Second)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.print(c.OutOrStdout(), nil, "%d clocks end otherwise", len(a.Moved))
}
