package spc

import (
	"errors"
	"math"
	"slices"
	"time"
)

// The model of a desk's calls: a level times the weekday's share of the week,
// times a factor on holidays.
//
// Real series of calls have wild days, spells of days at several times the level,
// and months at a new one; errors are judged as shares of the calls. So every part
// is a median or bounded, and the level is two: a slow one to which the series
// returns, and a quick one whose distance from it fades (a damped level, as in the
// damped trend of Gardner and McKenzie, Management Science 31, 1985; bounded
// errors as in Gelper, Fried and Croux, Journal of Forecasting 29, 2010). The
// constants were chosen on simulated series with spells, wild days, trends and
// changes of level, where neighbouring values do about as well.
const (
	profileWeeks = 16   // of which a weekday's share is the median
	slowDays     = 28   // half-life of the weights of the slow level
	memory       = 150  // days that the levels look back
	quick        = 0.4  // of an error that the quick level takes on
	fading       = 0.9  // of the distance of the levels that is left each day
	trusted      = 0.6  // of that distance at the start
	bound        = 2.0  // spreads that an error counts at most
	trendWeeks   = 20   // of which a trend is the median slope
	trendDoubt   = 9.0  // squared: a slope below 3 of its standard errors is none
	trendDamping = 0.98 // of the trend that is left each day
	fewestDays   = 28   // that must be known
	floor        = 0.5  // calls of a day without any, for logarithms
)

// ErrShort says that a series is too short to forecast.
var ErrShort = errors.New("the series is too short to forecast: at least 28 days that are no holidays must be known")

// grid is a series without gaps, by day number from first on. X is NaN where
// nothing is known.
type grid struct {
	first int
	x     []float64
	kind  []Kind
}

func gridOf(days []Day) (g grid, err error) {
	if err := check(days); err != nil {
		return g, err
	}
	g.first = number(days[0].Date)
	n := number(days[len(days)-1].Date) - g.first + 1
	g.x, g.kind = slices.Repeat([]float64{math.NaN()}, n), make([]Kind, n)
	for _, d := range days {
		i := number(d.Date) - g.first
		if g.kind[i] = d.Kind; d.Kind != Closed && !d.Explained {
			g.x[i] = d.X
		}
	}
	return g, nil
}

// lastKnown is the place of the last day of which something is known; -1 is none.
func (g grid) lastKnown() int {
	for i := len(g.x) - 1; i >= 0; i-- {
		if !math.IsNaN(g.x[i]) {
			return i
		}
	}
	return -1
}

func (g grid) kindAt(i int) Kind {
	if i < len(g.kind) {
		return g.kind[i]
	}
	return Ordinary
}

func (g grid) weekday(i int) int { return weekday(g.first + i) }

// ordinary tells whether a day teaches what its weekday is like.
func (g grid) ordinary(i int) bool { return g.kind[i] == Ordinary && !math.IsNaN(g.x[i]) }

// fitted is the model as of one day, in logarithms.
type fitted struct {
	g           grid
	at          int        // the day up to which all is known
	share       [7]float64 // of the weekdays, 1 on average; NaN where none was seen
	slow, quick float64
	trend       float64 // by day
	lag         float64 // days that the slow level is behind
	holiday     float64
}

// fit learns from the days up to at; false when there are too few.
func (g grid) fit(at int) (*fitted, bool) {
	f := &fitted{g: g, at: at}
	if !f.weekdays() {
		return nil, false
	}
	var values, weights []float64
	age, sum, level, wide := 0.0, 0.0, math.NaN(), 0.3
	for i := max(0, at-memory+1); i <= at; i++ {
		x, share := f.level(i)
		if math.IsNaN(x) {
			continue
		}
		w := math.Exp2(-float64(at-i)/slowDays) * min(share, 1) // a quiet weekday tells less
		values, weights = append(values, x), append(weights, w)
		age, sum = age+w*float64(at-i), sum+w
		if math.IsNaN(level) {
			level = x
			continue
		}
		e := x - level
		level += quick * max(-bound*wide, min(bound*wide, e))
		wide = 0.97*wide + 0.03*1.25*min(math.Abs(e), 3*wide) // mean distance to deviation: sqrt(π/2)
	}
	if len(values) < fewestDays*3/4 {
		return nil, false
	}
	f.slow, f.quick, f.lag = weightedMedian(values, weights), level, age/sum
	f.trend = f.slope()
	return f, true
}

// weekdays learns each weekday's share of the week: the median of its calls over
// the median day of its week.
func (f *fitted) weekdays() bool {
	var ratios [7][]float64
	known := 0
	for w := range profileWeeks {
		end := f.at - 7*w
		var week []float64
		for i := max(0, end-6); i <= end; i++ {
			if f.g.ordinary(i) {
				week = append(week, f.g.x[i])
			}
		}
		known += len(week)
		base := median(week)
		if len(week) < 3 || base <= 0 {
			continue
		}
		for i := max(0, end-6); i <= end; i++ {
			if f.g.ordinary(i) {
				d := f.g.weekday(i)
				ratios[d] = append(ratios[d], f.g.x[i]/base)
			}
		}
	}
	var shares []float64
	for d, rs := range ratios {
		if f.share[d] = median(rs); len(rs) > 0 {
			shares = append(shares, f.share[d])
		}
	}
	m := mean(shares)
	for d := range f.share {
		f.share[d] /= m
	}
	return known >= fewestDays && m > 0
}

