package link_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/switchboard/link"
)

// rows are the lines of calls that come in, are answered and end, and what they tell.
func rows(n int) (lines []string, want map[string]phone.Call) {
	var all []phone.CallEvent
	for i := range n {
		id, at := fmt.Sprintf("%d.1", i), 1_795_388_550+10*int64(i)
		for _, l := range []string{fmt.Sprintf("%d|%s|mesa|NONE|ENTERQUEUE||0981%03d|1", at, id, i), fmt.Sprintf("%d|%s|mesa|Ana|CONNECT|3|x|2", at+3, id),
			fmt.Sprintf("%d|%s|mesa|Ana|COMPLETECALLER|3|4|1", at+7, id)} {
			lines = append(lines, l+"\n")
		}
	}
	for e := range phone.ReadQueueLog(strings.NewReader(strings.Join(lines, "")), "pbx", nil) {
		all = append(all, e)
	}
	return lines, folded(all)
}

// file is a log as an exchange writes it.
type file struct {
	*testing.T
	path string
	f    *os.File
	n    int
}

func (f *file) open() {
	f.Helper()
	var err error
	if f.f, err = os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		f.Fatal(err)
	}
}

func (f *file) write(s string) {
	f.Helper()
	if _, err := f.f.WriteString(s); err != nil {
		f.Fatal(err)
	}
}

func (f *file) do(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// rotate renames the log and begins another.
func (f *file) rotate() {
	f.Helper()
	f.n++
	f.do(os.Rename(f.path, fmt.Sprintf("%s.%d", f.path, f.n)))
	f.do(f.f.Close())
	f.open()
}

// A log that is written in pieces, renamed, emptied and left for a while by the program
// that follows it tells every call, and each once.
func TestALogIsFollowedWhateverBecomesOfIt(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 2))
	lines, want := rows(60)
	text := strings.Join(lines, "")
	log := &file{T: t, path: filepath.Join(t.TempDir(), "queue_log")}
	log.open()
	var kept link.Position
	e := newEar()
	follow := func() (end func()) {
		ctx, stop := context.WithCancel(t.Context())
		var g sync.WaitGroup
		from, known := kept, slices.Clone(e.events) // nothing runs
		g.Go(func() {
			x := link.Tail{PBX: "pbx", Path: log.path, From: from, Known: open(known), Every: time.Millisecond, Keep: func(_ context.Context, at link.Position) error {
				e.mu.Lock()
				defer e.mu.Unlock()
				kept = at
				e.news.Broadcast()
				return nil
			}}
			if err := x.Run(ctx, e); err != nil {
				t.Error(err)
			}
		})
		return func() { stop(); g.Wait() }
	}
	end := follow()
	told := func(upTo int) {
		n := strings.Count(text[:upTo], "\n")
		e.until(t, fmt.Sprintf("%d lines", n), func() bool { return distinct(e.events) >= n })
	}
	at, begun := 0, 0 // of the text, and where the file that is the log began
	write := func(n int) {
		log.write(text[at : at+n])
		at += n
	}
	forget := func() { // of another file it is not kept yet
		e.mu.Lock()
		defer e.mu.Unlock()
		begun, kept = at, link.Position{}
	}
	line := func() { write(len(next(text[at:]))) }
	settled := func() { // all lines are told, and it is kept that they are
		whole := strings.LastIndexByte(text[:at], '\n') + 1
		told(whole)
		e.until(t, "the place", func() bool { return whole <= begun || kept.Offset == int64(whole-begun) })
	}
	line()
	settled() // it is known which file it is
	for at < len(text) {
		write(min(1+dice.IntN(200), len(text)-at))
		switch dice.IntN(6) {
		case 0: // at the end of a line, as logrotate has the exchange do it; never twice unseen
			settled()
			line()
			forget()
			log.rotate()
			line()
			settled()
		case 1:
			line()
			settled()
			if at-begun < 200 {
				continue // as long as what comes next: nobody can tell them apart
			}
			forget()
			log.do(log.f.Truncate(0))
			line()
			settled()
		case 2:
			settled()
			end()
			rotates := dice.IntN(2) == 0 && kept.Head != "" // it is known which file it was
			if rotates {
				line()
				log.rotate()
			}
			if end = follow(); rotates {
				forget()
				line()
			}
			settled()
		}
	}
	settled()
	end()
	got := folded(e.events)
	for id, w := range want {
		if why := differ(got[id], w); why != "" {
			t.Errorf("seed %d: %s", seed, why)
		}
	}
	if len(got) != len(want) {
		t.Errorf("seed %d: %d calls, not %d", seed, len(got), len(want))
	}
}

// next is the rest of the line.
func next(s string) string {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return s[:i+1]
	}
	return s
}

func distinct(es []phone.CallEvent) int {
	seen := map[phone.Key]bool{}
	for _, e := range es {
		seen[e.Key] = true
	}
	return len(seen)
}

// open are the events of calls that go on.
func open(es []phone.CallEvent) (out []phone.CallEvent) {
	cs := folded(es)
	for _, e := range es {
		if cs[e.Key.UniqueID].Outcome == phone.NoOutcome {
			out = append(out, e)
		}
	}
	return out
}

func TestALogThatIsNotThereIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queue_log")
	e := newEar()
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		if err := (link.Tail{PBX: "pbx", Path: path, Every: time.Millisecond}).Run(ctx, e); err != nil {
			t.Error(err)
		}
	})
	e.until(t, "its absence", func() bool { return e.state.Phase == link.Down && e.state.Err != nil })
	lines, _ := rows(1)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")+"garbage\n"+lines[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	e.until(t, "its rows", func() bool {
		return e.state.Phase == link.Up && len(e.events) == 4 && e.state.Odd != "" && e.state.Err == nil
	})
	stop()
	g.Wait()
}

// What is half written when the program ends is no row yet.
func TestHalfALineIsNoRow(t *testing.T) {
	lines, _ := rows(1)
	path := filepath.Join(t.TempDir(), "queue_log")
	if err := os.WriteFile(path, []byte(lines[0]+lines[1][:len(lines[1])-4]), 0o600); err != nil {
		t.Fatal(err)
	}
	e := newEar()
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		if err := (link.Tail{PBX: "pbx", Path: path, Every: time.Millisecond}).Run(ctx, e); err != nil {
			t.Error(err)
		}
	})
	e.until(t, "its rows", func() bool { return e.state.Phase == link.Up && len(e.events) == 1 })
	stop()
	g.Wait()
	if len(e.events) != 1 {
		t.Errorf("it told %+v", e.events)
	}
}
