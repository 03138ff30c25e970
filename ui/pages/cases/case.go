package cases

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
	"punto/ui/page"
)

// casePage is one case: its clocks, its history, what is linked, and what may be
// done now.
type casePage struct {
	k     *page.Kit
	id    desk.ID
	a     *app.OneCaseAnswer
	note  *look.Field
	asked page.Latest
	told  *lines // what happened, the newest at the foot
	data  *lines // what is linked, and the description

	system System
	thumbs map[[32]byte]*canvas.Image // nil = asked for, or not to be had

	alarms   []app.AlarmRow  // the first one first
	beside   []app.BesideRow // who else has it open
	attended app.Beside      // what the desk was told last
	toldAt   time.Time

	folded bool // the window is small
	links  bool // in a small window what is linked stands in the place of the history
}

// Kind is the page of one case; its argument is the case's desk.ID.
func Kind(s System) page.Kind {
	return page.Kind{Name: "case", Word: "area.cases", Make: func(k *page.Kit) page.Page { return newCase(k, s) }}
}

func newCase(k *page.Kit, s System) *casePage {
	c := &casePage{k: k, system: s, note: k.Field(), told: newLines(k), data: newLines(k), thumbs: map[[32]byte]*canvas.Image{}}
	c.note.Limit = page.Paragraph
	c.note.OnEnter = func() { c.say(false) }
	c.Relabel()
	return c
}

// Relabel sets the words of what stands all the time.
func (c *casePage) Relabel() {
	c.note.SetPlaceHolder(c.k.T("case.noteHint"))
	c.told.forget()
	c.data.forget()
}

// First implements page.Page.
func (c *casePage) First() fyne.Focusable { return c.note }

// Called is the case's number, as soon as it is known.
func (c *casePage) Called() string {
	if c.a == nil {
		return c.k.T("area.cases")
	}
	return string(c.a.Case.Number)
}

// Tick implements page.Page: others are told that the case is open here.
func (c *casePage) Tick() { c.attend() }

// Changed asks for the case again.
func (c *casePage) Changed() { c.load() }

// Show implements page.Page: its argument is the id of the case.
func (c *casePage) Show(arg any) {
	if id, ok := arg.(desk.ID); ok {
		c.turn(id)
		return
	}
	c.load()
}

// turn turns to a case: what was half typed on it is there again.
func (c *casePage) turn(id desk.ID) {
	if c.id != id {
		c.leave()
		c.id = id
	}
	c.keeps(c.note, "note")
	c.load()
}

// leave turns to no case.
func (c *casePage) leave() {
	c.asked.Drop()
	c.id, c.a, c.beside, c.alarms = desk.ID{}, nil, nil, nil
	c.told.forget()
	c.data.forget()
	c.note.OnChanged = nil // what was typed is kept
	c.note.SetText("")
}

// load asks for the case; of several that were turned to only the last is of use.
func (c *casePage) load() {
	if c.id.IsZero() {
		return
	}
	page.AskLatest(c.k, &c.asked, app.OneCase{ID: c.id}, func(a app.OneCaseAnswer) {
		if a.ID == c.id {
			c.a = &a
			c.lay()
			c.loadAlarms()
		}
	})
}

// lay has the texts of the page set anew: the case says something else.
func (c *casePage) lay() {
	c.told.changed()
	c.data.changed()
	maps.DeleteFunc(c.thumbs, func(_ [32]byte, t *canvas.Image) bool { return t == nil }) // what had not come may be here
}

// Status implements page.Page.
func (c *casePage) Status() string {
	if c.a == nil {
		return ""
	}
	return c.k.T("saved.at", "At", c.k.Second(time.UnixMilli(c.a.Case.LastAt)))
}

// Draw implements page.Page.
func (c *casePage) Draw(p *look.Painter, r page.Rect) {
	k := c.k
	number := k.T("wait.loading")
	if c.a != nil {
		number = string(c.a.Case.Number)
	}
	r = page.Tabs(p, r, []page.TabLabel{{Word: k.T(k.Here)}, {Word: number}}, 1, func(i int) {
		if i == 0 {
			k.Leave()
		}
	}, page.Action{Key: "Esc", Word: k.T("do.back")})
	c.drawBody(p, page.At(page.Margin, r.Y+8, r.W-2*page.Margin, r.H-20))
}

// besideW is up to which width a case stands beside something else.
const besideW = 1300

