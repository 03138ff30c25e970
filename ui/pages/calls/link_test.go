package calls

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// exchange is a desk that has a link without an exchange behind it.
type exchange struct {
	app.Desk
	mu   sync.Mutex // guards what follows
	row  app.SwitchboardRow
	gaps []desk.Gap
	done []app.ControlSwitchboard
}

func (x *exchange) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch q := q.(type) {
	case app.Switchboards:
		return app.SwitchboardsAnswer{Rows: []app.SwitchboardRow{x.row}}, nil
	case app.Gaps:
		var a app.GapsAnswer
		for _, g := range x.gaps {
			if g.To == 0 || g.To > q.From {
				a.Rows = append(a.Rows, app.Named[desk.Gap]{Of: g})
			}
		}
		return a, nil
	}
	return x.Desk.Ask(ctx, q)
}

func (x *exchange) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	if c, ok := c.(app.ControlSwitchboard); ok {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.done = append(x.done, c)
		return app.Receipt{}, nil
	}
	return x.Desk.Do(ctx, c)
}

// set changes what the exchange is.
func (x *exchange) set(use func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	use()
}

// has tells whether the action bar has a key.
func has(s *stage.Stage, key string) bool {
	return slices.ContainsFunc(s.Actions(), func(a page.Action) bool { return a.Key == key && !a.Hidden })
}

func linkedSeat(t *testing.T) (*stage.Stage, *exchange) {
	t.Helper()
	x := &exchange{row: app.SwitchboardRow{ID: desk.ID{7}, Of: desk.Switchboard{Name: "central", Kind: desk.AsteriskAMI, Dials: true}, Opens: true, Phase: app.LinkUp}}
	_, over := stage.NewLobby("case")
	over.Word, over.Place = "area.cases", page.Over
	_, in := stage.NewLobby("attend")
	s := stage.New(t, true, []page.Kind{in, Kind(), All(), over}, func(c *ui.Config) { x.Desk, c.Desk = c.Desk, x })
	s.SignIn()
	return s, x
}

func TestTheExchangeCallsWhoIsSelectedWhereItMay(t *testing.T) {
	s, x := linkedSeat(t)
	call(s, "1", "999 888 777", time.Hour, phone.Abandoned)
	s.Press("Ctrl F3")
	d := s.Page().(*today)
	s.Until("the caller", func() bool { return len(d.rows) == 1 && has(s, "F4") })
	s.OneMeaning("today with a link")
	s.Press("F4")
	s.Until("it is told", func() bool { return s.Says("La central llama a 999 888 777: conteste su teléfono.") })
	s.Press("Alt L")
	l := s.Page().(*list)
	s.Until("the call", func() bool { return len(l.Rows) == 1 && has(s, "F4") })
	s.OneMeaning("all calls with a link")
	s.Press("F4")
	s.Until("twice", func() bool { x.mu.Lock(); defer x.mu.Unlock(); return len(x.done) == 2 })
	want := app.ControlSwitchboard{ID: desk.ID{7}, Do: "dial", Number: "999 888 777"}
	if x.done[0] != want || x.done[1] != want {
		t.Errorf("the exchange was asked for %+v", x.done)
	}
	for name, change := range map[string]func(){"may not": func() { x.row.Of.Dials = false }, "is off": func() { x.row.Of.Dials, x.row.Of.Off = true, true }, "cannot be logged in to": func() { x.row.Of.Off, x.row.Opens = false, false }} {
		x.set(func() { x.row.Of.Dials, x.row.Of.Off, x.row.Opens = true, false, true })
		s.Press("F5")
		s.Until("it dials", func() bool { return has(s, "F4") })
		x.set(func() { x.row.Of.Dials, x.row.Of.Off, x.row.Opens = true, false, true; change() })
		s.Press("F5")
		s.Until("an exchange that "+name+" does not dial", func() bool { return !has(s, "F4") })
	}
}

