package host_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
)

// BenchmarkOpenCase is one command, durable: the whole way through engine, store
// and device, with the search fed beside it.
func BenchmarkOpenCase(b *testing.B) {
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
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		from := time.Now()
		if _, err := h.Do(ctx, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprintf("No imprime en el puesto %d", i), Category: "impresoras.cola"}}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(from))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
