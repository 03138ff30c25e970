package page

import (
	"strconv"

	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// Input is one value of a Form. With Options, Get and Set have the ordinal of the chosen
// one, from 1; "0" is none. The text of what Set refuses is the id of a text in words,
// and stands under the form until it takes something.
type Input struct {
	Word    string
	Options []string
	Hint    string
	Get     func() string
	Set     func(string) error
}

// Form is a card of inputs, each with its label; what is typed is set at once.
type Form struct {
	k       *Kit
	Inputs  []Input
	Texts   []*look.Field // nil where there is a choice
	choices []*look.Choice
	wrong   []string
}

// NewForm makes a form; changed runs after each change, also one that was refused.
func NewForm(k *Kit, inputs []Input, changed func()) *Form {
	f := &Form{k: k, Inputs: inputs, Texts: make([]*look.Field, len(inputs)), choices: make([]*look.Choice, len(inputs)), wrong: make([]string, len(inputs))}
	for i, in := range inputs {
		set := func(s string) {
			f.wrong[i] = ""
			if err := in.Set(s); err != nil {
				f.wrong[i] = err.Error()
			}
			changed()
		}
		if in.Options != nil {
			c := k.Choice(in.Options...)
			c.Chosen, _ = strconv.Atoi(in.Get())
			c.OnChosen = func(n int) { set(strconv.Itoa(n)) }
			c.OnFocus = func(bool) { k.Refresh() }
			f.choices[i] = c
			continue
		}
		t := k.Field()
		t.SetText(in.Get())
		t.SetCaret(0)
		t.SetPlaceHolder(in.Hint)
		t.OnChanged = set
		f.Texts[i] = t
	}
	return f
}

// Focus gives the keys to the first input.
func (f *Form) Focus() {
	if len(f.Inputs) > 0 {
		f.k.Focus(f.focusable(0))
	}
}

// Follow gives the keys to the input where they are in the form that this one stands in
// for; to the first when they are in none, or there was no form.
func (f *Form) Follow(old *Form) {
	for i := range f.Inputs {
		if old != nil && i < len(old.Inputs) && old.has(i) {
			f.k.Focus(f.focusable(i))
			return
		}
	}
	f.Focus()
}

func (f *Form) focusable(i int) fyne.Focusable {
	if c := f.choices[i]; c != nil {
		return c
	}
	return f.Texts[i]
}

// Focused tells that an input has the keys.
func (f *Form) Focused() bool {
	for i := range f.Inputs {
		if f.has(i) {
			return true
		}
	}
	return false
}

func (f *Form) has(i int) bool {
	if c := f.choices[i]; c != nil {
		return c.Focused
	}
	return f.Texts[i].Focused
}

// Wrong is the id of what is wrong with the first input that holds something bad; ""
// when none does.
func (f *Form) Wrong() string {
	for _, w := range f.wrong {
		if w != "" {
			return w
		}
	}
	return ""
}

const (
	formLabelW = 118 // at least
	formAboveH = 20  // of a label that stands over its choice
)

// labels is the room for the labels: that of the longest, within two fifths of the card.
func (f *Form) labels(r Rect) float32 {
	w := float32(formLabelW)
	for _, in := range f.Inputs {
		w = max(w, look.Measure(in.Word, look.Style{Bold: true})+16)
	}
	return max(formLabelW, min(w, r.W*0.4))
}

// Draw draws the form as a card under a title; many inputs stand closer.
func (f *Form) Draw(p *look.Painter, r Rect, title, sub string) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-32, 32, title, look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.TextFit(r.X+16, r.Y+32, r.W-32, 18, sub, look.Style{Size: 12, Color: p.Muted})
	labels := f.labels(r)
	x, w := r.X+16+labels, r.W-32-labels
	lines := float32(len(f.Inputs))
	for i := range f.Inputs {
		if f.stacked(i, w) {
			lines += (formAboveH + f.second(i)) / (RowH + RowGap)
		}
	}
	foot := float32(6)
	if f.Wrong() != "" {
		foot = 30
		p.Mark(r.X+16, r.Y+r.H-21, 14, look.FailMark)
		p.TextFit(r.X+36, r.Y+r.H-25, r.W-52, 22, f.k.Words.T(f.Wrong()), look.Style{Size: 12, Bold: true, Color: p.Failure})
	}
	step := float32(RowH + RowGap)
	if room := r.H - 60 - foot; step*lines > room {
		step = max(30, room/lines)
	}
	high := min(RowH, step-4)
	y := r.Y + 60
	for i, in := range f.Inputs {
		if y+high > r.Y+r.H-foot {
			break
		}
		label := look.Style{Color: p.Muted}
		if f.has(i) {
			label = look.Style{Bold: true, Color: p.Accent}
		}
		switch {
		case f.stacked(i, w):
			label.Size = 12
			p.TextFit(r.X+16, y-2, r.W-32, formAboveH, in.Word, label)
			p.Place(f.choices[i], r.X+16, y+formAboveH, r.W-32, high+f.second(i))
			y += formAboveH + f.second(i)
		case f.choices[i] != nil:
			p.TextFit(r.X+16, y, labels-8, high, in.Word, label)
			p.Place(f.choices[i], x, y, w, high)
		default:
			p.TextFit(r.X+16, y, labels-8, high, in.Word, label)
			p.FieldBox(x, y, w, high, f.Texts[i].Focused)
			p.Place(f.Texts[i], x+2, y, w-4, high)
		}
		y += step
	}
}

// second is the height of the second row of a choice that has too many segments for one.
func (f *Form) second(i int) float32 {
	if len(f.Inputs[i].Options) > 4 {
		return RowH + RowGap
	}
	return 0
}

// stacked tells that the words of a choice need the whole width of the card.
func (f *Form) stacked(i int, w float32) bool {
	n := float32(len(f.Inputs[i].Options))
	for _, word := range f.Inputs[i].Options {
		if look.Measure(word, look.Style{Bold: true}) > (w-8*(n-1))/n-36 {
			return true
		}
	}
	return false
}
