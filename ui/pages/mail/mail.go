// Package mail is the page of the desk's mail: how sending goes, the letters that wait,
// were sent or could not be, and, for an administrator, by which server they go.
package mail

import (
	"cmp"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// box is the page: the letters, and over them how it goes or the form of the server.
type box struct {
	*page.Table[app.Named[desk.Letter]]
	k      *page.Kit
	now    app.MailAccountAnswer
	found  bool
	state  int // of the letters that are listed, in states
	server *server
	asked  page.Latest
}

// states are the lists of letters, in the order of their key.
var states = []string{"", "waiting", "dead", "sent", "dropped"}

// listed is the name of a list of letters.
func listed(i int) string { return cmp.Or(states[i], "all") }

// Kind is the page of the mail, on a tab of the board.
func Kind() page.Kind {
	return page.Kind{Name: "mail", Word: "area.mail", Place: page.Tab, Under: "board", For: []desk.Role{desk.AdministratorRole, desk.SupervisorRole, desk.AnalystRole},
		Make: func(k *page.Kit) page.Page { return newBox(k) }}
}

func newBox(k *page.Kit) *box {
	b := &box{k: k}
	b.Table = page.NewTable(k, k.T("area.mail"), [2]string{k.T("mail.none"), k.T("mail.noneHint")}, b.row,
		look.Column{Title: k.T("mail.subject")}, look.Column{Title: k.T("mail.to"), Width: 240, Least: 150}, look.Column{Title: k.T("mail.state"), Width: 150, Least: 120},
		look.Column{Title: k.T("mail.reply"), Width: 330, Least: 160}, look.Column{Title: k.T("mail.written"), Width: 120, Least: 100})
	b.Same = func(x, y app.Named[desk.Letter]) bool { return x.ID == y.ID }
	b.Fetch = func(after []byte, use func([]app.Named[desk.Letter], []byte)) {
		page.Ask(k, app.Letters{State: states[b.state], After: after, Limit: page.PageRows}, func(a app.LettersAnswer) { use(a.Rows, a.Next) })
	}
	return b
}

// Show implements page.Page.
func (b *box) Show(any) { b.Changed() }

// Changed asks again.
func (b *box) Changed() {
	b.look()
	b.Table.Changed()
}

// Tick implements page.Page.
func (b *box) Tick() {
	b.look()
	b.Table.Tick()
}

// Relabel sets the words of the form.
func (b *box) Relabel() {
	if b.server != nil {
		b.server.fill()
	}
}

func (b *box) look() {
	page.AskLatest(b.k, &b.asked, app.MailAccount{}, func(a app.MailAccountAnswer) { b.now, b.found = a, true })
}

// First implements page.Page.
func (b *box) First() fyne.Focusable {
	if b.server != nil {
		return b.server.form.Texts[0]
	}
	return b.Table.First()
}

// Back closes the form.
func (b *box) Back() bool {
	if b.server == nil {
		return false
	}
	b.server = nil
	b.k.Focus(b.List)
	return true
}

// Status implements page.Page.
func (b *box) Status() string {
	switch {
	case !b.found:
		return b.k.T("wait.loading")
	case b.server != nil && b.server.trying:
		return b.k.T("mail.trying")
	case b.server != nil && b.server.dirty:
		return b.k.T("link.unsaved")
	}
	return ""
}

// Actions implements page.Page.
func (b *box) Actions() []page.Action {
	k := b.k
	if b.server != nil {
		return b.server.actions()
	}
	off := k.T("mail.pick")
	if l, ok := b.Selected(); ok && l.Of.State != desk.LetterSent {
		off = ""
	}
	as := []page.Action{{Key: "F8", Word: k.T("mail.again"), Off: off, Do: func() { b.act(func(id desk.ID) app.Command { return app.SendAgain{ID: id} }, "mail.sentAgain") }},
		{Key: "F7", Word: k.T("mail.drop"), Off: off, Do: func() { b.act(func(id desk.ID) app.Command { return app.DropLetter{ID: id} }, "mail.droppedOne") }},
		{Key: "F6", Word: k.T("maillist." + listed((b.state+1)%len(states))), Do: b.turn}}
	if k.State.Agent.Role == desk.AdministratorRole {
		as = append([]page.Action{{Key: "F4", Word: k.T("mail.server"), Primary: b.now.Of.Host == "", Do: func() { b.server = newServer(b); b.k.Focus(b.First()) }}}, as...)
	}
	return as
}

// turn lists the letters of the next state.
func (b *box) turn() {
	b.state = (b.state + 1) % len(states)
	b.Home()
}

func (b *box) act(c func(desk.ID) app.Command, said string) {
	l, ok := b.Selected()
	if !ok {
		return
	}
	b.k.Do(c(l.ID), func(app.Receipt) {
		b.k.Tell(b.k.T(said, "To", l.Of.To), false)
		b.Reload()
	}, nil)
}

// Draw implements page.Page.
func (b *box) Draw(p *look.Painter, r page.Rect) {
	const state = float32(92)
	if b.server != nil {
		b.server.draw(p, r)
		return
	}
	b.Title = b.k.T("maillist." + listed(b.state))
	b.drawState(p, page.At(page.Margin, r.Y+12, r.W-2*page.Margin, state-12))
	b.Table.Draw(p, page.At(r.X, r.Y+state, r.W, r.H-state))
}

// drawState says how it goes, in a line and what follows from it.
func (b *box) drawState(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	mark, head, under := b.says()
	x := r.X + 16
	p.Mark(x, r.Y+17, 14, mark)
	st := look.Style{Size: 12, Color: p.Muted}
	if mark == look.FailMark {
		st.Color = p.Failure
	}
	p.TextFit(x+22, r.Y+12, r.W-54, 24, head, look.Style{Bold: true, Color: p.Ink})
	p.TextFit(x, r.Y+44, r.W-32, 22, under, st)
}

// says is how it goes: its mark, what is, and what to do or know.
func (b *box) says() (m look.Mark, head, under string) {
	k, a := b.k, b.now
	count := k.Words.N("mail.waiting", a.Waiting)
	if a.Dead > 0 {
		count += " · " + k.Words.N("mail.dead", a.Dead)
	}
	by := a.Of.Host
	switch {
	case !b.found:
		return look.WatchMark, k.T("wait.loading"), ""
	case by == "":
		return look.WatchMark, k.T("mail.noServer"), k.T("mail.noServerHint")
	case a.Of.Off:
		return look.WatchMark, k.T("mail.isOff", "Host", by), count
	case a.Here && a.Err != "":
		return look.FailMark, k.T("mail.fails", "At", k.At(time.UnixMilli(a.Since))) + " · " + count, sentence(k, a.Err)
	case a.Here && a.Password && !a.Opens:
		return look.FailMark, k.T("mail.sealed"), k.T("mail.sealedHint")
	case !a.Here && a.Waiting > 0 && k.Now().UnixMilli()-a.Oldest > stuck.Milliseconds():
		return look.FailMark, k.T("mail.stuck", "At", k.At(time.UnixMilli(a.Oldest))) + " · " + count, k.T("mail.stuckHint", "Node", a.Sender)
	case !a.Here:
		return look.FineMark, k.T("mail.elsewhere", "Node", a.Sender, "Host", by), count
	}
	return look.FineMark, k.T("mail.here", "Host", by), count
}

// stuck is how long a letter may wait at another workstation before it is said.
const stuck = 30 * time.Minute

// sentence is what a server or the desk tells, in the user's language where it is known.
func sentence(k *page.Kit, why string) string {
	if s, ok := k.Words.Said(why); ok {
		return s
	}
	return why
}

var marks = map[desk.LetterState]look.Mark{desk.LetterWaiting: look.WatchMark, desk.LetterSent: look.FineMark, desk.LetterDead: look.FailMark, desk.LetterDropped: look.NoMark}

func (b *box) row(p *look.Painter, r app.Named[desk.Letter], y, h float32, xs []float32) {
	k, l, muted := b.k, r.Of, look.Style{Color: p.Muted}
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	p.TextFit(xs[0], y, cut(0), h, l.Subject, look.Style{Bold: true})
	p.TextFit(xs[1], y, cut(1), h, l.To, look.Style{})
	x := xs[2]
	if m := marks[l.State]; m != look.NoMark {
		p.Mark(x, y+h/2-7, 14, m)
	}
	p.TextFit(x+20, y, cut(2)-20, h, k.T("letter."+l.State.String()), look.Style{})
	reply := l.Reply
	if l.State == desk.LetterWaiting && l.Tries > 0 {
		reply = k.T("mail.next", "At", k.At(time.UnixMilli(l.NextAt))) + " · " + reply
	}
	p.TextFit(xs[3], y, cut(3), h, strings.TrimSpace(reply), muted)
	p.TextFit(xs[4], y, cut(4), h, k.At(time.UnixMilli(l.WriteAt)), muted)
}
