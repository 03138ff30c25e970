package site

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/packaging/yardstick"
)

// usage is the processor time of this process, 0 where the system does not say,
// and the bytes that the loop has carried for everybody.
func usage() (cpu time.Duration, loop int64) {
	s, _ := os.ReadFile("/proc/self/stat")
	_, rest, _ := strings.Cut(string(s), ") ")
	if f := strings.Fields(rest); len(f) > 12 {
		u, _ := strconv.ParseInt(f[11], 10, 64)
		k, _ := strconv.ParseInt(f[12], 10, 64)
		cpu = time.Duration(u+k) * 10 * time.Millisecond
	}
	s, _ = os.ReadFile("/proc/self/net/dev")
	_, rest, _ = strings.Cut(string(s), "lo:")
	if f := strings.Fields(rest); len(f) > 0 {
		loop, _ = strconv.ParseInt(f[0], 10, 64)
	}
	return cpu, loop
}

// idle reports what nodes with nothing to do send and burn. The bytes of peerings
// are those of TLS without TCP; those of the loop are all of the machine's, the
// gossip's among them.
func (c *crowd) idle(b *testing.B, d time.Duration) {
	b.Helper()
	cpu, loop := usage()
	sent, from := c.sent.Load(), time.Now()
	<-time.After(d)
	took := time.Since(from).Seconds()
	cpu2, loop2 := usage()
	n := float64(len(c.nodes)) * took
	b.ReportMetric(float64(c.sent.Load()-sent)/n, "idle-peering-B/s/node")
	b.ReportMetric(float64(loop2-loop)/n, "idle-loop-B/s/node")
	b.ReportMetric(100*(cpu2-cpu).Seconds()/n, "idle-%core/node")
	s, _ := c.peerings()
	b.ReportMetric(s, "peerings/node")
}

// BenchmarkIdle is ten workstations with nothing to do.
func BenchmarkIdle(b *testing.B) {
	for range b.N {
		c := gather(b, 10)
		c.start(b, true)
		c.settle(b, true)
		<-time.After(3 * time.Second)
		c.idle(b, 20*time.Second)
	}
}

func BenchmarkFanOut50(b *testing.B)  { fanOut(b, 50) }
func BenchmarkFanOut200(b *testing.B) { fanOut(b, 200, 100) }