func TestThePageSaysWhatTheFiguresLack(t *testing.T) {
	s, x := linkedSeat(t)
	s.Press("Ctrl F3")
	d := s.Page().(*today)
	s.Until("the link", func() bool { return len(d.link.rows) == 1 })
	if w := d.link.warning(d.k); w != "" {
		t.Errorf("with nothing lacking it warns: %q", w)
	}
	n := s.Now()
	day := n.In(d.k.Zone())
	begins := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	at := func(h, m int) int64 {
		return begins.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute).UnixMilli()
	}
	x.set(func() {
		x.gaps = []desk.Gap{{PBX: "central", From: at(9, 30)}, {PBX: "central", From: at(8, 2), To: at(8, 9), Open: 3}, {PBX: "central", From: at(-5, 0), To: at(-4, 0), Open: 9}}
		x.row.Phase, x.row.Since = app.LinkDown, at(9, 30)
	})
	s.Press("F5")
	s.Until("what is lacking", func() bool { return len(d.link.gaps) == 2 && d.link.rows[0].Phase == app.LinkDown })
	first, second := d.k.At(time.UnixMilli(at(8, 2))), d.k.At(time.UnixMilli(at(9, 30)))
	if got, want := d.link.warning(d.k), "central sin enlace desde "+second+" · central "+first+"-08:09, 3 llamadas en curso · central "+second+"-…, 0 llamadas en curso"; got != want {
		t.Errorf("it warns\n%q, not\n%q", got, want)
	}
	if !s.Reads("Datos telefónicos incompletos") {
		t.Errorf("the page says %q", s.Texts())
	}
	s.Resize(stage.Small)
	s.Fits("today with a warning, small")
}

// Who called is said by one key: one of several, one by name, or somebody new; the number
// is theirs from then on, and the call can be undone.
func TestWhoCalledIsSaidByAKey(t *testing.T) {
	s, _, _ := seat(t)
	rosa := s.Rosa()
	ana := s.Run(app.SavePerson{Person: desk.Person{Name: "Ana Vega", Phones: []string{"225550303"}}}).ID
	luz := s.Run(app.SavePerson{Person: desk.Person{Name: "Luz Ríos", Phones: []string{"225550303"}}}).ID
	call(s, "1", "225550303", 3*time.Hour, phone.Abandoned)
	call(s, "2", "4098", 2*time.Hour, phone.Abandoned)
	call(s, "3", "4099", time.Hour, phone.Abandoned)
	s.Press("Ctrl F3")
	d := s.Page().(*today)
	s.Until("three callers", func() bool { return len(d.rows) == 3 && has(s, "F3") })
	s.OneMeaning("today with somebody unknown")
	people := func(number string) (out []desk.ID) {
		for _, r := range stage.Answer[app.CallsAnswer](s, app.Calls{}).Rows {
			if r.Call.Caller == number {
				for _, p := range r.People {
					out = append(out, p.ID)
				}
			}
		}
		return out
	}
	s.Press("F3")
	if s.Asked() == nil || !s.Reads("¿Quién llamó de 225550303?") || !s.Reads("Luz Ríos") {
		t.Fatalf("F3 asks %q", s.Texts())
	}
	s.Press("Alt 2")
	s.Reply("")
	chosen := d.rows[0].People[1].ID
	s.Until("the second called", func() bool { return !d.typed.IsZero() && slices.Equal(people("225550303"), []desk.ID{chosen}) })
	if chosen != ana && chosen != luz {
		t.Errorf("neither of the two was offered: %v", d.rows[0].People)
	}
	s.Press("Ctrl D")
	s.Until("it is of both again", func() bool { return len(people("225550303")) == 2 && d.typed.IsZero() })
	d.lost.Selected = 1
	s.Press("F3")
	s.Reply("") // nothing is not a name
	if s.Asked() == nil {
		t.Fatal("nothing was taken for a name")
	}
	s.Reply("4471")
	s.Until("who it may be", func() bool { return s.Asked() != nil && s.Reads("¿Cuál es «4471»?") })
	s.Press("1")
	s.Until("Rosa called", func() bool { return slices.Equal(people("4098"), []desk.ID{rosa}) })
	s.Until("the list knows her", func() bool { return len(d.rows) == 3 && len(d.rows[1].People) == 1 })
	d.lost.Selected = 2
	s.Press("F3")
	s.Reply("Zoila Nadie")
	s.Until("nobody is called so", func() bool { return s.Asked() != nil && s.Reads("Nuevo usuario: Zoila Nadie") })
	s.Press(string(rune('0' + len(s.Asked().Options))))
	s.Until("she is a user", func() bool {
		return len(d.rows) == 3 && len(d.rows[2].People) == 1 && d.rows[2].People[0].Person.Name == "Zoila Nadie"
	})
	if has(s, "F3") {
		t.Error("who is known is asked for")
	}
}
