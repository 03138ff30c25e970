package rooms_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
)

// life lets things happen to cases at random on a desk whose clock runs on.
type life struct {
	*bench
	r      *rand.Rand
	cases  []desk.ID
	groups []desk.ID
	people []desk.ID
}

func newLife(t *testing.T, seed uint64) *life {
	l := &life{bench: newBench(t), r: rand.New(rand.NewPCG(seed, 8))}
	l.clock = time.Date(2026, 1, 1, 9, 0, 0, 0, l.clock.Location())
	l.do(app.RequireFields{Fields: []string{"nothing"}})
	for level := range 3 {
		l.groups = append(l.groups, l.do(app.SaveGroup{Group: desk.Group{Name: fmt.Sprint("G", level), Level: level + 1}}).ID)
	}
	for i := range 4 {
		l.people = append(l.people, l.do(app.SavePerson{Person: desk.Person{Name: fmt.Sprint("U", i)}}).ID)
	}
	return l
}

func pick[T any](l *life, of []T) T { return of[l.r.IntN(len(of))] }

// happens tries one thing; what the state of the case does not allow is refused,
// and nothing has happened.
func (l *life) happens() {
	l.clock = l.clock.Add(time.Duration(l.r.ExpFloat64() * float64(5*time.Hour)))
	if len(l.cases) == 0 || l.r.IntN(6) == 0 {
		r := l.do(app.OpenCase{Opened: desk.Opened{Person: pick(l, l.people), Subject: "algo", Category: pick(l, []string{"correo.lleno", "impresoras.cola", ""}),
			Impact: 1 + l.r.IntN(4), Urgency: 1 + l.r.IntN(4), Group: pick(l, l.groups)}})
		l.cases = append(l.cases, r.ID)
		return
	}
	id, p := pick(l, l.cases), 1+l.r.IntN(4)
	var c app.Command
	switch l.r.IntN(16) {
	case 0:
		c = app.TakeCase{Case: id}
	case 1, 2:
		c = app.HandOffCase{Case: id, Group: pick(l, l.groups), Reason: "x"}
	case 3:
		c = app.AssignCase{Case: id, Group: pick(l, l.groups)}
	case 4:
		c = app.SuspendCase{Case: id, Reason: pick(l, []string{"user", "parts", "internal"})}
	case 5:
		c = app.ResumeCase{Case: id}
	case 6, 7, 8:
		c = app.ResolveCase{Case: id, Text: "hecho"}
	case 9, 10:
		c = app.ReopenCase{Case: id, Text: "otra vez"}
	case 11:
		e := desk.Edited{Urgency: &p}
		if what, who := pick(l, []string{"correo.lleno", "impresoras.cola"}), pick(l, l.people); p == 1 {
			e.Category, e.Person = &what, &who
		}
		c = app.EditCase{Case: id, Edit: e}
	case 12:
		c = app.CancelCase{Case: id}
	case 13:
		c = app.MergeCase{Case: id, Into: pick(l, l.cases)}
	case 14:
		c = app.CloseCase{Case: id}
	case 15:
		if c = (app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: id}}); l.r.IntN(3) == 0 {
			c = app.ExcuseClock{Case: id, Clock: pick(l, []string{"resolve/1", "resolve/2", "take_up/1", "ola/1"}), Cause: "x", Text: "x"}
		}
	}
	_, _ = l.Do(l.ctx, c)
}

func (l *life) month(m string) (a app.MonthAnswer, n map[string]float64) {
	l.Helper()
	a, n = ask[app.MonthAnswer](l.bench, app.Month{Month: m}), map[string]float64{}
	for _, f := range a.Indices {
		n[f.ID] = f.Num
	}
	return a, n
}

// addsUp fails where a month's backlog does not follow from the one before.
func (l *life) addsUp(seed uint64, months []string) {
	l.Helper()
	before := 0.0
	for _, m := range months {
		_, n := l.month(m)
		if want := before + n["cases_opened"] + n["reopenings"] - n["resolutions"] - n["cancellations"]; n["backlog"] != want {
			l.Fatalf("seed %d: the backlog of %s is %v, not %v of %v before, %v opened, %v reopened, %v resolved, %v cancelled", seed, m, n["backlog"], want,
				before, n["cases_opened"], n["reopenings"], n["resolutions"], n["cancellations"])
		}
		before = n["backlog"]
	}
}

