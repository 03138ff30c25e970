package rooms_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/keyring"
	"punto/app/mail"
	"punto/packaging/postoffice"
)

// mailing is a desk of several workstations with an account at a real mail server; the
// first sends.
func mailing(t *testing.T, n int) ([]*replica, *postoffice.Office) {
	t.Helper()
	o := postoffice.Open(t)
	all := replicas(t, n)
	for _, r := range all {
		keyring.SetKey(r.Engine, r.log.Key())
	}
	all[0].do(app.SaveMailAccount{Account: accountAt(o), Password: o.Password})
	meet(all...)
	return all, o
}

func accountAt(o *postoffice.Office) desk.MailAccount {
	return desk.MailAccount{Host: "localhost", Port: o.Port, Cert: o.Cert, User: o.User, From: "mesa@obra.example", Name: "Mesa de ayuda — Ñuñoa"}
}

// writes a letter, as a room does that has something to tell.
func (r *replica) writes(what, to string) desk.ID {
	r.t.Helper()
	id := desk.DerivedID("letter", what, to)
	_, err := r.Update(r.t.Context(), engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
		_, err := mail.Write(o, id, desk.Letter{To: to, Subject: "Caso 15: ¿se resolvió? «" + what + "»", Text: "Buenos días, señora Núñez:\n" + what + "\n.\n..fin\n", Thread: "caso 15"})
		return app.Receipt{}, err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *replica) sends() {
	r.t.Helper()
	if _, err := mail.Turn(r.t.Context(), r.Engine); err != nil {
		r.t.Fatal(err)
	}
}

func (r *replica) mail() app.MailAccountAnswer {
	r.t.Helper()
	a, err := r.Ask(r.Owner(r.t.Context()), app.MailAccount{})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.(app.MailAccountAnswer)
}

func (r *replica) letters(state string) []app.Named[desk.Letter] {
	r.t.Helper()
	a, err := r.Ask(r.Owner(r.t.Context()), app.Letters{State: state, Limit: 1000})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.(app.LettersAnswer).Rows
}

// Two workstations that cannot hear each other both lead, and tell the same users of the
// same things: each letter is handed over once, and its words arrive as they were written.
func TestTwoThatLeadSendEachLetterOnce(t *testing.T) {
	all, o := mailing(t, 3)
	for _, r := range all {
		r.led(true)
	}
	const n = 20
	for i := range n {
		for _, r := range all {
			r.writes(fmt.Sprint("hecho ", i), "ana@obra.example")
		}
	}
	for range 3 {
		for _, r := range all {
			r.sends()
		}
	}
	meet(all...)
	for _, r := range all {
		r.writes("hecho 0", "ana@obra.example") // what was told is told again
		if r.mail().Waiting != 0 {
			t.Error("a letter that was sent waits again")
		}
		r.sends()
	}
	seen := map[string]bool{}
	for _, m := range o.Mails(n) {
		id := m.Header.Get("Message-Id")
		if seen[id] || !strings.HasSuffix(id, "@obra.example>") {
			t.Errorf("the message %s came twice, or is nobody's", id)
		}
		seen[id] = true
		if m.Header.Get("In-Reply-To") == "" || m.Header.Get("References") != m.Header.Get("In-Reply-To") || m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("a message of no thread: %v", m.Header)
		}
	}
	if len(seen) != n {
		t.Errorf("%d messages, not %d", len(seen), n)
	}
	meet(all...)
	for i, r := range all {
		if a := r.mail(); a.Waiting != 0 || a.Here != (i == 0) || len(r.letters("sent")) != n {
			t.Errorf("workstation %d: %+v, %d sent", i, a, len(r.letters("sent")))
		}
	}
}

