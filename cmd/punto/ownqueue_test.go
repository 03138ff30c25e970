package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/switchboard/phones"
	"punto/cmd/host"
	"punto/packaging/drive"
)

// An agent's day with the desk's own queue, in a real window and with real telephones: the
// agent says to be there, a call rings and comes up in the window with its caller, the
// agent's telephone answers, the agent tells the case and resolves it by keys, and the
// caller hangs up. The call and the case are one story.
func TestAnAgentsDayWithTheOwnQueue(t *testing.T) {
	if gone := drive.Missing(); gone != "" {
		t.Skipf("SKIPPED: no %s on this machine: `make deps` installs them", gone)
	}
	phones.Need(t, "baresip")
	ctx, dir, bin, server := t.Context(), t.TempDir(), build(t), phones.Host()+":5060"
	prepare(t, dir)
	fill(t, dir, app.SaveAgent{Agent: desk.Agent{Name: "Marta Ríos", Login: "marta", Role: desk.AgentRole, Extension: "101"}, Password: password},
		app.SaveSwitchboard{Switchboard: desk.Switchboard{Name: "propia", Kind: desk.BuiltIn, Address: server, Queues: []desk.PhoneQueue{{Name: "mesa", Number: "700"}}, Phones: []desk.Phone{{Extension: "101"}}}})
	s, err := drive.Open(ctx, "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, err := s.Start(ctx, bin, dir, "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Kill() })
	key := func(k ...string) func() error { return func() error { return w.Key(k...) } }
	typed := func(s string) func() error { return func() error { return w.Type(s) } }
	draft := func(what string, ok func(drive.Draft) bool) func() error {
		return func() error { return w.UntilDraft(ctx, what, ok) }
	}
	shot := func(name string) func() error {
		return func() error {
			if to := os.Getenv("PUNTO_PICTURES"); to != "" {
				return s.Shot(filepath.Join(to, name+".png"))
			}
			return nil
		}
	}
	steps(t, w, func() error { return w.SignIn(ctx, "marta", password) })
	d, err := host.Attach(ctx, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	owner := d.Owner(ctx)
	board := func() app.SwitchboardRow {
		a, err := d.Ask(owner, app.Switchboards{})
		if err != nil {
			t.Fatal(err)
		}
		return a.(app.SwitchboardsAnswer).Rows[0]
	}
	phones.Until(t, "the queue", func() bool { return board().Phase == app.LinkUp })
	a, err := d.Ask(owner, app.PhonePasswords{ID: board().ID})
	if err != nil {
		t.Fatal(err)
	}
	agent := phones.New(t, phones.Setup{Server: server, Extension: "101", Password: a.(app.PhonePasswordsAnswer).Rows[0].Password})
	phones.Until(t, "the agent's telephone", func() bool { return len(board().There) == 1 })
	at := func() (c phone.Call, rows []app.CallRow) {
		a, err := d.Ask(owner, app.Calls{})
		if err != nil {
			t.Fatal(err)
		}
		if rows = a.(app.CallsAnswer).Rows; len(rows) > 0 {
			c = rows[0].Call
		}
		return c, rows
	}

	caller := phones.New(t, phones.Setup{Server: server, Extension: "4471"})
	caller.Do("dial", "sip:700@"+server)
	phones.Until(t, "a caller who waits", func() bool { c, _ := at(); return !c.QueuedAt.IsZero() })
	steps(t, w, key("alt+p"), func() error { return w.UntilTitle(ctx, "Agentes al teléfono") }, shot("dia-espera"), key("F8"),
		draft("the caller in the window", func(d drive.Draft) bool { return d.Person != "" }), shot("dia-suena"))
	agent.Await("CALL_INCOMING", 1)
	agent.Do("accept", "") // the key of the telephone
	agent.Await("CALL_ESTABLISHED", 1)
	phones.Until(t, "the answer", func() bool { c, _ := at(); return c.Answered() })
	subject := "No imprime la de guias"
	steps(t, w, typed(subject), draft("what happens", func(d drive.Draft) bool { return d.What == subject }),
		key("Return"), typed("impresora despacho"), key("Return"), draft("the category", func(d drive.Draft) bool { return d.Category == "impresoras.despacho" }),
		key("2"), key("2"), draft("impact and urgency", func(d drive.Draft) bool { return d.Impact == 2 && d.Urgency == 2 }), shot("dia-caso"),
		key("F9"), func() error { return w.UntilPage(ctx, "¿Cómo se resolvió?") }, typed("se reinicio la cola"), key("Return"),
		func() error {
			return drive.Until(ctx, "the case is resolved", func() (bool, error) {
				r := only(t, d, owner)
				return r.Subject == subject && r.Status == desk.Resolved, nil
			})
		})
	caller.Do("hangup", "")
	phones.Until(t, "the end", func() bool { c, _ := at(); return c.Outcome != phone.NoOutcome })
	steps(t, w, key("ctrl+F3"), shot("dia-llamadas"))
	c, rows := at()
	if c.Outcome != phone.Completed || c.Agent != "Marta Ríos" || c.Caller != "4471" || c.Queue != "mesa" || c.Talk <= 0 || len(rows) != 1 {
		t.Errorf("the call was %+v", rows)
	}
	x, err := d.Ask(owner, app.CallsOf{Case: only(t, d, owner).ID})
	if err != nil {
		t.Fatal(err)
	}
	if of := x.(app.CallsAnswer).Rows; len(of) != 1 || of[0].Call.UniqueID != c.UniqueID {
		t.Errorf("the calls of the case are %+v", of)
	}
}
