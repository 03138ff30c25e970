package ui

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

// signIn asks who is there. The drafts of before are safe behind it.
type signIn struct {
	w               *Window
	login, password *look.Field
	working         bool
	again           bool // locked, not begun
	said            page.Complaint
	until           time.Time // no try makes sense before
}

func newSignIn(w *Window) *signIn {
	s := &signIn{w: w, login: w.kit.Field(), password: w.kit.Secret(), again: len(w.kept) > 0}
	s.login.SetText(w.kit.State.Agent.Login)
	s.login.OnEnter = func() { w.Focus(s.password) }
	s.password.OnEnter = s.enter
	for _, f := range []*look.Field{s.login, s.password} {
		f.OnChanged = func(t string) {
			if t != "" {
				s.said = page.Complaint{}
			}
		}
	}
	return s
}

// Enter signs in with a name and a password, as if somebody had typed them.
func (s *signIn) Enter(login, password string) {
	s.login.SetText(login)
	s.password.SetText(password)
	s.enter()
}

func (s *signIn) enter() {
	switch {
	case s.working:
		return
	case s.login.Text == "":
		s.complain("login", s.w.T("sign.noLogin"), s.login)
		return
	case s.password.Text == "":
		s.complain("password", s.w.T("sign.noPassword"), s.password)
		return
	}
	s.working, s.said = true, page.Complaint{}
	s.w.Refresh()
	w, c := s.w, app.SignIn{Login: s.login.Text, Password: s.password.Text}
	ctx := w.Session()
	go func() {
		r, err := w.conf.Desk.Do(ctx, c)
		w.conf.Post(func() {
			s.working = false
			if err != nil {
				s.refused(err)
				return
			}
			s.password.SetText("")
			w.SignedIn(r.Token, r.ID, "")
		})
	}()
}

// refused says at the password why it does not open, and when to try again. What
// was typed stays where the try was not judged.
func (s *signIn) refused(err error) {
	w := s.w
	known := (*app.Error)(nil)
	if errors.As(err, &known) && known.After > 0 {
		s.until = w.kit.Now().Add(time.Duration(known.After) * time.Second)
		s.password.TypedShortcut(&fyne.ShortcutSelectAll{}) // to be tried as it is, or typed over
		w.Refresh()
		return
	}
	if app.CodeOf(err) == app.BadPassword {
		s.password.SetText("")
		s.complain("password", page.Sentence(w.kit.Words, err), s.password)
		return
	}
	w.Failed(err)
}

func (s *signIn) complain(field, text string, at fyne.Focusable) {
	s.said = page.Complaint{Field: field, Text: text}
	s.w.Focus(at)
}

// wrong is what stands under a field.
func (s *signIn) wrong(field string) string {
	if left := s.until.Sub(s.w.kit.Now()); field == "password" && left > 0 {
		return s.w.T("sign.wait", "At", s.until.In(s.w.kit.Zone()).Format("15:04:05"), "Left", page.Duration(left+time.Second-time.Nanosecond))
	}
	return s.said.Wrong(field)
}

func (s *signIn) First() fyne.Focusable {
	if s.login.Text != "" {
		return s.password
	}
	return s.login
}
func (s *signIn) Called() string { return s.w.T("sign.enter") }
func (s *signIn) Show(any)       {}

// Tick tells that the wait is over.
func (s *signIn) Tick() {
	if !s.until.IsZero() && !s.w.kit.Now().Before(s.until) {
		s.until = time.Time{}
		s.w.Tell(s.w.T("sign.tryAgain"), false)
	}
}

func (s *signIn) Status() string {
	switch {
	case s.working:
		return s.w.T("sign.working")
	case s.again:
		return s.w.T("sign.locked")
	}
	return ""
}

func (s *signIn) Actions() []page.Action {
	return []page.Action{{Key: "Enter", Word: s.w.T("sign.enter"), Primary: true, Do: s.enter},
		{Key: "Ctrl F9", Word: s.w.T("do.look"), Right: true}, {Key: "Ctrl F10", Word: s.w.T("do.lang"), Right: true}}
}

func (s *signIn) Draw(p *look.Painter, r page.Rect) {
	w := s.w
	x := float32(64)
	p.TextFit(x, r.Y+72, r.W-2*x, 36, w.T("sign.title", "Desk", w.kit.State.Desk.Name), look.Style{Size: 26, Bold: true, Color: p.Ink})
	e := page.Entry{Painter: p, X: x, Y: r.Y + 132, Label: 120, Wide: 360}
	e.Row(w.T("sign.login"), s.login, s.wrong("login"))
	e.Row(w.T("sign.password"), s.password, s.wrong("password"))
}
