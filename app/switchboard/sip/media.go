package sip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Ports of the sound of calls, which a firewall lets through: even ones, as RTP has.
const (
	firstPort = 17000
	lastPort  = 17998
)

// media is the queue's end of one line's sound. What the telephone sends goes to peer, or
// nowhere; and the telephone hears peer, or the sounds that are played to it.
type media struct {
	conn  *net.UDPConn
	local netip.AddrPort

	mu     sync.Mutex // guards what follows
	remote netip.AddrPort
	codec  uint8
	keys   uint8
	peer   *media
	mute   bool // the telephone does not hear: it holds
	out    header
	play   []Sound // the first once each, the last over and over
	pos    int
	ended  func() // called once when all but the last was played
}

// header continues one stream of RTP to a telephone over all that it hears.
type header struct {
	ssrc     uint32
	seq      uint16
	stamp    uint32
	from     uint32 // the ssrc that is passed on now; 0 = a sound of our own
	seqOff   uint16
	stampOff uint32
}

// newMedia takes a port. The sound is listened to until close.
func newMedia(host netip.Addr) (*media, error) {
	n := (lastPort - firstPort) / 2
	begin := rand.IntN(n)
	for i := range n {
		at := netip.AddrPortFrom(host, uint16(firstPort+2*((begin+i)%n))) // a port
		c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(at))
		if err != nil {
			continue
		}
		return &media{conn: c, local: at, out: header{ssrc: rand.Uint32() | 1, seq: uint16(rand.Uint32()), stamp: rand.Uint32()}}, nil // RTP's chance
	}
	return nil, fmt.Errorf("no port from %d to %d is free for the sound of another call", firstPort, lastPort)
}

// run passes on what the telephone sends, and plays to it, until it is closed.
func (m *media) run() {
	var g sync.WaitGroup
	done := make(chan struct{})
	g.Go(func() { m.playing(done) })
	buf := make([]byte, 2048)
	for {
		n, from, err := m.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			break
		}
		if err != nil || n < 12 || buf[0]>>6 != 2 {
			continue
		}
		m.mu.Lock()
		known := from.Addr().Unmap() == m.remote.Addr()
		if known && from.Port() != m.remote.Port() {
			m.remote = netip.AddrPortFrom(m.remote.Addr(), from.Port()) // it sends from another port than it says
		}
		codec, keys, peer := m.codec, m.keys, m.peer
		m.mu.Unlock()
		if known && peer != nil {
			if pt := buf[1] & 0x7f; pt == codec || pt == keys && keys != 0 {
				peer.pass(buf[:n], pt == keys)
			}
		}
	}
	close(done)
	g.Wait()
}

func (m *media) close() { _ = m.conn.Close() } // whoever reads is woken

// pass sends what another telephone said, as part of this one's stream.
func (m *media) pass(p []byte, key bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mute || len(m.play) > 0 || !m.remote.IsValid() || m.remote.Port() == 0 {
		return
	}
	seq, stamp, ssrc := binary.BigEndian.Uint16(p[2:]), binary.BigEndian.Uint32(p[4:]), binary.BigEndian.Uint32(p[8:])
	h := &m.out
	if h.from != ssrc|1 {
		h.from = ssrc | 1
		h.seqOff, h.stampOff = h.seq+1-seq, h.stamp+frame-stamp
	}
	if s := seq + h.seqOff; int16(s-h.seq) > 0 { // later, in the ring of numbers
		h.seq = s
	}
	if s := stamp + h.stampOff; int32(s-h.stamp) > 0 { // the same
		h.stamp = s
	}
	pt := m.codec
	if key {
		if pt = m.keys; pt == 0 {
			return
		}
	}
	binary.BigEndian.PutUint16(p[2:], seq+h.seqOff)
	binary.BigEndian.PutUint32(p[4:], stamp+h.stampOff)
	binary.BigEndian.PutUint32(p[8:], h.ssrc)
	p[1] = p[1]&0x80 | pt
	m.send(p)
}

func (m *media) send(p []byte) {
	_, _ = m.conn.WriteToUDPAddrPort(p, m.remote) // as any packet it may be lost
}

// playing plays a frame each 20 ms while there is something to play.
func (m *media) playing(done <-chan struct{}) {
	tick := time.NewTicker(frame * time.Second / rate)
	defer tick.Stop()
	buf, s := make([]byte, 12+frame), make(Sound, frame)
	for {
		select {
		case <-tick.C:
			m.playFrame(buf, s)
		case <-done:
			return
		}
	}
}

func (m *media) playFrame(buf []byte, s Sound) {
	m.mu.Lock()
	var ended func()
	defer func() {
		m.mu.Unlock()
		if ended != nil {
			ended()
		}
	}()
	if len(m.play) == 0 || m.mute || !m.remote.IsValid() || m.remote.Port() == 0 {
		return
	}
	for i := range s {
		s[i] = 0
		if len(m.play[0]) > 0 {
			s[i] = m.play[0][m.pos]
			m.pos++
		}
		if m.pos >= len(m.play[0]) {
			if m.pos = 0; len(m.play) > 1 {
				if m.play = m.play[1:]; len(m.play) == 1 {
					ended, m.ended = m.ended, nil
				}
			}
		}
	}
	h := &m.out
	h.seq++
	h.stamp += frame
	h.from = 0
	buf[0], buf[1] = 0x80, m.codec
	binary.BigEndian.PutUint16(buf[2:], h.seq)
	binary.BigEndian.PutUint32(buf[4:], h.stamp)
	binary.BigEndian.PutUint32(buf[8:], h.ssrc)
	encode(buf[12:], s, m.codec)
	m.send(buf)
}

// plays has the telephone hear sounds, each once and the last over and over; none stops.
// Ended is called when all but the last was played.
func (m *media) plays(ended func(), sounds ...Sound) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.play, m.pos, m.ended = sounds, 0, ended
}

// joins has two telephones hear each other.
func joins(a, b *media) {
	for x, y := range map[*media]*media{a: b, b: a} {
		x.mu.Lock()
		x.peer, x.play = y, nil
		x.mu.Unlock()
	}
}

// parts ends that a telephone hears another.
func (m *media) parts() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.peer = nil
}

// hears sets where a telephone hears, by its offer.
func (m *media) hears(o offer, codec uint8) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remote, m.codec, m.keys, m.mute = o.at, codec, o.keys, !o.hears
}
