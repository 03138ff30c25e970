package analysis_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"punto/app"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
)

// Of a desk that has six calls a day and twelve on Mondays, as many are expected, none on
// days without service, and the days before were told so too.
func TestTheCallsThatCome(t *testing.T) {
	s := newSeat(t)
	if a := roomtest.Ask[app.CallsAheadAnswer](s.Seat, s.lucia, app.CallsAhead{}); len(a.Past)+len(a.Next)+a.Days != 0 {
		t.Errorf("of nothing is foretold %+v", a)
	}
	begin := time.Date(2026, 6, 1, 15, 0, 0, 0, time.UTC) // a Monday
	const days = 150
	var all []phone.Call
	usual := func(d time.Time) int {
		switch d.Weekday() {
		case time.Saturday, time.Sunday:
			return 0
		case time.Monday:
			return 12
		}
		return 6
	}
	for i := range days {
		at := begin.AddDate(0, 0, i)
		for k := range usual(at) + i/7%2*(usual(at)/6) { // every other week has one in six more
			at := at.Add(time.Duration(k) * time.Minute)
			all = append(all, phone.Call{PBX: "central", UniqueID: fmt.Sprint(i, " ", k), Caller: "4217", Queue: "mesa", OfferedAt: at, AnsweredAt: at, Talk: time.Minute, Outcome: phone.Completed})
		}
	}
	s.Now = begin.AddDate(0, 0, days)
	s.Do(s.Owner, app.ImportCalls{Calls: all})
	a := roomtest.Ask[app.CallsAheadAnswer](s.Seat, s.lucia, app.CallsAhead{})
	if len(a.Past) != 14 || a.Past[13].Date != s.Now.AddDate(0, 0, -1).Format(time.DateOnly) || len(a.Next) != 14 || a.Next[0].Date != s.Now.Format(time.DateOnly) {
		t.Fatalf("%d days before and %d after: %+v", len(a.Past), len(a.Next), a)
	}
	for _, x := range a.Next {
		d, _ := time.Parse(time.DateOnly, x.Date)
		want := usual(d)
		switch {
		case x.Closed != (want == 0), want == 0 && x.Value != 0:
			t.Errorf("%+v, and %s is a %s", x, x.Date, d.Weekday())
		case want > 0 && (math.Abs(x.Value-float64(want)*13/12) > float64(want)/5 || x.Low == nil || *x.Low > x.Value || *x.High < x.Value):
			t.Errorf("%+v, and about %d come", x, want)
		}
	}
	if a.Ahead != 7 || a.Days < 30 || a.Ours <= 0 || a.Ours > 0.15 || a.Naive < a.Ours || a.Within < 10 || a.Covered < 0.4 {
		t.Errorf("%+v", a)
	}
	s.refuses(s.ana, app.NotAllowed, app.CallsAhead{})
}
