package rooms_test

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"time"

	"punto/app"
	"punto/app/phone"
	"punto/store"
)

// sealedOn is what is kept of a day; nil when nothing is.
func (r *replica) sealedOn(day string) (b []byte) {
	r.t.Helper()
	if err := r.log.View(func(rd *store.Reader) (err error) {
		b, err = rd.Blob("day/" + r.contract().ID.String() + "/" + day)
		return err
	}); err != nil {
		r.t.Fatal(err)
	}
	return bytes.Clone(b)
}

// rests lets time pass in steps in which timers do what is due, until they rest.
func (r *replica) rests(d time.Duration) {
	r.t.Helper()
	for until := r.clock.Add(d); r.clock.Before(until); r.clock = r.clock.Add(time.Minute) {
		r.tick()
	}
}

func (r *replica) month(m string) app.MonthAnswer {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.Month{Month: m})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.MonthAnswer)
}

func TestDaysAreSealedAsTheyClose(t *testing.T) {
	a := replicas(t, 1)[0]
	now := a.clock
	var all app.ImportCalls
	for i := range 300 { // six weeks of calls
		at := now.AddDate(0, 0, -42).Add(time.Duration(i) * 42 * 24 * time.Hour / 300)
		all.Calls = append(all.Calls, phone.Call{PBX: "central", UniqueID: fmt.Sprint(i), OfferedAt: at, AnsweredAt: at, Outcome: phone.Completed})
	}
	all.Calls = append(all.Calls, phone.Call{PBX: "central", UniqueID: "old", OfferedAt: now.AddDate(-5, 0, 0), Outcome: phone.Busy})
	a.do(all)
	for part := range 2 { // a day with more than a step takes
		var busy app.ImportCalls
		for i := range 6_000 {
			at := now.AddDate(0, 0, -18).Add(time.Duration(i) * time.Second)
			busy.Calls = append(busy.Calls, phone.Call{PBX: "central", UniqueID: fmt.Sprint("busy-", part, i), OfferedAt: at, Outcome: phone.Busy})
		}
		a.do(busy)
	}
	a.tick()
	if step, later := a.sealedOn(now.AddDate(0, 0, -18).Format(time.DateOnly)), a.sealedOn(now.AddDate(0, 0, -2).Format(time.DateOnly)); step == nil || later != nil {
		t.Errorf("a step seals the busy day (%t) and not all behind it (%t)", step != nil, later != nil)
	}
	a.rests(30 * time.Minute)
	for back, want := range map[int]bool{0: false, 1: true, 20: true, 42: true} {
		day := now.AddDate(0, 0, -back).Format(time.DateOnly)
		if got := a.sealedOn(day) != nil; got != want {
			t.Errorf("%s is sealed %t, and not %t", day, got, want)
		}
	}
	if a.sealedOn(now.AddDate(-5, 0, 0).Format(time.DateOnly)) != nil {
		t.Error("what nobody looks at any more is sealed as well")
	}
	sealed := a.month("2026-11")

	day := now.AddDate(0, 0, -3).Format(time.DateOnly)
	before := a.sealedOn(day)
	a.do(app.ImportCalls{Calls: []phone.Call{{PBX: "central", UniqueID: "late", OfferedAt: now.AddDate(0, 0, -3), Outcome: phone.Busy}}})
	if a.rests(30 * time.Minute); bytes.Equal(a.sealedOn(day), before) {
		t.Error("a day that changed is not sealed again")
	}
	again := a.month("2026-11")
	if len(again.Days) != len(sealed.Days) || reflect.DeepEqual(again.Days, sealed.Days) {
		t.Error("the month does not tell of the call that came late")
	}

	today := a.clock.Format(time.DateOnly)
	a.clock = a.clock.AddDate(0, 0, 1)
	if a.rests(30 * time.Minute); a.sealedOn(today) == nil {
		t.Errorf("%s has closed and is not sealed", today)
	}
	wrote := a.kept()
	if a.rests(3 * time.Hour); a.kept() != wrote {
		t.Error("where nothing changes something is written")
	}
	a.sound("with sealed days")
}

// kept is all that is sealed of two months, to be compared.
func (r *replica) kept() (s string) {
	for i := range 60 {
		s += string(r.sealedOn(r.clock.AddDate(0, 0, -i).Format(time.DateOnly)))
	}
	return s
}
