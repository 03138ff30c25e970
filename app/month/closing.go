package month

import (
	"context"
	"errors"
	"sync"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
)

// Days are sealed as they close, and again within ten minutes when one of their rows changes,
// so that nobody who opens a month waits for its rows to be read. It is done in small
// steps, the newest month first, and only where nothing else is owed: a cache that is not
// there costs time and never a figure.

// Of one step: about so many rows, which take a fifth of the time that passes; a day
// without any counts as some.
const (
	closingRows  = 10_000
	closingShare = 4 // times as long as a step took nothing is done
	emptyDay     = 50
)

// closingMonths are sealed: this one, and those that it is compared with.
const closingMonths = 13

// closingRest is how often it is looked whether a day has closed or one has changed: what
// changes all the time is not sealed all the time.
const closingRest = 10 * time.Minute

// closing remembers which months are sealed as far as they have closed.
type closing struct {
	mu    sync.Mutex // guards what follows
	next  time.Time  // when there may be something to do; zero = now
	whole map[closed]bool
	mark  uint64 // of spoils, at which whole holds
	today string
	busy  bool // a step is being taken: whoever comes meanwhile leaves it to that one
}

// closed names a month of a contract.
type closed struct {
	contract desk.ID
	month    string
}

// nextClosing is when a day closes next, or a step is due.
func nextClosing(e *engine.Engine) time.Time {
	c := engine.StateOf[closing](e)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next.IsZero() {
		return e.Now()
	}
	return c.next
}

// closeDays takes a step. Nothing is locked while it reads and writes.
func closeDays(ctx context.Context, e *engine.Engine) error {
	c := engine.StateOf[closing](e)
	now, mark := e.Now(), engine.StateOf[spoils](e).mark()
	if !c.begin(now, mark) {
		return nil
	}
	var todo closed
	whole, next := false, now.Add(closingRest)
	defer func() { c.end(todo, whole, next) }()
	if n, _ := e.Log.Owed(); n > 0 {
		return nil
	}
	err := e.Look(ctx, engine.Session{}, func(l *engine.Look) (err error) {
		todo, err = c.open(l)
		return err
	})
	if err != nil || todo == (closed{}) {
		return err
	}
	from := time.Now()
	whole, err = sealMonth(ctx, e, app.Month{Month: todo.month, Contract: todo.contract}, closingRows)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && !errors.Is(err, desk.ErrFull): // it is summed from its rows, and the others are not to wait for it
		e.Logger.Warn("seal the days of a month", "month", todo.month, "contract", todo.contract, "err", err)
	}
	whole, next = whole || err != nil, now.Add(closingShare*time.Since(from))
	return nil
}

// begin tells whether a step is due now, and nobody else takes it. What was known to be
// whole is forgotten when something was spoilt, and every hour.
func (c *closing) begin(now time.Time, mark uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next.After(now.Add(closingRest)) { // the clock was put back
		c.next = time.Time{}
	}
	if c.busy || now.Before(c.next) {
		return false
	}
	if today := now.UTC().Format(time.DateOnly + " 15"); c.whole == nil || mark != c.mark || today != c.today {
		c.whole, c.mark, c.today = map[closed]bool{}, mark, today
	}
	c.busy = true
	return true
}

// end notes what a step came to.
func (c *closing) end(todo closed, whole bool, next time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy, c.next = false, next
	if todo != (closed{}) {
		c.whole[todo] = whole
	}
}

// open is the newest month that is not sealed as far as it has closed; the zero closed
// when there is none. Only who has begun a step asks.
func (c *closing) open(l *engine.Look) (closed, error) {
	first := l.Now
	for _, ix := range []byte{calls.IxCall, cases.IxTurn} {
		for k, err := range l.Reader.Scan([]byte{ix}, nil, false) {
			if err != nil {
				return closed{}, err
			}
			first = min(first, engine.InstantOf(k.Key))
			break
		}
	}
	var of []desk.ID
	for k, err := range l.Reader.Scan(engine.Prefix(records.IxRecord, desk.ContractType), nil, false) {
		if err != nil {
			return closed{}, err
		}
		of = append(of, engine.IDOf(k.Key))
	}
	for _, id := range of {
		contract, err := engine.Noun[desk.Contract](l.Names, desk.ContractType, id)
		if err != nil {
			return closed{}, err
		}
		zone, err := time.LoadLocation(promises.OrUTC(contract.Zone))
		if err != nil {
			continue // asking for a month of it says so
		}
		at := time.UnixMilli(l.Now).In(zone)
		for range closingMonths {
			x := closed{id, at.Format("2006-01")}
			if !c.whole[x] {
				return x, nil
			}
			if time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, zone).UnixMilli() <= first {
				break
			}
			at = time.Date(at.Year(), at.Month(), 0, 0, 0, 0, 0, zone)
		}
	}
	return closed{}, nil
}
