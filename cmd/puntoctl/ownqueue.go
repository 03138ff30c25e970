package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
)

// ownQueue sets a queue of the desk's own exchange.
func (f *flags) ownQueue() *cobra.Command {
	var q desk.PhoneQueue
	var calendar, group string
	var mostWait, ring, wrapUp time.Duration
	var remove bool
	c := &cobra.Command{Use: "queue EXCHANGE NAME --number 700 …", Args: cobra.ExactArgs(2), Short: "makes or changes a queue of the desk's own exchange (kind sip)",
		RunE: func(c *cobra.Command, args []string) error {
			return f.changeOwn(c, args[0], func(ctx context.Context, k app.Desk, s *desk.Switchboard) error {
				i := slices.IndexFunc(s.Queues, func(x desk.PhoneQueue) bool { return x.Name == args[1] })
				if remove {
					if i < 0 {
						return fmt.Errorf("there is no queue %q: puntoctl switchboard lists them", args[1])
					}
					s.Queues = slices.Delete(slices.Clone(s.Queues), i, i+1)
					return nil
				}
				s.Queues = slices.Clone(s.Queues)
				if i < 0 {
					i, s.Queues = len(s.Queues), append(s.Queues, desk.PhoneQueue{Name: args[1]})
				}
				x := &s.Queues[i]
				for name, set := range map[string]func() error{
					"number": func() error { x.Number = q.Number; return nil }, "limit": func() error { x.Limit = q.Limit; return nil },
					"overflow": func() error { x.Overflow = q.Overflow; return nil }, "lang": func() error { x.Lang = q.Lang; return nil },
					"greeting": func() error { x.Greeting = q.Greeting; return nil }, "wait-tone": func() error { x.Wait = q.Wait; return nil }, "closed": func() error { x.Closed = q.Closed; return nil },
					"most-wait": func() error { x.MostWait = int64(mostWait.Seconds()); return nil }, "ring": func() error { x.Ring = int64(ring.Seconds()); return nil },
					"wrap-up":  func() error { x.WrapUp = int64(wrapUp.Seconds()); return nil },
					"calendar": func() (err error) { x.Calendar, err = calendarNamed(ctx, k, calendar); return err },
					"group":    func() (err error) { x.Group, err = groupNamed(ctx, k, group); return err }} {
					if c.Flags().Changed(name) {
						if err := set(); err != nil {
							return err
						}
					}
				}
				return nil
			})
		}}
	l := c.Flags()
	l.StringVar(&q.Number, "number", "", "that callers dial")
	l.StringVar(&calendar, "calendar", "", "name of the calendar with its hours; none = always open")
	l.IntVar(&q.Limit, "limit", 0, "callers who wait at most; none = 50")
	l.DurationVar(&mostWait, "most-wait", 0, "how long a caller waits at most; none = 15m")
	l.DurationVar(&ring, "ring", 0, "how long it rings at one agent; none = 20s")
	l.DurationVar(&wrapUp, "wrap-up", 0, "how long an agent is not rung after a call")
	l.StringVar(&q.Overflow, "overflow", "", "queue that takes who is one too many or waits too long; none = busy, and the end")
	l.StringVar(&q.Lang, "lang", "", "language that an agent speaks, as es")
	l.StringVar(&group, "group", "", "name of the group that an agent is of")
	l.StringVar(&q.Greeting, "greeting", "", "WAV file that callers hear first, on the workstation that holds the link: one channel, 8,000 samples a second")
	l.StringVar(&q.Wait, "wait-tone", "", "WAV file that they hear over and over; none = the ringing tone")
	l.StringVar(&q.Closed, "closed", "", "WAV file that they hear out of hours; none = they are refused")
	l.BoolVar(&remove, "remove", false, "take the queue out")
	return c
}

