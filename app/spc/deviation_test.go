package spc_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app/spc"
)

var firstDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// desk is a made-up desk: calls by weekday, of which a share fails that has its own
// weekdays, days that spread more than chance, and from some day on another level.
type desk struct {
	calls, phi float64
	from, to   float64 // the share before the shift and after
	shift      int     // its day; 0 = never
}

func (k desk) days(r *rand.Rand, n int) (out []spc.Day) {
	volume := [7]float64{0.4, 1.3, 1.2, 1.1, 1.1, 1.1, 0.8}
	lean := [7]float64{1, 1.2, 1, 1, 1, 0.9, 1}
	for i := range n {
		d := spc.Day{Date: firstDay.AddDate(0, 0, i)}
		w := d.Date.Weekday()
		calls, p := int(k.calls*volume[w]*math.Exp(0.1*r.NormFloat64())), k.from
		if k.shift > 0 && i >= k.shift {
			p = k.to
		}
		d.X, d.N = overdispersed(r, calls, p*lean[w], k.phi), float64(calls)
		out = append(out, d)
	}
	return out
}

func (k desk) episodes(t *testing.T, r *rand.Rand, n int) []spc.Episode {
	t.Helper()
	_, es, err := spc.Watch{}.Deviations(k.days(r, n))
	if err != nil {
		t.Fatal(err)
	}
	return es
}

func dayOf(t time.Time) int { return int(t.Sub(firstDay).Hours()/24 + 0.5) }

// The promise of the analysis unit: on an index whose days spread 2.3 times the
// binomial variance, at most 3 false alarms a year, and a rise from 4 to 6 % is
// found within 8 days on average.
func TestFewFalseAlarmsAndAShiftIsFoundWithinEightDays(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 4))
	k := desk{calls: 420, phi: 2.3, from: 0.04, to: 0.06}
	const years, before = 120, 90
	alarms := 0
	for range years {
		for _, e := range k.episodes(t, r, before+365) {
			if dayOf(e.Found) >= before {
				alarms++
			}
		}
	}
	k.shift = 160
	delay, found, never := 0, 0, 0
	for range 2 * years {
		none := true
		for _, e := range k.episodes(t, r, k.shift+60) {
			if goesOn := e.Ended.IsZero() || dayOf(e.Ended) >= k.shift; dayOf(e.Found) < k.shift && goesOn {
				none = false // an alarm was on already: nothing can be said of this one
				break
			}
			if dayOf(e.Found) >= k.shift && e.Up {
				delay, found, none = delay+dayOf(e.Found)-k.shift+1, found+1, false
				break
			}
		}
		if none {
			never++
		}
	}
	perYear, mean := float64(alarms)/years, float64(delay)/float64(found)
	t.Logf("seed %d: %.2f false alarms a year, the shift found on day %.1f on average of %d, never in 60 days %d times", seed, perYear, mean, found, never)
	if perYear > 3 || mean > 8 || never > 2 || found < years {
		t.Error("the promise is not kept")
	}
}

func watched(t *testing.T, w spc.Watch, days []spc.Day) ([]spc.Judged, []spc.Episode) {
	t.Helper()
	js, es, err := w.Deviations(days)
	if err != nil {
		t.Fatal(err)
	}
	if len(js) != len(days) {
		t.Fatalf("%d days came out of %d", len(js), len(days))
	}
	return js, es
}

func TestABadWeekIsOneEpisodeAndLeavesTheBaseline(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 5))
	k := desk{calls: 500, phi: 1.5, from: 0.05}
	days := k.days(r, 200)
	for i := 120; i < 127; i++ {
		days[i].X = math.Round(days[i].N * 0.25)
	}
	_, es := watched(t, spc.Watch{Drift: 5, Sigmas: 5}, days)
	if len(es) != 1 || !es[0].Up || dayOf(es[0].Found) != 120 || es[0].Ended.IsZero() || dayOf(es[0].Ended) > 150 || es[0].Normal {
		t.Errorf("seed %d: a bad week gave %+v", seed, es)
	}
	js, _ := watched(t, spc.Watch{}, days)
	if e := js[199].Expected; e > 0.075 {
		t.Errorf("seed %d: after a bad week %v is expected: it was learnt", seed, e)
	}
}

// A fall while a rise is on is news, and an alert of its own.
func TestAnEpisodeThatTurnsIsTwo(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 14))
	days := desk{calls: 500, phi: 1, from: 0.1}.days(r, 140)
	for i := 100; i < 140; i++ {
		share := 0.2
		if i >= 110 {
			share = 0.02
		}
		days[i].X = math.Round(days[i].N * share)
	}
	_, es := watched(t, spc.Watch{Sigmas: 6, Drift: 5}, days)
	if len(es) != 2 || !es[0].Up || es[1].Up || dayOf(es[1].Found) < 110 || dayOf(es[1].Found) > 122 || !es[1].Ended.IsZero() || es[0].Ended.IsZero() {
		t.Errorf("seed %d: %+v", seed, es)
	}
}

