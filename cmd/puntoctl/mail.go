package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
)

// mailCommand shows how the desk's mail goes, sets its server, tries it, and looks after
// the letters.
func mailCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "mail", Args: cobra.NoArgs, Short: "the desk's mail: how it goes; set, try, letters, again, drop",
		Long: `Shows by which server the desk sends its mail and how that goes. One workstation sends: the one that coordinates the site, or
the one that is named. Its password is kept sealed for the workstations of the site.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error { return f.showMail(ctx, c.OutOrStdout(), k) })
		}}
	c.AddCommand(f.setMail(), f.tryMail(), f.letters(),
		f.letterCommand("again", "sends a letter again that no server took", func(id desk.ID) app.Command { return app.SendAgain{ID: id} }),
		f.letterCommand("drop", "takes a letter out that was not sent", func(id desk.ID) app.Command { return app.DropLetter{ID: id} }))
	return c
}

func mailOf(ctx context.Context, k app.Desk) (app.MailAccountAnswer, error) {
	x, err := k.Ask(ctx, app.MailAccount{})
	if err != nil {
		return app.MailAccountAnswer{}, err
	}
	return x.(app.MailAccountAnswer), nil
}

func (f *flags) showMail(ctx context.Context, w io.Writer, k app.Desk) error {
	a, err := mailOf(ctx, k)
	switch {
	case err != nil:
		return err
	case f.json:
		return f.print(w, a, "")
	case a.Of.Host == "":
		return f.print(w, a, "The desk sends no mail: puntoctl mail set says by which server it goes.")
	}
	state := "on"
	if a.Of.Off {
		state = "off"
	}
	fmt.Fprintf(w, "%s:%d  %s  %s  %s\n  sent by %s, %d letters wait, %d could not be sent\n", a.Of.Host, a.Of.Port, a.Of.Security, a.Of.From, state, strings.TrimSpace(a.Sender+" "), a.Waiting, a.Dead)
	if a.Err != "" {
		fmt.Fprintf(w, "  since %s nothing goes: %s\n", time.UnixMilli(a.Since).Format(time.DateTime), a.Err)
	}
	return nil
}

func (f *flags) setMail() *cobra.Command {
	var m desk.MailAccount
	var security, file, node string
	c := &cobra.Command{Use: "set --host SERVER --from ADDRESS …", Args: cobra.NoArgs,
		Short: "says by which server mail goes, or changes what is said; the password comes from a file or the standard input",
		RunE: func(c *cobra.Command, _ []string) error {
			word, err := passwordFrom(c, file)
			if err != nil {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				old, err := mailOf(ctx, k)
				if err != nil {
					return err
				}
				x := old.Of
				if x.Host == "" {
					x.Port = m.Port
				}
				for name, set := range map[string]func(){"host": func() { x.Host = m.Host }, "port": func() { x.Port = m.Port }, "user": func() { x.User = m.User }, "from": func() { x.From = m.From },
					"name": func() { x.Name = m.Name }, "cert": func() { x.Cert = m.Cert }, "off": func() { x.Off = m.Off }} {
					if c.Flags().Changed(name) {
						set()
					}
				}
				if c.Flags().Changed("security") {
					var ok bool
					if x.Security, ok = desk.ParseMailSecurity(security); !ok {
						return fmt.Errorf("%q is no security: there are starttls, tls and none", security)
					}
				}
				if c.Flags().Changed("node") {
					if x.Node, err = nodeNamed(ctx, k, node); err != nil {
						return err
					}
				}
				if _, err := k.Do(ctx, app.SaveMailAccount{Account: x, Password: word}); err != nil {
					return err
				}
				return f.showMail(ctx, c.OutOrStdout(), k)
			})
		}}
	l := c.Flags()
	l.StringVar(&m.Host, "host", "", "name or address of the server")
	l.IntVar(&m.Port, "port", 587, "its port: 587 is usual with STARTTLS, 465 with TLS, 25 without")
	l.StringVar(&security, "security", "starttls", "starttls, tls or none")
	l.StringVar(&m.User, "user", "", "account at the server; none = it asks for none")
	l.StringVar(&file, "password-file", "", "file with its password, - for the standard input; none = as it is")
	l.StringVar(&m.From, "from", "", "address of the desk")
	l.StringVar(&m.Name, "name", "", "name that is shown with it")
	l.StringVar(&m.Cert, "cert", "", "SHA-256 of the server's certificate, as try prints it; none = one that the machine trusts")
	l.StringVar(&node, "node", "", "name of the workstation that sends; none = the one that coordinates")
	l.BoolVar(&m.Off, "off", false, "send no mail")
	return c
}

func (f *flags) tryMail() *cobra.Command {
	return &cobra.Command{Use: "try [ADDRESS]", Args: cobra.MaximumNArgs(1), Short: "tries the server from this workstation, step by step; with an address it sends a letter there",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				m, err := mailOf(ctx, k)
				if err != nil {
					return err
				}
				q := app.TryMail{Account: m.Of}
				if len(args) > 0 {
					q.To = args[0]
				}
				x, err := k.Ask(ctx, q)
				if err != nil {
					return err
				}
				a := x.(app.TryMailAnswer)
				if f.json {
					return f.print(c.OutOrStdout(), a, "")
				}
				failed := printSteps(c.OutOrStdout(), a.Steps)
				if a.Cert != "" {
					fmt.Fprintf(c.OutOrStdout(), "certificate %s, trusted by the machine: %v\n", a.Cert, a.Trusted)
				}
				if failed != "" {
					return fmt.Errorf("no mail goes: it failed at %s", failed)
				}
				return nil
			})
		}}
}

// printSteps prints the steps of a try and tells which failed; "" = none.
func printSteps(w io.Writer, steps desk.TrySteps) (failed string) {
	for _, s := range steps {
		state := "ok"
		if !s.OK {
			state, failed = "failed", s.Name
		}
		fmt.Fprintln(w, strings.TrimSpace(fmt.Sprintf("%-9s %-6s %s", s.Name, state, s.Why)))
	}
	return failed
}

func (f *flags) letters() *cobra.Command {
	var state string
	var n int
	c := &cobra.Command{Use: "letters [--state waiting|sent|dead|dropped]", Args: cobra.NoArgs, Short: "lists the letters, the newest first",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				x, err := k.Ask(ctx, app.Letters{State: state, Limit: n})
				if err != nil {
					return err
				}
				rows := x.(app.LettersAnswer).Rows
				if f.json {
					return f.print(c.OutOrStdout(), rows, "")
				}
				for _, r := range rows {
					fmt.Fprintf(c.OutOrStdout(), "%s  %s  %-8s %s  %s  %s\n", r.ID, time.UnixMilli(r.Of.WriteAt).Format(time.DateTime), r.Of.State, r.Of.To, r.Of.Subject, r.Of.Reply)
				}
				return nil
			})
		}}
	c.Flags().StringVar(&state, "state", "", "of the letters; none = all")
	c.Flags().IntVar(&n, "limit", 50, "how many")
	return c
}

func (f *flags) letterCommand(name, short string, of func(desk.ID) app.Command) *cobra.Command {
	return &cobra.Command{Use: name + " ID", Args: cobra.ExactArgs(1), Short: short,
		RunE: func(c *cobra.Command, args []string) error {
			id, err := desk.ParseID(args[0])
			if err != nil {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				_, err := k.Do(ctx, of(id))
				return err
			})
		}}
}
