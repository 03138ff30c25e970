package link_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/phone/smdr"
	"punto/app/switchboard/link"
)

const avaya = "2026/10/05 09:00:00,00:01:10,12,0981234501,I,600,225550101,,0,1000014,0,E201,Ana Perez,T9161,LINE 5.1,5,0\r\n" +
	"2026/10/05 09:10:00,00:00:00,40,0981234502,I,600,225550101,,0,1000015,0,E201,Ana Perez,T9161,LINE 5.1,0,0\r\n" +
	"2026/10/05 09:20:00,00:00:30,5,0981234503,I,600,225550101,,0,1000016,0,E202,Bruno Diaz,T9161,LINE 5.1,0,0\r\n"

// takes runs a link of lines until end.
func takes(t *testing.T, s link.SMDR, e *ear) (end func()) {
	t.Helper()
	m, ok := smdr.Preset("avaya")
	if !ok {
		t.Fatal("there is no map")
	}
	s.Map, s.Zone, s.Retry, s.RetryMost = m, time.UTC, time.Millisecond, 4*time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		if err := s.Run(ctx, e); err != nil {
			t.Error(err)
		}
	})
	return func() { stop(); g.Wait() }
}

// An exchange that is cut in the middle of a line, and says the line again, tells each
// call once, and none that is half.
func TestLinesOfAnExchangeThatIsDialled(t *testing.T) {
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	e := newEar()
	defer takes(t, link.SMDR{Address: in.Addr().String()}, e)()
	cut := strings.Index(avaya, "00:00:30") + 5
	for i, text := range []string{avaya[:cut], avaya[strings.LastIndex(avaya[:cut], "\n")+1:]} {
		c, err := in.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		want := 2 + i
		e.until(t, fmt.Sprint(want, " calls"), func() bool { return len(e.calls) >= want })
		_ = c.Close()
	}
	e.until(t, "the gap", func() bool { return len(e.gaps) > 0 })
	if got := e.calls; len(got) != 3 || got[2].Caller != "0981234503" || got[2].Talk != 30*time.Second || got[1].Outcome != phone.Abandoned {
		t.Errorf("they came out as %+v", got)
	}
}

// Whoever is not the exchange is not heard.
func TestLinesAreTakenFromTheExchangeAlone(t *testing.T) {
	for _, x := range []struct {
		peer string
		want int
	}{{"127.0.0.1", 3}, {"10.7.0.5", 0}} {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := free.Addr().String()
		_ = free.Close()
		e := newEar()
		end := takes(t, link.SMDR{Address: address, Listen: true, Peer: x.peer}, e)
		e.until(t, "listening", func() bool { return e.state.Phase == link.Up })
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte(avaya)) // it may be refused
		e.until(t, "what was sent", func() bool { return len(e.calls) == 3 || e.state.Odd != "" })
		if len(e.calls) != x.want || x.want == 0 && !strings.Contains(e.state.Odd, "refused") {
			t.Errorf("from %s: %d calls, %q", x.peer, len(e.calls), e.state.Odd)
		}
		_ = c.Close()
		end()
	}
}
