package host_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/cmd/host"
)

// lastMonth is a desk with last month in it: 100,000 calls, or PUNTO_BENCH_CALLS, and a fifth as
// many cases.
func lastMonth(b *testing.B, dir string) (h *host.Host, month time.Time) {
	b.Helper()
	calls := 100_000
	if s := os.Getenv("PUNTO_BENCH_CALLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		calls = n
	}
	h, err := host.Open(b.Context(), dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	ctx := h.Owner(b.Context())
	if _, err := h.Do(ctx, app.CreateDesk{Name: "Medida", Zone: "UTC", AlwaysOpen: true}); err != nil {
		b.Fatal(err)
	}
	now := time.Now().UTC()
	month = time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	step := month.AddDate(0, 1, 0).Sub(month) / time.Duration(calls+1)
	for i := 0; i < calls; {
		var c app.ImportCalls
		var k app.ImportCases
		for ; len(c.Calls) < 5000 && i < calls; i++ {
			at := month.Add(time.Duration(i) * step)
			wait := time.Duration(i%90) * time.Second
			c.Calls = append(c.Calls, phone.Call{PBX: "bench", UniqueID: fmt.Sprint(i), OfferedAt: at, QueuedAt: at, AnsweredAt: at.Add(wait), EndedAt: at.Add(wait + 3*time.Minute),
				Wait: wait, Talk: 3 * time.Minute, Outcome: phone.Completed})
			if ms := at.UnixMilli(); i%5 == 0 {
				k.Cases = append(k.Cases, app.CaseHistory{Ref: fmt.Sprint(i), At: ms, Person: fmt.Sprintf("Usuario %d", i%400), Group: "Redes",
					Opened: desk.Opened{Subject: "La impresora no responde", Kind: desk.Incident, Modality: desk.ByPhone, Priority: i % 3},
					Steps:  []app.CaseStep{{At: ms + 60_000, Kind: desk.CaseTaken, Agent: "Ana"}, {At: ms + 600_000, Kind: desk.CaseResolved, Agent: "Ana"}}})
			}
		}
		for _, c := range []app.Command{c, k} {
			if _, err := h.Do(ctx, c); err != nil {
				b.Fatal(err)
			}
		}
	}
	return h, month
}

func closed(b *testing.B, h *host.Host) {
	b.Helper()
	if err := h.Close(); err != nil {
		b.Error(err)
	}
}

// first asks for a month, and tells how long that took; some asks after it tell how long it
// takes when its days are sealed.
func first(b *testing.B, h *host.Host, month time.Time) (took, sealed time.Duration) {
	b.Helper()
	ctx := h.Owner(b.Context())
	q := app.Month{Month: month.Format("2006-01")}
	from := time.Now()
	if _, err := h.Ask(ctx, q); err != nil {
		b.Fatal(err)
	}
	took = time.Since(from)
	n := 0
	from = time.Now()
	for b.Loop() {
		if _, err := h.Ask(ctx, q); err != nil {
			b.Fatal(err)
		}
		n++
	}
	return took, time.Since(from) / time.Duration(n)
}

// BenchmarkMonth sums a month that has just come in as a whole: first from rows, which seals
// its days, then from the sealed days.
func BenchmarkMonth(b *testing.B) {
	h, month := lastMonth(b, b.TempDir())
	defer closed(b, h)
	rows, sealed := first(b, h, month)
	b.ReportMetric(float64(rows.Microseconds())/1000, "from-rows-and-sealing-ms")
	b.ReportMetric(float64(sealed.Microseconds())/1000, "sealed-ms")
	b.ReportMetric(float64(rows)/float64(sealed), "times-faster")
}

// BenchmarkMonthOnceClosed asks first for a month whose days were sealed beside the work, as
// they are where a desk runs: the rest of its rows are those of the last day.
func BenchmarkMonthOnceClosed(b *testing.B) {
	dir := b.TempDir()
	h, month := lastMonth(b, dir)
	closed(b, h)
	h, err := host.Open(b.Context(), dir, nil) // who has just been opened looks at once
	if err != nil {
		b.Fatal(err)
	}
	defer closed(b, h)
	ctx := h.Owner(b.Context())
	x, err := h.Ask(ctx, app.Records{Type: desk.ContractType})
	if err != nil {
		b.Fatal(err)
	}
	contract := x.(app.RecordsAnswer).Contracts[0].ID
	from := time.Now()
	for whole := false; !whole; time.Sleep(100 * time.Millisecond) { // what seals takes a fifth of the time
		err := h.Look(ctx, engine.Session{}, func(l *engine.Look) error {
			whole = true
			for day := month; day.Before(month.AddDate(0, 1, 0)); day = day.AddDate(0, 0, 1) {
				is, err := l.Reader.Blob("day/" + contract.String() + "/" + day.Format(time.DateOnly))
				if err != nil {
					return err
				}
				whole = whole && is != nil
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	beside := time.Since(from)
	took, sealed := first(b, h, month)
	b.ReportMetric(beside.Seconds(), "sealing-beside-s")
	b.ReportMetric(float64(took.Microseconds())/1000, "first-ms")
	b.ReportMetric(float64(sealed.Microseconds())/1000, "sealed-ms")
}
