package ui

import (
	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// paragraph is how much a line takes that is a text on its own: a note, a solution,
// a reason.
const paragraph = 5000

// question is asked in the action bar, in words: a choice by digit, a line of
// text, or both. Esc goes back to the page.
type question struct {
	w        *Window
	word     string
	options  []string
	chosen   int // from 1
	hint     string
	optional bool                                 // the chosen option may be taken back
	field    *look.Field                          // nil = only a choice
	check    func(option int, text string) string // why an answer will not do; "" = it does. May be nil
	done     func(option int, text string)
}

// question asks; options may be nil, chosen is from 1 (0 = none), hint "" asks for
// no text.
func (w *Window) question(word string, options []string, chosen int, hint, text string, done func(int, string)) *question {
	q := &question{w: w, word: word, options: options, chosen: chosen, hint: hint, done: done}
	if hint != "" {
		q.field = look.NewField(w.palette, w, false)
		q.field.Limit = paragraph
		q.field.OnFocus = func(bool) { w.Refresh() }
		q.field.SetText(text)
		q.field.SetPlaceHolder(hint)
		q.field.OnEnter = q.enter
		q.field.OnTab = func() {} // the keys stay with the question: what is typed on is not for the page under it
		q.field.OnArrow = func(k fyne.KeyName) bool {
			if len(q.options) == 0 {
				return false
			}
			if k == fyne.KeyDown {
				q.choose(q.chosen%len(q.options) + 1)
			} else {
				q.choose((q.chosen+len(q.options)-2)%len(q.options) + 1)
			}
			return true
		}
	}
	w.line = q
	w.Refresh()
	if q.field != nil {
		w.focus(q.field)
	} else {
		w.focus(nil)
	}
	return q
}

func (q *question) choose(i int) {
	if q.optional && i == q.chosen {
		i = 0
	}
	q.chosen = i
	if q.field == nil {
		q.enter()
		return
	}
	q.w.Refresh()
}

func (q *question) enter() {
	text := ""
	if q.field != nil {
		text = q.field.Text
	}
	if q.check != nil {
		if why := q.check(q.chosen, text); why != "" {
			q.w.tell(why, true)
			return
		}
	}
	q.w.line = nil
	q.w.focus(q.w.page.first()) // unless what follows goes elsewhere
	q.done(q.chosen, text)
}

// again puts the question once more, with the answer that it had.
func (q *question) again() {
	q.w.line = q
	q.w.Refresh()
	if q.field != nil {
		q.w.focus(q.field)
	}
}

// actions are the digits (with Alt while a text is typed) of the options.
func (q *question) actions() (as []action) {
	for i, o := range q.options {
		key := string(rune('1' + i))
		if q.field != nil {
			key = "Alt " + key
		}
		as = append(as, action{key: key, word: o, do: func() { q.choose(i + 1) }})
	}
	if q.field == nil { // a field has its own Enter
		as = append(as, action{key: "Enter", word: q.w.T("ask.confirm"), hidden: true, do: q.enter})
	}
	return as
}

// draw fills the action bar; the options stand on lines of their own above it. It
// gives where they begin.
func (q *question) draw(p *look.Painter, r rect) (top float32) {
	as := q.actions()[:len(q.options)]
	bold := look.Style{Bold: true}
	word := func(i int) string { return look.Fit(q.options[i], r.w-look.KeyWidth(as[i].key)-24, bold) }
	width := func(i int) float32 { return look.KeyWidth(as[i].key) + look.Measure(word(i), bold) + 24 }
	rows := make([][]int, 0, 3)
	left := float32(0)
	for i := range as {
		if left < width(i) {
			rows, left = append(rows, nil), r.w
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], i)
		left -= width(i) + 8
	}
	top = r.y - 10
	y := top - 8 - 40*float32(len(rows))
	if len(rows) > 0 {
		top = y
		p.Rect(0, y, p.W, r.y-10-y, 0, p.Card, nil, 0)
		p.Line(0, y, p.W, y, 1, p.Palette.Line)
	}
	for _, row := range rows {
		x := r.x
		for _, i := range row {
			st, wd := look.Style{}, width(i)
			if i+1 == q.chosen {
				st = look.Style{Bold: true, Color: p.Accent}
				p.Rect(x, y+8, wd, 32, 6, p.AccentGround, p.Accent, 2)
			}
			kx := p.Key(x+8, y+24, as[i].key) + 8
			p.Text(kx, y+8, 32, word(i), st)
			q.w.tap(p, x, y+8, wd, 32, as[i].do)
			x += wd + 8
		}
		y += 40
	}
	end := p.Right(r.x+r.w, r.y, r.h, q.w.T("ask.enter"), look.Style{Size: 12, Color: p.Muted}) - 14
	said := end - r.x - 14 // room of the question: all of it, or what a field leaves
	if q.field != nil {
		said -= 280
	}
	bold.Color = p.Ink
	if q.field == nil && look.Measure(q.word, bold) > said {
		drawParagraph(p, rect{r.x, r.y - 2, said, 40}, q.word, bold)
		return top
	}
	x := p.TextFit(r.x, r.y, said, r.h, q.word, bold) + 14
	if q.field != nil {
		p.FieldBox(x, r.y, end-x, 36, q.field.Focused)
		p.Place(q.field, x+2, r.y, end-x-4, 36)
	}
	return top
}