// What a letter says arrives: accents, a line of one dot, who sends it.
func TestALetterArrivesAsItWasWritten(t *testing.T) {
	all, o := mailing(t, 1)
	all[0].writes("una línea que es bastante más larga que lo que cabe en una línea de un correo, con acentos: áéíóú ñ", "ana@obra.example")
	all[0].sends()
	m := o.Mails(1)[0]
	for _, x := range []struct{ header, want string }{
		{"Subject", "=?UTF-8?q?Caso_15:_=C2=BFse_resolvi=C3=B3"}, {"From", "<mesa@obra.example>"}, {"To", "ana@obra.example"},
	} {
		if !strings.Contains(m.Header.Get(x.header), x.want) {
			t.Errorf("%s: %q, not %q", x.header, m.Header.Get(x.header), x.want)
		}
	}
	for _, want := range []string{"se=C3=B1ora N=C3=BA=C3=B1ez:\n", "\n..fin"} {
		if !strings.Contains(m.Body, want) {
			t.Errorf("%q is not in the body:\n%s", want, m.Body)
		}
	}
}

// The server is down for an hour: what waits is told, tried again at longer and longer
// pauses, and sent once it is back; nothing twice.
func TestTheMailServerIsDownForAnHour(t *testing.T) {
	all, o := mailing(t, 1)
	r := all[0]
	o.Stop()
	r.writes("uno", "ana@obra.example")
	tried := 0
	for end := r.clock.Add(time.Hour); r.clock.Before(end); r.clock = r.clock.Add(30 * time.Second) {
		since := r.mail().Since
		r.sends()
		if a := r.mail(); a.Err == "" || a.Waiting != 1 {
			t.Fatalf("nobody is told that the server is down: %+v", a)
		} else if tried == 0 || a.Since != since {
			tried++
		}
	}
	r.writes("dos", "ana@obra.example")
	o.Start()
	for range 61 {
		r.clock = r.clock.Add(30 * time.Second)
		r.sends()
	}
	if a := r.mail(); a.Err != "" || a.Waiting != 0 || a.Dead != 0 {
		t.Errorf("after it is back: %+v", a)
	}
	if n := len(o.Mails(2)); n != 2 {
		t.Errorf("%d letters came, not 2", n)
	}
	if l := r.letters("sent"); len(l) != 2 || l[1].Of.Tries != 1 {
		t.Errorf("a server that is down costs a letter a try: %+v", l)
	}
}

// What a server refuses for ever is listed with what it said and can be sent again; what
// it refuses for now waits; both keep nobody else from being told.
func TestALetterThatNoServerTakesIsListed(t *testing.T) {
	all, o := mailing(t, 1)
	r := all[0]
	bad, late := r.writes("uno", "nobody@obra.example"), r.writes("dos", "later@obra.example")
	r.writes("tres", "ana@obra.example")
	r.sends()
	if n := len(o.Mails(1)); n != 1 {
		t.Fatalf("%d letters came, not 1", n)
	}
	if l := r.letters("dead"); len(l) != 1 || l[0].ID != bad || !strings.Contains(l[0].Of.Reply, "there is no such user") {
		t.Errorf("dead: %+v", l)
	}
	if l := r.letters("waiting"); len(l) != 1 || l[0].ID != late || !strings.Contains(l[0].Of.Reply, "the box is full") || l[0].Of.NextAt <= r.clock.UnixMilli() {
		t.Errorf("waiting: %+v", l)
	}
	r.clock = r.clock.Add(4 * 24 * time.Hour)
	r.sends()
	if l := r.letters("dead"); len(l) != 2 {
		t.Errorf("a letter waits for ever: %+v", l)
	}
	r.do(app.SendAgain{ID: bad})
	if l := r.letters("waiting"); len(l) != 1 || l[0].ID != bad {
		t.Errorf("not sent again: %+v", l)
	}
	r.do(app.DropLetter{ID: bad})
	r.sends()
	if l := r.letters("dropped"); len(l) != 1 || l[0].Of.Tries != 1 {
		t.Errorf("what was taken out was sent: %+v", l)
	}
}

