package host

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/packaging/yardstick"
)

const memoryEnv = "PUNTO_MEMORY_CHILD" // what it does, the folder, how many events it waits for

// resident is what a child of BenchmarkMemory tells, in MB.
type resident struct{ Peak, Now, Anon, Heap, Sys float64 }

// memoryLimitMB is what puntod sets.
const memoryLimitMB = 220

// BenchmarkMemory is the resident memory of one host, in processes of its own:
// while it catches up, a moment after it has, opened again, and that of raw
// Badger that has written and holds the same events.
func BenchmarkMemory(b *testing.B) {
	if job := os.Getenv(memoryEnv); job != "" {
		memoryChild(b, strings.Split(job, "|"))
		return
	}
	a, n, since := behind(b, nil)
	fs := yardstick.Frames(b, a.db, since)
	dir := b.TempDir()
	yardstick.Batch(b, dir, fs)
	up := memoryOf(b, "catch", n.dir, held(a.db))
	again := memoryOf(b, "open", n.dir, held(a.db))
	base := memoryOf(b, "raw", dir, uint64(len(fs)))
	b.ReportMetric(float64(held(a.db)), "events")
	b.ReportMetric(up.Peak, "catching-up-peak-MB")
	b.ReportMetric(up.Now, "caught-up-MB")
	b.ReportMetric(up.Anon, "caught-up-anon-MB")
	b.ReportMetric(again.Now, "steady-MB")
	b.ReportMetric(again.Anon, "steady-anon-MB")
	b.ReportMetric(again.Peak, "steady-peak-MB")
	b.ReportMetric(again.Heap, "steady-heap-MB")
	b.ReportMetric(base.Now, "raw-MB")
	b.ReportMetric(base.Now/again.Now, "x-raw")
}

func memoryOf(b *testing.B, what, dir string, events uint64) (r resident) {
	b.Helper()
	c := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkMemory$", "-test.benchtime=1x")
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%s|%d", memoryEnv, what, dir, events))
	out, err := c.CombinedOutput()
	_, said, ok := bytes.Cut(out, []byte("resident "))
	if err != nil || !ok || json.NewDecoder(bytes.NewReader(said)).Decode(&r) != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return r
}

// memoryChild says the resident memory of this process after its job.
func memoryChild(b *testing.B, job []string) {
	b.Helper()
	debug.SetMemoryLimit(memoryLimitMB << 20)
	want, err := strconv.ParseUint(job[2], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	if job[0] == "raw" {
		yardstick.Hold(b, job[1], func() {
			<-time.After(3 * time.Second)
			sayResident(b)
		})
		return
	}
	h, err := OpenWith(b.Context(), job[1], nil, Options{Network: job[0] == "catch", Version: "prueba"})
	if err != nil {
		b.Fatal(err)
	}
	for held(h.db) < want {
		<-time.After(10 * time.Millisecond)
	}
	if err := h.Fed(b.Context()); err != nil {
		b.Fatal(err)
	}
	if _, err := h.Ask(h.Owner(b.Context()), app.Cases{}); err != nil {
		b.Fatal(err)
	}
	debug.FreeOSMemory() // what rests is what the runtime keeps; by itself it gives the rest back within minutes
	<-time.After(3 * time.Second)
	sayResident(b)
	if err := h.Close(); err != nil {
		b.Fatal(err)
	}
}

func sayResident(b *testing.B) {
	b.Helper()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r := resident{Heap: float64(m.HeapInuse) / 1e6, Sys: float64(m.Sys) / 1e6, Peak: ofStatus("VmHWM"), Now: ofStatus("VmRSS"), Anon: ofStatus("RssAnon")}
	out, err := json.Marshal(r)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("\nresident %s\n", out)
}

// ofStatus is a field of this process's status in MB; 0 where there is none.
func ofStatus(field string) float64 {
	s, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(s), field+":")
	var kb float64
	_, _ = fmt.Sscan(rest, &kb)
	return kb * 1024 / 1e6
}
