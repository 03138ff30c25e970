package desk_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"punto/app/desk"
)

func TestWhatFitsAndWhatDoesNot(t *testing.T) {
	type row struct {
		Subject, Text, Body string
		At, Wake, Size      int64
		Level               int
		Names               []string
		IDs                 []desk.ID
		Day                 time.Time
		Wait                time.Duration
		Share               float64
		Role                desk.Role
		Raw                 []byte
		More                map[string]string
		Deep                *row
		Any                 any
		hidden              string
	}
	long := func(n int) string { return strings.Repeat("ñ", n) }
	in := func(r row) row { return row{Deep: &row{Any: []row{r}}} }
	for _, x := range []struct {
		name       string
		r          row
		door, wire string // the form of what is said; "" = it fits
	}{
		{"nothing", row{}, "", ""},
		{"the longest line", row{Subject: long(desk.MaxLine)}, "", ""},
		{"a longer line", row{Subject: long(desk.MaxLine + 1)}, desk.MisfitLong, ""},
		{"the longest line of an event", row{Subject: long(4000)}, desk.MisfitLong, ""},
		{"longer than an event's", row{Subject: long(4001)}, desk.MisfitLong, desk.MisfitLong},
		{"a text", row{Text: long(desk.MaxText)}, "", ""},
		{"a longer text", row{Text: long(desk.MaxText + 1)}, desk.MisfitLong, ""},
		{"a body", row{Body: long(desk.MaxBody)}, "", ""},
		{"a longer body", row{Body: long(desk.MaxBody + 1)}, desk.MisfitLong, ""},
		{"no UTF-8", row{Subject: "\xff"}, desk.MisfitUTF8, desk.MisfitUTF8},
		{"a line with a break", row{Subject: "a\nb"}, desk.MisfitControl, ""},
		{"a text with breaks", row{Text: "a\r\n\tb"}, "", ""},
		{"a text with a bell", row{Text: "a\a"}, desk.MisfitControl, ""},
		{"the first instant", row{At: desk.Earliest}, "", ""},
		{"before it", row{At: desk.Earliest - 1}, desk.MisfitTime, desk.MisfitTime},
		{"the last instant", row{Wake: desk.Latest}, "", ""},
		{"after it", row{Wake: desk.Latest + 1}, desk.MisfitTime, desk.MisfitTime},
		{"a number below zero that is no instant", row{Size: -1, Level: -1}, "", ""},
		{"a number that no float holds", row{Size: 1<<53 + 1}, desk.MisfitNumber, desk.MisfitNumber},
		{"a small number that is large", row{Level: math.MaxInt32 + 1}, desk.MisfitNumber, desk.MisfitNumber},
		{"a day of the year 3000", row{Day: time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)}, desk.MisfitTime, desk.MisfitTime},
		{"a wait of a month", row{Wait: 31 * 24 * time.Hour}, "", ""},
		{"a longer wait", row{Wait: 31*24*time.Hour + 1}, desk.MisfitNumber, desk.MisfitNumber},
		{"a longer wait below zero", row{Wait: -31*24*time.Hour - 1}, desk.MisfitNumber, desk.MisfitNumber},
		{"a share that is no number", row{Share: math.NaN()}, desk.MisfitNumber, desk.MisfitNumber},
		{"a share without end", row{Share: math.Inf(-1)}, desk.MisfitNumber, desk.MisfitNumber},
		{"names", row{Names: make([]string, 64)}, "", ""},
		{"more names", row{Names: make([]string, 65)}, desk.MisfitList, ""},
		{"far more names", row{Names: make([]string, 257)}, desk.MisfitList, desk.MisfitList},
		{"a long one among them", row{Names: []string{"a", long(5000)}}, desk.MisfitLong, desk.MisfitLong},
		{"ten thousand ids", row{IDs: make([]desk.ID, 10_000)}, "", ""},
		{"one more", row{IDs: make([]desk.ID, 10_001)}, desk.MisfitList, desk.MisfitList},
		{"bytes", row{Raw: make([]byte, 1<<20)}, "", ""},
		{"a map", row{More: map[string]string{"k": "v"}}, "", ""},
		{"a long key", row{More: map[string]string{long(5000): "v"}}, desk.MisfitLong, desk.MisfitLong},
		{"a long value", row{More: map[string]string{"k": long(5000)}}, desk.MisfitLong, desk.MisfitLong},
		{"a role that is none", row{Role: 99}, desk.MisfitNumber, ""}, // an event of a newer version may name it
		{"what nobody sees", row{hidden: "\xff"}, "", ""},
	} {
		for _, r := range []row{x.r, in(x.r)} { // however deep
			for _, b := range []struct {
				bounds desk.Bounds
				want   string
			}{{desk.Door, x.door}, {desk.Wire, x.wire}} {
				err := b.bounds.Fit(r)
				var m *desk.Misfit
				if errors.As(err, &m) != (b.want != "") || m != nil && (m.Form != b.want || m.Field == "" || !strings.Contains(err.Error(), m.Field)) {
					t.Errorf("%s (strict %t): %v, and not %q", x.name, b.bounds.Strict, err, b.want)
				}
			}
		}
	}
	many := map[string]int{}
	for i := range 10_001 {
		many[strings.Repeat("a", i%100)+time.Duration(i).String()] = i
	}
	if err := desk.Wire.Fit(many); err == nil {
		t.Error("a map of more than ten thousand fits")
	}
}

func TestInstantsOfTheDesk(t *testing.T) {
	for _, x := range []struct {
		ms, near int64
		ok       bool
	}{{desk.Earliest, desk.Earliest, true}, {desk.Latest, desk.Latest, true}, {desk.Earliest - 1, desk.Earliest, false}, {math.MaxInt64, desk.Latest, false}, {math.MinInt64, desk.Earliest, false}, {5, 5, true}} {
		if desk.ValidAt(x.ms) != x.ok || desk.ClampAt(x.ms) != x.near {
			t.Errorf("%d: valid %t, nearest %d", x.ms, desk.ValidAt(x.ms), desk.ClampAt(x.ms))
		}
	}
	if got := int64(desk.LatestStamp >> 16); got != desk.Latest {
		t.Errorf("the last stamp is of %d", got)
	}
	if desk.Role(99).Valid() || !desk.SupervisorRole.Valid() {
		t.Error("a role that is none is valid")
	}
}
