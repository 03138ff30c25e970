package page

import (
	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// Paragraph is how much a line takes that is a text on its own: a note, a solution,
// a reason.
const Paragraph = 5000

// Question is asked in the action bar, in words: a choice by digit, a line of
// text, or both. Esc goes back to the page.
type Question struct {
	Word     string
	Options  []string
	Chosen   int                                  // from 1; 0 = none
	Optional bool                                 // the chosen option may be taken back
	Field    *look.Field                          // nil = only a choice
	Check    func(option int, text string) string // why an answer will not do; "" = it does. May be nil
	k        *Kit
	done     func(option int, text string)
}

// Question asks; options may be nil, chosen is from 1 (0 = none), hint "" asks for
// no text.
func (k *Kit) Question(word string, options []string, chosen int, hint, text string, done func(int, string)) *Question {
	q := &Question{k: k, Word: word, Options: options, Chosen: chosen, done: done}
	if hint != "" {
		q.Field = k.Field()
		q.Field.Limit = Paragraph
		q.Field.SetText(text)
		q.Field.SetPlaceHolder(hint)
		q.Field.OnEnter = q.enter
		q.Field.OnTab = func() {} // the keys stay with the question: what is typed on is not for the page under it
		q.Field.OnArrow = func(key fyne.KeyName) bool {
			if len(q.Options) == 0 {
				return false
			}
			if key == fyne.KeyDown {
				q.choose(q.Chosen%len(q.Options) + 1)
			} else {
				q.choose((q.Chosen+len(q.Options)-2)%len(q.Options) + 1)
			}
			return true
		}
	}
	k.Put(q)
	return q
}

func (q *Question) choose(i int) {
	if q.Optional && i == q.Chosen {
		i = 0
	}
	q.Chosen = i
	if q.Field == nil {
		q.enter()
		return
	}
	q.k.Refresh()
}

func (q *Question) enter() {
	text := ""
	if q.Field != nil {
		text = q.Field.Text
	}
	if q.Check != nil {
		if why := q.Check(q.Chosen, text); why != "" {
			q.k.Tell(why, true)
			return
		}
	}
	q.k.Put(nil) // the keys are the page's, unless what follows goes elsewhere
	q.done(q.Chosen, text)
}

// Actions are the digits (with Alt while a text is typed) of the options.
func (q *Question) Actions() (as []Action) {
	for i, o := range q.Options {
		key := string(rune('1' + i))
		if q.Field != nil {
			key = "Alt " + key
		}
		as = append(as, Action{Key: key, Word: o, Do: func() { q.choose(i + 1) }})
	}
	if q.Field == nil { // a field has its own Enter
		as = append(as, Action{Key: "Enter", Word: q.k.T("ask.confirm"), Hidden: true, Do: q.enter})
	}
	return as
}

// Draw fills the action bar; the options stand on lines of their own above it. It
// gives where they begin.
func (q *Question) Draw(p *look.Painter, r Rect) (top float32) {
	as := q.Actions()[:len(q.Options)]
	bold := look.Style{Bold: true}
	word := func(i int) string { return look.Fit(q.Options[i], r.W-look.KeyWidth(as[i].Key)-24, bold) }
	width := func(i int) float32 { return look.KeyWidth(as[i].Key) + look.Measure(word(i), bold) + 24 }
	rows := make([][]int, 0, 3)
	left := float32(0)
	for i := range as {
		if left < width(i) {
			rows, left = append(rows, nil), r.W
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], i)
		left -= width(i) + 8
	}
	top = r.Y - 10
	y := top - 8 - 40*float32(len(rows))
	if len(rows) > 0 {
		top = y
		p.Rect(0, y, p.W, r.Y-10-y, 0, p.Card, nil, 0)
		p.Line(0, y, p.W, y, 1, p.Palette.Line)
	}
	for _, row := range rows {
		x := r.X
		for _, i := range row {
			st, wd := look.Style{}, width(i)
			if i+1 == q.Chosen {
				st = look.Style{Bold: true, Color: p.Accent}
				p.Rect(x, y+8, wd, 32, 6, p.AccentGround, p.Accent, 2)
			}
			kx := p.Key(x+8, y+24, as[i].Key) + 8
			p.Text(kx, y+8, 32, word(i), st)
			p.Tap(x, y+8, wd, 32, as[i].Do)
			x += wd + 8
		}
		y += 40
	}
	end := p.Right(r.X+r.W, r.Y, r.H, q.k.T("ask.enter"), look.Style{Size: 12, Color: p.Muted}) - 14
	said := end - r.X - 14 // room of the question: all of it, or what a field leaves
	if q.Field != nil {
		said -= 280
	}
	bold.Color = p.Ink
	if q.Field == nil && look.Measure(q.Word, bold) > said {
		p.Paragraph(r.X, r.Y-2, said, 40, q.Word, bold)
		return top
	}
	x := p.TextFit(r.X, r.Y, said, r.H, q.Word, bold) + 14
	if q.Field != nil {
		p.FieldBox(x, r.Y, end-x, 36, q.Field.Focused)
		p.Place(q.Field, x+2, r.Y, end-x-4, 36)
	}
	return top
}
