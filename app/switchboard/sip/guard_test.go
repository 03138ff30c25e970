package sip

import (
	"net/netip"
	"testing"
	"time"
)

// As many addresses as are kept shut nobody out for ever: those that have said nothing for
// an hour make room, but for one with a call.
func TestAddressesThatAreSilentMakeRoom(t *testing.T) {
	g := newGuard(nil)
	now := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	from := func(i int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}), 5060)
	}
	for i := range maxHosts {
		if !g.lets(from(i), now) {
			t.Fatalf("address %d is not heard", i)
		}
	}
	if !g.begins(from(0).Addr(), now) {
		t.Fatal("the first may not call")
	}
	if g.lets(from(maxHosts), now.Add(time.Minute)) {
		t.Error("there is room for one more")
	}
	if !g.lets(from(maxHosts), now.Add(forgotten+time.Minute)) {
		t.Error("after an hour of silence there is none")
	}
	if len(g.hosts) != 2 || g.hosts[from(0).Addr()] == nil {
		t.Errorf("%d addresses are kept", len(g.hosts))
	}
	if g.lets(netip.MustParseAddrPort("8.8.8.8:5060"), now) {
		t.Error("somebody of the internet is heard")
	}
}
