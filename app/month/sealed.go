package month

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"punto/app"
	"punto/app/callbacks"
	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/tally"
)

// A closed day's calls and cases are kept as columns, so that a month is summed
// without reading its rows. A sealed day is a cache: whatever changes a row of it
// takes it away, and the next month asked for seals it again.

const dayMillis = 86_400_000

// spoiltDays are the days whose sealed columns are of before a command.
type spoiltDays map[int64]struct{}

// spoil marks the day of an instant, and days days after it up to today. Days
// here are of UTC: the sealed civil day that holds the instant touches its day.
func spoil(o *engine.Op, ms int64, days int64) {
	if ms <= 0 {
		return
	}
	spoilt := engine.OpState[spoiltDays](o)
	if *spoilt == nil {
		*spoilt = spoiltDays{}
	}
	for d := ms / dayMillis; d <= min(ms/dayMillis+days, o.Now/dayMillis); d++ {
		(*spoilt)[d] = struct{}{}
	}
}

// spoilCase marks the days that count a case: those on which something happened
// to it, and the week after a resolution, in which another of the same user is a
// repeat.
func spoilCase(o *engine.Op, view engine.View) {
	v := view.(*cases.View)
	for _, at := range v.Turned() {
		spoil(o, at, 0)
	}
	for _, t := range v.Case.Turns {
		if t.To == desk.Resolved {
			spoil(o, t.At, 7)
		}
	}
}

// spoilCall marks the day that counts a call, and the days that count the lost calls
// which it returns.
func spoilCall(o *engine.Op, view engine.View) {
	c := view.(*calls.View).Call
	spoil(o, c.OfferedAt.UnixMilli(), 0)
	if c.Answered() {
		spoilLost(o, calls.CallerKey(c.Caller), calls.EndOfWait(c))
	}
}

// spoilCaller marks the days that count the lost calls which were returned by hand.
func spoilCaller(o *engine.Op, view engine.View) {
	v := view.(*callbacks.View)
	for _, t := range v.Tries {
		if t.Reached {
			spoilLost(o, v.Key, t.At)
		}
	}
}

// spoilLost marks the days on which the calls of a caller were lost, who was talked to
// at an instant. They are looked for only where some of these days is sealed.
func spoilLost(o *engine.Op, key string, at int64) {
	s := engine.OpState[sealedDays](o)
	if key == "" || s.err != nil || !s.any(o.Tx, at/dayMillis-app.CallBackDays, at/dayMillis) {
		return
	}
	s.err = errors.Join(s.err, calls.LostBefore(o.Tx, key, at, func(lost int64) { spoil(o, lost, 0) }))
}

// sealedDays remembers for a command which days of UTC were ever sealed, and what kept
// it from looking, which is told when the command ends.
type sealedDays struct {
	is  map[int64]bool
	err error
}

func (s *sealedDays) any(r desk.Reader, from, to int64) bool {
	if s.is == nil {
		s.is = map[int64]bool{}
	}
	for d := from; d <= to; d++ {
		is, known := s.is[d]
		if !known {
			n, err := edition(r, d)
			if s.err = errors.Join(s.err, err); err != nil {
				return false
			}
			is = n > 0
			s.is[d] = is
		}
		if is {
			return true
		}
	}
	return false
}

// unseal gives the spoilt days another edition, so that what was sealed of them
// no longer is good. A day of which nothing was ever sealed has none.
func unseal(o *engine.Op) error {
	if err := engine.OpState[sealedDays](o).err; err != nil {
		return err
	}
	for d := range *engine.OpState[spoiltDays](o) {
		n, err := edition(o.Tx, d)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := o.Tx.PutMeta(editionName(d), binary.BigEndian.AppendUint64(nil, n+1)); err != nil {
			return err
		}
	}
	return nil
}

func editionName(d int64) string { return "edition/" + strconv.FormatInt(d, 10) }

// edition counts how often a day of UTC was changed since it was first sealed; 0
// when nothing was sealed of it.
func edition(r desk.Reader, d int64) (uint64, error) {
	b, err := r.Meta(editionName(d))
	if err != nil || len(b) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(b), nil
}

func sealedName(contract desk.ID, day time.Time) string {
	return "day/" + contract.String() + "/" + day.Format("2006-01-02")
}

// utcDays are the days of UTC that a period touches.
func utcDays(p tally.Period) (days []int64) {
	for d := p.From.UnixMilli() / dayMillis; d*dayMillis < p.To.UnixMilli(); d++ {
		days = append(days, d)
	}
	return days
}

