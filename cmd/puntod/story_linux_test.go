package main_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
)

// ledger keeps what was acknowledged, and by whom.
type ledger struct {
	mu    sync.Mutex // guards what follows
	cases map[desk.ID]desk.Number
	notes map[string]desk.ID
}

// work registers cases and notes on a station until stop is closed. What fails is
// not acknowledged: the station may have been killed.
func (l *ledger) work(s *station, stop <-chan struct{}) {
	var mine []desk.ID
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		r, err := s.do(app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprintf("caso %d del puesto %d", i, s.n), Impact: 2, Urgency: 2}})
		if err != nil {
			time.Sleep(50 * time.Millisecond) // real processes on a real clock
			continue
		}
		l.mu.Lock()
		l.cases[r.ID] = r.Number
		l.mu.Unlock()
		mine = append(mine, r.ID)
		text := fmt.Sprintf("nota %d del puesto %d", i, s.n)
		if _, err := s.do(app.AddNote{Case: mine[i%len(mine)], Text: text}); err == nil {
			l.mu.Lock()
			l.notes[text] = mine[i%len(mine)]
			l.mu.Unlock()
		}
		time.Sleep(20 * time.Millisecond) // a desk is not busier than that
	}
}

// check tells what of the ledger a station lacks.
func (l *ledger) check(t *testing.T, s *station) {
	t.Helper()
	texts := map[desk.ID]map[string]bool{}
	for id, n := range l.cases {
		a := ask[app.OneCaseAnswer](s, app.OneCase{ID: id})
		if a.Case.Number != n {
			t.Errorf("host %d has case %s with the number %s and not %s", s.n, id, a.Case.Number, n)
		}
		texts[id] = map[string]bool{}
		for _, m := range a.Timeline {
			texts[id][m.Text] = true
		}
	}
	for text, id := range l.notes {
		if !texts[id][text] {
			t.Errorf("host %d has lost %q", s.n, text)
		}
	}
}

