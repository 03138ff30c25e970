package spc

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func seeded(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 8))
}

// made makes days from a Monday on: of 100 cases a working day the share p fails.
func made(r *rand.Rand, n int, p func(i int) float64) (days []Day) {
	for i := range n {
		d := Day{Date: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)}
		if i%7 > 4 {
			d.Kind = Closed
		} else {
			d.N = 100
			share := math.Max(0.001, p(i)*(1+0.3*r.NormFloat64())) // days spread more than chance
			for range 100 {
				if r.Float64() < share {
					d.X++
				}
			}
		}
		days = append(days, d)
	}
	return days
}

func TestAWeekIsJudgedByTheWeeksBefore(t *testing.T) {
	r := seeded(t)
	days := made(r, 30*7+3, func(i int) float64 {
		if i >= 28*7 && i < 29*7 {
			return 0.14 // the 29th week
		}
		return 0.05
	})
	from := days[27*7].Date
	got := Weekly(Share, days, from)
	if len(got) != 3 || !got[0].From.Equal(from) || got[0].Out && got[2].Out || !got[1].Out || got[1].Value < got[1].High {
		t.Errorf("%+v", got)
	}
	// By hand: the ratio of sums of the 26 weeks before.
	x, n := 0.0, 0.0
	for _, d := range days[7 : 27*7] {
		if d.Kind != Closed {
			x, n = x+d.X, n+d.N
		}
	}
	if math.Abs(got[0].Center-x/n) > 1e-12 {
		t.Errorf("the center is %v, by hand %v", got[0].Center, x/n)
	}
	if got = Weekly(Share, days[:9*7], days[7*7].Date); len(got) != 2 || !math.IsNaN(got[0].High) || math.IsNaN(got[1].High) {
		t.Errorf("seven weeks tell what is usual: %+v", got)
	}
	if got = Weekly(Share, days[1:13], days[0].Date); len(got) != 0 {
		t.Errorf("what is no whole week is judged: %+v", got)
	}
}

// Of weeks that never change hardly one a year is told; a week of twice the share nearly
// always is.
func TestFewFalseAlarmsOfWeeks(t *testing.T) {
	r := seeded(t)
	const years = 60
	told, found := 0, 0
	for range years {
		days := made(r, (26+52)*7, func(i int) float64 {
			if i >= (26+51)*7 {
				return 0.12
			}
			return 0.05
		})
		for i, w := range Weekly(Share, days, days[26*7].Date) {
			if i == 51 {
				if w.Out {
					found++
				}
			} else if w.Out {
				told++
			}
		}
	}
	t.Logf("%d told in %d years, %d of %d found", told, years, found, years)
	if float64(told)/years > 1 || found < years*4/5 {
		t.Errorf("%d told in %d years, %d of %d found", told, years, found, years)
	}
}

func TestMonthsAndTimesAndRates(t *testing.T) {
	var days []Day
	begin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for d := begin; d.Before(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)); d = d.AddDate(0, 0, 1) {
		x := 10 + float64(d.Month()%2) // months of 10 and of 11
		if d.Year() == 2026 && d.Month() == time.June {
			x = 16
		}
		days = append(days, Day{Date: d, X: x, N: 1})
	}
	got := Monthly(Rate, days, time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC))
	if len(got) != 2 || got[0].Out || !got[1].Out || got[1].Value != 16 || got[0].Center < 10.4 || got[0].Center > 10.6 || math.Abs(got[0].High-(got[0].Center+3/1.128)) > 1e-9 {
		t.Errorf("%+v", got)
	}
	if got = Weekly(Rate, days, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); len(got) != 4 || got[3].Value != 16 || !got[3].Out {
		t.Errorf("%+v", got)
	}
	for i := range days {
		days[i].X, days[i].N = days[i].X*60*7, 7
	}
	if got = Weekly(Time, days, time.Date(2026, 6, 7, 0, 0, 0, 0, time.UTC)); len(got) == 0 || math.Abs(got[len(got)-1].Value-16*60) > 1e-9 || !got[len(got)-1].Out {
		t.Errorf("%+v", got)
	}
	if Weekly(Share, nil, begin) != nil {
		t.Error("of no days are weeks")
	}
}
