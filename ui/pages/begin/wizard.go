// Package begin are the pages of a workstation that has no desk yet: make one, or a
// demonstration, or enter that of another workstation; and what to do next.
package begin

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// wizard makes a new desk, or a demonstration.
type wizard struct {
	k                           *page.Kit
	maker                       Maker
	name, zone, login, password *look.Field
	hours                       *look.Choice
	lang                        *look.Choice
	working                     bool
	doing                       string
	said                        page.Complaint
	found                       []zone // that fit what is typed; nil while it is the name of one
	pick                        int
}

// gate is the window as far as only these pages need it: they open it.
type gate interface {
	SetLanguage(lang string) error
	SignedIn(token string, me desk.ID, then string) // opens the desk for an agent, and then a page by its name
	Begin()                                         // asks anew whether there is a desk, and who is there
}

// gateOf is the window; one that is no gate has no place for these pages.
func gateOf(k *page.Kit) gate { return k.Host.(gate) }

// Maker makes a demonstration desk in a time zone and gives who may sign in to it;
// progress may be called by any goroutine.
type Maker func(ctx context.Context, zone string, progress func(done, all int)) (login, password string, err error)

// Wizard is the page that makes a desk. demo nil = a demonstration is not offered;
// joining is where there is the page of Join.
func Wizard(demo Maker) page.Kind {
	return page.Kind{Name: "wizard", Word: "wizard.title", Place: page.Gate, Make: func(k *page.Kit) page.Page { return newWizard(k, demo) }}
}

func newWizard(k *page.Kit, demo Maker) *wizard {
	z := &wizard{k: k, maker: demo, name: k.Field(), zone: k.Field(), login: k.Field(), password: k.Secret()}
	z.zone.SetText(localZone())
	z.login.SetText("admin")
	z.hours = k.Choice()
	z.lang = k.Choice("Español", "English", "Português")
	z.hours.Chosen, z.lang.Chosen = 1, 1
	for i, l := range languages {
		if l == k.Words.Lang {
			z.lang.Chosen = i + 1
		}
	}
	z.Relabel()
	order := []fyne.Focusable{z.name, z.zone, z.hours, z.lang, z.login, z.password}
	next := func(i int) func() { return func() { k.Focus(order[i+1]) } }
	z.name.OnEnter, z.hours.OnEnter, z.lang.OnEnter, z.login.OnEnter = next(0), next(2), next(3), next(4)
	z.zone.OnEnter, z.zone.OnTab = z.chooseZone, z.chooseZone
	z.zone.OnArrow = z.arrow
	z.password.OnEnter = z.make
	z.lang.OnChosen = func(i int) {
		if err := gateOf(k).SetLanguage(languages[i-1]); err != nil {
			k.Failed(err)
		}
	}
	for name, f := range map[string]*look.Field{"name": z.name, "zone": z.zone, "login": z.login, "password": z.password} {
		f.OnChanged = func(string) {
			if z.said.Field == name {
				z.said = page.Complaint{}
			}
			if name == "zone" {
				z.findZone()
			}
			k.Refresh()
		}
	}
	return z
}

// languages are those of the choice, in its order.
var languages = []string{"es", "en", "pt"}

// Relabel sets the words of what stands all the time.
func (z *wizard) Relabel() {
	z.hours.Words = []string{z.k.T("wizard.office"), z.k.T("wizard.always")}
	z.hours.Refresh()
	z.zone.SetPlaceHolder(z.k.T("wizard.zoneHint"))
}

// findZone proposes the zones that fit what is typed.
func (z *wizard) findZone() {
	found, exact := findZones(z.zone.Text, z.k.Words.Lang)
	z.found, z.pick = found, 0
	if exact {
		z.found = nil
	}
}

