package switchboard

import (
	"context"
	"fmt"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// gapID is the id of a gap: two workstations that find one write one.
func gapID(pbx string, from int64) desk.ID { return desk.DerivedID("gap", pbx, fmt.Sprint(from)) }

// longestGap is how long a gap may be that is looked for: one that began before is found
// by whoever asks for that time.
const longestGap = 31 * 24 * time.Hour

// Gaps walks those that touch a time, the oldest first.
func Gaps(n *engine.Names, from, until int64, use func(desk.ID, desk.Gap)) error {
	first := engine.Prefix(IxGap, max(0, from-longestGap.Milliseconds()))
	for k, err := range n.Reader.Scan([]byte{IxGap}, first, false) {
		if err != nil {
			return err
		}
		if engine.InstantOf(k.Key) >= until {
			return nil
		}
		g, err := engine.Noun[desk.Gap](n, desk.GapType, engine.IDOf(k.Key))
		if err != nil {
			return err
		}
		if g.PBX != "" && (g.To == 0 || g.To > from) {
			use(engine.IDOf(k.Key), g)
		}
	}
	return nil
}

func askGaps(l *engine.Look, q app.Gaps) (a app.GapsAnswer, err error) {
	if q.Until == 0 {
		q.Until = l.Now
	}
	err = Gaps(l.Names, q.From, q.Until, func(id desk.ID, g desk.Gap) { a.Rows = append(a.Rows, app.Named[desk.Gap]{ID: id, Of: g}) })
	return a, err
}

// lastGap is the last gap of an exchange within a month; nil = none.
func lastGap(n *engine.Names, pbx string) (last *desk.Gap, err error) {
	now := n.Engine.Now()
	err = Gaps(n, now.Add(-longestGap).UnixMilli(), now.UnixMilli()+1, func(_ desk.ID, g desk.Gap) {
		if g.PBX == pbx {
			last = &g
		}
	})
	return last, err
}

// writeGap writes a gap, or that it has ended.
func writeGap(ctx context.Context, e *engine.Engine, g desk.Gap) error {
	_, err := e.Update(ctx, engine.Session{}, func(o *engine.Op) (app.Receipt, error) {
		id := gapID(g.PBX, g.From)
		was, err := engine.Noun[desk.Gap](o.Names, desk.GapType, id)
		if err != nil {
			return app.Receipt{}, err
		}
		if g.Open = max(g.Open, was.Open); was.To != 0 {
			g.To = max(g.To, was.To)
		}
		return records.Save(o, desk.GapType, id, g, nil)
	})
	return err
}
