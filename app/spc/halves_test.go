package spc

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// halves makes days from a Monday on, open Monday to Friday, with twice as many calls in
// the 18th half hour as in each of the next ten.
func halves(r *rand.Rand, n int) (days []Halves) {
	for i := range n {
		d := Halves{Day: Day{Date: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)}}
		if i%7 > 4 {
			d.Kind = Closed
		} else {
			for h := 18; h < 29; h++ {
				mean := 10.0
				if h == 18 {
					mean = 20
				}
				for t := r.ExpFloat64(); t < mean; t += r.ExpFloat64() {
					d.By[h]++
				}
				d.X += d.By[h]
			}
		}
		days = append(days, d)
	}
	return days
}

func TestADayIsSpreadAsItsWeekdayWas(t *testing.T) {
	days := halves(seeded(t), 20*7)
	by, ok := Spread(days, Day{Date: days[139].Date.AddDate(0, 0, 1)}) // a Monday
	x, sum := 0.0, 0.0
	for w := range 8 { // by hand
		d := days[140-7*(w+1)]
		x, sum = x+d.By[18], sum+d.X
	}
	if !ok || math.Abs(by[18]-x/sum) > 1e-12 || by[18] < 0.11 || by[18] > 0.23 || by[0] != 0 {
		t.Errorf("%v %v, by hand %v", ok, by[18], x/sum)
	}
	if _, ok = Spread(days[:14], Day{Date: days[14].Date}); ok {
		t.Error("two Mondays tell how a day is spread")
	}
	if _, ok = Spread(days, Day{Date: days[138].Date}); ok {
		t.Error("closed days tell how a Saturday is spread")
	}
	if by, _ = Spread(days, days[0].Day); by[18] != 0 {
		t.Error("what comes after a day tells of it")
	}
}

// Chance alone is between a half hour and its mean; the week before has it twice.
func TestHalfHoursAreToldBetterThanByTheWeekBefore(t *testing.T) {
	days := halves(seeded(t), 30*7)
	ours, naive, n := BacktestHalves(days, 56)
	t.Logf("%.3f, naive %.3f of %d days", ours, naive, n)
	if n != 40 || ours < 0.15 || ours > 0.32 || naive < ours*1.1 {
		t.Errorf("%v, naive %v of %d days", ours, naive, n)
	}
	if _, _, n = BacktestHalves(days[:20], 56); n != 0 {
		t.Errorf("three weeks tell %d days", n)
	}
	if _, _, n = BacktestHalves(nil, 56); n != 0 {
		t.Error("nothing tells something")
	}
}
