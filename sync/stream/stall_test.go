package stream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"punto/app/desk"
)

// stuck is a log that takes nothing until its gate opens.
type stuck struct {
	blank
	entered chan struct{}
	gate    chan struct{}
}

func (s stuck) Merge(ctx context.Context, rs []desk.Run) (desk.Taken, error) {
	select {
	case s.entered <- struct{}{}:
	default:
	}
	select {
	case <-s.gate:
	case <-ctx.Done():
	}
	return desk.Taken{Bad: make([]error, len(rs))}, ctx.Err()
}

// speaks is a peering of a member that has greeted.
func (r *rig) speaks(t *testing.T) *tls.Conn {
	t.Helper()
	c, err := tls.Dial("tcp", r.address, r.member(t).config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := writeMessage(c, encode(Hello, Greeting{Min: ProtocolMin, Max: ProtocolMax, Desk: r.site.Desk})); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAPeerThatSendsMoreThanIsTakenIsNotReadFromAndHoldsUpNobody(t *testing.T) {
	log := stuck{entered: make(chan struct{}, 1), gate: make(chan struct{})}
	r := coordinatorOf(t, log)
	flood := r.speaks(t)
	run := EncodeRun(desk.Run{Origin: 7, First: 1, Frames: [][]byte{make([]byte, MaxMessage-200)}})
	const most = 128 // MB: more than the system keeps for a connection
	sent := make(chan int, 1)
	go func() {
		for n := range most {
			_ = flood.SetWriteDeadline(time.Now().Add(5 * time.Second))
			if err := writeMessage(flood, run); err != nil {
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("after %d MB the peering ended: %v", n, err)
				}
				sent <- n
				return
			}
		}
		sent <- most
	}()
	<-log.entered
	for range 3 { // others come and are served while the log is stuck
		c := r.speaks(t)
		if err := writeMessage(c, encode(Ping, Clock{T0: 4711})); err != nil {
			t.Fatal(err)
		}
		_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
		for answered := false; !answered; {
			m, err := readMessage(c, MaxMessage)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Fatal("another peering waits for the one that is stuck")
			}
			if err != nil {
				t.Fatal(err)
			}
			p, err := decode[Clock](m)
			answered = m.Kind == Pong && err == nil && p.T0 == 4711
		}
	}
	if n := len(r.hub.Peers()); n != 4 {
		t.Errorf("%d peers are told of", n)
	}
	if n := <-sent; n >= most {
		t.Errorf("%d MB were read from a peer of which nothing is taken", n)
	}
	close(log.gate)
}