// editions are those of all days that a period touches, and of whose calls are, as
// a sealed day keeps them before its columns; sealing counts a day that has none
// yet as its first.
func editions(r desk.Reader, days []int64, sealing bool) (out []byte, err error) {
	for _, d := range days {
		n, err := edition(r, d)
		if err != nil {
			return nil, err
		}
		if n == 0 && sealing {
			n = 1
		}
		out = binary.BigEndian.AppendUint64(out, n)
	}
	n, err := whose(r)
	return binary.BigEndian.AppendUint64(out, n), err
}

// sealedDay is what was sealed of a period; nil when nothing was or it is of
// before a change.
func sealedDay(r desk.Reader, contract desk.ID, p tally.Period) ([]byte, error) {
	b, err := r.Blob(sealedName(contract, p.From))
	if err != nil || b == nil {
		return nil, err
	}
	now, err := editions(r, utcDays(p), false)
	if err != nil || !bytes.HasPrefix(b, now) || !tally.Sealed(b[len(now):]) {
		return nil, err
	}
	return b[len(now):], nil
}

// sealMonth seals the closed days of a month that are not sealed: about so many rows of
// them and one day at least; whole tells that none is left. A day that changes meanwhile
// stays open for the next time.
func sealMonth(ctx context.Context, e *engine.Engine, q app.Month, most int) (whole bool, err error) {
	type sealed struct {
		name  string
		days  []int64
		block []byte
	}
	var made []sealed
	whole = true
	known := engine.StateOf[spoils](e)
	mark := known.mark() // before the rows are read
	var claims uint64    // when they were
	err = e.Look(ctx, engine.Session{}, func(l *engine.Look) (err error) {
		if claims, err = whose(l.Reader); err != nil {
			return err
		}
		m, err := newMonthSum(l, q)
		if err != nil {
			return err
		}
		for _, p := range tally.Split(m.period, tally.CivilDay, m.zone) {
			if !p.To.Before(time.UnixMilli(m.Now)) || ctx.Err() != nil {
				break
			}
			if b, err := sealedDay(l.Reader, m.id, p); err != nil {
				return err
			} else if b != nil {
				continue
			}
			if most <= 0 {
				whole = false
				break
			}
			s := sealed{name: sealedName(m.id, p.From), days: utcDays(p)}
			day, err := m.rows(p)
			if err != nil {
				return err
			}
			if s.block, err = tally.Seal(day); err != nil {
				return err
			}
			made = append(made, s)
			most -= len(day.Calls) + len(day.Opened) + len(day.Resolved) + emptyDay
		}
		return ctx.Err()
	})
	if err != nil || len(made) == 0 {
		return whole, err
	}
	return whole, e.Log.Update(ctx, func(tx desk.Tx) error {
		if now, err := whose(tx); err != nil || now != claims {
			return err
		}
		for _, s := range made {
			if known.since(mark, s.days) || spoiltBy(e.Pending(), s.days) {
				continue
			}
			of, err := editions(tx, s.days, true)
			if err != nil {
				return err
			}
			if err := tx.PutBlob(s.name, append(of, s.block...)); err != nil {
				return err
			}
			for i, d := range s.days {
				if err := tx.PutMeta(editionName(d), of[8*i:8*i+8]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// spoiltBy tells whether commands have spoilt any of the days.
func spoiltBy(ops []*engine.Op, days []int64) bool {
	return slices.ContainsFunc(ops, func(o *engine.Op) bool {
		spoilt := *engine.OpState[spoiltDays](o)
		return slices.ContainsFunc(days, func(d int64) bool { _, is := spoilt[d]; return is })
	})
}

// spoils knows which days were spoilt since the engine began, by commits that are
// durable. The zero spoils is ready.
type spoils struct {
	mu sync.Mutex // guards what follows
	n  uint64     // commits
	at map[int64]uint64
}

func addSpoilt(e *engine.Engine, ops []*engine.Op) {
	s := engine.StateOf[spoils](e)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[int64]uint64{}
	}
	s.n++
	for _, o := range ops {
		for d := range *engine.OpState[spoiltDays](o) {
			s.at[d] = s.n
		}
	}
}

// mark is a moment to ask since for.
func (s *spoils) mark() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// since tells whether any of the days was spoilt after a mark.
func (s *spoils) since(mark uint64, days []int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(days, func(d int64) bool { return s.at[d] > mark })
}
