package site

import (
	"context"
	"slices"
	"time"
)

// How the clocks of a site are compared.
const (
	clockEvery = time.Second
	offsetTold = 2 * time.Second // what is less is nobody's business
	stepTold   = 2 * time.Second
)

// clocks watches this machine's clock: jumps against its own monotonic one, and
// the offset from the others'.
func (p *Peers) clocks(ctx context.Context) {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	last, slept := time.Now(), sleepClock()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		now, sl := time.Now(), sleepClock()
		by := now.Round(0).Sub(last.Round(0)) - now.Sub(last) // wall against monotonic
		away := sl - slept
		last, slept = now, sl
		if by > stepTold || by < -stepTold || away > stepTold {
			p.Logger.Warn("the clock of this machine has jumped", "by", by, "slept", away)
			if err := p.Engine.Stepped(ctx, max(by, away), away); err != nil && ctx.Err() == nil {
				p.Logger.Error("the jump of the clock could not be recorded", "err", err)
			}
		}
		if n%5 == 4 {
			if err := p.compare(ctx); err != nil && ctx.Err() == nil {
				p.Logger.Error("the offset of the clock could not be recorded", "err", err)
			}
		}
	}
}

// compare takes the median of all clocks that are measured, this one among them,
// and tells the engine when this one is not near it.
func (p *Peers) compare(ctx context.Context) error {
	members := p.members()
	var offsets []time.Duration
	measured := 0
	for _, x := range p.hub.Peers() {
		if x.Measured && x.Peerings > 0 && !p.Engine.Shut(x.Node) {
			measured++
			offsets = append(offsets, x.Offset)
			if members[x.Node] {
				offsets = append(offsets, x.Offset)
			}
		}
	}
	if measured == 0 {
		return nil
	}
	ahead := -median(offsets, members[p.me])
	if ahead < offsetTold && ahead > -offsetTold {
		ahead = 0
	}
	return p.Engine.Measured(ctx, ahead, measured)
}

// median is the middle one of the offsets of others and of this clock's zero,
// which counts twice on the coordinator, so that two clocks have a judge.
func median(offsets []time.Duration, coordinator bool) time.Duration {
	all := append(slices.Clone(offsets), 0)
	if coordinator {
		all = append(all, 0)
	}
	slices.Sort(all)
	n := len(all)
	if n%2 == 1 {
		return all[n/2]
	}
	// of two in the middle the nearer: this clock is believed as long as it can be
	if lo, hi := all[n/2-1], all[n/2]; max(lo, -lo) < max(hi, -hi) {
		return lo
	}
	return all[n/2]
}