// drawBody draws the case itself.
func (c *casePage) drawBody(p *look.Painter, r page.Rect) {
	k := c.k
	if c.a == nil {
		if !c.id.IsZero() {
			p.Text(r.X, r.Y, 30, k.T("wait.loading"), look.Style{Color: p.Muted})
		}
		return
	}
	y := r.Y
	c.drawTitle(p, page.At(r.X, y, r.W, 60))
	if y += 68; p.Small() {
		y -= 6
	}
	cards := c.clocks()
	n := float32(max(1, min(4, len(cards))))
	cw, ch := (r.W-12*(n-1))/n, float32(108)
	switch {
	case p.Small():
		ch = page.SmallClockH
	case r.W < besideW:
		ch = page.MiddleClockH
	}
	for i, run := range cards {
		if i == 4 {
			break
		}
		key := ""
		if run.Kind == sla.Resolve {
			key = "Ctrl E"
		}
		g, _ := desk.ParseID(run.Group)
		k.ClockCard(p, page.At(r.X+float32(i)*(cw+12), y, cw, ch), run, c.a.Names[g], key)
	}
	y += ch + 12
	h := r.Y + r.H - y
	if c.folded = p.Small(); c.folded {
		c.drawFolded(p, page.At(r.X, y-6, r.W, h+10))
		return
	}
	stack := float32(522)
	switch {
	case r.W < 1000:
		stack = 360
	case r.W < besideW:
		stack = 480
	}
	hw := r.W - stack - 12
	c.drawHistory(p, page.At(r.X, y, hw, h))
	c.drawStack(p, page.At(r.X+hw+12, y, stack, h))
}

// drawFolded shows the history or what is linked, as a tab chooses; where one
// writes stays.
func (c *casePage) drawFolded(p *look.Painter, r page.Rect) {
	on := 0
	if c.links {
		on = 1
	}
	k := c.k
	r = page.Folds(p, r, []string{k.T("case.history") + fmt.Sprintf(" %d", len(c.a.Timeline)), k.T("case.links")}, on, func(i int) { c.links = i == 1; k.Refresh() })
	if !c.links {
		c.drawHistory(p, r)
		return
	}
	foot := c.noteHeight()
	c.drawStack(p, page.At(r.X, r.Y, r.W, r.H-foot-6))
	c.drawNote(p, page.At(r.X, r.Y+r.H-foot, r.W, foot))
}

// clocks are the runs worth a card: take-up, resolve, then the newest of units.
func (c *casePage) clocks() []sla.Run {
	var out, units []sla.Run
	for _, r := range c.a.Clocks {
		if r.Kind == sla.OLA || r.Kind == sla.Supplier {
			units = append([]sla.Run{r}, units...)
		} else {
			out = append(out, r)
		}
	}
	return append(out, units...)
}

func (c *casePage) drawTitle(p *look.Painter, r page.Rect) {
	k, of := c.k, &c.a.Case
	m, word := page.StatusMark(of.Status), k.T("status."+of.Status.String())
	if of.Status == desk.Pending && of.Wake != 0 {
		word += " · " + k.T("case.wakes", "When", k.At(time.UnixMilli(of.Wake)))
	}
	right := r.X + r.W - look.ChipWidth(m, word)
	p.Chip(right, r.Y+15, m, word)
	prio := "P" + fmt.Sprint(of.Priority) + " " + k.Priority(of.Priority)
	right -= look.ChipWidth(look.NoMark, prio) + 8
	p.Chip(right, r.Y+15, look.NoMark, prio)
	if n := len(of.Conflicts); n > 0 {
		s := k.T("case.conflicts", "N", n)
		right -= look.ChipWidth(look.WatchMark, s) + 8
		p.Chip(right, r.Y+15, look.WatchMark, s)
	}
	x := p.TextFit(r.X, r.Y, right-r.X-12, 30, string(of.Number), look.Style{Size: 20, Bold: true, Color: p.Accent}) + 12
	p.TextFit(x, r.Y, right-x-12, 30, of.Subject, look.Style{Size: 20, Bold: true, Color: p.Ink})
	by := c.a.Names[of.OpenedBy]
	if by == "" {
		by = k.T("case.system")
	}
	opened := k.T("case.openedBy", "When", k.At(time.UnixMilli(of.OpenedAt)), "Who", by)
	end := p.Right(r.X+r.W, r.Y+32, 26, opened, look.Style{Color: p.Muted}) - 12
	x = p.TextFit(r.X, r.Y+32, (end-r.X)/2, 26, c.a.Person.Name, look.Style{Bold: true}) + 10
	if c.a.Person.VIP {
		x = p.Label(x, r.Y+45, k.T("person.vip")) + 10
	}
	rest := strings.Trim(c.a.Person.Extension+" · "+c.a.Row.Area, " ·")
	if rest != "" && c.a.Row.Category != "" {
		rest += "  ·  "
	}
	p.Spans(x, r.Y+32, end-x, 26, look.Span{S: rest, Style: look.Style{Color: p.Muted}}, look.Span{S: c.a.Row.Category})
}

