package sla

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// everyZone lists the names of the time-zone database.
func everyZone(t *testing.T) (out []string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "zones.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for in := bufio.NewScanner(f); in.Scan(); {
		if name := strings.TrimSpace(in.Text()); name != "" && name[0] != '#' {
			out = append(out, name)
		}
	}
	if len(out) < 400 {
		t.Fatalf("only %d zones are listed", len(out))
	}
	return out
}

// years are 1990-2100, from the first instant to the last.
func years() (lo, hi time.Time) {
	return time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC)
}

// Whatever the zone and the date, midnight follows midnight: the walk over civil
// days always goes on and skips nothing. Every day of every zone from 1990 to
// 2100 is tried where the zone changes its clock, and one in each month else.
func TestMidnightAlwaysAdvancesInEveryZone(t *testing.T) {
	lo, hi := years()
	first, last := lo.Unix()/daySeconds, hi.Unix()/daySeconds
	days, changes := 0, 0
	for _, name := range everyZone(t) {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		h := &Hours{zone: zone}
		try := func(n int64) {
			var before time.Time
			for _, at := range [][2]int64{{n, 0}, {n, 1800}, {n, 3600}, {n, 7200}, {n, 84_600}, {n, 86_400}, {n + 1, 0}, {n + 1, 1}} {
				y, m, d := civil(at[0])
				x := h.At(y, m, d, int(at[1]))
				if x.Before(before) {
					t.Fatalf("%s: %d-%02d-%02d + %d s is %v, earlier than what comes before it", name, y, m, d, at[1], x)
				}
				want := time.Date(y, m, d, 0, 0, int(at[1]), 0, time.UTC)
				if wall(x).Before(want) || !x.Equal(x.Truncate(time.Second)) {
					t.Fatalf("%s: %v does not reach %v", name, x, want)
				}
				if earlier := x.Add(-time.Second); !wall(earlier).Before(want) {
					t.Fatalf("%s: %v is not the first instant at or past %v", name, x, want)
				}
				before = x
			}
			days++
		}
		for n := first; n <= last; n += 29 {
			try(n)
		}
		for at := lo; at.Before(hi); {
			_, next := at.In(zone).ZoneBounds()
			if next.IsZero() || !next.After(at) {
				break
			}
			for n := next.Unix()/daySeconds - 2; n <= next.Unix()/daySeconds+2; n++ {
				try(n)
			}
			changes++
			at = next
		}
	}
	t.Logf("%d days around %d clock changes", days, changes)
}

// anyCalendar is a random calendar of a zone: overlapping shifts, shifts over
// midnight, holidays, half days, breaks.
func anyCalendar(r *rand.Rand, zone string) Calendar {
	c := Calendar{Zone: zone}
	shift := func() Shift {
		from := r.IntN(daySeconds)
		return Shift{from, from + 1 + r.IntN(daySeconds)}
	}
	for range 1 + r.IntN(8) {
		d := r.IntN(7)
		c.Weekly[d] = append(c.Weekly[d], shift())
	}
	for range r.IntN(4) {
		s := Special{From: Date{Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)}}
		if r.IntN(2) == 0 {
			s.To = Date{Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)}
		}
		switch r.IntN(3) {
		case 0:
			s.Shifts = []Shift{shift()}
		case 1:
			s.Breaks = []Shift{shift()}
		}
		c.Specials = append(c.Specials, s)
	}
	return c
}

// slow is B(a, b) by the letter: every shift of every civil date, joined.
func slow(h *Hours, a, b time.Time) (sum time.Duration) {
	var all []Span
	for n := h.dayOf(a) - 3; n <= h.dayOf(b)+3; n++ {
		for _, s := range h.shiftsOf(n) {
			all = append(all, Span{From: s.From, To: s.To})
		}
	}
	for _, s := range union(all, a, b) {
		sum += s.To.Sub(s.From)
	}
	return sum
}

// For every zone and dates of 1990-2100, the counted open time is that of the
// letter of the definition, adds up when the interval is cut, equals its
// segments, and its deadline is its inverse, forwards and backwards.
func TestBusinessTimeByTheLetterInEveryZone(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	lo, hi := years()
	for _, name := range everyZone(t) {
		c := anyCalendar(r, name)
		h, err := Compile(c)
		if err == ErrNoHours {
			continue // the yearly holidays took it all
		}
		if err != nil {
			t.Fatalf("seed %d: %+v: %v", seed, c, err)
		}
		for range 12 {
			a := time.Unix(lo.Unix()+r.Int64N(hi.Unix()-lo.Unix()), 0)
			if _, change := a.In(h.zone).ZoneBounds(); !change.IsZero() && r.IntN(2) == 0 {
				a = change.Add(time.Duration(r.IntN(200_000)-100_000) * time.Second)
			}
			b := a.Add(time.Duration(r.IntN(60*daySeconds)) * time.Second)
			m := a.Add(b.Sub(a) / 3).Truncate(time.Second)
			got := h.Between(a, b)
			if want := slow(h, a, b); got != want {
				t.Fatalf("seed %d: %+v: B(%v, %v) is %v, by the letter %v", seed, c, a, b, got, want)
			}
			if h.Between(a, m)+h.Between(m, b) != got {
				t.Fatalf("seed %d: %+v: B(%v, %v) does not add up at %v", seed, c, a, b, m)
			}
			var sum time.Duration
			reached := a
			for s := range h.Segments(a, b) {
				if s.From.Before(reached) {
					t.Fatalf("seed %d: %+v: segment %v overlaps", seed, c, s)
				}
				sum, reached = sum+s.To.Sub(s.From), s.To
			}
			if sum != got {
				t.Fatalf("seed %d: %+v: the segments of [%v, %v) add up to %v, not %v", seed, c, a, b, sum, got)
			}
			if got == 0 {
				continue
			}
			d := h.Deadline(a, got)
			if d.After(b) || h.Between(a, d) != got || h.Between(a, d.Add(-1)) >= got {
				t.Fatalf("seed %d: %+v: %v of open time from %v ends at %v", seed, c, got, a, d)
			}
			if e := h.Before(b, got); e.Before(a) || h.Between(e, b) != got || h.Between(e.Add(1), b) >= got {
				t.Fatalf("seed %d: %+v: %v of open time before %v begins at %v", seed, c, got, b, e)
			}
		}
	}
}
