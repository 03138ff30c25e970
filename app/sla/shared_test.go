package sla_test

import (
	"encoding/json"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"punto/app/sla"
	"punto/packaging/outside"
)

// A calendar that closes the holidays of a country is closed on each, and loses
// just the hours of those that fall on working days.
func TestHolidaysOfEightCountries(t *testing.T) {
	var countries map[string]map[string]json.RawMessage
	if err := json.NewDecoder(outside.Open(t, "holidays/consensus_2020_2027.json")).Decode(&countries); err != nil {
		t.Fatal(err)
	}
	zones := map[string]string{"CL": "America/Santiago", "AR": "America/Argentina/Buenos_Aires", "PE": "America/Lima", "ES": "Europe/Madrid",
		"BR": "America/Sao_Paulo", "MX": "America/Mexico_City", "CO": "America/Bogota", "UY": "America/Montevideo"}
	for country, dates := range countries {
		c := office(zones[country])
		var lost time.Duration
		for date := range dates {
			d, err := time.Parse(time.DateOnly, date)
			if err != nil {
				t.Fatal(err)
			}
			c.Specials = append(c.Specials, sla.Special{Name: date, From: sla.Date{Year: d.Year(), Month: d.Month(), Day: d.Day()}})
			if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
				lost += 9 * time.Hour
			}
		}
		h, plain := hours(t, c), hours(t, office(zones[country]))
		from, to := time.Date(2020, 1, 1, 0, 0, 0, 0, h.Zone()), time.Date(2028, 1, 1, 0, 0, 0, 0, h.Zone())
		if got := plain.Between(from, to) - h.Between(from, to); got != lost || lost == 0 {
			t.Errorf("%s: %d holidays take %v, not %v", country, len(dates), got, lost)
		}
		for date := range dates {
			if open, _ := h.Open(at(t, h, date+" 10:00")); open {
				t.Errorf("%s is open on %s", country, date)
			}
		}
	}
}

// The rules of the zones in use are those of the database at every clock change,
// and an always open desk counts each second over it once.
func TestClockChangesOfTheDatabase(t *testing.T) {
	var zones map[string][]struct {
		UTC    time.Time `json:"utc"`
		Before int       `json:"offset_before"`
		After  int       `json:"offset_after"`
	}
	if err := json.NewDecoder(outside.Open(t, "time-zones/transitions.json")).Decode(&zones); err != nil {
		t.Fatal(err)
	}
	for name, changes := range zones {
		h := hours(t, sla.AlwaysOpen(name))
		for _, c := range changes {
			_, before := c.UTC.Add(-time.Second).In(h.Zone()).Zone()
			if _, after := c.UTC.In(h.Zone()).Zone(); before != c.Before || after != c.After {
				t.Errorf("%s at %v goes from %d to %d s, not from %d to %d", name, c.UTC, before, after, c.Before, c.After)
			}
			a, b := c.UTC.Add(-36*time.Hour), c.UTC.Add(36*time.Hour)
			if got := h.Between(a, b); got != 72*time.Hour {
				t.Errorf("%s: 72 h around %v count as %v", name, c.UTC, got)
			}
			if got := h.Deadline(a, 72*time.Hour); !got.Equal(b) {
				t.Errorf("%s: 72 h from %v end at %v", name, a, got)
			}
		}
	}
}

func TestACalendarSurvivesItsStorage(t *testing.T) {
	c := office("America/Lima", sla.Special{Name: "cierre", From: sla.Date{Year: 2026, Month: 12, Day: 24}, To: sla.Date{Month: 1, Day: 2}},
		sla.Special{Name: "medio día", From: sla.Date{Month: 12, Day: 31}, Shifts: []sla.Shift{{From: 0, To: 3600}}, Breaks: []sla.Shift{{From: 1, To: 2}}})
	c.Version = 7
	var j, b sla.Calendar
	raw, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(raw, &j)
	}
	if err != nil || !reflect.DeepEqual(c, j) {
		t.Errorf("JSON made %+v of %+v: %v", j, c, err)
	}
	if raw, err = cbor.Marshal(c); err == nil {
		err = cbor.Unmarshal(raw, &b)
	}
	if err != nil || !reflect.DeepEqual(c, b) {
		t.Errorf("CBOR made %+v of %+v: %v", b, c, err)
	}
	s := tell(t).on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s2h(t)})
	run, back := s.run(sla.Resolve, "2026-11-23 12:00"), sla.Run{}
	if raw, err = cbor.Marshal(run); err == nil {
		err = cbor.Unmarshal(raw, &back)
	}
	if err != nil || back.ID != run.ID || len(back.Was) != 1 || back.Was[0].Target != 4*time.Hour {
		t.Errorf("a run came back as %+v: %v", back, err)
	}
}

func TestManyMayCountWithOneCalendar(t *testing.T) {
	h := hours(t, office("Europe/Madrid"))
	a := at(t, h, "2020-01-01 00:00")
	want := hours(t, office("Europe/Madrid")).Between(a, a.AddDate(9, 0, 0))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := h.Between(a, a.AddDate(9, 0, 0)); got != want {
				t.Errorf("%v, not %v", got, want)
			}
			if d := h.Deadline(a, want); h.Between(a, d) != want {
				t.Errorf("the deadline is %v", d)
			}
		})
	}
	all.Wait()
}
