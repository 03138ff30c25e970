package site

import (
	"fmt"
	"os"
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

// idle reports what nodes with nothing to do send and burn. The bytes of sessions
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
	b.ReportMetric(float64(c.sent.Load()-sent)/n, "idle-session-B/s/node")
	b.ReportMetric(float64(loop2-loop)/n, "idle-loop-B/s/node")
	b.ReportMetric(100*(cpu2-cpu).Seconds()/n, "idle-%core/node")
	s, _ := c.sessions()
	b.ReportMetric(s, "sessions/node")
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
		base := yardstick.Singly(b, b.TempDir(), n, yardstick.Frames(b, c.nodes[0].db, nil)[0])
		slices.Sort(last)
		slices.Sort(middle)
		slices.Sort(own)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
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

// BenchmarkHealing cuts 50 workstations into two halves that go on working, each
// with 20 events, and is the time from the end of the cut until all hold all. No
// gossip runs, so that sessions alone must find each other.
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
		b.ReportMetric(met.Seconds(), "first-session-s")
		b.ReportMetric(took.Seconds(), "all-hold-all-s")
		b.ReportMetric(base.Seconds()*n, "raw-50-stores-s")
		b.ReportMetric(base.Seconds()*n/took.Seconds(), "x-raw")
	}
}
