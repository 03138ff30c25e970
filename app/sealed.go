package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"punto/app/desk"
	"punto/app/tally"
)

// A closed day's calls and cases are kept as columns, so that a month is summed
// without reading its rows. A sealed day is a cache: whatever changes a row of it
// takes it away, and the next month asked for seals it again.

const dayMillis = 86_400_000

// spoil marks the day of an instant, and days days after it up to today. Days
// here are of UTC: the sealed civil day that holds the instant touches its day.
func (o *op) spoil(ms int64, days int64) {
	if ms <= 0 {
		return
	}
	for d := ms / dayMillis; d <= min(ms/dayMillis+days, o.now/dayMillis); d++ {
		o.spoilt[d] = struct{}{}
	}
}

// spoilCase marks the days that count a case: its opening, its resolutions, and
// the week after, in which another of the same user is a repeat.
func (o *op) spoilCase(v *caseView) {
	o.spoil(v.Case.OpenedAt, 0)
	o.spoil(v.resolved(), 7)
}

// unseal gives the spoilt days another edition, so that what was sealed of them
// no longer is good. A day of which nothing was ever sealed has none.
func (o *op) unseal() error {
	if len(o.spoilt) == 0 {
		return nil
	}
	o.e.sealing.Lock()
	defer o.e.sealing.Unlock()
	for d := range o.spoilt {
		o.e.spoilt[d]++
		n, err := edition(o.tx, d)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := o.tx.PutMeta(editionName(d), binary.BigEndian.AppendUint64(nil, n+1)); err != nil {
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

// editions are those of all days that a period touches, as a sealed day keeps
// them before its columns; sealing counts a day that has none yet as its first.
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
	return out, nil
}

// sealedDay is what was sealed of a period; nil when nothing was or it is of
// before a change.
func sealedDay(r desk.Reader, contract desk.ID, p tally.Period) ([]byte, error) {
	b, err := r.Blob(sealedName(contract, p.From))
	if err != nil || b == nil {
		return nil, err
	}
	now, err := editions(r, utcDays(p), false)
	if err != nil || !bytes.HasPrefix(b, now) {
		return nil, err
	}
	return b[len(now):], nil
}

// sealMonth seals the closed days of a month that are not sealed, before it is
// summed. A day that changes meanwhile stays open for the next time.
func (e *Engine) sealMonth(ctx context.Context, q Month) error {
	type sealed struct {
		name  string
		days  []int64
		block []byte
		at    []uint64 // of e.spoilt, when the rows were read
	}
	var made []sealed
	err := e.log.Read(func(r desk.Reader) error {
		m, err := newMonthSum(&look{desk: newNames(e, r), r: r, e: e, ctx: ctx, now: e.now().UnixMilli()}, q)
		if err != nil {
			return err
		}
		for _, p := range tally.Split(m.period, tally.CivilDay, m.zone) {
			if !p.To.Before(time.UnixMilli(m.now)) || ctx.Err() != nil {
				break
			}
			if b, err := sealedDay(r, m.id, p); err != nil {
				return err
			} else if b != nil {
				continue
			}
			s := sealed{name: sealedName(m.id, p.From), days: utcDays(p)}
			s.at = e.spoiltNow(s.days)
			day, err := m.rows(p)
			if err != nil {
				return err
			}
			if s.block, err = tally.Seal(day); err != nil {
				return err
			}
			made = append(made, s)
		}
		return ctx.Err()
	})
	if err != nil || len(made) == 0 {
		return err
	}
	return e.log.Update(ctx, func(tx desk.Tx) error {
		for _, s := range made {
			if !slices.Equal(s.at, e.spoiltNow(s.days)) {
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

// spoiltNow counts how often days were spoilt since the engine began.
func (e *Engine) spoiltNow(days []int64) []uint64 {
	e.sealing.Lock()
	defer e.sealing.Unlock()
	at := make([]uint64, len(days))
	for i, d := range days {
		at[i] = e.spoilt[d]
	}
	return at
}
