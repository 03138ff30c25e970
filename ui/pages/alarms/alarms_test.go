package alarms

import (
	"context"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// tower is a desk that tells its agent of what a test says.
type tower struct {
	app.Desk
	mu   sync.Mutex // guards what follows
	rows []app.InboxRow
	did  []app.Command
}

func (x *tower) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch q := q.(type) {
	case app.Inbox:
		return x.inbox(), nil
	case app.Status:
		a, err := x.Desk.Ask(ctx, q)
		if s, ok := a.(app.StatusAnswer); ok {
			in := x.inbox()
			s.Asking, s.Unread = in.Asking, in.Unread
			return s, err
		}
		return a, err
	}
	return x.Desk.Ask(ctx, q)
}

func (x *tower) inbox() (a app.InboxAnswer) {
	a.Rows = append(a.Rows, x.rows...)
	for _, r := range a.Rows {
		if r.Asks {
			a.Asking++
		}
		if r.Unread {
			a.Unread++
		}
	}
	return a
}

func (x *tower) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch c := c.(type) {
	case app.AckAlarm:
		for i := range x.rows {
			if r := &x.rows[i]; r.ID == c.ID {
				r.Asks, r.Alarm.AckAt, r.Alarm.AckBy = false, r.FiredAt+60_000, r.Alarm.To[0]
			}
		}
	case app.ReadAlarms:
		for i := range x.rows {
			x.rows[i].Unread = false
		}
	default:
		return x.Desk.Do(ctx, c)
	}
	x.did = append(x.did, c)
	return app.Receipt{}, nil
}

func (x *tower) add(r app.InboxRow) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rows = append([]app.InboxRow{r}, x.rows...)
}

func open(t *testing.T) (*stage.Stage, *tower, *[]string) {
	t.Helper()
	x := &tower{}
	var notes []string
	_, board := stage.NewLobby("board")
	s := stage.New(t, true, []page.Kind{board, Kind()}, func(c *ui.Config) {
		x.Desk, c.Desk = c.Desk, x
		c.Notify = func(_, text string) { notes = append(notes, text) }
	})
	s.SignIn()
	return s, x, &notes
}

// told is an alarm of a case that is really there, half of whose time is over.
func told(s *stage.Stage, n byte, asks bool) app.InboxRow {
	k := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "Servidor de guías no responde", Impact: 1, Urgency: 1}})
	now := s.Now()
	r := app.InboxRow{Unread: true, Asks: asks, AlarmRow: app.AlarmRow{ID: desk.ID{n}, Number: k.Number, Subject: "Servidor de guías no responde", Priority: 1, Status: desk.New, FiredAt: now.UnixMilli(),
		Alarm: desk.Alarm{Case: k.ID, Clock: "resolve/1", Percent: 75, Rung: 1, DueAt: now.UnixMilli(), To: []desk.ID{{9}}}}}
	if asks {
		r.Alarm.AckDue = now.Add(15 * time.Minute).UnixMilli()
	}
	return r
}

func TestAnAlarmIsAcknowledgedWithOneKey(t *testing.T) {
	s, x, _ := open(t)
	x.add(told(s, 1, false))
	x.add(told(s, 2, true))
	s.Press("Alt A")
	s.Come("the page")
	l := s.Page().(*list)
	s.Until("two alarms", func() bool { return len(l.Rows) == 2 })
	for _, want := range []string{"Servidor de guías no responde", "75 %", "quedan 15 min para reconocer", "no pide reconocer"} {
		s.Until(want, func() bool { return s.ListSays(l.List, want) || s.Reads(want) })
	}
	s.Resize(fyne.NewSize(1600, 900))
	s.Until("the ladder", func() bool { return s.Reads("Empieza el reloj") && s.Reads("100 % · 2.ª") })
	if !s.Reads("El plazo sigue: vence") || !s.Says("Ahora") {
		t.Errorf("beside it stands %q", s.Texts())
	}
	s.Press("F8")
	s.Until("it is acknowledged", func() bool { return len(l.Rows) == 2 && !l.Rows[0].Asks })
	s.Press("F7")
	s.Until("all is read", func() bool { return l.unread == 0 })
	if len(x.did) != 2 {
		t.Errorf("it did %v", x.did)
	}
	s.Resize(stage.Small)
	s.Fits("the alarms")
}

// What is new is said in a line and to the system, once; what waited when the agent came
// is not.
func TestANewAlarmIsToldOnce(t *testing.T) {
	s, x, notes := open(t)
	s.Come("the board")
	x.add(told(s, 1, true))
	s.Until("the window tells", func() bool { s.Later(1); return s.Reads("Una alarma nueva") })
	if len(*notes) != 1 {
		t.Errorf("the system was told %q", *notes)
	}
	x.add(told(s, 2, false))
	x.add(told(s, 3, false))
	s.Until("the window tells of two", func() bool { s.Later(1); return s.Reads("alarmas nuevas") || len(*notes) >= 2 })
	n := len(*notes)
	for range 5 {
		s.Later(1)
	}
	if len(*notes) != n {
		t.Errorf("it tells again: %q", *notes)
	}
}
