package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app/desk"
	"punto/app/model"
	"punto/app/oracle"
	"punto/app/sla"
)

// A history is a plan: what somebody tries to do to the cases of one contract, and
// when. What the desk refuses has not happened. Plans are made of numbers alone, so
// that one that shows a difference can be told in fewer steps.
type plan struct {
	name  string
	lore  int // which of the calendars and contracts
	steps []step
}

// step is one thing that somebody tries.
type step struct {
	at   time.Time
	do   string
	kase int // which of the cases so far
	pick int // which of what there is to choose
	away bool
}

func (s step) String() string {
	where := ""
	if s.away {
		where = " (on the isolated workstation)"
	}
	return fmt.Sprintf("%s case %d: %s %d%s", s.at.UTC().Format("2006-01-02 15:04:05"), s.kase, s.do, s.pick, where)
}

// chances of each thing that can happen next to a case.
var chances = []struct {
	do   string
	in   int
	gap  time.Duration // how long after the thing before, on the average
	late int           // of ten, how often on the isolated workstation
}{
	{"open", 6, 30 * time.Hour, 1}, {"open in a call", 4, 30 * time.Hour, 0}, {"take", 14, 20 * time.Minute, 2}, {"hand off", 16, 3 * time.Hour, 2}, {"assign", 4, time.Hour, 1},
	{"suspend", 14, 2 * time.Hour, 2}, {"resume", 8, 9 * time.Hour, 2}, {"contact", 4, 6 * time.Hour, 1}, {"note", 3, time.Hour, 1}, {"resolve", 18, 3 * time.Hour, 2},
	{"resolve in the call", 5, 5 * time.Minute, 0}, {"reopen", 12, 70 * time.Hour, 1}, {"reopen late", 2, 220 * time.Hour, 0}, {"close", 4, 20 * time.Hour, 0}, {"cancel", 3, 4 * time.Hour, 1},
	{"merge", 3, time.Hour, 0}, {"call", 20, 5 * time.Hour, 1}, {"priority", 9, 2 * time.Hour, 1}, {"category", 4, time.Hour, 0}, {"person", 2, time.Hour, 0}, {"contract", 2, time.Hour, 0}, {"undo", 7, 10 * time.Hour, 0}, {"excuse", 6, 10 * time.Hour, 0},
}

// makePlan makes up a history that begins some days around a month's end.
func makePlan(r *rand.Rand, name string, from time.Time) plan {
	p := plan{name: name, lore: r.IntN(len(lores))}
	all := 0
	for _, c := range chances {
		all += c.in
	}
	at := from.Add(time.Duration(r.IntN(25*24*3600)) * time.Second)
	for n := 5 + r.IntN(14); n > 0; n-- {
		x := r.IntN(all)
		c := chances[0]
		if len(p.steps) > 0 {
			for _, c = range chances {
				if x -= c.in; x < 0 {
					break
				}
			}
		}
		at = at.Add(time.Duration(1+r.ExpFloat64()*float64(c.gap)) + time.Millisecond).Truncate(time.Millisecond)
		if r.IntN(25) == 0 {
			at = at.Add(time.Duration(r.IntN(20*24)) * time.Hour) // nothing for a long time
		}
		p.steps = append(p.steps, step{at: at, do: c.do, kase: r.IntN(8), pick: r.IntN(1 << 16), away: r.IntN(10) < c.late && r.IntN(2) == 0})
	}
	return p
}

// lore is what a contract may be: hours, zone, targets.
type lore struct {
	zone    string
	weekly  [7][]sla.Shift
	special map[oracle.Date][]sla.Shift
	targets []desk.Target
	pauses  []string
	days    int
}

func week(days []time.Weekday, shifts ...sla.Shift) (w [7][]sla.Shift) {
	for _, d := range days {
		w[d] = shifts
	}
	return w
}

var (
	workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	alldays  = append([]time.Weekday{time.Saturday, time.Sunday}, workdays...)
	usual    = []desk.Target{{Priority: 1, TakeUp: 900, Resolve: 4 * 3600, OLA: 2 * 3600}, {Priority: 2, TakeUp: 1800, Resolve: 8 * 3600, OLA: 4 * 3600}, {Priority: 3, TakeUp: 7200, Resolve: 20 * 3600, OLA: 10 * 3600}}
	lores    = []lore{
		{"America/Lima", week(alldays, sla.Shift{From: 0, To: 86400}), nil, usual, []string{"user", "parts"}, 7},
		{"America/Santiago", week(workdays, sla.Shift{From: 8 * 3600, To: 12 * 3600}, sla.Shift{From: 13 * 3600, To: 18 * 3600}),
			map[oracle.Date][]sla.Shift{{Year: 2026, Month: 9, Day: 18}: nil, {Year: 2026, Month: 10, Day: 12}: {{From: 8 * 3600, To: 12 * 3600}}, {Year: 2026, Month: 10, Day: 31}: {{From: 20 * 3600, To: 86400}}}, usual, []string{"user"}, 5},
		{"Europe/Madrid", week(alldays, sla.Shift{From: 22 * 3600, To: 30 * 3600}), nil, // over midnight, and over both changes of the clock
			[]desk.Target{{Priority: 1, TakeUp: 60, Resolve: 3600, OLA: 1800}, {Priority: 2, TakeUp: 1800, Resolve: 7 * 3600, OLA: 3 * 3600}, {Priority: 4, Resolve: 30 * 3600}}, []string{"user", "third_party", "internal"}, 7},
		{"America/Santiago", week(alldays, sla.Shift{From: 0, To: 3 * 3600}, sla.Shift{From: 9 * 3600, To: 24 * 3600}), nil, usual, nil, 3}, // open at the midnight that is not there
	}
)

func (l lore) calendar() sla.Calendar {
	c := sla.Calendar{Name: l.zone, Zone: l.zone, Weekly: l.weekly}
	for d, s := range l.special {
		c.Specials = append(c.Specials, sla.Special{Name: "x", From: sla.Date{Year: d.Year, Month: d.Month, Day: d.Day}, Shifts: s})
	}
	return c
}

func (l lore) contract(t testing.TB) oracle.Contract {
	z, err := time.LoadLocation(l.zone)
	if err != nil {
		t.Fatal(err)
	}
	same := func(ss []sla.Shift) (out []oracle.Shift) {
		for _, s := range ss {
			out = append(out, oracle.Shift{From: s.From, To: s.To})
		}
		return out
	}
	c := oracle.Contract{Zone: z, Hours: oracle.Hours{Zone: z, Special: map[oracle.Date][]oracle.Shift{}}, Promises: map[int]oracle.Promise{}, Pauses: l.pauses, ReopenDays: l.days,
		ShortAbandon: 5 * time.Second, AnswerIn: 20 * time.Second, WrapUp: 600 * time.Second}
	for d, s := range l.weekly {
		c.Hours.Weekly[d] = same(s)
	}
	for d, s := range l.special {
		c.Hours.Special[d] = same(s)
	}
	for _, t := range l.targets {
		c.Promises[t.Priority] = oracle.Promise{TakeUp: time.Duration(t.TakeUp) * time.Second, Resolve: time.Duration(t.Resolve) * time.Second, OLA: time.Duration(t.OLA) * time.Second}
	}
	for _, c2 := range model.Default().Categories {
		if c2.Level1 {
			c.Level1 = append(c.Level1, c2.Code)
		}
	}
	return c
}
