package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app/desk"
	"punto/ui/look"
)

func TestTheTabThatIsOnIsSeen(t *testing.T) {
	widths := make([]float32, 20)
	for i := range widths {
		widths[i] = 100 + float32(i%5)*30
	}
	for on := range widths {
		from, to := seenTabs(widths, on, 900, tabsAside)
		sum := float32(0)
		for _, w := range widths[from:to] {
			sum += w
		}
		if on < from || on >= to || sum > 900 || to-from < 4 {
			t.Errorf("with %d on, %d to %d are seen, %v wide", on, from, to, sum)
		}
	}
	if from, to := seenTabs(widths[:3], 1, 900, tabsAside); from != 0 || to != 3 {
		t.Errorf("of three, %d to %d are seen", from, to)
	}
}

// What a field takes, the desk takes too.
func TestFieldsHoldNoMoreThanTheDesk(t *testing.T) {
	if look.LineLimit > desk.MaxLine || look.LinesLimit > desk.MaxText || Paragraph > desk.MaxText {
		t.Errorf("%d in a line, %d in a paragraph, %d in many lines", look.LineLimit, Paragraph, look.LinesLimit)
	}
}

func TestADocumentIsBrokenIntoLinesWhole(t *testing.T) {
	for _, s := range []string{"", "una dos", strings.Repeat("x", 250), "una " + strings.Repeat("y", 115) + " dos", strings.Repeat("una línea ", 40)} {
		lines := wrap(s, 110)
		if got := strings.Join(lines, ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%q became %q", s, lines)
		}
		if i := slices.IndexFunc(lines, func(l string) bool { return len([]rune(l)) > 110 }); i >= 0 {
			t.Errorf("a line of %d letters", len([]rune(lines[i])))
		}
	}
}

func TestAPauseMayBeginWithItsDate(t *testing.T) {
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, lima)
	for line, want := range map[string]string{
		"30/11 9:00 llega el módulo": "2026-11-30 09:00 llega el módulo", "30/11 llega": "2026-11-30 08:00 llega", "15:30": "2026-11-23 15:30 ",
		"9:00 mañana": "2026-11-24 09:00 mañana", "2/1 fiestas": "2027-01-02 08:00 fiestas", "esperar al usuario": "esperar al usuario", "2 equipos": "2 equipos", "": "",
	} {
		wake, rest := wakeOf(line, now)
		got := rest
		if wake != 0 {
			got = time.UnixMilli(wake).In(lima).Format("2006-01-02 15:04 ") + rest
		}
		if got != want {
			t.Errorf("%q was read as %q, not %q", line, got, want)
		}
	}
}

func TestACodeIsReadAsItWasMeant(t *testing.T) {
	for typed, want := range map[string]string{"k7qmr2xw9tb4hd6vnp8z": "K7QMR 2XW9T B4HD6 VNP8Z", "oil-u 7": "0117", "": "", "K7QMR": "K7QMR",
		"K7QMR-2XW9T-B4HD6-VNP8Z-extra": "K7QMR 2XW9T B4HD6 VNP8Z"} {
		if got := Grouped(typed); got != want {
			t.Errorf("%q is shown as %q, not %q", typed, got, want)
		}
	}
}