// A server that shows another certificate is told neither the password nor a letter.
func TestAMailServerWithAWrongCertificateIsToldNothing(t *testing.T) {
	all, o := mailing(t, 1)
	r := all[0]
	for _, x := range []struct{ what, cert, says string }{
		{"one that the machine does not trust", "", "does not trust"},
		{"another than the accepted one", strings.Repeat("ab", 32), "another certificate"},
	} {
		a := accountAt(o)
		a.Cert = x.cert
		r.do(app.SaveMailAccount{Account: a})
		r.writes(x.what, "ana@obra.example")
		r.sends()
		if m := r.mail(); !strings.Contains(m.Err, x.says) || len(r.letters("sent")) != 0 {
			t.Errorf("%s: %+v", x.what, m)
		}
	}
	r.do(app.SaveMailAccount{Account: accountAt(o)})
	r.sends() // an account that was changed is tried at once
	if n := len(o.Mails(2)); n != 2 {
		t.Errorf("%d letters came, not 2", n)
	}
	a, err := r.Ask(r.Owner(t.Context()), app.TryMail{Account: func() desk.MailAccount { a := accountAt(o); a.Cert = ""; return a }()})
	if x, _ := a.(app.TryMailAnswer); err != nil || len(x.Steps) != 2 || x.Steps[1].OK || x.Cert != o.Cert || x.Trusted {
		t.Errorf("a try does not show the certificate: %+v, %v", a, err)
	}
	a, err = r.Ask(r.Owner(t.Context()), app.TryMail{Account: accountAt(o), Password: "otra", To: "ana@obra.example"})
	if x, _ := a.(app.TryMailAnswer); err != nil || len(x.Steps) != 3 || x.Steps[2].OK {
		t.Errorf("a wrong password is taken: %+v, %v", a, err)
	}
	a, err = r.Ask(r.Owner(t.Context()), app.TryMail{Account: accountAt(o), To: "ana@obra.example"})
	if x, _ := a.(app.TryMailAnswer); err != nil || len(x.Steps) != 4 || !x.Steps[3].OK {
		t.Errorf("a try that works: %+v, %v", a, err)
	}
	o.Mails(3)
}

// A workstation that joins later can open the password without anybody writing it again;
// one that is not of the site cannot.
func TestAWorkstationThatJoinsOpensThePassword(t *testing.T) {
	all := replicas(t, 2)
	for _, r := range all[:1] {
		keyring.SetKey(r.Engine, r.log.Key())
	}
	late := all[1]
	keyring.SetKey(late.Engine, late.log.Key())
	stranger := desk.MailAccount{Host: "correo.example", Port: 587, User: "punto", From: "mesa@obra.example"}
	all[0].do(app.SaveMailAccount{Account: stranger, Password: "una clave larga"})
	if a := all[0].mail(); !a.Opens || len(a.Of.For) != 2 {
		t.Fatalf("sealed for %d, not 2: %+v", len(a.Of.For), a)
	}
	more := replicas(t, 1)[0] // a machine that joins
	id, _ := more.log.Identity(more.log.Origin())
	all[0].do(app.AddNode{Key: id.Key[:], Name: "nuevo"})
	before := all[0].mail().Of.Secret
	all[0].tick()
	after := all[0].mail()
	if len(after.Of.For) != 3 || string(after.Of.Secret) == string(before) {
		t.Fatalf("sealed for %d, not 3", len(after.Of.For))
	}
	keyring.SetKey(more.Engine, more.log.Key())
	if word, err := keyring.Open(more.Engine, after.Of.Secret); err != nil || word != "una clave larga" {
		t.Errorf("the new workstation opens %q, %v", word, err)
	}
	meet(all...)
	if m := late.refusals(); len(m) != 0 {
		t.Errorf("what was sealed again is refused elsewhere: %+v", m)
	}
	all[0].tick()
	if now := all[0].mail(); string(now.Of.Secret) != string(after.Of.Secret) {
		t.Error("it is sealed again and again")
	}
}

