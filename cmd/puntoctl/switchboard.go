package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
)

// switchboardCommand shows the links to telephone exchanges, sets them, tries them, shows
// what they hear, and prints what the client's IT writes into the exchange's files.
func switchboardCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "switchboard", Args: cobra.NoArgs, Short: "links to telephone exchanges: how they do; set, try, listen, recipe",
		Long: `Shows the links to telephone exchanges and how they do. A link is held by the workstation that leads the site, or the one
that is named; its password is kept sealed for the workstations of the site.

  ami          an Asterisk's manager interface, live (FreePBX, Issabel); with --log it fills from the queue_log what it misses
  queue_log    an Asterisk's queue_log, followed as it is written, where the workstation can read it
  smdr_dial    the lines that an exchange prints of each call, on a TCP port of it
  smdr_listen  the same, which the exchange sends to a TCP port of this workstation
  sip          no exchange: telephones register with this workstation, which has the queues itself (queue, phone)`,
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := k.Ask(ctx, app.Switchboards{})
				if err != nil {
					return err
				}
				return f.links(c.OutOrStdout(), a.(app.SwitchboardsAnswer).Rows)
			})
		}}
	c.AddCommand(f.setLink(), f.tryLink(), f.listenLink(), f.recipe(), f.ownQueue(), f.ownPhone())
	return c
}

func (f *flags) links(w io.Writer, rows []app.SwitchboardRow) error {
	if f.json {
		return f.print(w, rows, "")
	}
	if len(rows) == 0 {
		return f.print(w, rows, "There is no link to a telephone exchange: puntoctl switchboard set makes one.")
	}
	for _, r := range rows {
		fmt.Fprintf(w, "%s  %s  %s\n  %s", r.Of.Name, r.Of.Kind, r.Of.Address+r.Of.Log, r.Phase)
		if r.Since > 0 {
			fmt.Fprintf(w, " since %s", time.UnixMilli(r.Since).Format(time.DateTime))
		}
		if r.Holder != "" {
			fmt.Fprintf(w, ", held by %s", r.Holder)
		}
		fmt.Fprintln(w)
		ownSays(w, r.Of, r.There)
		beside := "queue_log"
		if r.Of.Kind == desk.BuiltIn {
			beside = "sounds"
		}
		for _, x := range []struct{ what, text string }{{"why", r.Err}, {"odd", r.Odd}, {beside, r.LogErr}} {
			if x.text != "" {
				fmt.Fprintf(w, "  %s: %s\n", x.what, x.text)
			}
		}
		if g := r.Gap; g != nil {
			until := "now"
			if g.To > 0 {
				until = time.UnixMilli(g.To).Format(time.TimeOnly)
			}
			fmt.Fprintf(w, "  last gap: %s to %s, %d calls went on\n", time.UnixMilli(g.From).Format(time.DateTime), until, g.Open)
		}
	}
	return nil
}

// named finds a link by the name of its exchange and, where it has several, its kind.
func named(ctx context.Context, k app.Desk, name, kind string) (out app.SwitchboardRow, found bool, err error) {
	a, err := k.Ask(ctx, app.Switchboards{})
	if err != nil {
		return out, false, err
	}
	for _, r := range a.(app.SwitchboardsAnswer).Rows {
		if r.Of.Name == name && (kind == "" || r.Of.Kind.String() == kind) {
			return r, true, nil
		}
	}
	return out, false, nil
}

func mustName(ctx context.Context, k app.Desk, name string) (app.SwitchboardRow, error) {
	r, ok, err := named(ctx, k, name, "")
	if err == nil && !ok {
		err = fmt.Errorf("there is no link to the exchange %q: puntoctl switchboard lists them", name)
	}
	return r, err
}

func (f *flags) setLink() *cobra.Command {
	var s desk.Switchboard
	var kind, file, node string
	c := &cobra.Command{Use: "set NAME --kind ami|queue_log|smdr_dial|smdr_listen|sip …", Args: cobra.ExactArgs(1),
		Short: "makes a link to an exchange, or changes what is said of one; the password comes from a file or the standard input",
		RunE: func(c *cobra.Command, args []string) error {
			word, err := passwordFrom(c, file)
			if err != nil {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				old, found, err := named(ctx, k, args[0], kind)
				if err != nil {
					return err
				}
				x := old.Of
				x.Name = args[0]
				if kind != "" || !found {
					var ok bool
					if x.Kind, ok = desk.ParseLinkKind(kind); !ok {
						return fmt.Errorf("%q is no kind of link: there are ami, queue_log, smdr_dial, smdr_listen and sip", kind)
					}
				}
				for name, set := range map[string]func(){"address": func() { x.Address = s.Address }, "listen": func() { x.Address = s.Address }, "user": func() { x.User = s.User }, "tls": func() { x.TLS = s.TLS }, "cert": func() { x.Cert = s.Cert },
					"log": func() { x.Log = s.Log }, "map": func() { x.Map = s.Map }, "peer": func() { x.Peer = s.Peer }, "off": func() { x.Off = s.Off }, "dials": func() { x.Dials = s.Dials },
					"tech": func() { x.Tech = s.Tech }, "context": func() { x.Context = s.Context }} {
					if c.Flags().Changed(name) {
						set()
					}
				}
				if c.Flags().Changed("node") {
					if x.Node, err = nodeNamed(ctx, k, node); err != nil {
						return err
					}
				}
				if _, err := k.Do(ctx, app.SaveSwitchboard{ID: old.ID, Switchboard: x, Password: word}); err != nil {
					return err
				}
				row, err := mustName(ctx, k, args[0])
				if err != nil {
					return err
				}
				return f.links(c.OutOrStdout(), []app.SwitchboardRow{row})
			})
		}}
	l := c.Flags()
	l.StringVar(&kind, "kind", "", "how calls come from it")
	l.StringVar(&s.Address, "address", "", "host:port of the exchange; :port where it is listened")
	l.StringVar(&s.Address, "listen", "", "of kind sip: address and port of this workstation in the local network")
	l.StringVar(&s.User, "user", "", "name of the account in manager.conf")
	l.StringVar(&file, "password-file", "", "file with its password, - for the standard input; none = as it is")
	l.BoolVar(&s.TLS, "tls", false, "speak TLS")
	l.StringVar(&s.Cert, "cert", "", "SHA-256 of its certificate, as try prints it; none = one that the machine trusts")
	l.StringVar(&s.Log, "log", "", "path of its queue_log on the workstation")
	l.StringVar(&s.Map, "map", "", "of its lines: avaya, panasonic, 3cx")
	l.StringVar(&s.Peer, "peer", "", "address of the exchange, which alone may send lines; of kind sip, of the gateway, which alone may call with no telephone of the desk's")
	l.StringVar(&node, "node", "", "name of the workstation that holds it; none = the one that leads")
	l.BoolVar(&s.Off, "off", false, "do not use it")
	l.BoolVar(&s.Dials, "dials", false, "agents may have it call")
	l.StringVar(&s.Tech, "tech", "", "of the agents' telephones; none = PJSIP")
	l.StringVar(&s.Context, "context", "", "in which it calls; none = from-internal")
	return c
}