func (z *wizard) arrow(k fyne.KeyName) bool {
	if len(z.found) == 0 { // all of them may be walked through
		z.found, _ = findZones("", z.k.Words.Lang)
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
	z.k.Refresh()
	return true
}

// chooseZone takes the zone on which the mark stands.
func (z *wizard) chooseZone() {
	if len(z.found) > 0 {
		z.zone.SetText(z.found[z.pick].name)
		z.found = nil
	}
	z.k.Focus(z.hours)
}

// lacks says at its place what is missing; false when nothing is.
func (z *wizard) lacks() bool {
	k := z.k
	_, known := findZones(z.zone.Text, k.Words.Lang)
	for _, c := range []struct {
		bad  bool
		name string
		at   *look.Field
		text string
	}{
		{strings.TrimSpace(z.name.Text) == "", "name", z.name, k.T("wizard.noName")},
		{!known, "zone", z.zone, k.T("wizard.noZone")},
		{strings.TrimSpace(z.login.Text) == "", "login", z.login, k.T("sign.noLogin")},
		{z.password.Text == "", "password", z.password, k.T("err.password")}, // nobody would know the one that the desk makes up
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
	z.said, z.found = page.Complaint{Field: name, Text: text}, nil
	z.k.Focus(at)
}

func (z *wizard) make() {
	if z.working || z.lacks() {
		return
	}
	k := z.k
	c := app.CreateDesk{Name: strings.TrimSpace(z.name.Text), Zone: strings.TrimSpace(z.zone.Text), Lang: k.Words.Lang, AlwaysOpen: z.hours.Chosen == 2,
		Login: strings.TrimSpace(z.login.Text), Password: z.password.Text}
	z.working, z.doing = true, k.T("wizard.working")
	ctx := k.Session()
	go func() {
		_, err := k.Desk.Do(ctx, c)
		var r app.Receipt
		if err == nil {
			r, err = k.Desk.Do(ctx, app.SignIn{Login: c.Login, Password: c.Password})
		}
		k.Post(func() { z.made(r, err, "steps") })
	}()
}

// demo makes a demonstration and signs its first agent in.
func (z *wizard) demo() {
	if z.working {
		return
	}
	k := z.k
	if _, known := findZones(z.zone.Text, k.Words.Lang); !known {
		z.complain("zone", k.T("wizard.noZone"))
		return
	}
	z.working, z.doing = true, k.T("wizard.working")
	zone := strings.TrimSpace(z.zone.Text)
	ctx := k.Session()
	go func() {
		login, password, err := z.maker(ctx, zone, func(done, all int) {
			k.Post(func() {
				z.doing = k.T("wizard.filling", "Done", done, "All", all)
				k.Refresh()
			})
		})
		var r app.Receipt
		if err == nil {
			r, err = k.Desk.Do(ctx, app.SignIn{Login: login, Password: password})
		}
		k.Post(func() { z.made(r, err, "") })
	}()
}

// made signs in, or says why there is no desk.
func (z *wizard) made(r app.Receipt, err error, then string) {
	z.working, z.doing = false, ""
	if known := (*app.Error)(nil); errors.As(err, &known) && known.Field != "" {
		z.complain(known.Field, page.Sentence(z.k.Words, err))
		return
	}
	if err != nil {
		z.k.Failed(err)
		return
	}
	gateOf(z.k).SignedIn(r.Token, r.ID, then)
}

// First implements page.Page.
func (z *wizard) First() fyne.Focusable { return z.name }

// Tick implements page.Page.
func (z *wizard) Tick() {}

// Show implements page.Page.
func (z *wizard) Show(any) {}

// Status implements page.Page.
func (z *wizard) Status() string { return z.doing }

// Actions implements page.Page.
func (z *wizard) Actions() []page.Action {
	as := []page.Action{{Key: "F9", Word: z.k.T("wizard.make"), Primary: true, Do: z.make}}
	if z.maker != nil {
		as = append(as, page.Action{Key: "F10", Word: z.k.T("wizard.demo"), Do: z.demo})
	}
	if z.k.Has("join") {
		as = append(as, page.Action{Key: "F11", Word: z.k.T("wizard.join"), Do: func() {
			if !z.working {
				z.k.Go("join", nil)
			}
		}})
	}
	return append(as, page.Action{Key: "Ctrl F9", Word: z.k.T("do.look"), Right: true})
}

// Draw implements page.Page.
func (z *wizard) Draw(p *look.Painter, r page.Rect) {
	k := z.k
	x, y := float32(64), r.Y+48
	if p.Small() {
		x, y = 32, r.Y+8
	}
	p.Text(x, y, 36, k.T("wizard.title"), look.Style{Size: 26, Bold: true, Color: p.Ink})
	p.Text(x, y+34, 24, k.T("wizard.lead"), look.Style{Color: p.Muted})
	e := page.Entry{Painter: p, X: x, Y: y + 68, Label: 140, Wide: min(560, r.W-2*x-140)}
	e.Row(k.T("wizard.name"), z.name, z.said.Wrong("name"))
	e.Row(k.T("wizard.zone"), z.zone, z.said.Wrong("zone"))
	under := e.Y - page.RowGap
	e.Row(k.T("wizard.hours"), z.hours, "")
	e.Row(k.T("wizard.lang"), z.lang, "")
	e.Row(k.T("wizard.admin"), z.login, z.said.Wrong("login"))
	e.Row(k.T("wizard.password"), z.password, z.said.Wrong("password"))
	if z.zone.Focused && z.said.Field != "zone" {
		z.drawZones(p, page.At(x+e.Label, under, e.Wide, 0))
	}
}

const zoneRows = 5

// drawZones shows the zones that fit over what stands under the field, as long as
// it has the keys.
func (z *wizard) drawZones(p *look.Painter, r page.Rect) {
	k := z.k
	if len(z.found) == 0 {
		return
	}
	from := max(0, min(z.pick-zoneRows/2, len(z.found)-zoneRows))
	to := min(len(z.found), from+zoneRows)
	p.CardBox(r.X, r.Y, r.W, float32(to-from)*page.ProposalH+26, true)
	for i := from; i < to; i++ {
		x, y := z.found[i], r.Y+2+float32(i-from)*page.ProposalH
		if i == z.pick {
			p.Selected(r.X+2, y, r.W-4, page.ProposalH, true)
			p.Key(r.X+r.W-12-look.KeyWidth("Enter"), y+page.ProposalH/2, "Enter")
		}
		end := p.TextFit(r.X+12, y, r.W*0.5, page.ProposalH, x.name, look.Style{Bold: i == z.pick}) + 12
		p.TextFit(end, y, r.X+r.W-80-end, page.ProposalH, strings.Trim(x.place(k.Words.Lang)+" · "+x.offset(k.Now()), " ·"), look.Style{Size: 12, Color: p.Muted})
		p.Tap(r.X, y, r.W, page.ProposalH, func() {
			z.pick = i
			z.chooseZone()
		})
	}
	p.TextFit(r.X+12, r.Y+float32(to-from)*page.ProposalH+2, r.W-24, 22, k.T("intake.ofAll", "N", z.pick+1, "All", len(z.found)), look.Style{Size: 12, Color: p.Muted})
}
