// Package link keeps a link to a telephone exchange: it connects, listens, notices when
// the link is lost, connects again and learns what goes on; and it follows files and
// lines that exchanges write. What it hears becomes the events of calls by the pure
// rooms of app/phone.
//
// It promises that what an exchange says, however hostile, costs at most a message, a
// batch of maxBatch events and what those rooms keep; that whatever was heard is
// delivered in its order or the link is given up and what was missed is told as a
// gap; and that no secret stands in an error, a state or a line of the stream.
package link

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"punto/app/phone"
)

// Out is whom a link tells what it hears. Its methods are called by one goroutine at a
// time and may block, which holds the exchange up.
type Out interface {
	// Events takes events of calls, agents and the link until they are durable.
	Events(ctx context.Context, events []phone.CallEvent) error
	// Calls takes whole calls.
	Calls(ctx context.Context, calls []phone.Call) error
	// Gap tells that nothing was heard in a time; after it the lists were read.
	Gap(ctx context.Context, from, to time.Time) error
	// Told is called when the link's state changes, and with each line of the stream.
	Told(State)
}

// Phase is how a link does.
type Phase uint8

// Phases.
const (
	Down     Phase = iota // it waits until it tries again
	Trying                // it connects
	Learning              // it reads what goes on
	Up                    // it listens
)

// State is how a link does now.
type State struct {
	Phase   Phase
	Since   time.Time
	Version string        // of the exchange's interface
	Ahead   time.Duration // of the exchange's clock
	Err     error         // why it is down
	Odd     string        // what was odd about what it said last
	Line    string        // what it said last, in short
	Heard   time.Time     // when
	At      time.Time     // the same, by the exchange's clock
	There   []string      // of the desk's own exchange: the extensions that have registered
}

// Refused says that the exchange does not let the link in as it is set: to try again
// soon would have it shut out.
type Refused struct{ Why string }

func (r *Refused) Error() string { return "the exchange refuses: " + r.Why }

// pace is how long a link waits before it tries again: longer each time, with some
// chance in it, so that many do not come at once.
type pace struct {
	Least, Most time.Duration
	tried       int
}

func (p *pace) next(err error) time.Duration {
	least, most := p.Least, p.Most
	if least == 0 {
		least = time.Second
	}
	if most == 0 {
		most = time.Minute
	}
	d := least << min(p.tried, 16)
	p.tried++
	var no *Refused
	if d > most || errors.As(err, &no) {
		d = most
	}
	return d/2 + rand.N(d/2+1)
}

func (p *pace) reset() { p.tried = 0 }

// wait waits; false when ctx has ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// maxBatch is about how many events are delivered at once; about as many wait meanwhile,
// and whoever hears more waits as well.
const maxBatch = 1_000

// heard is what one message told; done, when it is not nil, is closed once all before
// it is delivered.
type heard struct {
	events []phone.CallEvent
	done   chan struct{}
}

// queue delivers what is heard, in order, by a goroutine of its own.
type queue chan heard

func newQueue() queue { return make(queue, 64) }

// put waits for room.
func (q queue) put(ctx context.Context, h heard) error {
	if len(h.events) == 0 && h.done == nil {
		return nil
	}
	select {
	case q <- h: // also when ctx has ended: it is delivered with the last
		return nil
	default:
	}
	select {
	case q <- h:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// flush waits until all that was put is delivered.
func (q queue) flush(ctx context.Context) error {
	h := heard{done: make(chan struct{})}
	if err := q.put(ctx, h); err != nil {
		return err
	}
	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deliver gives what is put to f until ctx ends. What f does not take is tried again:
// it is for those whose disk is full.
func (q queue) deliver(ctx context.Context, f func([]phone.CallEvent) error) {
	for {
		var batch []phone.CallEvent
		var done []chan struct{}
		take := func(h heard) {
			if batch = append(batch, h.events...); h.done != nil {
				done = append(done, h.done)
			}
		}
		select {
		case h := <-q:
			take(h)
		case <-ctx.Done():
			for len(q) > 0 { // whoever put it has ended
				take(<-q)
			}
			if len(batch) > 0 {
				_ = f(batch) // the last that can be done; what is missed is a gap
			}
			return
		}
		for more := true; more && len(batch) < maxBatch; {
			select {
			case h := <-q:
				take(h)
			default:
				more = false
			}
		}
		for p := (pace{}); len(batch) > 0; {
			err := f(batch)
			if err == nil {
				break
			}
			if !wait(ctx, p.next(err)) {
				return
			}
		}
		for _, d := range done {
			close(d)
		}
	}
}
