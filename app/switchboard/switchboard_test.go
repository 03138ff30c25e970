package switchboard_test

import (
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/keyring"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
	"punto/app/switchboard"
	"punto/app/switchboard/fakepbx"
	"punto/packaging/outside"
)

// seat is a desk with its administrator and an agent whose telephone is 101.
type seat struct {
	*roomtest.Seat
	ana context.Context
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Time{}, app.CreateDesk{Zone: "America/Lima", AlwaysOpen: true})}
	keyring.SetKey(s.E, s.Store.Key())
	s.ana = s.Agent(desk.Agent{Name: "Ana Pérez", Extension: "101", Role: desk.AgentRole})
	return s
}

// until asks until an answer will do, each time that something has changed.
func until[A any](s *seat, ctx context.Context, what string, q app.Query, ok func(A) bool) (a A) {
	s.Helper()
	watch, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	for range s.E.Watch(watch, app.Interest{}) {
		if a = roomtest.Ask[A](s.Seat, ctx, q); ok(a) {
			return a
		}
	}
	s.Fatalf("it never came to %s: %+v", what, a)
	return a
}

// keep holds the links until it is ended.
func (s *seat) keep() (end func()) {
	ctx, stop := context.WithCancel(s.Context())
	var g sync.WaitGroup
	g.Go(func() { switchboard.Keep(ctx, s.E) })
	end = sync.OnceFunc(func() { stop(); g.Wait() })
	s.Cleanup(end)
	return end
}

func (s *seat) exchange(text string) *fakepbx.PBX {
	s.Helper()
	p, err := fakepbx.New([]byte(text))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(p.Close)
	return p
}

func (s *seat) listening(p *fakepbx.PBX) { s.Helper(); s.links(p, 1) }

// links waits until so many links listen.
func (s *seat) links(p *fakepbx.PBX, n int) {
	s.Helper()
	ctx, stop := context.WithTimeout(s.Context(), time.Minute)
	defer stop()
	if err := p.Wait(ctx, n); err != nil {
		s.Fatal(err)
	}
}

func linkTo(p *fakepbx.PBX) app.SaveSwitchboard {
	return app.SaveSwitchboard{Switchboard: desk.Switchboard{Name: "central", Kind: desk.AsteriskAMI, Address: p.Address(), User: fakepbx.User, Dials: true}, Password: fakepbx.Secret}
}

func TestACallComesInOverTheLink(t *testing.T) {
	s := newSeat(t)
	for _, name := range []string{"Rosa Quispe", "Luis Quispe"} {
		s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: name, Phones: []string{"+51 1 555-0303"}}})
	}
	var x fakepbx.Script
	begun := time.Now().Add(-time.Minute).Truncate(time.Microsecond)
	x.Call(fakepbx.Call{ID: "1.1", Queue: "mesa", Caller: "015550303", Name: "Rosa", Agent: "Ana Perez", Phone: "PJSIP/101", At: begun, Wait: 6 * time.Second, Talk: 20 * time.Second})
	p := s.exchange(x.String())
	link := s.Do(s.Owner, linkTo(p)).ID
	s.keep()
	s.listening(p)
	p.Play(fakepbx.RingMessages)
	rings := until(s, s.ana, "the ring", app.Ringing{}, func(a app.RingingAnswer) bool { return len(a.Rows) > 0 }).Rows
	if r := rings[0]; len(rings) != 1 || r.Caller != "015550303" || r.Queue != "mesa" || len(r.People) != 2 || r.ID != app.CallID("central", "1.1") {
		t.Errorf("it rings as %+v", rings)
	}
	p.Play(p.Len())
	calls := until(s, s.ana, "the end", app.Calls{}, func(a app.CallsAnswer) bool { return len(a.Rows) > 0 && a.Rows[0].Call.Outcome != phone.NoOutcome }).Rows
	if c := calls[0].Call; len(calls) != 1 || c.Outcome != phone.Completed || c.Agent != "Ana Perez" || c.Wait != 6*time.Second || c.Talk != 20*time.Second || c.PBX != "central" {
		t.Errorf("it came out as %+v", calls)
	}
	if again := roomtest.Ask[app.RingingAnswer](s.Seat, s.ana, app.Ringing{}).Rows; len(again) != 0 {
		t.Errorf("it rings still: %+v", again)
	}
	row := until(s, s.Owner, "the link", app.Switchboards{}, func(a app.SwitchboardsAnswer) bool { return a.Rows[0].Phase == app.LinkUp }).Rows[0]
	if !row.Here || !row.Password || row.Version != "9.0.0" || row.Err != "" || row.Gap != nil {
		t.Errorf("the link is told as %+v", row)
	}
	if said := roomtest.Ask[app.SwitchboardLinesAnswer](s.Seat, s.Owner, app.SwitchboardLines{ID: link}).Rows; len(said) == 0 || !strings.Contains(said[len(said)-1].Text, "Hangup") {
		t.Errorf("the stream is told as %+v", said)
	}
	if _, err := s.E.Ask(s.ana, app.SwitchboardLines{ID: link}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("an agent looks at the stream: %v", err)
	}
	p.Say("Event: QueueMemberPause\r\nTimestamp: " + fmt.Sprint(time.Now().Unix()) + "\r\nQueue: mesa\r\nMemberName: Ana Perez\r\nInterface: PJSIP/101\r\nPaused: 0\r\n\r\n")
}