// fanOut is the time until the last of n workstations holds an event that one
// wrote, all on this machine's cores; 50 events, written by one after another.
// Stores are in memory: no device is synced. Raw is as many durable writes of
// such a frame as there are nodes, one after another in one Badger.
// Where n do not come to rest, fewer are taken and the number is reported.
func fanOut(b *testing.B, n int, fewer ...int) {
	for range b.N {
		c := gather(b, n)
		stop := c.start(b, true)
		for !c.settle(b, true) && len(fewer) > 0 {
			stop()
			n, fewer = fewer[0], fewer[1:]
			c = gather(b, n)
			stop = c.start(b, true)
		}
		b.ReportMetric(float64(n), "nodes")
		c.idle(b, 5*time.Second)
		var last, middle, own []time.Duration
		late, began := 0, time.Now()
		stopProfile := profile(b)
		busy, _ := usage()
		for i := 0; i < 50 && time.Since(began) < time.Minute; i++ { // a site that never rests is not waited for
			<-time.After(time.Duration(n) * 3 * time.Millisecond) // until it is quiet again
			x := c.nodes[(i*7+1)%n]
			w := &awaited{origin: x.db.Origin(), seq: x.db.Vector()[x.db.Origin()] + 1, took: make([]atomic.Int64, n), done: make(chan struct{})}
			w.left.Store(int64(n))
			w.from = time.Now()
			c.watch.Store(w)
			_ = must(x.Do(x.me, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", i)}}))(b)
			own = append(own, time.Since(w.from))
			select {
			case <-w.done:
			case <-time.After(10 * time.Second):
				late++
			}
			var took []time.Duration
			for k := range w.took {
				if d := time.Duration(w.took[k].Load()); d > 0 {
					took = append(took, d)
				} else {
					took = append(took, 10*time.Second)
				}
			}
			slices.Sort(took)
			last, middle = append(last, took[n-1]), append(middle, took[n/2])
		}
		c.watch.Store(nil)
		stopProfile()
		burnt, _ := usage()
		base := yardstick.Singly(b, b.TempDir(), n, yardstick.Frames(b, c.nodes[0].db, nil)[0])
		slices.Sort(last)
		slices.Sort(middle)
		slices.Sort(own)
		b.ReportMetric(ms(burnt-busy)/float64(len(last)), "cpu-ms/event")
		b.ReportMetric(ms(last[len(last)/2]), "last-p50-ms")
		b.ReportMetric(ms(last[len(last)*99/100]), "last-p99-ms")
		b.ReportMetric(ms(middle[len(middle)/2]), "middle-node-p50-ms")
		b.ReportMetric(ms(own[len(own)/2]), "own-commit-p50-ms")
		b.ReportMetric(float64(late), "over-10s")
		b.ReportMetric(float64(len(last)), "writes")
		b.ReportMetric(ms(base), "raw-writes-ms")
		b.ReportMetric(float64(base)/float64(last[len(last)/2]), "x-raw")
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// profile writes what burns from here on to PUNTO_BENCH_PROFILE, when it is set,
// until the end is called.
func profile(b *testing.B) (end func()) {
	b.Helper()
	path := os.Getenv("PUNTO_BENCH_PROFILE")
	if path == "" {
		return func() {}
	}
	f, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			b.Error(err)
		}
	}
}

// BenchmarkSplit is workstations that were each alone and wrote some events each,
// and the time from the start of all of them until all hold all, and have derived
// all of it. PUNTO_BENCH_CROWD says how many and how many events, as 50x600; all
// stores are in memory, of which each event takes about 1 kB on each workstation.
// Raw is what one Badger takes for the events of as many stores.
func BenchmarkSplit(b *testing.B) {
	n, each := crowded(b, 50, 600)
	for range b.N {
		c := gather(b, n)
		before := c.nodes[0].db.Vector()
		want := desk.Vector{}
		for i, x := range c.nodes {
			x.write(b, i, each)
			o := x.db.Origin()
			want[o] = x.db.Vector()[o]
		}
		runtime.GC()
		defer profile(b)()
		busy, _ := usage()
		from := time.Now()
		c.start(b, true)
		_, ok := within(5*time.Minute, 20*time.Millisecond, func() bool { return c.cover(want) })
		logged := time.Since(from)
		_, derived := within(5*time.Minute, 20*time.Millisecond, func() bool {
			return !slices.ContainsFunc(c.nodes, func(x *inCrowd) bool { owed, _ := x.db.Owed(); return owed > 0 })
		})
		took := time.Since(from)
		burnt, _ := usage()
		if !ok || !derived {
			low := uint64(math.MaxUint64)
			for _, x := range c.nodes {
				low = min(low, x.held())
			}
			b.Errorf("%d workstations do not hold all within 5 minutes: one holds %d of %d events", n, low, n*each)
		}
		fs := yardstick.Frames(b, c.nodes[0].db, before)
		base := yardstick.Batch(b, b.TempDir(), fs) * time.Duration(n)
		all := float64(len(fs)) * float64(n)
		b.ReportMetric(float64(n), "nodes")
		b.ReportMetric(float64(len(fs)), "events")
		b.ReportMetric(logged.Seconds(), "log-everywhere-s")
		b.ReportMetric(took.Seconds(), "views-everywhere-s")
		b.ReportMetric((burnt-busy).Seconds()*1e6/all, "cpu-µs/event/node")
		b.ReportMetric(base.Seconds()/took.Seconds(), "x-raw")
	}
}

// crowded is what PUNTO_BENCH_CROWD says, or what is given.
func crowded(b *testing.B, n, each int) (int, int) {
	b.Helper()
	if s := os.Getenv("PUNTO_BENCH_CROWD"); s != "" {
		if _, err := fmt.Sscanf(s, "%dx%d", &n, &each); err != nil {
			b.Fatal(err)
		}
	}
	return n, each
}

// held is how many events the log of a workstation holds.
func (x *inCrowd) held() (n uint64) {
	for _, at := range x.db.Points() {
		n += at.Seq
	}
	return n
}

// write has a workstation write about so many events by commands, eight a case.
func (x *inCrowd) write(b *testing.B, i, events int) {
	b.Helper()
	const perCase = 8
	for at := x.held(); x.held() < at+uint64(events); {
		r := must(x.Do(x.me, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprintf("No imprime en el puesto %d", i), Category: "impresoras.cola"}}))(b)
		for range perCase - 1 {
			_ = must(x.Do(x.me, app.AddNote{Case: r.ID, Text: "Se reinicia la cola y se vacía el registro; el usuario prueba otra vez."}))(b)
		}
	}
}

