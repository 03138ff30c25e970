package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"punto/app/phone"
	"punto/app/phone/smdr"
)

// SMDR takes the lines that an exchange prints of each call over TCP: it connects to the
// exchange, or waits for it.
type SMDR struct {
	Address string // host:port of the exchange; where it listens, of this workstation
	Listen  bool
	Peer    string // of Listen: the address of the exchange, which alone may send
	Map     smdr.Map
	Zone    *time.Location

	Retry, RetryMost time.Duration // between tries; 0 = a second, a minute
}

// maxLinks is how many connections of the exchange are read at once.
const maxLinks = 4

// Run takes lines until ctx ends.
func (s SMDR) Run(ctx context.Context, out Out) error {
	l := &printer{SMDR: s, out: out}
	p := pace{Least: s.Retry, Most: s.RetryMost}
	for ctx.Err() == nil {
		l.tell(func(t *State) { t.Phase, t.Since = Trying, time.Now() })
		var err error
		if s.Listen {
			err = l.listen(ctx)
		} else {
			err = l.dial(ctx, &p)
		}
		if ctx.Err() != nil {
			break
		}
		l.tell(func(t *State) { t.Phase, t.Since, t.Err = Down, time.Now(), err })
		if !wait(ctx, p.next(err)) {
			break
		}
	}
	return nil
}

// printer is one link over its tries.
type printer struct {
	SMDR
	out  Out
	lost time.Time // the connection to the exchange was; zero = there was none

	mu    sync.Mutex // guards what follows, and that out is told by one at a time
	state State
}

func (l *printer) tell(f func(*State)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.state)
	l.out.Told(l.state)
}

func (l *printer) dial(ctx context.Context, p *pace) error {
	c, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", l.Address)
	if err != nil {
		return bare(err)
	}
	if !l.lost.IsZero() {
		if err := l.out.Gap(ctx, l.lost, time.Now()); err != nil {
			return errors.Join(err, c.Close())
		}
	}
	p.reset()
	l.tell(func(t *State) { t.Phase, t.Since, t.Err = Up, time.Now(), nil })
	err = l.read(ctx, c)
	l.lost = time.Now()
	return err
}

func (l *printer) listen(ctx context.Context) error {
	in, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.Address)
	if err != nil {
		return err
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	stop := context.AfterFunc(ctx, func() { _ = in.Close() }) // whoever accepts is woken
	defer stop()
	l.tell(func(t *State) { t.Phase, t.Since, t.Err = Up, time.Now(), nil })
	busy := make(chan struct{}, maxLinks)
	for {
		c, err := in.Accept()
		if err != nil {
			return errors.Join(bare(err), in.Close())
		}
		from, _, _ := net.SplitHostPort(c.RemoteAddr().String())
		if ip := net.ParseIP(from); ip == nil || !ip.Equal(net.ParseIP(l.Peer)) {
			l.tell(func(t *State) { t.Odd = "a connection from " + from + " was refused: the exchange is " + l.Peer })
			_ = c.Close() // it is refused
			continue
		}
		select {
		case busy <- struct{}{}:
		default:
			_ = c.Close() // it is one too many
			continue
		}
		reading.Go(func() {
			defer func() { <-busy }()
			if err := l.read(ctx, c); err != nil && ctx.Err() == nil {
				l.tell(func(t *State) { t.Odd = err.Error() })
			}
		})
	}
}

// read takes the lines of one connection to its end, and closes it.
func (l *printer) read(ctx context.Context, c net.Conn) error {
	stop := context.AfterFunc(ctx, func() { _ = c.Close() }) // the reader is woken
	defer func() { stop(); _ = c.Close() }()
	for call, err := range l.Map.Read(&whole{r: c}, l.Zone, nil) {
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			l.tell(func(t *State) { t.Odd = row.Reason })
			continue
		case err != nil:
			return bare(err)
		}
		l.tell(func(t *State) {
			t.Line = clean(fmt.Sprintf("%s  %s  %s  %v", call.Outcome, phone.Cut(call.Caller), phone.Cut(call.Agent), call.Talk))
			t.Heard, t.At = time.Now(), call.OfferedAt
		})
		for p := (pace{}); ; {
			err := l.keep(ctx, call)
			if err == nil {
				break
			}
			if !wait(ctx, p.next(err)) {
				return ctx.Err()
			}
		}
	}
	return errors.New("the exchange ended the link")
}

func (l *printer) keep(ctx context.Context, c phone.Call) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Calls(ctx, []phone.Call{c})
}

// whole gives whole lines alone: half a line at a cut would be another call. A line that
// is longer than any is given as it is, and refused by whoever reads it.
type whole struct {
	r   io.Reader
	buf []byte
	out int // bytes of buf that are whole
	err error
}

func (w *whole) Read(p []byte) (int, error) {
	const longest = 16 << 10
	for w.out == 0 {
		if w.err != nil {
			return 0, w.err
		}
		at := len(w.buf)
		w.buf = append(w.buf, make([]byte, 4<<10)...)
		n, err := w.r.Read(w.buf[at:])
		w.buf, w.err = w.buf[:at+n], err
		if w.out = lastBreak(w.buf) + 1; w.out == 0 && len(w.buf) > longest {
			w.out = len(w.buf)
		}
	}
	n := copy(p, w.buf[:w.out])
	w.buf, w.out = append(w.buf[:0], w.buf[n:]...), w.out-n
	return n, nil
}