// Accounts and letters that cannot work are refused, and only who looks after the mail
// does.
func TestTheMailIsLookedAfter(t *testing.T) {
	r := replicas(t, 1)[0]
	keyring.SetKey(r.Engine, r.log.Key())
	good := desk.MailAccount{Host: "correo.example", Port: 587, From: "mesa@obra.example"}
	for _, x := range []struct {
		field  string
		change func(*desk.MailAccount)
	}{
		{"host", func(a *desk.MailAccount) { a.Host = "" }}, {"host", func(a *desk.MailAccount) { a.Host = "correo example" }},
		{"port", func(a *desk.MailAccount) { a.Port = 0 }}, {"port", func(a *desk.MailAccount) { a.Port = 70_000 }},
		{"from", func(a *desk.MailAccount) { a.From = "Mesa <mesa@obra.example>" }}, {"from", func(a *desk.MailAccount) { a.From = "mesa" }},
		{"user", func(a *desk.MailAccount) { a.User, a.Security = "punto", desk.NoSecurity }},
		{"password", func(a *desk.MailAccount) { a.User = "punto" }},
		{"cert", func(a *desk.MailAccount) { a.Cert = "ab" }},
	} {
		a := good
		x.change(&a)
		_, err := r.Do(r.Owner(t.Context()), app.SaveMailAccount{Account: a})
		var no *app.Error
		if !errors.As(err, &no) || no.Code != app.Invalid || no.Field != x.field {
			t.Errorf("%+v: %v, not about %s", a, err, x.field)
		}
	}
	if r.writes("antes", "ana@obra.example"); len(r.letters("")) != 0 {
		t.Error("a letter is written where no mail is sent")
	}
	r.do(app.SaveMailAccount{Account: good})
	if r.writes("mal", "ana"); len(r.letters("")) != 0 {
		t.Error("a letter is written to no address")
	}
	id := r.writes("bien", "ana@obra.example")
	agent := r.as(r.agent(desk.AgentRole))
	good.Port = 25
	for _, c := range []app.Command{app.SaveMailAccount{Account: good}, app.SendAgain{ID: id}, app.DropLetter{ID: id}} {
		if _, err := r.Do(agent, c); app.CodeOf(err) != app.NotAllowed {
			t.Errorf("an agent may %s: %v", app.NameOf(c), err)
		}
	}
	for _, q := range []app.Query{app.Letters{}, app.TryMail{Account: good}} {
		if _, err := r.Ask(agent, q); app.CodeOf(err) != app.NotAllowed {
			t.Errorf("an agent may ask %T: %v", q, err)
		}
	}
}

// Rungs that say so are told by mail in the language of whom they tell: a letter each, and
// one for all where many come at once.
func TestAlarmsAreToldByMail(t *testing.T) {
	r := replicas(t, 1)[0]
	r.do(app.SaveMailAccount{Account: desk.MailAccount{Host: "correo.example", Port: 25, Security: desk.NoSecurity, From: "mesa@obra.example"}})
	r.do(app.SaveAgent{Agent: desk.Agent{Name: "Luz Rey", Role: desk.SupervisorRole, Email: "luz@obra.example", Langs: []string{"en"}}})
	r.do(app.SaveAgent{Agent: desk.Agent{Name: "Sin Correo", Role: desk.SupervisorRole}})
	k := r.contract()
	k.Of.Ladders = []desk.Ladder{{Clocks: []string{"resolve"}, Rungs: []desk.Rung{{Percent: 50, To: []string{desk.ToSupervisor}, Ack: 900, Mail: true}, {Percent: 75, To: []string{desk.ToSupervisor}}}},
		{Rungs: []desk.Rung{{Percent: 1_000, To: []string{desk.ToSupervisor}}}}}
	r.do(app.SaveContract{ID: k.ID, Contract: k.Of})
	begin := r.clock
	id, due := r.opens()
	r.clock = begin.Add(due.Sub(begin) / 2)
	r.tick()
	r.tick()
	l := r.letters("")
	if len(l) != 1 || l[0].Of.To != "luz@obra.example" || l[0].Of.Lang != "en" || !strings.Contains(l[0].Of.Text, "50 % of the time") || !strings.Contains(l[0].Of.Text, "Acknowledge it") || !strings.HasPrefix(l[0].Of.Subject, "Case "+string(r.kase(id).Case.Number)) {
		t.Fatalf("%+v", l)
	}
	r.clock = due
	r.tick()
	begin = r.clock
	for range 14 {
		_, due = r.opens()
	}
	r.clock = begin.Add(due.Sub(begin) / 2)
	r.tick()
	if l = r.letters(""); len(l) != 2 || l[0].Of.Subject != "14 cases ask for your attention" || strings.Count(l[0].Of.Text, "No imprime") != 14 {
		t.Errorf("%d letters, %+v", len(l), l[0].Of)
	}
}