func TestANewLevelIsNormalAfterSixWeeks(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 6))
	k := desk{calls: 500, phi: 1, from: 0.05, to: 0.15, shift: 100}
	js, es := watched(t, spc.Watch{Sigmas: 6, Drift: 5}, k.days(r, 260))
	if len(es) != 1 || !es[0].Normal || dayOf(es[0].Found) > 104 {
		t.Fatalf("seed %d: %+v", seed, es)
	}
	if j := js[259]; j.Out || math.Abs(j.Expected-0.15) > 0.04 {
		t.Errorf("seed %d: long after, %+v", seed, j)
	}
}

func TestWhatCannotBeJudgedSaysWhy(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 7))
	days := desk{calls: 500, phi: 1, from: 0.05}.days(r, 120)
	days[100].Kind = spc.Closed
	days[101].N, days[101].X = 0, 0
	days[102].X = math.NaN()
	days[103].N, days[103].X = 20, 20
	days[104].Kind = spc.Holiday // the first ever
	days[105].X, days[105].Explained = days[105].N, true
	days = append(days[:106], days[110:]...) // and four days are missing
	js, es := watched(t, spc.Watch{Least: 30}, days)
	for i, want := range map[int]spc.Reason{0: spc.TooFewBefore, 30: spc.TooFewBefore, 100: spc.WasClosed, 101: spc.NoValue, 102: spc.NoValue, 103: spc.TooSmall, 104: spc.TooFewBefore, 107: spc.WasJudged} {
		if j := js[i]; j.Why != want || (want != spc.WasJudged) != math.IsNaN(j.Z) {
			t.Errorf("seed %d: day %d: %+v, not reason %d", seed, i, j, want)
		}
	}
	if js[105].Out || js[105].Z < 10 {
		t.Errorf("seed %d: an explained day is shown and alarms nobody: %+v", seed, js[105])
	}
	for _, e := range es {
		if dayOf(e.Found) == 105 {
			t.Errorf("seed %d: an explained day raised %+v", seed, e)
		}
	}
	for i, j := range js {
		if j.Why == spc.WasJudged && !days[i].Explained && !(j.Low <= j.Expected && j.Expected <= j.High && j.Low >= 0 && j.High <= 1) {
			t.Errorf("seed %d: limits of %+v", seed, j)
		}
	}
}

func TestTimesAndRatesAreWatchedToo(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 8))
	for _, of := range []spc.Measure{spc.Rate, spc.Time} {
		var days []spc.Day
		for i := range 400 {
			d := spc.Day{Date: firstDay.AddDate(0, 0, i), N: 1}
			level := []float64{40, 200, 180, 170, 170, 160, 90}[d.Date.Weekday()]
			if i >= 300 {
				level *= 1.8
			}
			if d.X = level * math.Exp(0.15*r.NormFloat64()); of == spc.Time {
				d.N = 100
				d.X *= d.N
			}
			days = append(days, d)
		}
		js, es := watched(t, spc.Watch{Of: of}, days)
		alarmed, early := false, 0
		for _, e := range es {
			if dayOf(e.Found) < 300 {
				early++
			}
			if goesOn := e.Ended.IsZero() || dayOf(e.Ended) >= 300; e.Up && goesOn && dayOf(e.Found) < 306 {
				alarmed = true
			}
		}
		if !alarmed || early > 6 {
			t.Errorf("seed %d: measure %d: %d alarms before, alarmed at the shift: %v: %+v", seed, of, early, alarmed, es)
		}
		// A Sunday is compared with Sundays.
		for i := 200; i < 207; i++ {
			if j := js[i]; j.Date.Weekday() == time.Sunday && (j.Expected < 30 || j.Expected > 50) {
				t.Errorf("seed %d: on a Sunday %v is expected", seed, j.Expected)
			}
		}
	}
}

func TestASeriesThatIsNoneIsRefused(t *testing.T) {
	day := func(i int) spc.Day { return spc.Day{Date: firstDay.AddDate(0, 0, i), X: 1, N: 2} }
	far := day(0)
	far.Date = far.Date.AddDate(900, 0, 0)
	minus := day(1)
	minus.X = -1
	for name, days := range map[string][]spc.Day{"a day twice": {day(0), day(0)}, "backwards": {day(1), day(0)}, "nine centuries": {day(0), far}, "a negative value": {day(0), minus}, "no days": nil} {
		if _, _, err := (spc.Watch{}).Deviations(days); err == nil {
			t.Errorf("%s was watched", name)
		}
		if _, err := spc.Forecast(days, 7, 0.8); err == nil {
			t.Errorf("%s was forecast", name)
		}
	}
	for _, w := range []spc.Watch{{Sigmas: 0.5}, {Drift: math.NaN()}, {Baseline: 5}, {Baseline: 4000}} {
		if _, _, err := w.Deviations([]spc.Day{day(0)}); !errors.Is(err, spc.ErrWatch) {
			t.Errorf("%+v watched: %v", w, err)
		}
	}
}
