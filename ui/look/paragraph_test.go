package look

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

// Broken into lines, a text loses nothing but spaces, and no line is wider than its
// place.
func TestLinesLoseNothing(t *testing.T) {
	test.NewApp()
	for _, s := range []string{"", "corta", "dos palabras", strings.Repeat("ñandú", 80), "antes " + strings.Repeat("x", 300) + " después de eso", "uno\n\ndos\n" + strings.Repeat("tres ", 90)} {
		for _, w := range []float32{1, 60, 400} {
			lines := Lines(s, w, Style{})
			if got := strings.Join(strings.Fields(strings.Join(lines, "")), ""); got != strings.Join(strings.Fields(s), "") {
				t.Errorf("in %.0f, %.20q became %.40q", w, s, got)
			}
			for _, l := range lines {
				if Measure(l, Style{}) > w && len([]rune(l)) > 1 {
					t.Errorf("%.20q is wider than %.0f", l, w)
				}
			}
		}
	}
}
