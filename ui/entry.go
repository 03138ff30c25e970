package ui

import (
	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// complaint is what is wrong about one input; it stands at that input until it is
// changed.
type complaint struct{ field, text string }

// wrong is the text about a field; "" when there is none.
func (c complaint) wrong(field string) string {
	if c.field == field {
		return c.text
	}
	return ""
}

// entry draws inputs one under another, each with its label before it and what is
// wrong about it under it.
type entry struct {
	p                 *look.Painter
	x, y, label, wide float32
}

const complaintH = 24

// row places one input; a boxed one is a field, whose stroke is the page's.
func (e *entry) row(label string, o fyne.CanvasObject, wrong string) {
	p, x := e.p, e.x+e.label
	p.TextFit(e.x, e.y, e.label-8, rowH, label, look.Style{Color: p.Muted})
	if f, ok := o.(*look.Field); ok {
		p.FieldBox(x, e.y, e.wide, rowH, f.Focused)
		p.Place(o, x+2, e.y, e.wide-4, rowH)
	} else {
		p.Place(o, x, e.y, e.wide, rowH)
	}
	if wrong != "" {
		e.y += complaintH
		p.Mark(x, e.y+rowH-complaintH+5, 14, look.FailMark)
		p.TextFit(x+20, e.y+rowH-complaintH, p.W-x-20-margin, complaintH, wrong, look.Style{Size: 12, Bold: true, Color: p.Failure})
	}
	e.y += rowH + rowGap
}
