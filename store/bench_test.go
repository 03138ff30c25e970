package store

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
)

// BenchmarkDurableCommit compares one command with one sync of a small file.
func BenchmarkDurableCommit(b *testing.B) {
	db := open(b, b.TempDir())
	f, err := os.Create(b.TempDir() + "/probe")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var commits, syncs []time.Duration
	for n := range b.N {
		e := event(n)
		t := time.Now()
		if err := db.Update(context.Background(), func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
			b.Fatal(err)
		}
		commits = append(commits, time.Since(t))
		t = time.Now()
		if _, err := f.WriteAt(e.Body, 0); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		syncs = append(syncs, time.Since(t))
	}
	for name, p := range map[string]int{"p50": 50, "p99": 99} {
		slices.Sort(commits)
		slices.Sort(syncs)
		b.ReportMetric(float64(commits[len(commits)*p/100].Microseconds()), "commit-"+name+"-us")
		b.ReportMetric(float64(syncs[len(syncs)*p/100].Microseconds()), "sync-"+name+"-us")
	}
}

// BenchmarkImport writes events with a view and an index key each, and as many
// raw Badger entries, in the same run.
func BenchmarkImport(b *testing.B) {
	const n = 20000
	var ours, raw time.Duration
	for range b.N {
		db := open(b, b.TempDir())
		t := time.Now()
		fill(b, db, n)
		ours += time.Since(t)
		other, err := badger.Open(kv.BadgerOptions(b.TempDir(), 16<<20))
		if err != nil {
			b.Fatal(err)
		}
		t = time.Now()
		wb := other.NewWriteBatch()
		for i := range uint64(n) {
			e := event(int(i))
			e.Origin, e.Seq = 1, i+1
			f, err := chain.AppendFrame(nil, &e)
			if err != nil {
				b.Fatal(err)
			}
			if err := wb.Set(logKey(tableTail, 1, i), f); err != nil {
				b.Fatal(err)
			}
		}
		if err := wb.Flush(); err != nil {
			b.Fatal(err)
		}
		raw += time.Since(t)
		other.Close()
	}
	b.ReportMetric(float64(n*b.N)/ours.Seconds(), "events/s")
	b.ReportMetric(float64(raw)/float64(ours), "x-raw")
}
