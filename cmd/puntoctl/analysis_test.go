package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"punto/packaging/outside"
)

func TestTheVectorsOfControlChartsPass(t *testing.T) {
	out := must(t, t.TempDir(), "analysis", "vectors", outside.Path(t, "control-charts/charts.json"))
	if !strings.HasSuffix(strings.TrimSpace(out), " passed, 0 failed") || strings.HasPrefix(out, "0 passed") {
		t.Error(out)
	}
}

// Real days: the forecast saves at least 7 % of the naive error a week ahead, and
// its intervals hold about four days of five.
func TestRealCallsAreForecastBetterThanByLastWeek(t *testing.T) {
	x := read[forecast](t, must(t, t.TempDir(), "analysis", "forecast", "--json", outside.Path(t, "daily-calls/2020-2021.csv")))
	if x.Days != 731 || x.Missing != 0 || len(x.Rejected) != 0 || len(x.Forecast) != 14 || x.Forecast[0].Date != "2022-01-01" {
		t.Fatalf("%+v", x)
	}
	for _, b := range x.Backtest {
		t.Logf("%d days ahead: naive %.3f, forecast %.3f, saved %.3f, within %.3f", b.Ahead, *b.Naive, *b.Forecast, *b.Saved, *b.Within)
		if *b.Saved < 0.07 || math.Abs(*b.Within-0.8) > 0.06 {
			t.Errorf("%d days ahead it saves %.3f, and %.3f were within", b.Ahead, *b.Saved, *b.Within)
		}
	}
}

// made is a table of days in some spelling.
func made(days int, title, layout, separator string) string {
	r := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(title, ",", separator))
	for i := range days {
		d := time.Date(2024, 12, 25, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)
		x := int(100 * (1 + float64(d.Weekday()%6)/10) * (0.9 + 0.2*r.Float64()))
		fmt.Fprintf(&b, "x%s%s%s%d\n", separator, d.Format(layout), separator, x)
	}
	return b.String()
}

func TestTablesOfDaysAreReadAsTheyAreWritten(t *testing.T) {
	iso := made(120, "id,Date,Calls", "2006-01-02", ",")
	want := must(t, t.TempDir(), "analysis", "forecast", file(t, "a.csv", iso))
	for name, text := range map[string]string{
		"day first":   made(120, "id,Fecha,Llamadas", "02/01/2006", ";"),
		"month first": made(120, "id,DATE,Incoming Calls", "1/2/2006", ","),
		"with hours":  made(120, "id,data,chamadas", "2006-01-02 15:04:05", "\t"),
		"a mark":      "\ufeff" + iso,
	} {
		if got := must(t, t.TempDir(), "analysis", "forecast", file(t, "a.csv", text)); got != want {
			t.Errorf("%s: %s\nnot\n%s", name, got, want)
		}
	}
	lines := strings.Split(strings.TrimSpace(iso), "\n")
	lines[40], lines[50], lines[60], lines[70] = `x,2025-02-02,"many"`, lines[49], "x,soon,5", "x,2025-03-04,"
	x := read[forecast](t, must(t, t.TempDir(), "analysis", "forecast", "--json", "--calls", "calls", "--date", "DATE", file(t, "b.csv", strings.Join(lines, "\n"))))
	if x.Days != 116 || x.Missing != 4 || len(x.Rejected) != 3 {
		t.Fatalf("%+v", x)
	}
	for i, says := range []string{"many", "soon", "came on line 50"} {
		found := false
		for _, r := range x.Rejected {
			found = found || strings.Contains(r.Reason, says)
		}
		if !found {
			t.Errorf("%d: nothing says %q in %+v", i, says, x.Rejected)
		}
	}
}

func TestHolidaysOfAFileAreKnown(t *testing.T) {
	days, holidays := made(120, "id,Date,Calls", "2006-01-02", ","), "fecha\n2025-01-01\n2025-04-25\n"
	x := read[forecast](t, must(t, t.TempDir(), "analysis", "forecast", "--json", "--holidays", file(t, "h.csv", holidays), file(t, "a.csv", days)))
	for _, d := range x.Forecast {
		if (d.Kind == "holiday") != (d.Date == "2025-04-25") {
			t.Errorf("%+v", d)
		}
	}
	if _, err := run(t, t.TempDir(), "analysis", "forecast", "--holidays", file(t, "h.csv", "fecha\nChristmas\n"), file(t, "a.csv", days)); err == nil || !strings.Contains(err.Error(), "Christmas") {
		t.Errorf("a holiday that is no day gave %v", err)
	}
}

func TestATableThatIsNoneSaysWhatItLacks(t *testing.T) {
	for text, says := range map[string]string{
		"":                                       "row of titles",
		"a,b\n1,2\n":                             "--date",
		"date,b\n2025-01-01,2\n":                 "--calls",
		"date,calls\n":                           "no days",
		"date,calls\n2025-01-01,2":               "too short",
		"date,calls\n1970-01-01,2\n2199-01-01,2": "mistake in a date",
	} {
		if out, err := run(t, t.TempDir(), "analysis", "forecast", file(t, "a.csv", text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q gave %q, %v", text, out, err)
		}
	}
}

// Whatever a file holds, the days that come out are a series.
func FuzzDailyTable(f *testing.F) {
	f.Add([]byte(made(3, "id,Date,Calls", "2006-01-02", ",")))
	f.Add([]byte(made(3, "id,Fecha,Llamadas", "02/01/2006", ";")))
	f.Add([]byte("date,calls\n2025-01-02,1e400\n2025-01-01,\n2025-01-01,-1\n,\n\"2025\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		days, bad, err := dailyTable{}.read(strings.NewReader(string(text)))
		if err != nil {
			return
		}
		for i, d := range days {
			if i > 0 && !days[i-1].Date.Before(d.Date) || d.X < 0 || d.X > 1e9 {
				t.Fatalf("%+v after %+v", d, days[max(0, i-1)])
			}
		}
		for _, b := range bad {
			if b.Line < 2 || b.Reason == "" {
				t.Errorf("%+v", b)
			}
		}
		if len(days) > 0 && len(days) < 400 {
			_, _ = foretell(days, 14, 0.8)
		}
	})
}
