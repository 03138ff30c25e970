package spc_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"punto/app/spc"
)

// calls is a made-up series: weekdays, spells of days at another level, wild days.
func calls(r *rand.Rand, n int, growth, spells, wild float64) (days []spc.Day) {
	week := [7]float64{0.25, 1.2, 1.1, 1, 1, 1, 0.7}
	left, times := 0.0, 1.0
	for i := range n {
		if left--; left <= 0 {
			if times = 1; r.Float64() < spells {
				left, times = 2+10*r.Float64(), math.Exp(0.7*r.NormFloat64())
			}
		}
		d := spc.Day{Date: firstDay.AddDate(0, 0, i)}
		x := 200 * week[d.Date.Weekday()] * times * math.Exp(growth*float64(i)/365+0.15*r.NormFloat64())
		if r.Float64() < wild {
			x *= math.Exp(0.9 * r.NormFloat64())
		}
		d.X = math.Round(x)
		days = append(days, d)
	}
	return days
}

// On series of many kinds the forecast beats the last same weekday at every
// distance, and its intervals hold as many days as they say.
func TestTheForecastBeatsLastWeekOnSeriesOfManyKinds(t *testing.T) {
	for _, c := range []struct{ growth, spells, wild float64 }{{0, 0, 0}, {0, 0.02, 0.05}, {0.7, 0, 0.02}, {-0.5, 0.04, 0}, {0.2, 0.02, 0.1}} {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 9))
		scores, err := spc.Backtest(calls(r, 700, c.growth, c.spells, c.wild), []int{1, 7, 14, 28}, 0.8)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range scores {
			if s.Days < 500 || s.Gain() < 0.07 || math.Abs(s.Covered-0.8) > 0.06 {
				t.Errorf("seed %d, %+v: %+v, gain %.3f", seed, c, s, s.Gain())
			}
		}
	}
}

// A backtest knows no day before it has come.
func TestABacktestDoesNotLookAhead(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 10))
	days := calls(r, 200, 0, 0, 0)
	a, err := spc.Forecast(days[:150], 14, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	for i := 150; i < 200; i++ {
		days[i].X = math.NaN()
	}
	b, err := spc.Forecast(days, 14, 0.8)
	if err != nil || fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("seed %d: days to come changed the forecast: %v, %v, %v", seed, a, b, err)
	}
	// A wild last day is an error of its own, and of no forecast made before it.
	short, err := spc.Backtest(days[:150], []int{7}, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	long, err := spc.Backtest(append(append([]spc.Day{}, days[:150]...), spc.Day{Date: days[149].Date.AddDate(0, 0, 1), X: 1e6}), []int{7}, 0.8)
	if err != nil || long[0].Days != short[0].Days+1 {
		t.Fatal(err)
	}
	if long[0].Ours < 0.9 || short[0].Ours > 0.5 {
		t.Errorf("seed %d: %+v, then %+v", seed, short, long)
	}
}

func TestHolidaysAndClosedDaysAreForecastAsSuch(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 11))
	days := calls(r, 365, 0, 0, 0)
	for i := range days {
		switch {
		case i%31 == 10: // a holiday brings a third of the calls
			days[i].Kind, days[i].X = spc.Holiday, math.Round(days[i].X/3)
		case i%29 == 5:
			days[i].Kind, days[i].X = spc.Closed, 0
		}
	}
	ahead := append([]spc.Day{}, days...)
	for i, k := range []spc.Kind{spc.Ordinary, spc.Holiday, spc.Closed} {
		ahead = append(ahead, spc.Day{Date: firstDay.AddDate(0, 0, 365+i), Kind: k, X: math.NaN()})
	}
	got, err := spc.Forecast(ahead, 14, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := spc.Forecast(days, 14, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Value != plain[0].Value || math.Abs(got[1].Value/plain[1].Value-0.38) > 0.1 || got[2].Value != 0 || got[2].High != 0 {
		t.Errorf("seed %d: %+v, and as ordinary days %+v", seed, got[:3], plain[:3])
	}
	for _, p := range got {
		if p.Kind != spc.Closed && !(p.Low < p.Value && p.Value < p.High) {
			t.Errorf("seed %d: %+v", seed, p)
		}
	}
}

func TestGapsAreGapsAndAWeekdayNeverSeenIsNotKnown(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 12))
	var days []spc.Day
	for i, d := range calls(r, 300, 0, 0, 0) {
		if d.Date.Weekday() != 0 && i%17 != 3 { // never a Sunday, and some days are missing
			days = append(days, d)
		}
	}
	got, err := spc.Forecast(days, 14, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range got {
		if sunday := p.Date.Weekday() == 0; sunday != math.IsNaN(p.Value) || sunday != math.IsNaN(p.Low) {
			t.Errorf("seed %d: %+v", seed, p)
		}
		if p.Date.Weekday() == 1 && (p.Value < 150 || p.Value > 350) {
			t.Errorf("seed %d: a Monday of 240 is forecast as %+v", seed, p)
		}
	}
}

func TestTooShortASeriesIsNotForecast(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 13))
	days := calls(r, 300, 0, 0, 0)
	for n, want := range map[int]error{1: spc.ErrShort, 27: spc.ErrShort, 35: nil} {
		p, err := spc.Forecast(days[:n], 7, 0.8)
		if !errors.Is(err, want) {
			t.Errorf("%d days: %v", n, err)
		}
		if err == nil && (math.IsNaN(p[0].Value) || !math.IsNaN(p[0].Low)) {
			t.Errorf("%d days tell a value and no interval: %+v", n, p[0])
		}
	}
	for i := range days {
		days[i].X = 0
	}
	if p, err := spc.Forecast(days, 7, 0.8); !errors.Is(err, spc.ErrShort) && (err != nil || p[0].Value > 1) {
		t.Errorf("a desk that nobody calls: %+v, %v", p, err)
	}
	if s, err := spc.Backtest(days[:10], []int{7}, 0.8); err != nil || s[0].Days != 0 || !math.IsNaN(s[0].Ours) {
		t.Errorf("ten days have %+v, %v", s, err)
	}
	for _, bad := range []struct {
		n     int
		level float64
	}{{0, 0.8}, {400, 0.8}, {7, 0}, {7, 1}} {
		if _, err := spc.Forecast(days, bad.n, bad.level); err == nil {
			t.Errorf("%+v was forecast", bad)
		}
	}
}
