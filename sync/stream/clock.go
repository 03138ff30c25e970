package stream

import "time"

// seen notes that the peer has just said something.
func (l *link) seen() {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	if p := l.h.peers[l.node]; p != nil {
		p.SeenAt = l.h.Now()
	}
}

// measured takes the offset of two clocks: that of the shortest round trip is the
// best one, and it ages.
func (l *link) measured(m Message, t3 time.Time) error {
	c, err := decode[Clock](m)
	if err != nil {
		return err
	}
	delay := time.Duration(t3.UnixNano() - c.T0 - (c.T2 - c.T1))
	offset := time.Duration((c.T1-c.T0)+(c.T2-t3.UnixNano())) / 2
	if delay < 0 || delay > 10*time.Second {
		return nil
	}
	l.offset(offset, delay)
	return nil
}

// calm tells whether the gossip has the peer alive, so that it need not be asked
// so often, nor told what went out as a hint.
func (l *link) calm() bool {
	l.h.mu.Lock()
	p := l.h.peers[l.node]
	address := ""
	if p != nil {
		address = p.Address
	}
	l.h.mu.Unlock()
	return address != "" && l.h.Alive != nil && l.h.Alive(address)
}

// ping asks for the peer's clock, and tells what is known of it.
func (l *link) ping() Message {
	c := Clock{T0: l.h.Now().UnixNano()}
	l.h.mu.Lock()
	if p := l.h.peers[l.node]; p != nil && p.Measured && l.best > 0 {
		c.Offset, c.Delay = int64(p.Offset), int64(max(p.Delay, 1))
	}
	l.h.mu.Unlock()
	return encode(Ping, c)
}

func (l *link) offset(offset, delay time.Duration) {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	p := l.h.peers[l.node]
	if p == nil {
		return
	}
	if l.best += l.best / 8; l.best == 0 || delay <= l.best || abs(offset-p.Offset) > delay {
		l.best = delay
		p.Offset, p.Delay, p.Measured = offset, delay, true
	}
}

func abs(d time.Duration) time.Duration { return max(d, -d) }
