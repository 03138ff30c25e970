package store_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"punto/app/desk"
	"punto/store"
)

// BenchmarkOpen opens a folder of many events, warm, to its first read. The
// number is 200,000, or PUNTO_BENCH_EVENTS.
func BenchmarkOpen(b *testing.B) {
	events := 200_000
	if s := os.Getenv("PUNTO_BENCH_EVENTS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		events = n
	}
	dir := b.TempDir()
	db, err := store.Open(b.Context(), store.Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	body := make([]byte, 120)
	for done := 0; done < events; done += 2000 {
		err := db.Update(b.Context(), func(tx desk.Tx) error {
			for i := range 2000 {
				ent := desk.Entity{Type: desk.CaseType, ID: desk.DerivedID("bench", fmt.Sprint((done+i)/5))}
				if err := tx.Append(&desk.Event{Stamp: desk.Stamp(done + i + 1), Kind: desk.CaseNoted, Version: 1, Entity: ent, At: int64(i), Body: body}); err != nil {
					return err
				}
				if i%5 == 4 {
					if err := tx.PutView(ent, body); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	var opened, closed []time.Duration
	for b.Loop() {
		from := time.Now()
		db, err := store.Open(b.Context(), store.Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		err = db.Read(func(r desk.Reader) error {
			_, err := r.View(desk.Entity{Type: desk.CaseType, ID: desk.DerivedID("bench", "17")})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		opened = append(opened, time.Since(from))
		from = time.Now()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		closed = append(closed, time.Since(from))
	}
	slices.Sort(opened)
	slices.Sort(closed)
	b.ReportMetric(float64(opened[len(opened)/2].Microseconds())/1000, "open-p50-ms")
	b.ReportMetric(float64(closed[len(closed)/2].Microseconds())/1000, "close-p50-ms")
}
