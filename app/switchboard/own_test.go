package switchboard_test

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
	"punto/app/switchboard/phones"
)

// own is a desk with an exchange of its own, which this workstation holds.
func (s *seat) own(change func(*desk.Switchboard)) (link desk.ID, server string) {
	s.Helper()
	server = phones.Host() + ":5060"
	x := desk.Switchboard{Name: "propia", Kind: desk.BuiltIn, Address: server, Queues: []desk.PhoneQueue{{Name: "mesa", Number: "700", WrapUp: 3}}, Phones: []desk.Phone{{Extension: "101"}}}
	if change != nil {
		change(&x)
	}
	return s.Do(s.Owner, app.SaveSwitchboard{Switchboard: x}).ID, server
}

// password is that of a telephone, as an administrator is told it.
func (s *seat) password(link desk.ID, ext string) string {
	s.Helper()
	for _, p := range roomtest.Ask[app.PhonePasswordsAnswer](s.Seat, s.Owner, app.PhonePasswords{ID: link}).Rows {
		if p.Extension == ext {
			return p.Password
		}
	}
	s.Fatalf("%s has no password", ext)
	return ""
}

// A caller waits in the desk's own queue, the agent who is at work is rung and answers, and
// all comes out as with any exchange: it rings at the agent, the agent is at a call, the
// call is a call.
func TestTheDesksOwnQueueIsAnExchange(t *testing.T) {
	phones.Need(t, "baresip", "sipp")
	s := newSeat(t)
	s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Phones: []string{"4471"}}})
	link, server := s.own(nil)
	s.keep()
	until(s, s.Owner, "the queue", app.Switchboards{}, func(a app.SwitchboardsAnswer) bool { return a.Rows[0].Phase == app.LinkUp })
	p := phones.New(t, phones.Setup{Server: server, Extension: "101", Password: s.password(link, "101")})
	phones.Until(t, "the telephone in the list", func() bool {
		row := roomtest.Ask[app.SwitchboardsAnswer](s.Seat, s.Owner, app.Switchboards{}).Rows[0]
		return len(row.There) == 1 && row.There[0] == "101" && row.Gap == nil
	})
	done := phones.Callers(t, phones.Call{Server: server, Number: "700", Stay: 4000})
	until(s, s.Owner, "a call that waits", app.Calls{}, func(a app.CallsAnswer) bool { return len(a.Rows) == 1 })
	if rings := roomtest.Ask[app.RingingAnswer](s.Seat, s.ana, app.Ringing{}).Rows; len(rings) != 0 {
		t.Errorf("it rings at who is not at work: %+v", rings)
	}
	s.Do(s.ana, app.SetShift{Do: "in"})
	ring := until(s, s.ana, "the ring", app.Ringing{}, func(a app.RingingAnswer) bool { return len(a.Rows) > 0 }).Rows[0]
	if ring.Caller != "4471" || ring.Queue != "mesa" || len(ring.People) != 1 {
		t.Errorf("it rings as %+v", ring)
	}
	p.Await("CALL_INCOMING", 1)
	p.Do("accept", "")
	until(s, s.Owner, "the agent at a call", app.Shifts{}, func(a app.ShiftsAnswer) bool { return a.Rows[0].State == app.AgentOnCall })
	done()
	c := until(s, s.Owner, "the end", app.Calls{}, func(a app.CallsAnswer) bool { return a.Rows[0].Call.Outcome != phone.NoOutcome }).Rows[0].Call
	if c.Outcome != phone.Completed || c.Agent != "Ana Pérez" || c.Queue != "mesa" || c.PBX != "propia" || c.WrapUp != 3*time.Second || c.Talk == 0 || (c.Wait+c.Talk-4*time.Second).Abs() > time.Second {
		t.Errorf("it came out as %+v", c)
	}
	s.Do(s.ana, app.SetShift{Do: "break", Reason: "almuerzo"})
	busy := phones.Callers(t, phones.Call{Server: server, Number: "700", Stay: 1000})
	busy()
	c = until(s, s.Owner, "the end", app.Calls{}, func(a app.CallsAnswer) bool { return len(a.Rows) == 2 && a.Rows[0].Call.Outcome != phone.NoOutcome }).Rows[0].Call
	if c.Outcome != phone.Abandoned || c.RingFails != 0 {
		t.Errorf("with nobody at work it came out as %+v", c)
	}
}

