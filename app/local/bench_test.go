package local_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// spread reports the middle and the tail of many waits.
func spread(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
}

// BenchmarkAsk is the socket alone: a query whose answer costs nothing.
func BenchmarkAsk(b *testing.B) {
	dir := b.TempDir()
	serve(b, dir, &fake{})
	c := dial(b, dir)
	var took []time.Duration
	for b.Loop() {
		from := time.Now()
		if _, err := c.Ask(b.Context(), app.Status{}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(from))
	}
	spread(b, took)
}

// BenchmarkAskOfMany is the same while sixteen others ask too.
func BenchmarkAskOfMany(b *testing.B) {
	dir := b.TempDir()
	serve(b, dir, &fake{})
	c := dial(b, dir)
	var mu sync.Mutex
	var all []time.Duration
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		var took []time.Duration
		for pb.Next() {
			from := time.Now()
			if _, err := c.Ask(b.Context(), app.Status{}); err != nil {
				b.Error(err)
				return
			}
			took = append(took, time.Since(from))
		}
		mu.Lock()
		all = append(all, took...)
		mu.Unlock()
	})
	spread(b, all)
}

// BenchmarkAttach is the way of a file of 10 MB to a desk that keeps nothing.
func BenchmarkAttach(b *testing.B) {
	dir := b.TempDir()
	serve(b, dir, &fake{})
	c := dial(b, dir)
	file := app.AttachFile{Case: desk.DerivedID("case"), Name: "registro.txt", Content: make([]byte, 10<<20)}
	for i := range file.Content {
		file.Content[i] = byte(i * 7)
	}
	b.SetBytes(int64(len(file.Content)))
	for b.Loop() {
		if _, err := c.Do(b.Context(), file); err != nil {
			b.Fatal(err)
		}
	}
}
