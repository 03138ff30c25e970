package host_test

import (
	"fmt"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
)

// BenchmarkImportCases brings histories of four events in, search fed beside it.
func BenchmarkImportCases(b *testing.B) {
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
	n, events := 0, 0
	began := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	from := time.Now()
	for b.Loop() {
		var c app.ImportCases
		for range 1000 {
			at := began.Add(time.Duration(n) * time.Minute).UnixMilli()
			c.Cases = append(c.Cases, app.CaseHistory{Ref: fmt.Sprintf("B%d", n), At: at, Person: fmt.Sprintf("Usuario %d", n%400), Group: "Redes",
				Opened: desk.Opened{Subject: fmt.Sprintf("La impresora no responde en el puesto %d", n), Kind: desk.Incident, Modality: desk.ByPhone, Lang: "es"},
				Steps: []app.CaseStep{{At: at + 60_000, Kind: desk.CaseTaken, Agent: "Ana"}, {At: at + 120_000, Kind: desk.CaseNoted, Agent: "Ana", Text: "se reinicia la cola"},
					{At: at + 600_000, Kind: desk.CaseResolved, Agent: "Ana", Text: "cola reiniciada"}}})
			n++
			events += 4
		}
		if _, err := h.Do(ctx, c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(events)/time.Since(from).Seconds(), "events/s")
}
