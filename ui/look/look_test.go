package look_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/ui/look"
)

// contrast is the ratio of WCAG 2.1 between two colours.
func contrast(a, b color.Color) float64 {
	lum := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		f := func(v uint32) float64 {
			x := float64(v) / 65535
			if x <= 0.03928 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*f(r) + 0.7152*f(g) + 0.0722*f(b)
	}
	x, y := lum(a), lum(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestEveryTextCanBeRead(t *testing.T) {
	for _, p := range []*look.Palette{look.Light(), look.Dark(), look.Contrast(false), look.Contrast(true)} {
		least := 4.5
		if p.Name != "light" && p.Name != "dark" {
			least = 9
		}
		pairs := map[string][2]color.Color{
			"ink on card": {p.Ink, p.Card}, "ink on ground": {p.Ink, p.Ground}, "text on card": {p.Text, p.Card}, "text on ground": {p.Text, p.Ground},
			"text on selection": {p.Text, p.AccentGround}, "muted on card": {p.Muted, p.Card}, "muted on ground": {p.Muted, p.Ground},
			"muted on selection": {p.Muted, p.AccentGround}, "muted on key": {p.Muted, p.Key}, "text on key": {p.Text, p.Key},
			"accent on card": {p.Accent, p.Card}, "accent on ground": {p.Accent, p.Ground}, "accent on its ground": {p.Accent, p.AccentGround},
			"on accent": {p.OnAccent, p.Accent}, "failure on card": {p.Failure, p.Card}, "failure on its ground": {p.Failure, p.FailureGround},
			"watch on card": {p.Watch, p.Card}, "watch on its ground": {p.Watch, p.WatchGround}, "fine on card": {p.Fine, p.Card}, "fine on its ground": {p.Fine, p.FineGround},
			"on bar": {p.OnBar, p.Bar}, "active on bar": {p.OnBarActive, p.Bar}, "on promise": {p.OnPromise, p.Promise},
		}
		for name, c := range pairs {
			if got := contrast(c[0], c[1]); got < least {
				t.Errorf("%s: %s has a contrast of %.2f, below %.1f", p.Name, name, got, least)
			}
		}
		for i, heat := range p.Heat {
			if got := contrast(p.OnHeat(i), heat); got < 4.5 {
				t.Errorf("%s: the number on heat %d has a contrast of %.2f", p.Name, i, got)
			}
		}
		shapes := map[string][2]color.Color{"field strokes on card": {p.Edge, p.Card}, "field strokes on ground": {p.Edge, p.Ground},
			"the mark of the area on the bar": {p.BarMark, p.Bar}, "the tick on card": {p.Ink, p.Card}}
		for where, on := range map[string]color.Color{"card": p.Card, "ground": p.Ground, "a selected row": p.AccentGround} {
			shapes["selection with the keys, on "+where] = [2]color.Color{p.Accent, on}
			shapes["selection without the keys, on "+where] = [2]color.Color{p.Edge, on}
			for _, m := range []look.Mark{look.FailMark, look.WatchMark, look.FineMark, look.NowMark} {
				shapes[fmt.Sprintf("mark %d on %s", m, where)] = [2]color.Color{p.Solid(m), on}
			}
		}
		for _, m := range []look.Mark{look.FailMark, look.WatchMark, look.FineMark, look.PauseMark, look.NowMark} {
			shapes[fmt.Sprintf("the track of mark %d", m)] = [2]color.Color{p.Solid(m), p.Track}
			ink, ground := p.Tone(m)
			shapes[fmt.Sprintf("the chip of mark %d", m)] = [2]color.Color{ink, ground}
			shapes[fmt.Sprintf("the sign in mark %d", m)] = [2]color.Color{p.Card, p.Solid(m)}
		}
		for name, c := range shapes {
			if got := contrast(c[0], c[1]); got < 3 {
				t.Errorf("%s: %s has a contrast of %.2f, below 3", p.Name, name, got)
			}
		}
	}
}

// A chosen row is told from the others by what is drawn, in every palette, with
// the keys on it and without.
func TestASelectedRowStandsOut(t *testing.T) {
	a := test.NewApp()
	for _, p := range []*look.Palette{look.Light(), look.Dark(), look.Contrast(false), look.Contrast(true)} {
		a.Settings().SetTheme(p.Theme())
		for _, focused := range []bool{false, true} {
			l := look.NewList(func() *look.Palette { return p }, &table{})
			l.Len = func() int { return 3 }
			l.Row = func(*look.Painter, int, float32, float32, float32, float32, []float32) {}
			l.Selected, l.Focused = 1, focused
			w := test.NewWindow(l)
			w.SetPadded(false)
			w.Resize(fyne.NewSize(300, 3*34))
			img := w.Canvas().Capture()
			h := img.Bounds().Dy() / 3
			for row := range 3 {
				stands := true
				for y := row*h + 4; y < (row+1)*h-4; y++ { // the whole left edge of the row
					stands = stands && contrast(img.At(1, y), p.Ground) >= 3
				}
				if stands != (row == 1) {
					t.Errorf("%s, keys %v: row %d stands out: %v", p.Name, focused, row, stands)
				}
			}
			w.Close()
		}
	}
}

// table is the command table of a test: it takes F9 and Ctrl K.
type table struct{ took []string }

func (k *table) Key(n fyne.KeyName) bool {
	if n == fyne.KeyF9 {
		k.took = append(k.took, "F9")
		return true
	}
	return false
}
func (k *table) Combination(m fyne.KeyModifier, n fyne.KeyName) bool { return false }
func (k *table) Active()                                             {}
func (k *table) T(id string, _ ...any) string                        { return id }
func (k *table) Full(int)                                            { k.took = append(k.took, "full") }

func TestAMillionRowsDrawAsManyAsAreSeen(t *testing.T) {
	test.NewApp()
	drawn := 0
	l := look.NewList(look.Light, &table{}, look.Column{Title: "n", Width: 80}, look.Column{Title: "texto"})
	l.Len = func() int { return 1_000_000 }
	l.Row = func(p *look.Painter, i int, x, y, _, h float32, _ []float32) {
		drawn++
		p.Text(x, y, h, "fila", look.Style{})
	}
	w := test.NewWindow(l)
	defer w.Close()
	w.Resize(fyne.NewSize(1366, 700))
	drawn = 0
	l.Select(999_999)
	if drawn == 0 || drawn > 40 {
		t.Errorf("the last row of a million drew %d rows", drawn)
	}
	if from, to := l.Seen(); to != 1_000_000 || from < 999_900 {
		t.Errorf("seen are rows %d to %d", from, to)
	}
	for _, k := range []fyne.KeyName{fyne.KeyHome, fyne.KeyDown, fyne.KeyPageDown, fyne.KeyUp} {
		l.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if l.Selected < 15 || l.Selected > 25 {
		t.Errorf("Home, Down, PageDown, Up lead to row %d", l.Selected)
	}
}

func TestFunctionKeysWorkInsideATextField(t *testing.T) {
	test.NewApp()
	keys := &table{}
	f := look.NewField(look.Light, keys, false)
	w := test.NewWindow(f)
	defer w.Close()
	w.Canvas().Focus(f)
	test.Type(f, "hola")
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF9})
	entered := false
	f.OnEnter = func() { entered = true }
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if f.Text != "hola" || len(keys.took) != 1 || !entered || !f.Focused {
		t.Errorf("%q, took %v, entered %v, focused %v", f.Text, keys.took, entered, f.Focused)
	}
}

func TestADigitChoosesOnlyItsSegment(t *testing.T) {
	test.NewApp()
	c := look.NewChoice(look.Light, &table{}, []string{"uno", "dos", "tres"})
	var got []int
	c.OnChosen = func(i int) { got = append(got, i) }
	for _, r := range "2x9013" {
		c.TypedRune(r)
	}
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if len(got) != 5 || got[0] != 2 || got[1] != 1 || got[2] != 3 || got[3] != 3 || got[4] != 2 {
		t.Errorf("chosen %v", got)
	}
}

func TestAWideTextIsCutAndSaysSo(t *testing.T) {
	test.NewApp()
	long := "No imprime en la impresora de guías de despacho del patio dos"
	cut := look.Fit(long, 120, look.Style{})
	if look.Measure(cut, look.Style{}) > 120 || cut == long || []rune(cut)[len([]rune(cut))-1] != '…' {
		t.Errorf("cut to %q", cut)
	}
	if look.Fit("corto", 120, look.Style{}) != "corto" || look.Fold("Ñandú ÁÉ-1") != "nandu ae 1" {
		t.Error("a short text was cut, or accents were not folded")
	}
}

// A sign that another font draws does not lift the text that begins with it.
func TestASignStandsOnTheLine(t *testing.T) {
	test.NewApp()
	const wide = 220
	win := test.NewWindow(look.NewSheet(look.Light, fyne.NewSize(wide, 40), func(p *look.Painter) {
		p.Rect(0, 0, p.W, p.H, 0, p.Card, nil, 0)
		p.Text(10, 0, 40, "80", look.Style{})
		p.Text(120, 0, 40, "≥ 80", look.Style{})
	}))
	defer win.Close()
	win.SetPadded(false)
	win.Resize(fyne.NewSize(wide, 40))
	img := win.Canvas().Capture()
	lowest := func(from, to int) (y int) {
		for x := from; x < to; x++ {
			for j := range 40 {
				if r, _, _, _ := img.At(x, j).RGBA(); r < 0x8000 {
					y = max(y, j)
				}
			}
		}
		return y
	}
	plain, signed := lowest(0, 60), lowest(120+int(look.Measure("≥ ", look.Style{})), wide)
	if plain == 0 || plain != signed {
		t.Errorf("a number stands on the line %d, after a sign on %d", plain, signed)
	}
}
