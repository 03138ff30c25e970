package ui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
)

// wizard makes a new desk, or a demonstration.
type wizard struct {
	w                           *Window
	name, zone, login, password *look.Field
	hours                       *look.Choice
	lang                        *look.Choice
	working                     bool
	doing                       string
	said                        complaint
	found                       []zone // that fit what is typed; nil while it is the name of one
	pick                        int
}

func newWizard(w *Window) *wizard {
	z := &wizard{w: w, name: look.NewField(w.palette, w, false), zone: look.NewField(w.palette, w, false), login: look.NewField(w.palette, w, false), password: look.NewSecret(w.palette, w)}
	z.zone.SetText(localZone())
	z.login.SetText("admin")
	z.hours = look.NewChoice(w.palette, w, nil)
	z.lang = look.NewChoice(w.palette, w, []string{"Español", "English", "Português"})
	z.hours.Chosen, z.lang.Chosen = 1, 1
	for i, l := range languages {
		if l == w.words.Lang {
			z.lang.Chosen = i + 1
		}
	}
	z.relabel()
	order := []fyne.Focusable{z.name, z.zone, z.hours, z.lang, z.login, z.password}
	next := func(i int) func() { return func() { w.focus(order[i+1]) } }
	z.name.OnEnter, z.hours.OnEnter, z.lang.OnEnter, z.login.OnEnter = next(0), next(2), next(3), next(4)
	z.zone.OnEnter, z.zone.OnTab = z.chooseZone, z.chooseZone
	z.zone.OnArrow = z.arrow
	z.password.OnEnter = z.make
	z.lang.OnChosen = func(i int) {
		if err := w.setLanguage(languages[i-1]); err != nil {
			w.failed(err)
		}
	}
	for name, f := range map[string]*look.Field{"name": z.name, "zone": z.zone, "login": z.login, "password": z.password} {
		f.OnFocus = func(bool) { w.Refresh() }
		f.OnChanged = func(string) {
			if z.said.field == name {
				z.said = complaint{}
			}
			if name == "zone" {
				z.findZone()
			}
			w.Refresh()
		}
	}
	return z
}

// languages are those of the choice, in its order.
var languages = []string{"es", "en", "pt"}

func (z *wizard) relabel() {
	z.hours.Words = []string{z.w.T("wizard.office"), z.w.T("wizard.always")}
	z.hours.Refresh()
	z.zone.SetPlaceHolder(z.w.T("wizard.zoneHint"))
}

// findZone proposes the zones that fit what is typed.
func (z *wizard) findZone() {
	found, exact := findZones(z.zone.Text, z.w.words.Lang)
	z.found, z.pick = found, 0
	if exact {
		z.found = nil
	}
}

func (z *wizard) arrow(k fyne.KeyName) bool {
	if len(z.found) == 0 { // all of them may be walked through
		z.found, _ = findZones("", z.w.words.Lang)
		for i, x := range z.found {
			if x.name == z.zone.Text {
				z.pick = i
			}
		}
	}
	if k == fyne.KeyDown {
		z.pick = (z.pick + 1) % len(z.found)
	} else {
		z.pick = (z.pick + len(z.found) - 1) % len(z.found)
	}
	z.w.Refresh()
	return true
}

// chooseZone takes the zone on which the mark stands.
func (z *wizard) chooseZone() {
	if len(z.found) > 0 {
		z.zone.SetText(z.found[z.pick].name)
		z.found = nil
	}
	z.w.focus(z.hours)
}

// lacks says at its place what is missing; false when nothing is.
func (z *wizard) lacks() bool {
	w := z.w
	_, known := findZones(z.zone.Text, w.words.Lang)
	for _, c := range []struct {
		bad  bool
		name string
		at   *look.Field
		text string
	}{
		{strings.TrimSpace(z.name.Text) == "", "name", z.name, w.T("wizard.noName")},
		{!known, "zone", z.zone, w.T("wizard.noZone")},
		{strings.TrimSpace(z.login.Text) == "", "login", z.login, w.T("sign.noLogin")},
		{z.password.Text == "", "password", z.password, w.T("err.password")}, // nobody would know the one that the desk makes up
	} {
		if c.bad {
			z.complain(c.name, c.text)
			return true
		}
	}
	return false
}

