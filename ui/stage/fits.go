package stage

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Small is a screen of 1366 by 768 at 150 %.
var Small = fyne.NewSize(910, 512)

// placed are all objects within a widget, with where they stand on the sheet.
func placed(o fyne.CanvasObject, at fyne.Position, use func(o fyne.CanvasObject, at fyne.Position)) {
	use(o, at)
	if w, ok := o.(fyne.Widget); ok {
		for _, x := range test.WidgetRenderer(w).Objects() {
			placed(x, at.Add(x.Position()), use)
		}
	}
}

// Fits checks that all that a window draws is within it, and no text stands on
// another.
func (s *Stage) Fits(what string) {
	s.Helper()
	type box struct {
		text       string
		x, y, w, h float32
	}
	var texts []box
	const slack = 1.5
	placed(s.Content(), fyne.NewPos(0, 0), func(o fyne.CanvasObject, at fyne.Position) {
		size := o.Size()
		if at.X < -slack || at.Y < -slack || at.X+size.Width > Small.Width+slack || at.Y+size.Height > Small.Height+slack {
			if x, ok := o.(*canvas.Text); ok {
				s.Errorf("%s: %q is at %v, %v wide: off the screen", what, x.Text, at, size.Width)
			} else if _, ok := o.(*canvas.Line); !ok {
				s.Errorf("%s: a %T of %v is at %v: off the screen", what, o, size, at)
			}
		}
		if x, ok := o.(*canvas.Rectangle); ok && size.Height > 30 {
			if _, _, _, alpha := x.FillColor.RGBA(); alpha == 0xffff { // what it covers is not seen
				texts = slices.DeleteFunc(texts, func(b box) bool {
					return b.x+slack > at.X && b.x+b.w < at.X+size.Width+slack && b.y+b.h/2 > at.Y && b.y+b.h/2 < at.Y+size.Height
				})
			}
		}
		if x, ok := o.(*canvas.Text); ok && strings.TrimSpace(x.Text) != "" {
			h := x.TextSize // of the letters, not of the line
			texts = append(texts, box{x.Text, at.X, at.Y + (size.Height-h)/2, size.Width, h})
		}
	})
	for i, a := range texts {
		for _, b := range texts[:i] {
			if a.x+slack < b.x+b.w && b.x+slack < a.x+a.w && a.y+slack < b.y+b.h && b.y+slack < a.y+a.h {
				s.Errorf("%s: %q at %.0f, %.0f stands on %q at %.0f, %.0f", what, a.text, a.x, a.y, b.text, b.x, b.y)
			}
		}
	}
	for _, a := range s.Actions() { // a key that has a button shows on it
		if !a.Hidden && a.Key != "" && !s.Says(a.Key) {
			s.Errorf("%s: the key %s is not to be seen", what, a.Key)
		}
	}
}