// Whatever happens to cases, a month that is over says the same for ever, but for
// its lines of re-statement, from rows or sealed, and its backlog follows from the
// one before by what happened between.
func TestAMonthThatIsOverSaysTheSameForEver(t *testing.T) {
	histories := 3
	if s := os.Getenv("PUNTO_HISTORIES"); s != "" {
		var err error
		if histories, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	from := uint64(time.Now().UnixNano())
	seeds := []uint64{1795713498033362842} // a case that ended at its due, and was opened again out of hours
	for i := range uint64(histories) {
		seeds = append(seeds, from+i)
	}
	for _, seed := range seeds {
		l := newLife(t, seed)
		months := []string{"2026-01", "2026-02", "2026-03", "2026-04"}
		closed := map[string]app.MonthAnswer{}
		for next := 0; next < len(months); {
			l.happens()
			end, err := tally.MonthOf(months[next], l.clock.Location())
			if err != nil {
				t.Fatal(err)
			}
			if l.clock.Before(end.To.AddDate(0, 0, 7)) { // a month is asked for while it goes on too, and its days are sealed
				if l.r.IntN(60) == 0 {
					l.month(months[next])
				}
				continue
			}
			closed[months[next]], _ = l.month(months[next])
			next++
		}
		l.addsUp(seed, months)
		for range 150 {
			l.happens()
		}
		l.clock = l.clock.AddDate(1, 0, 0)
		for range 20 {
			l.happens()
		}
		for _, again := range []string{"a year later", "derived anew"} {
			for _, m := range months {
				a, _ := l.month(m)
				for i, f := range a.Indices {
					if was := closed[m].Indices[i]; !reflect.DeepEqual(f, was) {
						t.Fatalf("seed %d: %s of %s was %+v, and is %+v %s", seed, f.ID, m, was, f, again)
					}
				}
				if !reflect.DeepEqual(a.Tables, closed[m].Tables) {
					t.Fatalf("seed %d: the tables of %s are others %s", seed, m, again)
				}
				for _, x := range a.Restated {
					if x.Why != tally.ByExcuse && x.Why != tally.ByReopening || x.Was.Same(x.Is) {
						t.Fatalf("seed %d: %s was restated as %+v %s", seed, m, x, again)
					}
				}
			}
			l.addsUp(seed, months)
			if err := l.log.Rebuild(t.Context(), l.Engine); err != nil {
				t.Fatal(err)
			}
		}
		_ = l.Close()
	}
}

// A case is never in progress while its clock stands still, and no clock stands
// still without a reason that the case shows.
func TestNoClockStandsStillUnseen(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	l := newLife(t, seed)
	for n := range 500 {
		l.happens()
		if len(l.cases) == 0 || n%4 > 0 {
			continue
		}
		k := l.kase(pick(l, l.cases))
		for _, x := range k.Clocks {
			if still := x.Stop.IsZero() && x.State.String() == "paused"; still && (k.Case.Status != desk.Pending || k.Case.Pending != x.Reason) {
				t.Fatalf("seed %d: the case is %v for %q and its clock %s stands still for %q", seed, k.Case.Status, k.Case.Pending, x.ID, x.Reason)
			}
		}
	}
}

// Taking a resolution back is a reopening at that time: within the window it
// counts, after it the solution has held.
func TestAResolutionThatIsTakenBackIsReopenedThen(t *testing.T) {
	for days, want := range map[int]float64{6: 1, 8: 0} {
		b := newBench(t)
		b.clock = time.Date(2026, 10, 30, 9, 0, 0, 0, b.clock.Location())
		person := b.do(app.SavePerson{Person: desk.Person{Name: "Ann"}}).ID
		id := b.do(app.OpenCase{Opened: desk.Opened{Person: person, Subject: "uno", Category: "correo.lleno", Priority: 1, Why: "x"}}).ID
		solved := b.do(app.ResolveCase{Case: id, Text: "x"})
		b.clock = b.clock.AddDate(0, 0, days)
		b.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: id}, Origin: solved.Origin, Seq: solved.Seq})
		b.clock = b.clock.AddDate(0, 1, 0)
		if f := b.index("2026-10", "reopen_rate"); f.Num != want {
			t.Errorf("taken back after %d days it counts %v as reopened", days, f.Num)
		}
	}
}

// Solved again in the call that opened it is solved online, reopened in between or not.
func TestSolvedAgainInTheSameCallIsOnline(t *testing.T) {
	b := newBench(t)
	person := b.do(app.SavePerson{Person: desk.Person{Name: "Ann"}}).ID
	call := desk.DerivedID("call", "x")
	id := b.do(app.OpenCase{Opened: desk.Opened{Person: person, Subject: "uno", Category: "correo.lleno", Call: call}}).ID
	b.do(app.ResolveCase{Case: id, Text: "x", Call: call})
	b.do(app.ReopenCase{Case: id, Text: "no"})
	b.clock = b.clock.Add(time.Minute)
	b.do(app.ResolveCase{Case: id, Text: "y", Call: call})
	b.clock = b.clock.AddDate(0, 1, 0)
	if f := b.index("2026-11", "solved_online_all"); f.Num != 1 {
		t.Errorf("%v were solved online", f.Num)
	}
}

// A case that follows one of another level is of the level of its group.
func TestACaseThatFollowsIsOfTheLevelOfItsGroup(t *testing.T) {
	b := newBench(t)
	b.do(app.RequireFields{Fields: []string{"nothing"}})
	high, low := b.do(app.SaveGroup{Group: desk.Group{Name: "alto", Level: 2}}).ID, b.do(app.SaveGroup{Group: desk.Group{Name: "bajo", Level: 1}}).ID
	id := b.do(app.OpenCase{Opened: desk.Opened{Subject: "uno", Group: high}}).ID
	b.do(app.HandOffCase{Case: id, Group: low, Reason: "x"})
	b.do(app.ResolveCase{Case: id, Text: "x"})
	b.clock = b.clock.AddDate(0, 0, 8)
	next := b.kase(b.do(app.ReopenCase{Case: id, Text: "otra vez"}).ID)
	if k := next.Case; k.Parent != id || k.Group != low || k.Level != 1 {
		t.Errorf("it follows %s in %s at level %d", k.Parent, k.Group, k.Level)
	}
}
