package stream

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"punto/app/desk"
)

// Fetch takes all that the workstation at an address holds into a log, over one
// peering, and tells how far it is; held counts from the beginning. It ends when it
// holds what the other said it has: what is written there meanwhile comes by the
// peerings to come. What came stays when it fails, and is not asked for again.
func Fetch(ctx context.Context, address string, own *Membership, key ed25519.PrivateKey, log Log, progress func(held, all uint64)) error {
	d := net.Dialer{Timeout: 10 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("reach %s: %w", address, err)
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	t := tls.Client(conn, own.tls(key, func(desk.ID) bool { return false }))
	if err := shake(ctx, t); err != nil {
		return err
	}
	pub, _ := key.Public().(ed25519.PublicKey)
	s := NewPeering(log, &Claims{}, Greeting{Desk: own.Desk, Node: desk.NodeID(pub)})
	defer s.End()
	say := func(ms []Message) error {
		for _, m := range ms {
			_ = t.SetWriteDeadline(time.Now().Add(writeLimit))
			if err := writeMessage(t, m); err != nil {
				return err
			}
		}
		return nil
	}
	if err := say(s.Begin()); err != nil {
		return err
	}
	met := false
	for {
		if met && s.Behind() == 0 {
			return writeMessage(t, encode(Bye, "fetched"))
		}
		_ = t.SetReadDeadline(time.Now().Add(wishLimit))
		m, err := readMessage(t, MaxMessage)
		if err != nil {
			return err
		}
		switch m.Kind {
		case Vector:
			met = true
		case Try:
			return errors.New("the workstation is busy: try another, or again in a moment")
		}
		now, w, err := s.Take(m)
		if err = errors.Join(err, say(now)); err == nil && w != nil {
			w.Do(ctx)
			if now, err = s.Done(w); err == nil {
				err = say(now)
			}
		}
		if err != nil {
			return err
		}
		if progress != nil && (m.Kind == Done || m.Kind == Vector) {
			progress(tally(s))
		}
	}
}

// tally counts the events held, and those with what is to come.
func tally(s *Peering) (held, all uint64) {
	for _, p := range s.log.Points() {
		held += p.Seq
	}
	return held, held + s.Behind()
}