// level is what a day says of the level, with its weekday's share; NaN when it
// says nothing.
func (f *fitted) level(i int) (x, share float64) {
	share = f.share[f.g.weekday(i)]
	if !f.g.ordinary(i) || !(share >= 0.01) {
		return math.NaN(), share
	}
	return math.Log(max(f.g.x[i], floor) / share), share
}

// slope is the median slope between the levels of the last weeks (Theil 1950; Sen
// 1968), shrunk towards none by its standard error.
func (f *fitted) slope() float64 {
	var at, levels []float64
	for w := trendWeeks - 1; w >= 0; w-- {
		var week []float64
		for i := max(0, f.at-7*w-6); i <= f.at-7*w; i++ {
			if x, _ := f.level(i); !math.IsNaN(x) {
				week = append(week, x)
			}
		}
		if len(week) >= 3 {
			at, levels = append(at, -7*float64(w)), append(levels, median(week))
		}
	}
	if len(levels) < trendWeeks/2 {
		return 0
	}
	var slopes []float64
	for i := range levels {
		for j := i + 1; j < len(levels); j++ {
			slopes = append(slopes, (levels[j]-levels[i])/(at[j]-at[i]))
		}
	}
	b, off, squares := median(slopes), make([]float64, len(levels)), 0.0
	for i, x := range levels {
		off[i] = x - b*at[i]
		squares += (at[i] - mean(at)) * (at[i] - mean(at))
	}
	if b == 0 {
		return 0
	}
	se := 1.25 * spread(off) / math.Sqrt(squares) // a median slope is some 1.25 times as unsure as a mean one
	return b * max(0, 1-trendDoubt*se*se/(b*b))
}

// predict is the forecast of a day so many days ahead; NaN where nothing is known
// of its weekday.
func (f *fitted) predict(ahead int) float64 {
	i := f.at + ahead
	kind := f.g.kindAt(i)
	if kind == Closed {
		return 0
	}
	// The slow level lags by lag days of the trend, and gains what is left of it.
	gain := trendDamping * (1 - math.Pow(trendDamping, float64(ahead))) / (1 - trendDamping)
	level := f.slow + f.trend*(f.lag+gain)
	level += trusted * math.Pow(fading, float64(ahead)) * (f.quick - level)
	x := math.Exp(level) * f.share[f.g.weekday(i)]
	if kind == Holiday {
		x *= f.holidays()
	}
	return x
}

// holidays is how a holiday compares with its weekday: the median of those seen,
// shrunk towards 1 as if one holiday had been like any day.
func (f *fitted) holidays() float64 {
	if f.holiday > 0 {
		return f.holiday
	}
	var seen []float64
	for i := max(0, f.at-800); i <= f.at; i++ {
		share := f.share[f.g.weekday(i)]
		if f.g.kind[i] != Holiday || math.IsNaN(f.g.x[i]) || !(share >= 0.01) {
			continue
		}
		var around []float64
		for j := max(0, i-10); j <= min(f.at, i+10); j++ {
			if x, _ := f.level(j); !math.IsNaN(x) {
				around = append(around, x)
			}
		}
		if len(around) > 0 {
			seen = append(seen, math.Log(max(f.g.x[i], floor)/share)-median(around))
		}
	}
	f.holiday = 1
	if k := float64(len(seen)); k > 0 {
		f.holiday = math.Exp(k / (k + 1) * median(seen))
	}
	return f.holiday
}

// weightedMedian is the value at which half of the weight is reached.
func weightedMedian(xs, weights []float64) float64 {
	order := make([]int, len(xs))
	half := 0.0
	for i := range order {
		order[i] = i
		half += weights[i] / 2
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case xs[a] < xs[b]:
			return -1
		case xs[a] > xs[b]:
			return 1
		}
		return a - b
	})
	sum := 0.0
	for _, i := range order {
		if sum += weights[i]; sum >= half {
			return xs[i]
		}
	}
	return math.NaN()
}

// Prediction is the forecast of one day: Value is as likely too high as too low.
// Low and High hold the day with the level asked for, as far as past errors tell;
// they are NaN with fewer than 20 of those. All are NaN where nothing is known of
// the weekday, and 0 on a closed day.
type Prediction struct {
	Date             time.Time
	Kind             Kind
	Value, Low, High float64
}

// Forecast forecasts the n days after the last of which X is known. Days after it
// tell of what kind they are; those not given are ordinary. The level, between 0
// and 1, is that of the interval (0.8 holds four days of five).
func Forecast(days []Day, n int, level float64) ([]Prediction, error) {
	g, err := gridOf(days)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > 366 || !(level > 0 && level < 1) {
		return nil, errors.New("a forecast is of 1 to 366 days, and the level of its interval between 0 and 1")
	}
	at := g.lastKnown()
	if at < 0 {
		return nil, ErrShort
	}
	f, ok := g.fit(at)
	if !ok {
		return nil, ErrShort
	}
	pasts := make([]past, n)
	for i := range pasts {
		pasts[i] = past{level: level, miss: 1 - level}
	}
	for from := max(0, at-2*intervalDays-n); from < at; from++ {
		before, ok := g.fit(from)
		for h := 1; ok && h <= n && from+h <= at; h++ {
			pasts[h-1].learn(from)
			if i := from + h; g.kind[i] != Closed {
				pasts[h-1].gave(i, g.x[i], before.predict(h))
			}
		}
	}
	out := make([]Prediction, n)
	for i := range out {
		h := i + 1
		p := &out[i]
		*p = Prediction{Date: dateOf(g.first + at + h), Kind: g.kindAt(at + h), Value: f.predict(h)}
		pasts[i].learn(at)
		p.Low, p.High = pasts[i].interval(p.Value)
	}
	return out, nil
}
