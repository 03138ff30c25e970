package tally_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app/tally"
)

func seal(t testing.TB, d tally.Day) []byte {
	t.Helper()
	b, err := tally.Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedDaysGiveTheFiguresOfTheirRows(t *testing.T) {
	for seed := uint64(1); seed <= 60; seed++ {
		r := rand.New(rand.NewPCG(seed, 13))
		rules := tally.Rules{ShortAbandon: time.Duration(r.IntN(9)) * time.Second, AnswerIn: time.Duration(r.IntN(60)) * time.Second,
			WrapUp: time.Duration(r.IntN(120)) * time.Second, AsOf: time.Date(2026, 10, 8, 0, 0, 0, 0, time.UTC)}
		want := tally.New(rules)
		var days [][]byte
		for i := range 3 {
			m := aDay(r, time.Date(2026, 10, 1+i, 0, 0, 0, 0, time.UTC), r.IntN(80), r.IntN(40))
			want.Merge(rows(rules, m))
			days = append(days, seal(t, m.day))
		}
		r.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
		same(t, summed(t, rules, days), want, fmt.Sprintf("seed %d", seed))
	}
}

// summed adds up sealed days.
func summed(t testing.TB, r tally.Rules, days [][]byte) *tally.Accumulator {
	t.Helper()
	a := tally.New(r)
	for _, d := range days {
		if err := a.AddSealed(d); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func TestASealedDayIsOfItsRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 14))
	d := aDay(r, time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), 200, 60).day
	sealed := seal(t, d)
	r.Shuffle(len(d.Calls), func(i, j int) { d.Calls[i], d.Calls[j] = d.Calls[j], d.Calls[i] })
	r.Shuffle(len(d.Resolved), func(i, j int) { d.Resolved[i], d.Resolved[j] = d.Resolved[j], d.Resolved[i] })
	if !bytes.Equal(sealed, seal(t, d)) {
		t.Error("the same rows in another order are not the same day")
	}
	d.Calls[0].Wait += time.Second
	if bytes.Equal(sealed, seal(t, d)) {
		t.Error("a changed row was not seen")
	}
}

func TestADamagedDayAddsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 15))
	sealed := seal(t, aDay(r, time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), 50, 20).day)
	harmless := 0
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 0x40
		a := tally.New(rules)
		want := tally.New(rules)
		if err := a.AddSealed(bad); err == nil { // a bit that packing does not use: the columns are the same
			if err := want.AddSealed(sealed); err != nil {
				t.Fatal(err)
			}
			harmless++
		}
		same(t, a, want, fmt.Sprintf("byte %d", i))
	}
	if harmless > len(sealed)/20 {
		t.Errorf("%d of %d changed bytes did no harm: the day's checksum is not judged", harmless, len(sealed))
	}
	if err := tally.New(rules).AddSealed(sealed[:len(sealed)-3]); err == nil {
		t.Error("a cut day was taken")
	}
}

func FuzzSealedDay(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 16))
	f.Add(seal(f, aDay(r, time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), 5, 3).day))
	f.Add(seal(f, tally.Day{Date: time.Unix(0, 0)}))
	f.Add([]byte("PuntoDay1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a := tally.New(rules)
		if err := a.AddSealed(b); err != nil {
			same(t, a, tally.New(rules), "an error")
		}
		a.Figures(nil)
	})
}