// The password goes nowhere but to the exchange.
func TestThePasswordIsSealed(t *testing.T) {
	s := newSeat(t)
	p := s.exchange("")
	c := linkTo(p)
	s.Refused(s.ana, app.NotAllowed, "may not", c)
	empty := c
	empty.Password = ""
	s.Refused(s.Owner, app.Invalid, "no password", empty)
	id := s.Do(s.Owner, c).ID
	s.Refused(s.Owner, app.Conflict, "already", c)
	a := roomtest.Ask[app.SwitchboardsAnswer](s.Seat, s.Owner, app.Switchboards{})
	b, err := json.Marshal(a)
	if err != nil || strings.Contains(string(b), fakepbx.Secret) || strings.Contains(string(b), "age-encryption") {
		t.Errorf("it is told as %s, %v", b, err)
	}
	err = s.E.Log.Read(func(r desk.Reader) error {
		es, err := r.Events(desk.Entity{Type: desk.SwitchboardType, ID: id})
		for _, e := range es {
			if strings.Contains(string(e.Body), fakepbx.Secret) {
				t.Error("it is in the log in clear")
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// A change of something else keeps it; another workstation's key opens nothing.
	c.ID, c.Password, c.Switchboard.Dials = id, "", false
	s.Do(s.Owner, c)
	if x := roomtest.Ask[app.TrySwitchboardAnswer](s.Seat, s.Owner, app.TrySwitchboard{ID: id, Switchboard: c.Switchboard}); len(x.Steps) != 5 || !x.Steps[4].OK {
		t.Errorf("the try came to %+v", x)
	}
	if x := roomtest.Ask[app.TrySwitchboardAnswer](s.Seat, s.Owner, app.TrySwitchboard{ID: id, Switchboard: c.Switchboard, Password: "otra"}); len(x.Steps) != 2 || x.Steps[1].OK || !strings.Contains(x.Steps[1].Why, "manager.conf") {
		t.Errorf("the try with another password came to %+v", x)
	}
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	keyring.SetKey(s.E, other)
	if _, err := s.E.Ask(s.Owner, app.TrySwitchboard{ID: id, Switchboard: c.Switchboard}); app.CodeOf(err) != app.Conflict {
		t.Errorf("another workstation's key: %v", err)
	}
}

func TestTheExchangeDoesWhatAnAgentAsks(t *testing.T) {
	s := newSeat(t)
	p := s.exchange("Event: QueueMemberAdded\r\nTimestamp: 1795388550.5\r\nQueue: mesa\r\nMemberName: Ana Perez\r\nInterface: Local/101@agents/n\r\nPaused: 0\r\n\r\n")
	p.Play(1)
	c := linkTo(p)
	id := s.Do(s.Owner, c).ID
	luis := s.E.As(t.Context(), s.Do(s.Owner, app.SaveAgent{Agent: desk.Agent{Name: "Luis", Role: desk.AgentRole}}).ID)
	s.Do(s.ana, app.ControlSwitchboard{ID: id, Do: "pause", Reason: "almuerzo"})
	s.Do(s.ana, app.ControlSwitchboard{ID: id, Do: "unpause"})
	s.Do(s.ana, app.ControlSwitchboard{ID: id, Do: "dial", Number: "+51 (1) 555-0303"})
	want := []string{"action=QueuePause interface=Local/101@agents/n paused=1 reason=almuerzo", "action=QueuePause interface=Local/101@agents/n paused=0",
		"action=Originate channel=PJSIP/101 exten=+5115550303 context=from-internal callerid=+5115550303"}
	if got := p.Actions(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("it was asked for %q", got)
	}
	s.Refused(luis, app.Conflict, "no queue", app.ControlSwitchboard{ID: id, Do: "pause"})
	s.Refused(s.Owner, app.NotAllowed, "at the telephone", app.ControlSwitchboard{ID: id, Do: "pause"})
	s.Refused(s.ana, app.Invalid, "control character", app.ControlSwitchboard{ID: id, Do: "dial", Number: "600\r\nAction: QueueReset"})
	s.Refused(s.ana, app.Invalid, "no number", app.ControlSwitchboard{ID: id, Do: "dial", Number: "&Local/x"})
	s.Refused(s.ana, app.Invalid, "control character", app.ControlSwitchboard{ID: id, Do: "pause", Reason: "x\r\nAction: Command"})
	c.ID, c.Password, c.Switchboard.Dials = id, "", false
	s.Do(s.Owner, c)
	s.Refused(s.ana, app.NotAllowed, "does not dial", app.ControlSwitchboard{ID: id, Do: "dial", Number: "600"})
}

// A cut is told as a gap; what goes on is learnt; a workstation that begins anew knows
// what was told before.
func TestAGapIsTold(t *testing.T) {
	s := newSeat(t)
	var x fakepbx.Script
	begun := time.Now().Add(-10 * time.Minute).Truncate(time.Microsecond)
	for i := range 3 {
		x.Call(fakepbx.Call{ID: fmt.Sprintf("%d.1", i), Queue: "mesa", Caller: fmt.Sprint("0155501", i), Agent: "Ana Perez", Phone: "PJSIP/101", At: begun.Add(time.Duration(i) * time.Minute), Wait: 6 * time.Second, Talk: 20 * time.Second})
	}
	p := s.exchange(x.String())
	s.Do(s.Owner, linkTo(p))
	end := s.keep()
	s.listening(p)
	p.Play(fakepbx.CallMessages + fakepbx.RingMessages)
	until(s, s.ana, "the second call", app.Ringing{}, func(a app.RingingAnswer) bool { return len(a.Rows) == 1 })
	end()
	s.links(p, 0)
	p.Play(fakepbx.CallMessages - fakepbx.RingMessages) // it was answered and ended while nobody listened
	s.keep()
	s.listening(p)
	gaps := until(s, s.Owner, "the gap", app.Gaps{From: begun.UnixMilli()}, func(a app.GapsAnswer) bool { return len(a.Rows) > 0 }).Rows
	p.Play(p.Len())
	calls := until(s, s.ana, "the end", app.Calls{}, func(a app.CallsAnswer) bool {
		return len(a.Rows) == 3 && a.Rows[0].Call.Outcome == phone.Completed
	}).Rows
	if calls[1].Call.Outcome != phone.Unknown || calls[2].Call.Outcome != phone.Completed {
		t.Errorf("they came out as %+v", calls)
	}
	second := begun.Add(time.Minute)
	if g := gaps[0].Of; len(gaps) != 1 || g.PBX != "central" || g.Open != 1 || g.From < second.UnixMilli() || g.From > second.Add(4*time.Second).UnixMilli() || g.To < second.Add(26*time.Second).UnixMilli() {
		t.Errorf("the gaps are %+v; the call began at %d", gaps, second.UnixMilli())
	}
	g := gaps[0].Of
	month := roomtest.Ask[app.MonthAnswer](s.Seat, s.Owner, app.Month{Month: time.UnixMilli(g.From).UTC().Format("2006-01")})
	if len(month.Gaps) != 1 || month.Gaps[0].PBX != "central" || month.Gaps[0].Open != 1 || month.Gaps[0].To < g.From {
		t.Errorf("the month tells of %+v", month.Gaps)
	}
	for _, f := range month.Indices {
		if f.ID == "unknown" && f.Num != 1 || f.ID == "service_level_strict" && *f.Den != 2 {
			t.Errorf("%s is %v of %v: what nobody saw end is in no share", f.ID, f.Num, f.Den)
		}
	}
}

// The captures, through the door and into the desk: 17 scenarios, each call once.
func TestACapturedDayIsInTheDesk(t *testing.T) {
	s := newSeat(t)
	z, err := gzip.NewReader(outside.Open(t, "asterisk-live/ast20-local.ami.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	p := s.exchange(string(b))
	s.Do(s.Owner, linkTo(p))
	s.keep()
	s.listening(p)
	p.Play(p.Len())
	ends := map[phone.Outcome]int{}
	until(s, s.Owner, "all ends", app.Calls{Limit: 500}, func(a app.CallsAnswer) bool {
		clear(ends)
		for _, r := range a.Rows {
			if strings.HasPrefix(r.Call.Caller, "09812345") {
				ends[r.Call.Outcome]++
			}
		}
		return ends[phone.Completed] == 7 && ends[phone.NoOutcome] == 0 && len(a.Rows) >= 17
	})
	want := map[phone.Outcome]int{phone.Completed: 7, phone.Abandoned: 6, phone.Busy: 1, phone.Closed: 1, phone.Overflow: 1, phone.Withdrawn: 1}
	if fmt.Sprint(ends) != fmt.Sprint(want) {
		t.Errorf("they ended as %v, not %v", ends, want)
	}
}

// Where the exchange's queue_log can be read, it fills what the link has missed: nothing
// is unknown and no gap is told.
func TestTheLogFillsWhatTheLinkMisses(t *testing.T) {
	s := newSeat(t)
	var x fakepbx.Script
	begun := time.Now().Add(-10 * time.Minute).Truncate(time.Second)
	path := filepath.Join(t.TempDir(), "queue_log")
	log := ""
	for i := range 3 {
		at := begun.Add(time.Duration(i) * time.Minute)
		x.Call(fakepbx.Call{ID: fmt.Sprintf("%d.1", i), Queue: "mesa", Caller: fmt.Sprint("0155501", i), Agent: "Ana Perez", Phone: "PJSIP/101", At: at, Wait: 6 * time.Second, Talk: 20 * time.Second})
		log += fmt.Sprintf("%d|%d.1|mesa|NONE|ENTERQUEUE||0155501%d|1\n%d|%d.1|mesa|Ana Perez|CONNECT|6|x|3\n%d|%d.1|mesa|Ana Perez|COMPLETECALLER|6|20|1\n", at.Unix(), i, i, at.Unix()+6, i, at.Unix()+26, i)
	}
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	p := s.exchange(x.String())
	c := linkTo(p)
	c.Switchboard.Log = path
	s.Do(s.Owner, c)
	end := s.keep()
	s.listening(p)
	p.Play(fakepbx.CallMessages + fakepbx.RingMessages)
	done := func(a app.CallsAnswer) bool {
		n := 0
		for _, r := range a.Rows {
			if r.Call.Outcome == phone.Completed && r.Call.Agent == "Ana Perez" && (r.Call.Wait-6*time.Second).Abs() <= time.Second && (r.Call.Talk-20*time.Second).Abs() <= time.Second {
				n++
			}
		}
		return n == 3
	}
	until(s, s.Owner, "all calls of the log", app.Calls{}, done)
	end()
	s.links(p, 0)
	p.Play(fakepbx.CallMessages)
	s.keep()
	s.listening(p)
	p.Play(p.Len())
	p.Close()
	until(s, s.Owner, "the end", app.Switchboards{}, func(a app.SwitchboardsAnswer) bool {
		return a.Rows[0].Phase == app.LinkDown && a.Rows[0].Err != "" && a.Rows[0].Calls > 0
	})
	if a := roomtest.Ask[app.CallsAnswer](s.Seat, s.Owner, app.Calls{}); !done(a) || len(a.Rows) != 3 {
		t.Errorf("they came out as %+v", a.Rows)
	}
}

// A link is held by the workstation that is named, else by the one that leads, and by
// nobody when it is off.
func TestWhoHoldsALink(t *testing.T) {
	s := newSeat(t)
	p := s.exchange("")
	c := linkTo(p)
	me, _ := s.E.Log.Signer(s.E.Log.Origin())
	for _, x := range []struct {
		node desk.ID
		off  bool
		want string
	}{{desk.ID{}, false, app.LinkDown}, {me.Node, false, app.LinkDown}, {desk.ID{9}, false, app.LinkAway}, {me.Node, true, app.LinkOff}} {
		c.Switchboard.Node, c.Switchboard.Off = x.node, x.off
		c.ID = s.Do(s.Owner, c).ID
		if r := roomtest.Ask[app.SwitchboardsAnswer](s.Seat, s.Owner, app.Switchboards{}).Rows[0]; r.Phase != x.want || r.Here != (x.want == app.LinkDown) {
			t.Errorf("named %v, off %v: it is %s, here %v", x.node, x.off, r.Phase, r.Here)
		}
	}
}

// A softphone's link brings up its caller for who is signed in here; a link of something else
// does nothing.
func TestALinkBringsUpItsCaller(t *testing.T) {
	s := newSeat(t)
	s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Extension: "4471"}})
	anybody := t.Context()
	id := s.Do(s.Owner, app.SaveAgent{Agent: desk.Agent{Name: "Eva Ruiz", Role: desk.AgentRole}}).ID
	eva := app.WithSession(t.Context(), s.E.Begin(id))
	s.Do(anybody, app.PopCaller{URL: "tel:4471"})
	rows := roomtest.Ask[app.RingingAnswer](s.Seat, eva, app.Ringing{}).Rows
	if len(rows) != 1 || rows[0].Caller != "4471" || len(rows[0].People) != 1 || rows[0].People[0].Person.Name != "Rosa Quispe" {
		t.Errorf("%+v", rows)
	}
	for _, bad := range []string{"file:///etc/passwd", "punto:run?number=1", ""} {
		s.Refused(anybody, app.Invalid, "tells of no caller", app.PopCaller{URL: bad})
	}
}