func TestWhatOfAnOwnExchangeIsRefused(t *testing.T) {
	s := newSeat(t)
	link, _ := s.own(nil)
	good := roomtest.Ask[app.SwitchboardsAnswer](s.Seat, s.Owner, app.Switchboards{}).Rows[0]
	if !good.Password || good.Of.Node.IsZero() {
		t.Errorf("it has no secret, or is nobody's: %+v", good)
	}
	for name, x := range map[string]struct {
		says   string
		code   app.Code
		change func(*desk.Switchboard)
	}{
		"an address of the world":   {"local network", app.Invalid, func(s *desk.Switchboard) { s.Address = "203.0.113.9:5060" }},
		"all addresses":             {"local network", app.Invalid, func(s *desk.Switchboard) { s.Address = "0.0.0.0:5060" }},
		"no port":                   {"local network", app.Invalid, func(s *desk.Switchboard) { s.Address = "127.0.0.1:0" }},
		"a number of two":           {"two queues", app.Conflict, func(s *desk.Switchboard) { s.Phones = append(s.Phones, desk.Phone{Extension: "700"}) }},
		"a name of two":             {"one name", app.Conflict, func(s *desk.Switchboard) { s.Queues = append(s.Queues, s.Queues[0]) }},
		"no number":                 {"digits alone", app.Invalid, func(s *desk.Switchboard) { s.Phones[0].Extension = "ana" }},
		"an overflow into itself":   {"no other queue", app.Invalid, func(s *desk.Switchboard) { s.Queues[0].Overflow = "mesa" }},
		"a wait without end":        {"at most", app.Invalid, func(s *desk.Switchboard) { s.Queues[0].MostWait = 1 << 40 }},
		"half a path":               {"whole path", app.Invalid, func(s *desk.Switchboard) { s.Queues[0].Greeting = "saludo.wav" }},
		"a calendar that is not":    {"calendar", app.NotFound, func(s *desk.Switchboard) { s.Queues[0].Calendar = desk.ID{9} }},
		"queues of somebody else's": {"own exchange", app.Invalid, func(s *desk.Switchboard) { s.Kind, s.Log = desk.AsteriskLog, "/var/log/queue_log" }},
		"no gateway":                {"gateway", app.Invalid, func(s *desk.Switchboard) { s.Peer = "casa" }},
	} {
		t.Run(name, func(t *testing.T) {
			y := good.Of
			y.Queues, y.Phones = append([]desk.PhoneQueue(nil), y.Queues...), append([]desk.Phone(nil), y.Phones...)
			x.change(&y)
			s.Refused(s.Owner, x.code, x.says, app.SaveSwitchboard{ID: link, Switchboard: y})
		})
	}
	first := s.password(link, "101")
	again := good.Of
	again.Phones = []desk.Phone{{Extension: "101", Turn: 1}, {Extension: "102", Turn: 1}}
	s.Do(s.Owner, app.SaveSwitchboard{ID: link, Switchboard: again})
	if a, b := s.password(link, "101"), s.password(link, "102"); a == first || a == b || len(a) != 16 {
		t.Errorf("the passwords are %q before, and %q and %q", first, a, b)
	}
	if _, err := s.E.Ask(s.ana, app.PhonePasswords{ID: link}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("an agent sees passwords: %v", err)
	}
}

// A telephone that answers by itself leaves no time to look who calls: the call comes up
// all the same.
func TestACallThatIsAnsweredAtOnceComesUp(t *testing.T) {
	phones.Need(t, "baresip", "sipp")
	s := newSeat(t)
	link, server := s.own(nil)
	s.keep()
	until(s, s.Owner, "the queue", app.Switchboards{}, func(a app.SwitchboardsAnswer) bool { return a.Rows[0].Phase == app.LinkUp })
	phones.New(t, phones.Setup{Server: server, Extension: "101", Password: s.password(link, "101"), Auto: true})
	s.Do(s.ana, app.SetShift{Do: "in"})
	done := phones.Callers(t, phones.Call{Server: server, Number: "700", Stay: 2000})
	until(s, s.Owner, "the answer", app.Calls{}, func(a app.CallsAnswer) bool { return len(a.Rows) == 1 && a.Rows[0].Call.Answered() })
	if rings := roomtest.Ask[app.RingingAnswer](s.Seat, s.ana, app.Ringing{}).Rows; len(rings) != 1 || rings[0].Caller != "4471" {
		t.Errorf("it comes up as %+v", rings)
	}
	done()
	until(s, s.Owner, "the end", app.Calls{}, func(a app.CallsAnswer) bool { return a.Rows[0].Call.Outcome != phone.NoOutcome })
	if rings := roomtest.Ask[app.RingingAnswer](s.Seat, s.ana, app.Ringing{}).Rows; len(rings) != 0 {
		t.Errorf("it comes up still: %+v", rings)
	}
}
