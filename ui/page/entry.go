package page

import (
	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// Complaint is what is wrong about one input; it stands at that input until it is
// changed.
type Complaint struct{ Field, Text string }

// Wrong is the text about a field; "" when there is none.
func (c Complaint) Wrong(field string) string {
	if c.Field == field {
		return c.Text
	}
	return ""
}

// Entry draws inputs one under another, each with its label before it and what is
// wrong about it under it.
type Entry struct {
	Painter           *look.Painter
	X, Y, Label, Wide float32
}

const complaintH = 24

// Row places one input; a boxed one is a field, whose stroke is the page's.
func (e *Entry) Row(label string, o fyne.CanvasObject, wrong string) {
	p, x := e.Painter, e.X+e.Label
	p.TextFit(e.X, e.Y, e.Label-8, RowH, label, look.Style{Color: p.Muted})
	if f, ok := o.(*look.Field); ok {
		p.FieldBox(x, e.Y, e.Wide, RowH, f.Focused)
		p.Place(o, x+2, e.Y, e.Wide-4, RowH)
	} else {
		p.Place(o, x, e.Y, e.Wide, RowH)
	}
	if wrong != "" {
		e.Y += complaintH
		p.Mark(x, e.Y+RowH-complaintH+5, 14, look.FailMark)
		p.TextFit(x+20, e.Y+RowH-complaintH, p.W-x-20-Margin, complaintH, wrong, look.Style{Size: 12, Bold: true, Color: p.Failure})
	}
	e.Y += RowH + RowGap
}