// BenchmarkRest is the time from the start of 200 workstations, that all know where
// the others are, until each knows all others alive and holds what each has told of
// itself. PUNTO_BENCH_CROWD as for BenchmarkSplit, whose events are left out.
func BenchmarkRest(b *testing.B) {
	n, _ := crowded(b, 200, 0)
	for range b.N {
		c := gather(b, n)
		runtime.GC()
		end := profile(b)
		busy, _ := usage()
		from := time.Now()
		c.start(b, true)
		if !c.settle(b, true) {
			b.Error("not at rest")
		}
		took := time.Since(from)
		burnt, _ := usage()
		end()
		b.ReportMetric(float64(n), "nodes")
		b.ReportMetric(took.Seconds(), "at-rest-s")
		b.ReportMetric((burnt - busy).Seconds(), "cpu-s")
		c.idle(b, 10*time.Second)
	}
}

// BenchmarkHealing cuts 50 workstations into two halves that go on working, each
// with 20 events, and is the time from the end of the cut until all hold all. No
// gossip runs, so that peerings alone must find each other.
func BenchmarkHealing(b *testing.B) {
	const n, each = 50, 20
	for range b.N {
		c := gather(b, n)
		c.start(b, false)
		c.settle(b, false)
		before := c.nodes[0].db.Vector()
		c.cut.Store(true)
		c.mu.Lock()
		var across []*counted
		for x := range c.conns {
			across = append(across, x)
		}
		c.mu.Unlock()
		for _, x := range across {
			_ = x.Close()
		}
		var all sync.WaitGroup
		for _, x := range c.nodes {
			all.Go(func() {
				for i := range each {
					if _, err := x.Do(x.me, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("durante el corte ", i)}}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		<-time.After(10 * time.Second) // each half becomes one
		want := desk.Vector{}
		lacking := 0
		for i, x := range c.nodes {
			o := x.db.Origin()
			want[o] = x.db.Vector()[o]
			if c.nodes[(i+1)%n].db.Vector()[o] < want[o] {
				lacking++
			}
		}
		if lacking != n {
			b.Fatalf("the cut leaks: only %d of %d are unknown on the other side", lacking, n)
		}
		from := time.Now()
		c.cut.Store(false)
		met, _ := within(time.Minute, time.Millisecond, func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.conns) > 0 })
		_, ok := within(2*time.Minute, 5*time.Millisecond, func() bool { return c.cover(want) })
		took := time.Since(from)
		if !ok {
			b.Error("not whole again within 2 minutes")
		}
		fs := yardstick.Frames(b, c.nodes[0].db, before)
		base := yardstick.Batch(b, b.TempDir(), fs)
		b.ReportMetric(float64(len(fs)), "events")
		b.ReportMetric(met.Seconds(), "first-peering-s")
		b.ReportMetric(took.Seconds(), "all-hold-all-s")
		b.ReportMetric(base.Seconds()*n, "raw-50-stores-s")
		b.ReportMetric(base.Seconds()*n/took.Seconds(), "x-raw")
	}
}
