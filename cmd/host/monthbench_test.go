package host_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"punto/app"
	"punto/app/phone"
	"punto/cmd/host"
)

// BenchmarkMonth sums a month of many calls through the engine: first from rows,
// which seals its days, then from the sealed days. The number is 100,000, or
// PUNTO_BENCH_CALLS.
func BenchmarkMonth(b *testing.B) {
	calls := 100_000
	if s := os.Getenv("PUNTO_BENCH_CALLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		calls = n
	}
	h, err := host.Open(b.Context(), b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			b.Error(err)
		}
	}()
	ctx := h.Owner(b.Context())
	if _, err := h.Do(ctx, app.CreateDesk{Name: "Medida", Zone: "America/Santiago", AlwaysOpen: true}); err != nil {
		b.Fatal(err)
	}
	began := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	step := 29 * 24 * time.Hour / time.Duration(calls)
	for i := 0; i < calls; {
		var c app.ImportCalls
		for ; len(c.Calls) < 5000 && i < calls; i++ {
			at := began.Add(time.Duration(i) * step)
			wait := time.Duration(i%90) * time.Second
			c.Calls = append(c.Calls, phone.Call{PBX: "bench", UniqueID: fmt.Sprint(i), OfferedAt: at, QueuedAt: at, AnsweredAt: at.Add(wait), EndedAt: at.Add(wait + 3*time.Minute),
				Wait: wait, Talk: 3 * time.Minute, Outcome: phone.Completed})
		}
		if _, err := h.Do(ctx, c); err != nil {
			b.Fatal(err)
		}
	}
	from := time.Now()
	if _, err := h.Ask(ctx, app.Month{Month: "2026-10"}); err != nil {
		b.Fatal(err)
	}
	rows := time.Since(from)
	n := 0
	from = time.Now()
	for b.Loop() {
		if _, err := h.Ask(ctx, app.Month{Month: "2026-10"}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	sealed := time.Since(from) / time.Duration(n)
	b.ReportMetric(float64(rows.Microseconds())/1000, "from-rows-and-sealing-ms")
	b.ReportMetric(float64(sealed.Microseconds())/1000, "sealed-ms")
	b.ReportMetric(float64(rows)/float64(sealed), "times-faster")
}
