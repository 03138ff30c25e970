package look_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"punto/ui/look"
)

func field(t *testing.T, lines bool) (*look.Field, fyne.Window, *table) {
	t.Helper()
	test.NewApp()
	keys := &table{}
	f := look.NewField(look.Light, keys, lines)
	w := test.NewWindow(f)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(720, 160))
	w.Canvas().Focus(f)
	return f, w, keys
}

func press(f *look.Field, names ...fyne.KeyName) {
	for _, n := range names {
		f.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func withShift(f *look.Field, names ...fyne.KeyName) {
	f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(f, names...)
	f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

func ctrl(f *look.Field, names ...fyne.KeyName) {
	for _, n := range names {
		f.TypedShortcut(&desktop.CustomShortcut{KeyName: n, Modifier: fyne.KeyModifierControl})
	}
}

func paste(f *look.Field, s string) {
	c := test.NewClipboard()
	c.SetContent(s)
	f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
}

func TestEditing(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines bool
		do    func(*look.Field)
		want  string // with | for the caret
	}{
		{"typed", false, func(f *look.Field) { test.Type(f, "año") }, "año|"},
		{"in the middle", false, func(f *look.Field) { test.Type(f, "ao"); press(f, fyne.KeyLeft); test.Type(f, "ñ") }, "añ|o"},
		{"both ways of erasing", false, func(f *look.Field) {
			test.Type(f, "abcd")
			press(f, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyDelete, fyne.KeyDelete)
		}, "a|"},
		{"by words", false, func(f *look.Field) { test.Type(f, "una dos, tres"); ctrl(f, fyne.KeyLeft, fyne.KeyLeft) }, "una |dos, tres"},
		{"a word erased", false, func(f *look.Field) {
			test.Type(f, "una dos tres")
			ctrl(f, fyne.KeyBackspace)
			press(f, fyne.KeyHome)
			ctrl(f, fyne.KeyDelete)
		}, "| dos "},
		{"the selection is replaced", false, func(f *look.Field) {
			test.Type(f, "abcd")
			withShift(f, fyne.KeyLeft, fyne.KeyLeft)
			test.Type(f, "x")
		}, "abx|"},
		{"out of a selection", false, func(f *look.Field) {
			test.Type(f, "abcd")
			withShift(f, fyne.KeyHome)
			press(f, fyne.KeyRight)
			test.Type(f, "e")
		}, "abcde|"},
		{"undone word by word, and done again", false, func(f *look.Field) {
			test.Type(f, "una dos tres")
			f.TypedShortcut(&fyne.ShortcutUndo{})
			f.TypedShortcut(&fyne.ShortcutUndo{})
			f.TypedShortcut(&fyne.ShortcutRedo{})
		}, "una dos |"},
		{"cut and pasted", false, func(f *look.Field) {
			c := test.NewClipboard()
			test.Type(f, "dos una ")
			press(f, fyne.KeyHome)
			withShift(f, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
			f.TypedShortcut(&fyne.ShortcutCut{Clipboard: c})
			press(f, fyne.KeyEnd)
			f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
		}, "una dos |"},
		{"lines in one line", false, func(f *look.Field) { paste(f, "una\r\ndos\ttres\x00") }, "una dos tres|"},
		{"everything replaced", true, func(f *look.Field) {
			test.Type(f, "una\ndos")
			f.TypedShortcut(&fyne.ShortcutSelectAll{})
			test.Type(f, "x")
		}, "x|"},
		{"up and down", true, func(f *look.Field) {
			paste(f, "una\ndos\ntres")
			press(f, fyne.KeyUp, fyne.KeyUp, fyne.KeyHome, fyne.KeyDown, fyne.KeyEnd)
			test.Type(f, "!")
		}, "una\ndos!|\ntres"},
		{"a new line", true, func(f *look.Field) { test.Type(f, "ab"); press(f, fyne.KeyLeft, fyne.KeyReturn) }, "a\n|b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, _, _ := field(t, c.lines)
			c.do(f)
			r := []rune(f.Text)
			if got := string(r[:f.Caret()]) + "|" + string(r[f.Caret():]); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

// Whatever is done to a field, it holds what its last change told, no more than
// its limit, and everything can be undone.
func TestAnyEditingKeepsTheText(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 200 {
		lines := r.IntN(2) == 0
		f, _, _ := field(t, lines)
		f.Limit = 40
		told := ""
		f.OnChanged = func(s string) { told = s }
		keys := []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyUp, fyne.KeyDown, fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyReturn, fyne.KeyPageUp}
		for range 60 {
			switch r.IntN(7) {
			case 0, 1:
				f.TypedRune([]rune("aé ñ,x")[r.IntN(6)])
			case 2:
				press(f, keys[r.IntN(len(keys))])
			case 3:
				withShift(f, keys[r.IntN(len(keys))])
			case 4:
				ctrl(f, keys[r.IntN(len(keys))])
			case 5:
				paste(f, strings.Repeat("una línea\n", r.IntN(8)))
			case 6:
				f.TypedShortcut([]fyne.Shortcut{&fyne.ShortcutUndo{}, &fyne.ShortcutRedo{}, &fyne.ShortcutSelectAll{}}[r.IntN(3)])
			}
			if n := len([]rune(f.Text)); told != f.Text || n > 40 || f.Caret() > n || !lines && strings.Contains(f.Text, "\n") {
				t.Fatalf("seed %d: told %q, holds %q, caret %d", seed, told, f.Text, f.Caret())
			}
		}
		for range 200 {
			f.TypedShortcut(&fyne.ShortcutUndo{})
		}
		if f.Text != "" {
			t.Fatalf("seed %d: all undone, %q is left", seed, f.Text)
		}
	}
}

func TestTheMenuOfTheMouse(t *testing.T) {
	f, w, _ := field(t, false)
	test.Type(f, "una dos")
	withShift(f, fyne.KeyHome)
	test.TapSecondaryAt(f, fyne.NewPos(30, 20))
	if w.Canvas().Overlays().Top() == nil || f.Selected() != "una dos" {
		t.Errorf("no menu, or the selection is gone: %q", f.Selected())
	}
}

func TestATabIsTakenOnlyBySomebodyWhoWantsIt(t *testing.T) {
	f, _, _ := field(t, false)
	if f.AcceptsTab() {
		t.Error("a field keeps Tab for itself")
	}
	chosen := 0
	f.OnTab = func() { chosen++ }
	if !f.AcceptsTab() {
		t.Error("OnTab is never called")
	}
	press(f, fyne.KeyTab)
	withShift(f, fyne.KeyTab)
	if chosen != 1 {
		t.Errorf("Tab and Shift Tab chose %d times", chosen)
	}
}

// What does not fit says so; what fits is laid out within a frame, and so is each
// letter typed into it.
func TestFiftyKilobytesInALine(t *testing.T) {
	for _, lines := range []bool{false, true} {
		for name, text := range map[string]string{"words": strings.Repeat("una línea de texto ", 2700), "one word": strings.Repeat("x", 50_000), "lines": strings.Repeat("una\n", 12_500)} {
			f, _, keys := field(t, lines)
			from := time.Now()
			paste(f, text)
			pasted := time.Since(from)
			limit := map[bool]int{false: look.LineLimit, true: look.LinesLimit}[lines]
			if n := len([]rune(f.Text)); n != limit || !slices.Contains(keys.took, "full") {
				t.Errorf("%s: %d letters in a field of %d, told %v", name, n, limit, keys.took)
			}
			press(f, fyne.KeyBackspace)
			from = time.Now()
			f.TypedRune('x')
			t.Logf("%s, many lines %v: pasted in %v, a letter in %v", name, lines, pasted, time.Since(from))
		}
	}
}

// The work of laying out grows with the text and not with its square: a frame is
// a matter of the machine, this is not.
func TestLayingOutGrowsWithTheText(t *testing.T) {
	took := func(n int) time.Duration {
		f, _, _ := field(t, true)
		f.Limit = n
		text := strings.Repeat("x", n)
		best := time.Hour
		for range 5 {
			f.SetText("")
			from := time.Now()
			f.SetText(text)
			best = min(best, time.Since(from))
		}
		return best
	}
	took(100) // the letters are measured once
	if a, b := took(20_000), took(200_000); b > 40*a {
		t.Errorf("20,000 letters take %v, ten times as many %v", a, b)
	}
}

// Fyne drops the renderers of what was not seen for a minute and never lays out
// the new ones: closing a window drops them too.
func TestNothingIsLostWithTheRenderers(t *testing.T) {
	test.NewApp()
	f := look.NewField(look.Light, &table{}, true)
	f.SetText("a medio contar")
	l := look.NewList(look.Light, &table{}, look.Column{Title: "Asunto"})
	l.Len = func() int { return 3 }
	l.Row = func(p *look.Painter, i int, x, y, _, h float32, _ []float32) {
		p.Text(x, y, h, fmt.Sprint("fila ", i), look.Style{})
	}
	c := look.NewChoice(look.Light, &table{}, []string{"uno", "dos"})
	sheet := look.NewSheet(look.Light, fyne.NewSize(400, 300), func(p *look.Painter) {
		p.Text(10, 0, 20, "título", look.Style{})
		p.Place(f, 0, 20, 400, 80)
		p.Place(l, 0, 100, 400, 150)
		p.Place(c, 0, 250, 400, 36)
	})
	w := test.NewWindow(sheet)
	defer w.Close()
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	before := drawn(sheet, fyne.Position{})
	t.Run("dropped", func(t *testing.T) {
		for _, o := range []fyne.Widget{sheet, f, l, c} {
			for _, child := range append(test.TempWidgetRenderer(t, o).Objects(), o) {
				if wid, ok := child.(fyne.Widget); ok {
					test.TempWidgetRenderer(t, wid)
				}
			}
		}
	})
	if after := drawn(sheet, fyne.Position{}); !slices.Equal(before, after) || len(before) < 15 {
		t.Errorf("it showed\n%s\nand with new renderers\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}

// drawn is what is drawn in an object, and where.
func drawn(o fyne.CanvasObject, at fyne.Position) (out []string) {
	at = at.Add(o.Position())
	wid, ok := o.(fyne.Widget)
	if !ok {
		return []string{fmt.Sprintf("%T %v %v", o, at, o.Size())}
	}
	for _, child := range test.WidgetRenderer(wid).Objects() {
		out = append(out, drawn(child, at)...)
	}
	return out
}

// A painting that changes nothing does not ask the screen for anything.
func TestAPaintingThatChangesNothingCostsTheScreenNothing(t *testing.T) {
	test.NewApp()
	word := "uno"
	s := look.NewSheet(look.Light, fyne.NewSize(200, 100), func(p *look.Painter) {
		p.Rect(0, 0, 100, 20, 4, p.Card, p.Palette.Line, 1)
		p.Text(4, 0, 20, word, look.Style{})
		p.Line(0, 30, 100, 30, 1, p.Ink)
		p.Mark(0, 40, 14, look.WatchMark)
	})
	w := test.NewWindow(s)
	defer w.Close()
	n := 0
	look.OnScreen(s, func() { n++ })
	s.Refresh()
	s.Refresh()
	if n != 0 {
		t.Errorf("two paintings of the same asked the screen %d times", n)
	}
	word = "dos"
	s.Refresh()
	if n != 1 {
		t.Errorf("another word asked the screen %d times", n)
	}
}
