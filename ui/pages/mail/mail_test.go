package mail

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// postman is a desk that answers about its mail without a server.
type postman struct {
	app.Desk
	mu      sync.Mutex // guards what follows
	now     app.MailAccountAnswer
	letters []app.Named[desk.Letter]
	tried   app.TryMailAnswer
	did     []app.Command
}

func (x *postman) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch q := q.(type) {
	case app.MailAccount:
		return x.now, nil
	case app.Letters:
		var a app.LettersAnswer
		for _, l := range x.letters {
			if q.State == "" || q.State == l.Of.State.String() {
				a.Rows = append(a.Rows, l)
			}
		}
		return a, nil
	case app.TryMail:
		return x.tried, nil
	case app.Nodes:
		return app.NodesAnswer{Nodes: []app.NodeRow{{ID: desk.ID{7}, Name: "Puesto 2"}}}, nil
	}
	return x.Desk.Ask(ctx, q)
}

func (x *postman) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch c := c.(type) {
	case app.SaveMailAccount:
		x.now.Of, x.now.Password = c.Account, c.Password != ""
		x.now.Here, x.now.Opens = true, true
	case app.SendAgain:
		for i := range x.letters {
			if x.letters[i].ID == c.ID {
				x.letters[i].Of.State = desk.LetterWaiting
			}
		}
	case app.DropLetter:
	default:
		return x.Desk.Do(ctx, c)
	}
	x.did = append(x.did, c)
	return app.Receipt{}, nil
}

func (x *postman) last() app.Command {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.did) == 0 {
		return nil
	}
	return x.did[len(x.did)-1]
}

func open(t *testing.T) (*stage.Stage, *postman, *box) {
	t.Helper()
	at := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC).UnixMilli()
	x := &postman{letters: []app.Named[desk.Letter]{
		{ID: desk.ID{1}, Of: desk.Letter{To: "rosa@andes.example", Subject: "Su caso 15-000123: ¿cómo lo atendimos?", WriteAt: at, State: desk.LetterDead, Tries: 1, Reply: "550 there is no such user"}},
		{ID: desk.ID{2}, Of: desk.Letter{To: "luis@andes.example", Subject: "Su caso 15-000124: ¿cómo lo atendimos?", WriteAt: at, State: desk.LetterSent, Tries: 1, Reply: "OK id=1xWfav"}},
	}}
	x.now.Dead = 1
	x.tried = app.TryMailAnswer{Steps: desk.TrySteps{{Name: "reach", OK: true}, {Name: "cert", Why: "the machine does not trust the mail server's certificate: x509: certificate signed by unknown authority"}}, Cert: strings.Repeat("ab", 32)}
	_, board := stage.NewLobby("board")
	s := stage.New(t, true, []page.Kind{board, Kind()}, func(c *ui.Config) { x.Desk, c.Desk = c.Desk, x })
	s.SignIn()
	s.Kit().Go("mail", nil)
	s.Come("the page")
	s.Resize(stage.Small)
	return s, x, s.Page().(*box)
}

func (s *server) input(word, text string) {
	for i, in := range s.form.Inputs {
		if in.Word == s.k.T(word) {
			s.form.Texts[i].SetText(text)
		}
	}
}

func TestTheServerIsTestedAcceptedAndKept(t *testing.T) {
	s, x, b := open(t)
	s.Until("how it goes", func() bool { return s.Says("La mesa no envía correo") })
	s.Press("F4")
	w := b.server
	if w == nil {
		t.Fatal("an administrator has no form of the server")
	}
	s.Until("the workstations", func() bool { return len(w.nodes) > 0 })
	if !w.form.Texts[0].Focused {
		t.Error("the form that the workstations came into has lost the keys")
	}
	w.input("mail.host", "correo.andes.example")
	w.input("link.user", "mesa@andes.example")
	w.input("link.password", "una clave")
	w.input("mail.from", "mesa@andes.example")
	for _, text := range s.Texts() {
		if text == "una clave" {
			t.Error("the password is shown")
		}
	}
	s.Press("F4")
	s.Until("the test", func() bool { return w.tried != nil })
	if !s.Says("Se llega al servidor") || !s.Reads("esta máquina no confía en el certificado") {
		t.Errorf("the test says %q", s.Texts())
	}
	s.Fits("the test")
	s.Press("F8")
	s.Press("F9")
	s.Until("it is kept", func() bool { _, ok := x.last().(app.SaveMailAccount); return ok })
	c := x.last().(app.SaveMailAccount)
	if c.Account.Host != "correo.andes.example" || c.Account.Port != 587 || c.Account.Cert != x.tried.Cert || c.Password != "una clave" || c.Account.From != "mesa@andes.example" {
		t.Errorf("%+v", c)
	}
	s.Until("how it goes", func() bool { return s.Says("El correo sale desde este puesto por correo.andes.example") })
	s.Fits("the letters")
}

func TestALetterThatWasNotSentIsSentAgain(t *testing.T) {
	s, x, b := open(t)
	s.Until("the letters", func() bool { return len(b.Rows) == 2 })
	for _, want := range []string{"rosa@andes.example", "no enviada", "550 there is no such user", "enviada"} {
		if !s.ListSays(b.List, want) {
			t.Errorf("no row says %q: %q", want, b.List.Texts())
		}
	}
	s.Press("F6")
	s.Press("F6")
	s.Until("those that were not sent", func() bool { return len(b.Rows) == 1 && b.Rows[0].ID == desk.ID{1} })
	s.Press("F8")
	s.Until("it is sent again", func() bool { return x.last() == app.Command(app.SendAgain{ID: desk.ID{1}}) && len(b.Rows) == 0 })
	if !s.Says("La carta para rosa@andes.example se envía otra vez.") {
		t.Errorf("it says %q", s.Texts())
	}
}

// What keeps letters from going is said where it can be seen, with what to do.
func TestThatNoMailGoesIsSaid(t *testing.T) {
	s, x, b := open(t)
	set := func(a app.MailAccountAnswer) {
		x.mu.Lock()
		x.now = a
		x.mu.Unlock()
		b.Changed()
	}
	account := desk.MailAccount{Host: "correo.andes.example", From: "mesa@andes.example", Port: 587}
	old := s.Now().Add(-3 * time.Hour).UnixMilli()
	for _, c := range []struct {
		a    app.MailAccountAnswer
		says []string
	}{
		{app.MailAccountAnswer{Of: account, Here: true, Since: old, Err: "dial: connection refused", Waiting: 3}, []string{"El correo no sale desde", "3 cartas en espera"}},
		{app.MailAccountAnswer{Of: account, Sender: "Puesto 2", Waiting: 1, Oldest: old}, []string{"Hay cartas en espera desde", "Una carta en espera", "Las envía Puesto 2: si ese puesto no vuelve"}},
		{app.MailAccountAnswer{Of: account, Here: true, Password: true}, []string{"Este puesto no puede abrir la contraseña"}},
		{app.MailAccountAnswer{Of: account, Sender: "Puesto 2", Waiting: 1, Oldest: s.Now().UnixMilli()}, []string{"El correo sale desde Puesto 2"}},
	} {
		set(c.a)
		for _, want := range c.says {
			s.Until(want, func() bool { return s.Reads(want) })
		}
	}
}
