package local

import (
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"punto/app"
)

// still is a desk that answers one long line, and tells when a watch has ended.
type still struct{ ended chan struct{} }

func (still) Do(context.Context, app.Command) (app.Receipt, error) { return app.Receipt{}, nil }

func (still) Ask(context.Context, app.Query) (app.Answer, error) {
	return app.SearchAnswer{Hits: []app.Hit{{Title: strings.Repeat("a", 8<<20)}}}, nil
}

func (s still) Watch(ctx context.Context, _ app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		defer close(s.ended)
		for n := uint64(0); ctx.Err() == nil && yield(app.Change{Rev: n}); n++ {
		}
	}
}

// host serves with short waits; stop ends it and tells how long that took.
func host(t *testing.T, d app.Desk, w waits) (dial func() net.Conn, stop func() time.Duration) {
	t.Helper()
	dir := t.TempDir()
	l, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	path, err := Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- (&Server{Desk: d, waits: w}).Serve(ctx, l) }()
	stop = func() time.Duration {
		from := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		return time.Since(from)
	}
	return func() net.Conn {
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		return c
	}, stop
}

const header = "POST /v1/ask/Search HTTP/1.1\r\nHost: punto\r\nContent-Type: application/json\r\nContent-Length: "

func TestWhoIsSlowIsLetGo(t *testing.T) {
	const soon = 50 * time.Millisecond
	never := usual
	never.header, never.body, never.write, never.idle = time.Hour, time.Hour, time.Hour, time.Hour
	with := func(change func(*waits)) waits {
		w := never
		w.end = soon
		change(&w)
		return w
	}
	for _, s := range []struct {
		name, said string
		wait       waits
		reads      string // what the answer begins with, "" = none
	}{
		{"to say anything", "", with(func(w *waits) { w.header = soon }), ""},
		{"in the header", header[:40], with(func(w *waits) { w.header = soon }), ""},
		{"in the body", header + "9\r\n\r\n{", with(func(w *waits) { w.body = soon }), "HTTP/1.1 408 "},
		{"with a body that nobody wants", strings.Replace(header, "json", "xml", 1) + "9\r\n\r\n{", with(func(*waits) {}), "HTTP/1.1 415 "},
		{"with a body for a wrong path", "GET /v1 HTTP/1.1\r\nHost: punto\r\nContent-Length: 9\r\n\r\n", with(func(*waits) {}), "HTTP/1.1 400 "},
		{"to ask again", "GET /v1 HTTP/1.1\r\nHost: punto\r\n\r\n", with(func(w *waits) { w.idle = soon }), "HTTP/1.1 200 "},
	} {
		dial, stop := host(t, still{}, s.wait)
		c := dial()
		if _, err := io.WriteString(c, s.said); err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(c) // until the host lets go
		if errors.Is(err, os.ErrDeadlineExceeded) || !strings.HasPrefix(string(b), s.reads) || s.reads == "" && len(b) > 0 && !strings.HasPrefix(string(b), "HTTP/1.1 408 ") {
			t.Errorf("slow %s: %.60q, %v", s.name, b, err)
		}
		stop()
	}
}

// A peer that takes nothing of its answer is let go, and a watch is not.
func TestWhoTakesNothingIsLetGo(t *testing.T) {
	w := usual
	w.write, w.end = 50*time.Millisecond, time.Hour
	d := still{ended: make(chan struct{})}
	dial, stop := host(t, d, w)
	asks, watches := dial(), dial()
	for c, said := range map[net.Conn]string{asks: header + "2\r\n\r\n{}", watches: "GET /v1/watch HTTP/1.1\r\nHost: punto\r\n\r\n"} {
		if _, err := io.WriteString(c, said); err != nil {
			t.Fatal(err)
		}
	}
	for err := error(nil); err == nil; { // until the host has closed its end: nothing is read meanwhile
		if _, err = asks.Write([]byte{' '}); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("a peer that takes nothing is kept")
		}
		time.Sleep(time.Millisecond)
	}
	if n, _ := io.Copy(io.Discard, asks); n > 4<<20 {
		t.Errorf("a peer that took nothing was given %d bytes", n)
	}
	if n, err := io.CopyN(io.Discard, watches, 4<<20); err != nil {
		t.Errorf("a watch that rested was given %d bytes: %v", n, err)
	}
	_ = watches.Close()
	<-d.ended
	stop()
}

// Whatever peers do or do not, the end of a host is a moment.
func TestAHostEndsWhateverItsPeersDo(t *testing.T) {
	d := still{ended: make(chan struct{})}
	dial, stop := host(t, d, waits{})
	for _, said := range []string{"", header, header + "9\r\n\r\n{", header + "2\r\n\r\n{}", "GET /v1/watch HTTP/1.1\r\nHost: punto\r\n\r\n", "GET /v1 HTTP/1.1\r\nHost: punto\r\n\r\n"} {
		c := dial()
		if _, err := io.WriteString(c, said); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(said, "\r\n\r\n") && said[0] == 'G' || strings.HasSuffix(said, "}") { // it is in hand
			if _, err := io.ReadFull(c, make([]byte, 9)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if took := stop(); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	<-d.ended
}
