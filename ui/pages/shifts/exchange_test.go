package shifts

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// exchange is a desk with a link, without an exchange behind it.
type exchange struct {
	app.Desk
	mu   sync.Mutex // guards what follows
	done []string
	no   bool // it refuses
}

func (x *exchange) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	if _, ok := q.(app.Switchboards); ok {
		return app.SwitchboardsAnswer{Rows: []app.SwitchboardRow{{ID: desk.ID{7}, Of: desk.Switchboard{Name: "central", Kind: desk.AsteriskAMI}, Opens: true}}}, nil
	}
	return x.Desk.Ask(ctx, q)
}

func (x *exchange) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch c := c.(type) {
	case app.ControlSwitchboard:
		x.done = append(x.done, c.Do+c.Reason)
		if x.no {
			return app.Receipt{}, app.Fail(app.Conflict, "the exchange %q did not do it: %v", "central", errors.New("no queue of the exchange has this agent"))
		}
		return app.Receipt{}, nil
	case app.SetShift:
		x.done = append(x.done, "by hand "+c.Do)
	}
	return x.Desk.Do(ctx, c)
}

// A break is the exchange's to make and to tell; where it does not, it is written by hand.
// The way back is told in both ways, for nobody knows how the break began.
func TestTheExchangeMakesTheBreak(t *testing.T) {
	x := &exchange{}
	_, over := stage.NewLobby("attend")
	s := stage.New(t, true, append([]page.Kind{over}, stage.With("calls", Kind())...), func(c *ui.Config) { x.Desk, c.Desk = c.Desk, x })
	s.SignIn()
	s.Press("Alt P")
	s.Come("the page")
	l := s.Page().(*list)
	did := func(want ...string) {
		t.Helper()
		s.Until("what was done", func() bool { x.mu.Lock(); defer x.mu.Unlock(); return slices.Equal(x.done, want) })
		x.mu.Lock()
		x.done = nil
		x.mu.Unlock()
	}
	is := func(state string) {
		t.Helper()
		s.Until(state, func() bool { r, ok := l.mine(); return ok && r.State == state && len(l.links) == 1 })
	}
	is(app.AgentAway)
	s.Press("F8")
	did("by hand in")
	is(app.AgentAvailable)
	s.Press("F8")
	s.Reply("")
	did("pauselunch")
	s.Until("it is told", func() bool { return s.Says("Está en pausa: la central no le pasa llamadas.") })
	x.mu.Lock()
	x.no = true
	x.mu.Unlock()
	s.Press("F8") // nothing is heard of the exchange here: the agent is still available
	s.Reply("")
	did("pauselunch", "by hand break")
	is(app.AgentOnBreak)
	s.Until("it is told", func() bool { return s.Says("La central no lo sabe") })
	s.Press("F8")
	did("unpause", "by hand back")
	is(app.AgentAvailable)
}