// complain says what is wrong at its input and goes there.
func (z *wizard) complain(name, text string) {
	at := map[string]*look.Field{"name": z.name, "zone": z.zone, "login": z.login, "password": z.password}[name]
	z.said, z.found = complaint{name, text}, nil
	z.w.focus(at)
}

func (z *wizard) make() {
	if z.working || z.lacks() {
		return
	}
	w := z.w
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
		w.Post(func() {
			if z.made(r, err) {
				w.open(newFirstSteps(w))
			}
		})
	}()
}

// demo makes a demonstration and signs its first agent in.
func (z *wizard) demo() {
	if z.working {
		return
	}
	w := z.w
	if _, known := findZones(z.zone.Text, w.words.Lang); !known {
		z.complain("zone", w.T("wizard.noZone"))
		return
	}
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

// made signs in; false when there is no desk.
func (z *wizard) made(r app.Receipt, err error) bool {
	z.working, z.doing = false, ""
	if known := (*app.Error)(nil); errors.As(err, &known) && known.Field != "" {
		z.complain(known.Field, z.w.sentence(err))
		return false
	}
	if err != nil {
		z.w.failed(err)
		return false
	}
	z.w.signedIn(r.Token, r.ID)
	return true
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
	if folds(p) {
		x, y = 32, r.y+8
	}
	p.Text(x, y, 36, w.T("wizard.title"), look.Style{Size: 26, Bold: true, Color: p.Ink})
	p.Text(x, y+34, 24, w.T("wizard.lead"), look.Style{Color: p.Muted})
	e := entry{p: p, x: x, y: y + 68, label: 140, wide: min(560, r.w-2*x-140)}
	e.row(w.T("wizard.name"), z.name, z.said.wrong("name"))
	e.row(w.T("wizard.zone"), z.zone, z.said.wrong("zone"))
	under := e.y - rowGap
	e.row(w.T("wizard.hours"), z.hours, "")
	e.row(w.T("wizard.lang"), z.lang, "")
	e.row(w.T("wizard.admin"), z.login, z.said.wrong("login"))
	e.row(w.T("wizard.password"), z.password, z.said.wrong("password"))
	if z.zone.Focused && z.said.field != "zone" {
		z.drawZones(p, rect{x + e.label, under, e.wide, 0})
	}
}

const zoneRows = 5

// drawZones shows the zones that fit over what stands under the field, as long as
// it has the keys.
func (z *wizard) drawZones(p *look.Painter, r rect) {
	w := z.w
	if len(z.found) == 0 {
		return
	}
	from := max(0, min(z.pick-zoneRows/2, len(z.found)-zoneRows))
	to := min(len(z.found), from+zoneRows)
	p.CardBox(r.x, r.y, r.w, float32(to-from)*propose+26, true)
	for i := from; i < to; i++ {
		x, y := z.found[i], r.y+2+float32(i-from)*propose
		if i == z.pick {
			p.Selected(r.x+2, y, r.w-4, propose, true)
			p.Key(r.x+r.w-12-look.KeyWidth("Enter"), y+propose/2, "Enter")
		}
		end := p.TextFit(r.x+12, y, r.w*0.5, propose, x.name, look.Style{Bold: i == z.pick}) + 12
		p.TextFit(end, y, r.x+r.w-80-end, propose, strings.Trim(x.place(w.words.Lang)+" · "+x.offset(w.Now()), " ·"), look.Style{Size: 12, Color: p.Muted})
		w.tap(p, r.x, y, r.w, propose, func() {
			z.pick = i
			z.chooseZone()
		})
	}
	p.TextFit(r.x+12, r.y+float32(to-from)*propose+2, r.w-24, 22, w.T("intake.ofAll", "N", z.pick+1, "All", len(z.found)), look.Style{Size: 12, Color: p.Muted})
}