// Three workstations in three hosts: all register, one is cut off while both sides
// change the same case, the cable is back, one is killed in the middle of it, and
// the leader is killed. Nothing that was acknowledged is lost, all fold the same,
// the conflict is listed, numbers are unique, each alarm is one.
func TestThreeWorkstationsCutHealedAndKilledKeepOneDesk(t *testing.T) {
	if !inNamespaces(t) {
		return
	}
	ss := site(t)
	a, b, c := ss[0], ss[1], ss[2]
	within(t, 20*time.Second, "all three hold the same", func() bool { return same(ss) })
	within(t, 20*time.Second, "all three are alive", func() bool { return alive(a) == 3 && alive(c) == 3 })
	contracts := ask[app.RecordsAnswer](a, app.Records{Type: desk.ContractType}).Contracts
	k := contracts[0].Of
	for i := range k.Targets { // promises of seconds, so that alarms fall due here
		k.Targets[i].TakeUp, k.Targets[i].Resolve = 2, 4
	}
	a.must(app.SaveCalendar{ID: k.Calendar, Calendar: sla.AlwaysOpen("America/Lima")})
	a.must(app.SaveContract{ID: contracts[0].ID, Contract: k})
	shared := a.must(app.OpenCase{Opened: desk.Opened{Subject: "El servidor de archivos no responde", Impact: 2, Urgency: 2}})
	within(t, 10*time.Second, "the shared case is everywhere", func() bool { return same(ss) })

	l := &ledger{cases: map[desk.ID]desk.Number{shared.ID: shared.Number}, notes: map[string]desk.ID{}}
	stop := make(chan struct{})
	var workers sync.WaitGroup
	for _, s := range ss {
		workers.Go(func() { l.work(s, stop) })
	}
	time.Sleep(2 * time.Second) // a while of work
	cut(t, 3)
	within(t, 30*time.Second, "the third knows that it is alone", func() bool { return ask[app.NodesAnswer](c, app.Nodes{}).Alone })
	agents := map[*station]desk.ID{}
	for i, s := range []*station{a, c} {
		r := s.must(app.SaveAgent{Agent: desk.Agent{Name: fmt.Sprint("agente ", i), Login: fmt.Sprint("agente", i), Role: desk.AgentRole}, Password: password})
		agents[s] = r.ID
	}
	conflict(t, a, c, shared.ID)
	time.Sleep(2 * time.Second) // a while of work apart
	heal(t, 3)
	b.kill()
	healed := within(t, 40*time.Second, "the third is back", func() bool { return !ask[app.NodesAnswer](c, app.Nodes{}).Alone })
	time.Sleep(time.Second) // a while of work of two
	b.start()
	time.Sleep(time.Second) // and of three again
	close(stop)
	workers.Wait()
	settled := within(t, 60*time.Second, "all three hold the same again", func() bool { return same(ss) })

	a.kill() // it led
	lead := within(t, 15*time.Second, "another workstation leads", func() bool {
		x := ask[app.NodesAnswer](b, app.Nodes{})
		return x.Leader != (desk.ID{}) && x.Leader == leaderOf(c) && x.Leader != coordinatorOf(x)
	})
	a.start()
	within(t, 30*time.Second, "every threshold has its alarm everywhere", func() bool { return same(ss) && alarmed(a, len(l.cases)) })

	numbers := map[desk.Number]desk.ID{}
	for id, n := range l.cases {
		if other, taken := numbers[n]; taken {
			t.Errorf("cases %s and %s have the number %s", id, other, n)
		}
		numbers[n] = id
	}
	for _, s := range ss {
		l.check(t, s)
		if rows := ask[app.ConflictsAnswer](s, app.Conflicts{}).Rows; len(rows) == 0 {
			t.Errorf("host %d lists no conflict", s.n)
		}
		seen := map[string]bool{}
		for _, r := range ask[app.AlarmsAnswer](s, app.Alarms{Limit: 100_000}).Rows {
			id := fmt.Sprint(r.Alarm.Case, r.Alarm.Clock, r.Alarm.Percent)
			if seen[id] {
				t.Errorf("host %d has two alarms of %s", s.n, id)
			}
			seen[id] = true
		}
	}
	t.Logf("%d cases and %d notes acknowledged on three hosts; back %v after the cable, all the same %v after the last of them, another lead %v after the kill of the leader",
		len(l.cases), len(l.notes), healed.Round(10*time.Millisecond), settled.Round(10*time.Millisecond), lead.Round(10*time.Millisecond))
}

// conflict has two people, on two stations that do not hear each other, set one
// field of one case.
func conflict(t *testing.T, a, c *station, id desk.ID) {
	t.Helper()
	why := "lo pide el usuario"
	for i, s := range []*station{a, c} {
		p := 1 + 3*i
		ctx, d, err := s.door()
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Do(ctx, app.SignIn{Login: fmt.Sprint("agente", i), Password: password})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Do(app.WithSession(t.Context(), r.Token), app.EditCase{Case: id, Edit: desk.Edited{Priority: &p, Why: &why}}); err != nil {
			t.Fatal(err)
		}
	}
}

func alive(s *station) (n int) {
	for _, x := range ask[app.NodesAnswer](s, app.Nodes{}).Nodes {
		if x.Alive {
			n++
		}
	}
	return n
}

func leaderOf(s *station) desk.ID { return ask[app.NodesAnswer](s, app.Nodes{}).Leader }

func coordinatorOf(a app.NodesAnswer) desk.ID {
	for _, n := range a.Nodes {
		if n.Coordinator {
			return n.ID
		}
	}
	return desk.ID{}
}

// alarmed tells whether each case has alarms of both its clocks at both levels.
func alarmed(s *station, cases int) bool {
	return len(ask[app.AlarmsAnswer](s, app.Alarms{Limit: 100_000}).Rows) >= 4*cases-4
}