// ownPhone lets a telephone register with the desk's own exchange.
func (f *flags) ownPhone() *cobra.Command {
	var remove, renew bool
	c := &cobra.Command{Use: "phone EXCHANGE EXTENSION", Args: cobra.ExactArgs(2), Short: "lets a telephone register with the desk's own exchange (kind sip), and prints what it is set to; --renew gives it another password",
		RunE: func(c *cobra.Command, args []string) error {
			err := f.changeOwn(c, args[0], func(_ context.Context, _ app.Desk, s *desk.Switchboard) error {
				s.Phones = slices.Clone(s.Phones)
				i := slices.IndexFunc(s.Phones, func(p desk.Phone) bool { return p.Extension == args[1] })
				switch {
				case remove && i < 0:
					return fmt.Errorf("there is no telephone %q: puntoctl switchboard lists them", args[1])
				case remove:
					s.Phones = slices.Delete(s.Phones, i, i+1)
				case i < 0:
					s.Phones = append(s.Phones, desk.Phone{Extension: args[1]})
				case renew:
					s.Phones[i].Turn++
				}
				return nil
			})
			if err != nil || remove {
				return err
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				r, err := mustName(ctx, k, args[0])
				if err != nil {
					return err
				}
				a, err := k.Ask(ctx, app.PhonePasswords{ID: r.ID})
				if err != nil {
					return err
				}
				for _, p := range a.(app.PhonePasswordsAnswer).Rows {
					if p.Extension == args[1] {
						return f.print(c.OutOrStdout(), p, "server %s (UDP), user %s, password %s", r.Of.Address, p.Extension, p.Password)
					}
				}
				return nil
			})
		}}
	c.Flags().BoolVar(&remove, "remove", false, "the telephone may not register any more")
	c.Flags().BoolVar(&renew, "renew", false, "another password")
	return c
}

// changeOwn changes the desk's own exchange, and shows it.
func (f *flags) changeOwn(c *cobra.Command, name string, change func(context.Context, app.Desk, *desk.Switchboard) error) error {
	return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
		r, ok, err := named(ctx, k, name, desk.BuiltIn.String())
		if err == nil && !ok {
			err = fmt.Errorf("there is no exchange %q of the desk's own: puntoctl switchboard set %s --kind sip --listen ADDRESS:PORT makes one", name, name)
		}
		if err != nil {
			return err
		}
		if err := change(ctx, k, &r.Of); err != nil {
			return err
		}
		if _, err := k.Do(ctx, app.SaveSwitchboard{ID: r.ID, Switchboard: r.Of}); err != nil {
			return err
		}
		if f.json {
			return nil // what changes it prints what it made
		}
		ownSays(c.OutOrStdout(), r.Of, nil)
		return nil
	})
}

// ownSays prints the queues and telephones of the desk's own exchange.
func ownSays(w io.Writer, s desk.Switchboard, there []string) {
	for _, q := range s.Queues {
		fmt.Fprintf(w, "  queue %s %s", q.Number, q.Name)
		for _, x := range []struct {
			what string
			n    int64
		}{{"limit", int64(q.Limit)}, {"most wait", q.MostWait}, {"ring", q.Ring}, {"wrap-up", q.WrapUp}} {
			if x.n > 0 {
				fmt.Fprintf(w, ", %s %d", x.what, x.n)
			}
		}
		if q.Overflow != "" {
			fmt.Fprintf(w, ", overflow %s", q.Overflow)
		}
		fmt.Fprintln(w)
	}
	var exts []string
	for _, p := range s.Phones {
		if slices.Contains(there, p.Extension) {
			exts = append(exts, p.Extension+" (there)")
		} else {
			exts = append(exts, p.Extension)
		}
	}
	if len(exts) > 0 {
		fmt.Fprintf(w, "  telephones: %s\n", strings.Join(exts, ", "))
	}
}

func calendarNamed(ctx context.Context, k app.Desk, name string) (desk.ID, error) {
	a, err := k.Ask(ctx, app.Records{Type: desk.CalendarType})
	if err != nil || name == "" {
		return desk.ID{}, err
	}
	for _, x := range a.(app.RecordsAnswer).Calendars {
		if x.Of.Name == name {
			return x.ID, nil
		}
	}
	return desk.ID{}, fmt.Errorf("there is no calendar %q: puntoctl model export lists them", name)
}

func groupNamed(ctx context.Context, k app.Desk, name string) (desk.ID, error) {
	a, err := k.Ask(ctx, app.Records{Type: desk.GroupType})
	if err != nil || name == "" {
		return desk.ID{}, err
	}
	for _, x := range a.(app.RecordsAnswer).Groups {
		if x.Of.Name == name {
			return x.ID, nil
		}
	}
	return desk.ID{}, fmt.Errorf("there is no group %q: puntoctl model export lists them", name)
}
