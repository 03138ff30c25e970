package ui

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
)

// signIn asks who is there. The drafts of before are safe behind it.
type signIn struct {
	w               *Window
	login, password *look.Field
	working         bool
	again           bool // locked, not begun
	said            complaint
	until           time.Time // no try makes sense before
}

func newSignIn(w *Window) *signIn {
	s := &signIn{w: w, login: look.NewField(w.palette, w, false), password: look.NewSecret(w.palette, w), again: len(w.pages) > 0}
	s.login.SetText(w.state.Agent.Login)
	s.login.OnEnter = func() { w.focus(s.password) }
	s.password.OnEnter = s.enter
	for _, f := range []*look.Field{s.login, s.password} {
		f.OnFocus = func(bool) { w.Refresh() }
		f.OnChanged = func(t string) {
			if t != "" {
				s.said = complaint{}
			}
		}
	}
	return s
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
	s.working, s.said = true, complaint{}
	s.w.Refresh()
	w, c := s.w, app.SignIn{Login: s.login.Text, Password: s.password.Text}
	ctx := w.session()
	go func() {
		r, err := w.Desk.Do(ctx, c)
		w.Post(func() {
			s.working = false
			if err != nil {
				s.refused(err)
				return
			}
			s.password.SetText("")
			w.signedIn(r.Token, r.ID)
		})
	}()
}

// refused says at the password why it does not open, and when to try again. What
// was typed stays where the try was not judged.
func (s *signIn) refused(err error) {
	w := s.w
	known := (*app.Error)(nil)
	if errors.As(err, &known) && known.After > 0 {
		s.until = w.Now().Add(time.Duration(known.After) * time.Second)
		s.password.TypedShortcut(&fyne.ShortcutSelectAll{}) // to be tried as it is, or typed over
		w.Refresh()
		return
	}
	if app.CodeOf(err) == app.BadPassword {
		s.password.SetText("")
		s.complain("password", w.sentence(err), s.password)
		return
	}
	w.failed(err)
}

func (s *signIn) complain(field, text string, at fyne.Focusable) {
	s.said = complaint{field, text}
	s.w.focus(at)
}

// wrong is what stands under a field.
func (s *signIn) wrong(field string) string {
	if left := s.until.Sub(s.w.Now()); field == "password" && left > 0 {
		return s.w.T("sign.wait", "At", s.until.In(s.w.zone()).Format("15:04:05"), "Left", duration(left+time.Second-time.Nanosecond))
	}
	return s.said.wrong(field)
}

func (s *signIn) first() fyne.Focusable {
	if s.login.Text != "" {
		return s.password
	}
	return s.login
}
func (s *signIn) called() string { return s.w.T("sign.enter") }
func (s *signIn) show()          {}

// tick tells that the wait is over.
func (s *signIn) tick() {
	if !s.until.IsZero() && !s.w.Now().Before(s.until) {
		s.until = time.Time{}
		s.w.tell(s.w.T("sign.tryAgain"), false)
	}
}

func (s *signIn) status() string {
	switch {
	case s.working:
		return s.w.T("sign.working")
	case s.again:
		return s.w.T("sign.locked")
	}
	return ""
}

func (s *signIn) actions() []action {
	return []action{{key: "Enter", word: s.w.T("sign.enter"), primary: true, do: s.enter},
		{key: "Ctrl F9", word: s.w.T("do.look"), right: true, do: s.w.nextPalette}, {key: "Ctrl F10", word: s.w.T("do.lang"), right: true, do: s.w.nextLanguage}}
}

func (s *signIn) draw(p *look.Painter, r rect) {
	w := s.w
	x := float32(64)
	p.TextFit(x, r.y+72, r.w-2*x, 36, w.T("sign.title", "Desk", w.state.Desk.Name), look.Style{Size: 26, Bold: true, Color: p.Ink})
	e := entry{p: p, x: x, y: r.y + 132, label: 120, wide: 360}
	e.row(w.T("sign.login"), s.login, s.wrong("login"))
	e.row(w.T("sign.password"), s.password, s.wrong("password"))
}
