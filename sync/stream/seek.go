package stream

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// seek opens peerings: to Degree others, and once in a while to each address that
// has not been heard of, so that what a cut has separated meets again.
func (h *Hub) seek(ctx context.Context, all *sync.WaitGroup) {
	for ctx.Err() == nil {
		for _, a := range h.due() {
			all.Go(func() { h.call(ctx, a) })
		}
		jitter := time.Duration(rand.Int64N(int64(h.Retry)/2 + 1))
		select {
		case <-time.After(h.Retry/2 + jitter):
		case <-h.redial:
		case <-ctx.Done():
		}
	}
}

// looksEach is how many addresses there may be before a look beyond Degree is
// seldomer than every Retry: all others look as well.
const looksEach = 50

// due are the addresses to be tried now: a few at once.
func (h *Hub) due() (as []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	linked := map[string]bool{}
	out := 0
	for l := range h.links {
		linked[l.address] = true
		if p := h.peers[l.node]; p != nil {
			linked[p.Address] = true
		}
		if l.dialled {
			out++
		}
	}
	enough := out+len(h.dialling) >= h.Degree
	for a, at := range h.known {
		if !linked[a] && !h.dialling[a] && !now.Before(at) && (!enough || h.Alive == nil || !h.Alive(a)) {
			as = append(as, a)
		}
	}
	rand.Shuffle(len(as), func(i, j int) { as[i], as[j] = as[j], as[i] })
	most := min(3, h.Degree-out-len(h.dialling))
	look := h.Retry * time.Duration(max(1, len(h.known)/looksEach))
	switch {
	case enough && now.Sub(h.looked) < look:
		most = 0
	case enough:
		most, h.looked = 1, now
	}
	if len(h.dialling) > 2*h.Degree { // addresses that do not answer take their time
		most = 0
	}
	as = as[:min(len(as), most)]
	for _, a := range as {
		h.dialling[a] = true
		wait := h.Retry
		if enough { // only a look whether it is still the same site there
			wait = 20 * h.Retry
		}
		h.known[a] = now.Add(wait)
	}
	return as
}

// dialled ends the calling of an address.
func (h *Hub) dialled(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.dialling, address)
}

// call is the calling end of a connection.
func (h *Hub) call(ctx context.Context, address string) {
	defer h.dialled(address)
	c, err := h.Dial(ctx, address)
	if err != nil {
		h.Logger.Debug("a workstation does not answer", "address", address, "err", err)
		return
	}
	defer func() { _ = c.Close() }()
	t := tls.Client(c, h.Own().tls(h.Key, h.Revoked))
	if err := shake(ctx, t); err != nil {
		h.Logger.Debug("no peering", "address", address, "err", err)
		return
	}
	h.dialled(address) // from here on the peering counts
	h.serve(ctx, t, address)
}

// lookTime is how long a peering beyond Degree is kept at least: long enough to
// exchange what the two do not hold.
const lookTime = 3 * time.Second

// prune ends peerings that this workstation has opened beyond Degree, when neither
// end lacks anything of the other. Under mu.
func (h *Hub) prune() {
	var mine []*link
	for l := range h.links {
		if l.dialled && l.peer.Max != 0 {
			mine = append(mine, l)
		}
	}
	if len(mine) <= h.Degree {
		return
	}
	slices.SortFunc(mine, func(a, b *link) int { return b.since.Compare(a.since) })
	for _, l := range mine[:len(mine)-h.Degree] {
		l.mu.Lock()
		even := l.peering.Even()
		l.mu.Unlock()
		if even && time.Since(l.since) > lookTime {
			l.close()
		}
	}
}

// Heard notes an address under which a workstation may be reached.
func (h *Hub) Heard(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.known[address]; !ok && address != "" {
		h.learn(address)
		ring(h.redial)
	}
}

const maxKnown = 1024

// learn remembers an address, in the place of one that nobody answers at when
// there are too many. Under mu.
func (h *Hub) learn(address string) {
	if len(h.known) >= maxKnown {
		for a := range h.known {
			if !h.reached[a] {
				delete(h.known, a)
				break
			}
		}
	}
	if len(h.known) < maxKnown {
		h.known[address] = time.Time{}
	}
}

// Hurry tries an address now.
func (h *Hub) Hurry(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if address != "" {
		h.known[address] = time.Time{}
		ring(h.redial)
	}
}

// addresses are those remembered.
func (h *Hub) addresses() (as []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for a := range h.known {
		as = append(as, a)
	}
	slices.Sort(as)
	return as[:min(len(as), 200)]
}
