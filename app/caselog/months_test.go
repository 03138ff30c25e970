package caselog_test

import (
	"context"
	"testing"
	"time"

	"punto/app"
	"punto/app/caselog"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/app/tally"
	"punto/store"
)

// On the real logs every month's backlog follows from the one before by what
// happened between, counted as events, and nothing happens outside the months.
func TestBacklogsOfRealLogsAddUp(t *testing.T) {
	for name, file := range map[string]string{"italian": "italian-helpdesk/finale.csv.gz", "volvo": "volvo-incidents/incidents.csv.gz", "uci": "uci-incidents/incident_event_log.first20000.csv.gz"} {
		t.Run(name, func(t *testing.T) {
			m, err := caselog.LoadMap(name)
			if err != nil {
				t.Fatal(err)
			}
			log, err := caselog.Read(unpack(t, file), m, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			cases := len(log.Cases)
			d, ctx := deskOf(t, log)
			sums, before := map[string]float64{}, 0.0
			for month := first(log); month.Before(last(log)); month = month.AddDate(0, 1, 0) {
				x, err := d.Ask(ctx, app.Month{Month: month.Format("2006-01")})
				if err != nil {
					t.Fatal(err)
				}
				n := map[string]float64{}
				for _, f := range x.(app.MonthAnswer).Indices {
					n[f.ID] = f.Num
					sums[f.ID] += f.Num
				}
				if want := before + n["cases_opened"] + n["reopenings"] - n["resolutions"] - n["cancellations"]; n["backlog"] != want {
					t.Errorf("%s: the backlog is %v, not %v of %v before, %v opened, %v reopened, %v resolved, %v cancelled", month.Format("2006-01"), n["backlog"], want,
						before, n["cases_opened"], n["reopenings"], n["resolutions"], n["cancellations"])
				}
				before = n["backlog"]
			}
			if sums["cases_opened"] != float64(cases) || sums["resolutions"] == 0 || sums["handoffs"] == 0 {
				t.Errorf("%v cases opened of %d, %v resolutions, %v hand-offs", sums["cases_opened"], cases, sums["resolutions"], sums["handoffs"])
			}
			t.Logf("opened %v, resolved %v in %v resolutions, reopenings %v, cancellations %v, hand-offs %v, returns %v, ping-pong %v, open at the end %v", sums["cases_opened"],
				sums["cases_resolved"], sums["resolutions"], sums["reopenings"], sums["cancellations"], sums["handoffs"], sums["returns"], sums["ping_pong"], before)
		})
	}
}

// deskOf is a desk that holds a log, and its owner.
func deskOf(t *testing.T, log *caselog.Log) (*engine.Engine, context.Context) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	e, err := rooms.Open(t.Context(), engine.Config{Log: s})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ctx := e.Owner(t.Context())
	do := func(c app.Command) {
		if _, err := e.Do(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	do(app.CreateDesk{Name: "Registro", Zone: "UTC", AlwaysOpen: true})
	for i := 0; i < len(log.Cases); i += 1000 {
		do(app.ImportCases{Cases: log.Cases[i:min(i+1000, len(log.Cases))]})
	}
	return e, ctx
}

// first is the month of the first opening of a log, last the end of that of its
// last step.
func first(log *caselog.Log) time.Time {
	at := log.Cases[0].At
	for _, c := range log.Cases {
		at = min(at, c.At)
	}
	return monthOf(at)
}

func last(log *caselog.Log) time.Time {
	at := log.Cases[0].At
	for _, c := range log.Cases {
		at = max(at, c.At)
		for _, s := range c.Steps {
			at = max(at, s.At)
		}
	}
	return monthOf(at).AddDate(0, 1, 0)
}

func monthOf(at int64) time.Time {
	t := time.UnixMilli(at).UTC()
	p, err := tally.MonthOf(t.Format("2006-01"), time.UTC)
	if err != nil {
		panic(err) // a mistake in the test itself
	}
	return p.From
}
