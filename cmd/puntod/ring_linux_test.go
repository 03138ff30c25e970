package main_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/local"
	"punto/app/switchboard/fakepbx"
)

// bell tells, on a station where an agent is signed in, which calls ring at the agent as
// soon as they do.
func bell(t *testing.T, s *station, login string) <-chan string {
	t.Helper()
	c, err := local.Dial(t.Context(), s.data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	r, err := c.Do(t.Context(), app.SignIn{Login: login, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	ctx := app.WithSession(t.Context(), r.Token)
	out, begun := make(chan string, 1000), make(chan struct{})
	go func() {
		known := map[string]bool{}
		for x := range c.Watch(ctx, app.Interest{Types: []desk.Type{desk.CallType}}) {
			if x.Snapshot && len(known) == 0 {
				close(begun)
				known[""] = true
			}
			a, err := c.Ask(ctx, app.Ringing{})
			if err != nil {
				return
			}
			for _, r := range a.(app.RingingAnswer).Rows {
				if !known[r.UniqueID] {
					known[r.UniqueID] = true
					out <- r.UniqueID
				}
			}
		}
	}()
	<-begun
	return out
}

// The exchange rings at an agent who works on another workstation than the one that holds
// the link: it is known there at once, and still when the holder has died.
func TestACallRingsOnAnotherWorkstationAtOnce(t *testing.T) {
	if !inNamespaces(t) {
		return
	}
	ss := site(t)
	a, b := ss[0], ss[1]
	sh(t, "ip addr add 10.7.0.254/24 dev br0")
	const rings = 200
	var x fakepbx.Script
	for i := range rings + 20 {
		x.Call(fakepbx.Call{ID: fmt.Sprintf("%d.1", i), Queue: "mesa", Caller: fmt.Sprintf("0155500%03d", i), Agent: "Ana Pérez", Phone: "PJSIP/101", At: time.Now(), Wait: time.Second, Talk: time.Second})
	}
	p, err := fakepbx.At("10.7.0.254:0", []byte(x.String()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	within(t, 20*time.Second, "all three are alive", func() bool { return alive(a) == 3 && alive(b) == 3 })
	a.must(app.SaveAgent{Agent: desk.Agent{Name: "Ana Pérez", Login: "ana", Role: desk.AgentRole}, Password: password})
	a.must(app.SaveSwitchboard{Switchboard: desk.Switchboard{Name: "central", Kind: desk.AsteriskAMI, Address: p.Address(), User: fakepbx.User}, Password: fakepbx.Secret})
	within(t, 20*time.Second, "all three hold the same", func() bool { return same(ss) })
	on := b
	if leaderOf(b) == ask[app.NodesAnswer](b, app.Nodes{}).Me {
		on = ss[2]
	}
	rang := bell(t, on, "ana")
	links := func() {
		t.Helper()
		ctx, stop := context.WithTimeout(t.Context(), 40*time.Second)
		defer stop()
		if err := p.Wait(ctx, 1); err != nil {
			t.Fatal(err)
		}
	}
	links()
	var took []time.Duration
	for i := range rings {
		begun := time.Now()
		p.Play(fakepbx.RingMessages)
		select {
		case id := <-rang:
			if took = append(took, time.Since(begun)); id != fmt.Sprintf("%d.1", i) {
				t.Fatalf("call %s rang, not %d.1", id, i)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("call %d.1 never rang", i)
		}
		p.Play(fakepbx.CallMessages - fakepbx.RingMessages)
		time.Sleep(20 * time.Millisecond) // a desk is not busier than that
	}
	slices.Sort(took)
	p50, p99 := took[rings/2], took[rings*99/100]
	t.Logf("from the exchange's message to another workstation's door, %d rings: p50 %v, p99 %v, most %v", rings, p50.Round(time.Millisecond), p99.Round(time.Millisecond), took[rings-1].Round(time.Millisecond))
	if p50 > 300*time.Millisecond {
		t.Errorf("half of the rings took longer than %v", p50)
	}
	holder := ss[0]
	for _, s := range ss {
		if ask[app.SwitchboardsAnswer](s, app.Switchboards{}).Rows[0].Here {
			holder = s
		}
	}
	if holder == on {
		t.Fatal("the agent works where the link is held")
	}
	holder.kill()
	within(t, 5*time.Second, "the exchange notices", func() bool {
		ctx, stop := context.WithTimeout(t.Context(), time.Millisecond)
		defer stop()
		return p.Wait(ctx, 0) == nil
	})
	begun := time.Now()
	links()
	t.Logf("another workstation held the link %v after the holder died", time.Since(begun).Round(10*time.Millisecond))
	p.Play(fakepbx.RingMessages)
	select {
	case id := <-rang:
		if id != fmt.Sprintf("%d.1", rings) {
			t.Errorf("call %s rang", id)
		}
	case <-time.After(20 * time.Second):
		t.Error("after the holder died nothing rang")
	}
	holder.start()
}
