package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/cmd/host"
	"punto/sync/site"
	"punto/sync/stream"
)

func initCommand(f *flags) *cobra.Command {
	var d app.CreateDesk
	var name, listen string
	c := &cobra.Command{Use: "init [--name ORGANISATION --zone ZONE]", Args: cobra.NoArgs,
		Short: "makes the site: the desk if there is none, the site key, and this workstation its coordinator",
		RunE: func(c *cobra.Command, _ []string) error {
			if err := os.MkdirAll(f.data, 0o700); err != nil {
				return err
			}
			var first app.Receipt
			err := f.make(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := k.Ask(ctx, app.Status{})
				if err != nil || a.(app.StatusAnswer).Desk.Name != "" {
					return err
				}
				if d.Name == "" || d.Zone == "" {
					return errors.New("there is no desk yet: say --name of the organisation and --zone, such as America/Santiago")
				}
				first, err = k.Do(ctx, d)
				return err
			})
			if err != nil {
				return err
			}
			site, err := host.Found(c.Context(), f.data, name, listen)
			if err != nil {
				return err
			}
			text := "The site is made, and this workstation is its coordinator.\n"
			if first.Secret != "" {
				text += fmt.Sprintf("Sign in as %s with the password %s: it is shown this once.\n", d.Login, first.Secret)
			}
			text += "Recovery key, which opens the backups; it is shown this once and kept nowhere else:\n" + site.Recovery + "\n"
			text += "Now: puntod install, and puntod invite for each further workstation."
			return f.print(c.OutOrStdout(), map[string]string{"desk": site.Desk.String(), "recovery": site.Recovery, "login": d.Login, "password": first.Secret}, "%s", text)
		}}
	c.Flags().StringVar(&d.Name, "name", "", "organisation, where there is no desk yet")
	c.Flags().StringVar(&d.Zone, "zone", "", "IANA time zone, such as America/Santiago")
	c.Flags().StringVar(&d.Lang, "lang", "es", "language: es, en or pt")
	c.Flags().StringVar(&d.Login, "login", "admin", "user name of the administrator")
	c.Flags().StringVar(&name, "node", "", "name of this workstation; none = its host name")
	c.Flags().StringVar(&listen, "listen", fmt.Sprintf(":%d", site.Port), "where other workstations reach this one; the gossip takes the port after it")
	return c
}

func inviteCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "invite", Args: cobra.NoArgs, Short: "makes a join code: one workstation, 15 minutes; on the coordinator while the service runs",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.running(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := k.Do(ctx, app.Invite{})
				if err != nil {
					return err
				}
				at := f.ownAddress(ctx, k)
				return f.print(c.OutOrStdout(), map[string]string{"code": r.Secret, "host": at}, "%s\nOn the new workstation, within 15 minutes: puntod join %s %s", r.Secret, r.Secret, at)
			})
		}}
}

func (f *flags) ownAddress(ctx context.Context, k app.Desk) string {
	a, err := k.Ask(ctx, app.Nodes{})
	if err == nil {
		for _, n := range a.(app.NodesAnswer).Nodes {
			if n.Me && n.Address != "" {
				return n.Address
			}
		}
	}
	return "HOST"
}

func joinCommand(f *flags) *cobra.Command {
	var j host.Joining
	c := &cobra.Command{Use: "join CODE HOST", Args: cobra.ExactArgs(2), Short: "makes this workstation a member of the site of the coordinator at HOST, and fetches the desk",
		RunE: func(c *cobra.Command, args []string) error {
			j.Dir, j.Code, j.Address = f.data, args[0], args[1]
			last := time.Time{}
			j.Progress = func(done, all uint64) {
				if !f.json && time.Since(last) > time.Second {
					last = time.Now()
					fmt.Fprintf(os.Stderr, "%d of %d events\n", done, all)
				}
			}
			if err := os.MkdirAll(f.data, 0o700); err != nil {
				return err
			}
			if err := host.Join(c.Context(), j); err != nil {
				if errors.Is(err, stream.ErrCodeLocked) || errors.Is(err, stream.ErrCodeSlow) || errors.Is(err, stream.ErrCodeWrong) {
					return coded{host.ExitNotAllowed, err}
				}
				return err
			}
			return f.print(c.OutOrStdout(), map[string]string{"data": f.data}, "This workstation belongs to the site. Now: puntod install.")
		}}
	c.Flags().StringVar(&j.Name, "node", "", "name of this workstation; none = its host name")
	c.Flags().StringVar(&j.Listen, "listen", fmt.Sprintf(":%d", site.Port), "where other workstations reach this one; the gossip takes the port after it")
	return c
}

func nodesCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "nodes", Args: cobra.NoArgs, Short: "lists the workstations: who is alive, how far behind, clock, version, last backup",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				x, err := k.Ask(ctx, app.Nodes{})
				if err != nil {
					return err
				}
				a := x.(app.NodesAnswer)
				if f.json {
					return f.print(c.OutOrStdout(), a, "")
				}
				w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				_, _ = fmt.Fprintln(w, "NODE\tPREFIX\tSTATE\tBEHIND\tCLOCK\tVERSION\tADDRESS\tLAST BACKUP\tAGENTS")
				for _, n := range a.Nodes {
					_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", n.Name, n.Prefix, state(n), n.Behind, clock(n), n.Version, n.Address, when(n.BackupAt), strings.Join(n.Agents, ", "))
				}
				return w.Flush()
			})
		}}
}

func state(n app.NodeRow) string {
	var s []string
	switch {
	case n.RevokedAt != 0:
		s = append(s, "revoked "+when(n.RevokedAt))
	case n.Me:
		s = append(s, "this one")
	case n.Alive:
		s = append(s, "alive")
	case n.SeenAt != 0:
		s = append(s, "last seen "+when(n.SeenAt))
	default:
		s = append(s, "not seen")
	}
	if n.Coordinator {
		s = append(s, "coordinator")
	}
	if n.Leads {
		s = append(s, "leads")
	}
	if n.Forked {
		s = append(s, "FORKED")
	}
	return strings.Join(s, ", ")
}

func clock(n app.NodeRow) string {
	if !n.OffsetKnown {
		return "-"
	}
	return fmt.Sprintf("%+.3f s", float64(n.Offset)/1000)
}

func when(ms int64) string {
	if ms == 0 {
		return "-"
	}
	return time.UnixMilli(ms).Format("2006-01-02 15:04")
}

func revokeCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "revoke NAME", Args: cobra.ExactArgs(1), Short: "shuts a workstation out for good, and changes the gossip key",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				x, err := k.Ask(ctx, app.Nodes{})
				if err != nil {
					return err
				}
				for _, n := range x.(app.NodesAnswer).Nodes {
					if n.Name != args[0] && n.ID.String() != args[0] {
						continue
					}
					if _, err := k.Do(ctx, app.RevokeNode{Node: n.ID}); err != nil {
						return err
					}
					return f.print(c.OutOrStdout(), n, "%s is shut out: what it writes from now on counts nowhere.", n.Name)
				}
				return fmt.Errorf("there is no workstation %q: see puntod nodes", args[0])
			})
		}}
}

func rotateCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "rotate-key", Args: cobra.NoArgs, Short: "gives the site another gossip key",
		RunE: func(c *cobra.Command, _ []string) error {
			return f.running(c.Context(), func(ctx context.Context, k app.Desk) error {
				if _, err := k.Do(ctx, app.RotateKey{}); err != nil {
					return err
				}
				return f.print(c.OutOrStdout(), map[string]string{"done": "rotate-key"}, "The site has another gossip key.")
			})
		}}
}