// passwordFrom reads a password, which stands in no list of processes.
func passwordFrom(c *cobra.Command, file string) (string, error) {
	if file == "" {
		return "", nil
	}
	r := c.InOrStdin()
	if file != "-" {
		x, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer func() { _ = x.Close() }() // it was only read
		r = x
	}
	b, err := io.ReadAll(io.LimitReader(r, 4<<10))
	if word := strings.TrimRight(string(b), "\r\n"); err != nil || word != "" {
		return word, err
	}
	return "", errors.New("the password is empty")
}

func nodeNamed(ctx context.Context, k app.Desk, name string) (desk.ID, error) {
	a, err := k.Ask(ctx, app.Nodes{})
	if err != nil || name == "" {
		return desk.ID{}, err
	}
	for _, n := range a.(app.NodesAnswer).Nodes {
		if n.Name == name {
			return n.ID, nil
		}
	}
	return desk.ID{}, fmt.Errorf("there is no workstation %q: puntod nodes lists them", name)
}

func (f *flags) tryLink() *cobra.Command {
	return &cobra.Command{Use: "try NAME", Args: cobra.ExactArgs(1), Short: "tries a link from this workstation, step by step",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := mustName(ctx, k, args[0])
				if err != nil {
					return err
				}
				x, err := k.Ask(ctx, app.TrySwitchboard{ID: r.ID, Switchboard: r.Of})
				if err != nil {
					return err
				}
				a := x.(app.TrySwitchboardAnswer)
				if f.json {
					return f.print(c.OutOrStdout(), a, "")
				}
				w := c.OutOrStdout()
				failed := printSteps(w, a.Steps)
				if a.Cert != "" {
					fmt.Fprintf(w, "certificate %s, trusted by the machine: %v\n", a.Cert, a.Trusted)
				}
				fmt.Fprintf(w, "interface %s, queues: %s, agents: %s\n", a.Version, strings.Join(a.Queues, ", "), strings.Join(a.Agents, ", "))
				if failed != "" {
					return fmt.Errorf("the link does not work: it failed at %s", failed)
				}
				return nil
			})
		}}
}

func (f *flags) listenLink() *cobra.Command {
	return &cobra.Command{Use: "listen NAME", Args: cobra.ExactArgs(1), Short: "shows what an exchange says, on the workstation that holds its link, until it is ended",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := mustName(ctx, k, args[0])
				if err != nil {
					return err
				}
				if !r.Here {
					return fmt.Errorf("the link is held by the workstation %s: listen there", r.Holder)
				}
				last := uint64(0)
				for {
					a, err := k.Ask(ctx, app.SwitchboardLines{ID: r.ID, After: last})
					if err != nil {
						return err
					}
					for _, l := range a.(app.SwitchboardLinesAnswer).Rows {
						last = l.N
						if err := f.print(c.OutOrStdout(), l, "%s  %s", time.UnixMilli(l.At).Format("15:04:05.000"), l.Text); err != nil {
							return err
						}
					}
					select {
					case <-time.After(200 * time.Millisecond):
					case <-ctx.Done():
						return nil
					}
				}
			})
		}}
}

func (f *flags) recipe() *cobra.Command {
	var queues []string
	c := &cobra.Command{Use: "recipe NAME [--queues Q1,Q2]", Args: cobra.ExactArgs(1), Short: "prints the lines for the exchange's manager.conf and dialplan",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := mustName(ctx, k, args[0])
				if err != nil {
					return err
				}
				x, err := k.Ask(ctx, app.SwitchboardRecipe{Switchboard: r.Of, Queues: filled(queues)})
				if err != nil {
					return err
				}
				a := x.(app.SwitchboardRecipeAnswer)
				return f.print(c.OutOrStdout(), a, "%s\n%s", a.Manager, a.Dialplan)
			})
		}}
	c.Flags().StringSliceVar(&queues, "queues", nil, "queues of the exchange")
	return c
}
