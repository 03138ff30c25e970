package ui

import (
	"strings"

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
}

func newSignIn(w *Window) *signIn {
	s := &signIn{w: w, login: look.NewField(w.palette, w, false), password: look.NewSecret(w.palette, w), again: len(w.pages) > 0}
	s.login.SetText(w.state.Agent.Login)
	s.login.OnEnter = func() { w.focus(s.password) }
	s.password.OnEnter = s.enter
	for _, f := range []*look.Field{s.login, s.password} {
		f.OnFocus = func(bool) { w.Refresh() }
	}
	return s
}

func (s *signIn) enter() {
	if s.working {
		return
	}
	s.working = true
	s.w.Refresh()
	w, c := s.w, app.SignIn{Login: s.login.Text, Password: s.password.Text}
	ctx := w.session()
	go func() {
		r, err := w.Desk.Do(ctx, c)
		w.Post(func() {
			s.working = false
			s.password.SetText("")
			if err != nil {
				w.failed(err)
				return
			}
			w.signedIn(r.Token, r.ID)
		})
	}()
}

func (s *signIn) first() fyne.Focusable {
	if s.login.Text != "" {
		return s.password
	}
	return s.login
}
func (s *signIn) called() string { return s.w.T("sign.enter") }
func (s *signIn) tick()          {}
func (s *signIn) show()          {}
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
	x, y := float32(64), r.y+72
	p.TextFit(x, y, r.w-2*x, 36, w.T("sign.title", "Desk", w.state.Desk.Name), look.Style{Size: 26, Bold: true, Color: p.Ink})
	y += 60
	for _, f := range []struct {
		label string
		field *look.Field
	}{{w.T("sign.login"), s.login}, {w.T("sign.password"), s.password}} {
		p.Text(x, y, rowH, f.label, look.Style{Color: p.Muted})
		p.FieldBox(x+120, y, 360, rowH, f.field.Focused)
		p.Place(f.field, x+122, y, 356, rowH)
		y += rowH + rowGap
	}
}

// wizard makes a new desk, or a demonstration.
type wizard struct {
	w                           *Window
	name, zone, login, password *look.Field
	hours                       *look.Choice
	lang                        *look.Choice
	working                     bool
	doing                       string
}

func newWizard(w *Window) *wizard {
	z := &wizard{w: w, name: look.NewField(w.palette, w, false), zone: look.NewField(w.palette, w, false), login: look.NewField(w.palette, w, false), password: look.NewSecret(w.palette, w)}
	z.zone.SetText(localZone())
	z.login.SetText("admin")
	z.hours = look.NewChoice(w.palette, w, nil)
	z.lang = look.NewChoice(w.palette, w, []string{"Español", "English", "Português"})
	z.hours.Chosen, z.lang.Chosen = 1, 1
	z.relabel()
	order := []fyne.Focusable{z.name, z.zone, z.hours, z.lang, z.login, z.password}
	next := func(i int) func() { return func() { w.focus(order[i+1]) } }
	z.name.OnEnter, z.zone.OnEnter, z.hours.OnEnter, z.lang.OnEnter, z.login.OnEnter = next(0), next(1), next(2), next(3), next(4)
	z.password.OnEnter = z.make
	z.lang.OnChosen = func(i int) {
		if err := w.setLanguage([]string{"es", "en", "pt"}[i-1]); err != nil {
			w.failed(err)
		}
	}
	for _, f := range []*look.Field{z.name, z.zone, z.login, z.password} {
		f.OnFocus = func(bool) { w.Refresh() }
	}
	return z
}

func (z *wizard) relabel() {
	z.hours.Words = []string{z.w.T("wizard.office"), z.w.T("wizard.always")}
	z.hours.Refresh()
}

func (z *wizard) make() {
	if z.working {
		return
	}
	w := z.w
	if z.password.Text == "" { // nobody would know the one that the desk makes up
		w.tell(w.T("err.password"), true)
		w.focus(z.password)
		return
	}
	c := app.CreateDesk{Name: strings.TrimSpace(z.name.Text), Zone: strings.TrimSpace(z.zone.Text), Lang: w.words.Lang, AlwaysOpen: z.hours.Chosen == 2,
		Login: strings.TrimSpace(z.login.Text), Password: z.password.Text}
	z.working, z.doing = true, w.T("wizard.working")
	ctx := w.session()
	go func() {
		_, err := w.Desk.Do(ctx, c)
		var r app.Receipt
		if err == nil {
			r, err = w.Desk.Do(ctx, app.SignIn{Login: c.Login, Password: c.Password})
		}
		w.Post(func() { z.made(r, err) })
	}()
}

// demo makes a demonstration and signs its first agent in.
func (z *wizard) demo() {
	if z.working {
		return
	}
	w := z.w
	z.working, z.doing = true, w.T("wizard.working")
	zone := strings.TrimSpace(z.zone.Text)
	ctx := w.session()
	go func() {
		login, password, err := w.Demo(ctx, zone, func(done, all int) {
			w.Post(func() {
				z.doing = w.T("wizard.filling", "Done", done, "All", all)
				w.Refresh()
			})
		})
		var r app.Receipt
		if err == nil {
			r, err = w.Desk.Do(ctx, app.SignIn{Login: login, Password: password})
		}
		w.Post(func() { z.made(r, err) })
	}()
}

func (z *wizard) made(r app.Receipt, err error) {
	z.working, z.doing = false, ""
	if err != nil {
		z.w.failed(err)
		return
	}
	z.w.signedIn(r.Token, r.ID)
}

func (z *wizard) first() fyne.Focusable { return z.name }
func (z *wizard) called() string        { return z.w.T("wizard.title") }
func (z *wizard) tick()                 {}
func (z *wizard) show()                 {}
func (z *wizard) status() string        { return z.doing }

func (z *wizard) actions() []action {
	as := []action{{key: "F9", word: z.w.T("wizard.make"), primary: true, do: z.make}}
	if z.w.Demo != nil {
		as = append(as, action{key: "F10", word: z.w.T("wizard.demo"), do: z.demo})
	}
	if z.w.Join != nil {
		as = append(as, action{key: "F11", word: z.w.T("wizard.join"), do: func() {
			if !z.working {
				z.w.open(newJoin(z.w, z))
			}
		}})
	}
	return append(as, action{key: "Ctrl F9", word: z.w.T("do.look"), right: true, do: z.w.nextPalette})
}

func (z *wizard) draw(p *look.Painter, r rect) {
	w := z.w
	x, y := float32(64), r.y+48
	p.Text(x, y, 36, w.T("wizard.title"), look.Style{Size: 26, Bold: true, Color: p.Ink})
	p.Text(x, y+36, 24, w.T("wizard.lead"), look.Style{Color: p.Muted})
	y += 84
	place := func(label string, o fyne.CanvasObject, focused, box bool) {
		p.Text(x, y, rowH, label, look.Style{Color: p.Muted})
		if box {
			p.FieldBox(x+140, y, 560, rowH, focused)
			p.Place(o, x+142, y, 556, rowH)
		} else {
			p.Place(o, x+140, y, 560, rowH)
		}
		y += rowH + rowGap
	}
	place(w.T("wizard.name"), z.name, z.name.Focused, true)
	place(w.T("wizard.zone"), z.zone, z.zone.Focused, true)
	place(w.T("wizard.hours"), z.hours, false, false)
	place(w.T("wizard.lang"), z.lang, false, false)
	place(w.T("wizard.admin"), z.login, z.login.Focused, true)
	place(w.T("wizard.password"), z.password, z.password.Focused, true)
}
