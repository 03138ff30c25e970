package phone_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
)

// flood is a file that is made while it is read, and looks now and then at what its
// reader holds.
type flood struct {
	next func(i int) string
	look func()
	i, n int
	rest string
}

func (f *flood) Read(p []byte) (int, error) {
	if f.rest == "" {
		if f.rest = f.next(f.i); f.rest == "" {
			return 0, io.EOF
		}
		f.i++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	if f.n += n; f.n > 4<<20 {
		f.n = 0
		f.look()
	}
	return n, nil
}

// No file, whoever wrote it, costs its reader more than 16 MB.
func TestAHostileFileCostsLittle(t *testing.T) {
	long := strings.Repeat("x", 120)
	id := func(i int) string { return fmt.Sprintf("%0120d.%d", i, i) }
	upTo := func(n int, s func(i int) string) func(int) string {
		return func(i int) string {
			if i >= n {
				return ""
			}
			return s(i)
		}
	}
	// One for each reader that goes through it, counting what comes out.
	queue := func(r io.Reader) (n int) {
		for _, err := range (phone.QueueLog{PBX: "p", Agents: true}).Read(r) {
			if err == nil {
				n++
			}
		}
		return n
	}
	cdr := func(r io.Reader) (n int) {
		for _, err := range (phone.CDR{PBX: "p"}).Read(r, time.UTC) {
			if err == nil {
				n++
			}
		}
		return n
	}
	cel := func(r io.Reader) (n int) {
		for _, err := range (phone.CEL{PBX: "p"}).Read(r, time.UTC) {
			if err == nil {
				n++
			}
		}
		return n
	}
	record := func(unique, linked, app string) string {
		text := strings.Repeat("y", 500)
		return `"","` + text + `","5000","ctx","` + text + `","SIP/` + unique + `","","` + app + `","` + text + `","2026-11-22 22:58:55",,"2026-11-22 22:59:03",8,6,"NO ANSWER","DOC","` + unique + `","","","` + linked + `",3` + "\n"
	}
	row := func(kind, id, app, data string) string {
		text := strings.Repeat("y", 500)
		return `"` + kind + `","1795388574.1","` + text + `","` + text + `","","5000","ctx","SIP/1-1","` + app + `","` + data + `","` + id + `","1.1","","",""` + "\n"
	}
	for _, x := range []struct {
		name string
		read func(io.Reader) int
		next func(i int) string
		some int // that come out at least
	}{
		{"a log whose calls never end", queue, upTo(60_000, func(i int) string { return "1795388574|" + id(i) + "|mesa|NONE|ENTERQUEUE||0981|1\n" }), 60_000},
		{"a log of one endless line", queue, upTo(2_000, func(i int) string { return strings.Repeat("1795388574|", 4000) }), 0},
		{"a log of agents in queues without end", queue, upTo(60_000, func(i int) string {
			return "1795388574|NONE|" + id(i) + "|" + id(i/50) + "|PAUSE|" + long + "\n"
		}), 60_000},
		{"records of calls without end", cdr, upTo(15_000, func(i int) string { return record(id(i), id(i), "Queue") }), 15_000},
		{"records of no queue without end", cdr, upTo(15_000, func(i int) string { return record(id(i), id(i), "Dial") }), 0},
		{"records of one call without end", cdr, upTo(15_000, func(i int) string { return record(id(i), "1.1", "Queue") }), 1},
		{"lines that never end", cel, upTo(15_000, func(i int) string { return row("CHAN_START", id(i), "", "") + row("APP_START", id(i), "Queue", "mesa") }), 1},
		{"a line that enters queues without end", cel, upTo(15_000, func(i int) string { return row("APP_START", "1.1", "Queue", "mesa") }), 1},
	} {
		t.Run(x.name, func(t *testing.T) {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			before, grew := m.HeapAlloc, uint64(0)
			n := x.read(&flood{next: x.next, look: func() {
				runtime.GC()
				runtime.ReadMemStats(&m)
				grew = max(grew, m.HeapAlloc-min(before, m.HeapAlloc))
			}})
			if grew > 16<<20 || n < x.some {
				t.Errorf("it cost %d bytes and gave %d: at most 16 MB and at least %d are expected", grew, n, x.some)
			}
			t.Logf("%d bytes", grew)
		})
	}
}
