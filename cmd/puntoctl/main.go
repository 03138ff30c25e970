// Command puntoctl works with a desk from the command line: it makes desks,
// carries out commands, answers queries, imports and searches. Every command
// takes --json for programs.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/demo"
	"punto/cmd/host"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "puntoctl:", err)
		stop()
		os.Exit(1)
	}
}

// flags are those of every command.
type flags struct {
	data string
	json bool
	as   identity
}

func root() *cobra.Command {
	f := &flags{}
	c := &cobra.Command{Use: "puntoctl", Short: "works with a Punto help desk from the command line", SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return host.AsOwner(f.data) }}
	c.PersistentFlags().StringVar(&f.data, "data", host.DefaultData(""), "folder of the desk (PUNTO_DATA)")
	c.PersistentFlags().BoolVar(&f.json, "json", false, "print JSON")
	f.as.flags(c)
	c.AddCommand(initCommand(f), doCommand(f), askCommand(f), importCommand(f), searchCommand(f), clockCommand(f), callsLook(f), analysisCommand(f), indexCommand(f), reportCommand(f), reportsCommand(f), contractCommand(f), switchboardCommand(f), mailCommand(f), linksCommand(f), modelCommand(f), doctorCommand(f), benchCommand(f))
	return c
}

// with reaches the desk, whoever hosts it, as the identity given, and leaves it
// after use.
func (f *flags) with(ctx context.Context, use func(context.Context, app.Desk) error) (err error) {
	if err := exists(f.data); err != nil {
		return err
	}
	return f.make(ctx, use)
}

// make is with also where there is no desk yet.
func (f *flags) make(ctx context.Context, use func(context.Context, app.Desk) error) (err error) {
	d, err := host.Attach(ctx, f.data, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	in, end, err := f.as.session(ctx, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	return use(in, d)
}

// print writes a value as JSON, or as text when there is one.
func (f *flags) print(w io.Writer, v any, text string, args ...any) error {
	if f.json || text == "" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(v)
	}
	_, err := fmt.Fprintf(w, text+"\n", args...)
	return err
}

func initCommand(f *flags) *cobra.Command {
	var d app.CreateDesk
	var demonstration bool
	c := &cobra.Command{Use: "init --demo | --name NAME --zone ZONE", Args: cobra.NoArgs, Short: "makes a desk; prints the administrator's first password once",
		RunE: func(c *cobra.Command, _ []string) error {
			if err := os.MkdirAll(f.data, 0o700); err != nil {
				return err
			}
			f.as.owner = true
			if !demonstration && (d.Name == "" || d.Zone == "") {
				return errors.New("say --name and --zone of the new desk, or --demo for a demonstration")
			}
			return f.make(c.Context(), func(ctx context.Context, k app.Desk) error {
				if demonstration {
					return f.demonstrate(ctx, c, k, d.Zone)
				}
				r, err := k.Do(ctx, d)
				if err != nil {
					return err
				}
				login := d.Login
				return f.print(c.OutOrStdout(), map[string]string{"login": login, "password": r.Secret, "data": f.data},
					"The desk of %s is in %s.\nSign in as %s with the password %s: it is shown this once.", d.Name, f.data, login, r.Secret)
			})
		}}
	c.Flags().StringVar(&d.Name, "name", "", "organisation")
	c.Flags().StringVar(&d.Zone, "zone", "", "IANA time zone, such as America/Santiago")
	c.Flags().StringVar(&d.Lang, "lang", "es", "language: es, en or pt")
	c.Flags().StringVar(&d.Prefix, "prefix", "A", "letters of this workstation's case numbers")
	c.Flags().StringVar(&d.Login, "login", "admin", "user name of the administrator")
	c.Flags().BoolVar(&d.AlwaysOpen, "always-open", false, "24 hours, every day")
	c.Flags().BoolVar(&demonstration, "demo", false, "a demonstration: a year of a made-up organisation, ending now")
	return c
}

// demonstrate fills a desk with a year that ends now.
func (f *flags) demonstrate(ctx context.Context, c *cobra.Command, k app.Desk, zone string) error {
	if zone == "" {
		zone = "America/Santiago"
	}
	err := demo.Create(ctx, k, 1, time.Now(), zone, func(done, all int) {
		if done%20 == 0 || done == all {
			progress("%d of %d days", done, all)
		}
	})
	if err != nil {
		return err
	}
	return f.print(c.OutOrStdout(), map[string]string{"login": "admin", "password": demo.Password, "data": f.data},
		"The demonstration is in %s.\nSign in as admin, ana.soto or pedro.lagos with the password %s.", f.data, demo.Password)
}

func doCommand(f *flags) *cobra.Command {
	var in string
	c := &cobra.Command{Use: "do COMMAND --json-in FILE|-", Args: cobra.ExactArgs(1), ValidArgs: app.CommandNames(), Short: "carries out one command given as JSON",
		RunE: func(c *cobra.Command, args []string) error {
			p, ok := app.NewCommand(args[0])
			if !ok {
				return fmt.Errorf("there is no command %q; there are %v", args[0], app.CommandNames())
			}
			if err := decode(c, in, p); err != nil {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := k.Do(ctx, app.AsCommand(p))
				if err != nil {
					return err
				}
				return f.print(c.OutOrStdout(), r, "")
			})
		}}
	c.Flags().StringVar(&in, "json-in", "-", "file with the command's fields, - for standard input")
	return c
}

func askCommand(f *flags) *cobra.Command {
	var in string
	c := &cobra.Command{Use: "ask QUERY [--json-in FILE|-]", Args: cobra.ExactArgs(1), ValidArgs: app.QueryNames(), Short: "answers one query as JSON",
		RunE: func(c *cobra.Command, args []string) error {
			p, ok := app.NewQuery(args[0])
			if !ok {
				return fmt.Errorf("there is no query %q; there are %v", args[0], app.QueryNames())
			}
			if in != "" {
				if err := decode(c, in, p); err != nil {
					return err
				}
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := k.Ask(ctx, app.AsQuery(p))
				if err != nil {
					return err
				}
				return f.print(c.OutOrStdout(), a, "")
			})
		}}
	c.Flags().StringVar(&in, "json-in", "", "file with the query's fields, - for standard input; none = no fields")
	return c
}

func decode(c *cobra.Command, name string, into any) error {
	r := c.InOrStdin()
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		r = file
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read %s as JSON: %w", name, err)
	}
	return nil
}