func (c *casePage) drawLinks(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	y := r.Y + 38
	if p.Small() { // its tab names it
		y = r.Y + 6
	} else {
		x := p.Text(r.X+16, r.Y+8, 24, c.k.T("case.links"), look.Style{Size: 12, Bold: true, Color: p.Muted})
		p.Key(x+8, r.Y+20, "F3")
		kx := r.X + r.W - 16 - look.KeyWidth("Ctrl L")
		p.Key(kx, r.Y+20, "Ctrl L")
		p.Right(kx-6, r.Y+8, 24, c.k.T("do.parent"), look.Style{Size: 12, Color: p.Muted})
	}
	foot := float32(6)
	if r.H > 160 { // where there is room the keys of what is linked show
		foot = 32
		x := r.X + 16
		for _, a := range []page.Action{{Key: "Alt R", Word: c.k.T("do.problem")}, {Key: "Alt T", Word: c.k.T("do.tellAll")}, {Key: "Alt U", Word: c.k.T("do.person")}} {
			if x+look.KeyWidth(a.Key)+look.Measure(a.Word, look.Style{Size: 12})+6 > r.X+r.W-8 {
				break
			}
			x = p.Key(x, r.Y+r.H-17, a.Key) + 6
			x = p.Text(x, r.Y+r.H-29, 24, a.Word, look.Style{Size: 12, Color: p.Muted}) + 14
		}
	}
	c.data.draw(p, page.At(r.X+1, y, r.W-2, r.Y+r.H-y-foot), func(w float32) []line { return c.linked(p, w) })
}

// linked are what is linked to the case and its description, every word of them.
func (c *casePage) linked(p *look.Painter, w float32) (out []line) {
	k, of := c.k, &c.a.Case
	agent := c.a.Row.Agent
	if agent == "" {
		agent = k.T("case.nobody")
	}
	for _, x := range []struct {
		label, value string
		bold         bool
	}{
		{"case.person", c.a.Person.Name, true}, {"case.group", c.a.Row.Group, true}, {"case.agent", agent, false}, {"case.category", c.a.Row.Category, false},
		{"case.contract", strings.Trim(c.a.Contract.Code+" · "+c.a.Contract.Client, " ·"), false}, {"case.problem", c.a.Names[of.Problem], true},
		{"field.subject", of.Subject, false}, {"field.why", of.Why, false}, {"case.solution", of.Solution.Text, false},
	} {
		label := k.Words.T(x.label)
		for i, s := range said(x.value, w-104, look.Style{Bold: x.bold}) {
			l := line{at: 104, spans: []look.Span{{S: s, Style: look.Style{Bold: x.bold}}}, copies: label + ": " + x.value}
			if i == 0 {
				l.label = label
			}
			out = append(out, l)
		}
	}
	for _, x := range c.a.Linked {
		s := string(x.Number) + " · " + x.Subject + " · " + k.Words.T("status."+x.Status.String())
		for i, part := range said(s, w-104, look.Style{}) {
			l := line{at: 104, spans: []look.Span{{S: part}}, copies: s}
			if i == 0 {
				l.label = k.Words.T("linked." + x.How)
			}
			out = append(out, l)
		}
	}
	if of.Text == "" {
		return out
	}
	out = append(out, line{copies: of.Text}, line{spans: []look.Span{{S: k.T("intake.text"), Style: look.Style{Size: 12, Bold: true, Color: p.Muted}}}, copies: of.Text})
	for _, s := range said(of.Text, w, look.Style{}) {
		out = append(out, line{spans: []look.Span{{S: s}}, copies: of.Text})
	}
	return out
}
