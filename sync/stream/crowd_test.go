package stream

import (
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"net"
	"testing"
	"time"
)

// from is a connection with an address of its own.
type from struct {
	net.Conn
	address string
	closed  *int
}

func (f from) RemoteAddr() net.Addr {
	a, err := net.ResolveTCPAddr("tcp", f.address)
	if err != nil {
		panic(err)
	}
	return a
}

func (f from) Close() error { *f.closed++; return nil }

func TestSilentConnectionsCrowdOutThemselvesAlone(t *testing.T) {
	var l lobby
	var honest, hostile int
	enter := func(address string, closed *int) *guest { return l.enter(from{address: address, closed: closed}) }
	first := enter("10.0.0.1:7", &honest)
	enter("[2001:db8:1::1]:7", &honest)
	for i := range 5000 {
		enter(fmt.Sprintf("10.9.9.9:%d", i+1), &hostile)
	}
	for i := range 5000 { // one with a network of its own is one
		enter(fmt.Sprintf("[2001:db8:2::%x]:7", i+1), &hostile)
	}
	if honest != 0 || hostile != 10_000-2*addressShare || l.n != 2+2*addressShare {
		t.Errorf("%d honest and %d silent ones were let go, %d are left", honest, hostile, l.n)
	}
	for i := range 2000 { // from many addresses: those with most go first
		enter(fmt.Sprintf("10.8.%d.%d:1", i%8, i%250), &hostile)
	}
	if honest != 0 || l.n != lobbyPlaces {
		t.Errorf("%d honest ones were let go, %d are left", honest, l.n)
	}
	first.leave()
	first.leave()
	if l.n != lobbyPlaces-1 {
		t.Errorf("%d are left", l.n)
	}
}

func TestFiveHundredSilentConnectionsLeaveAPlaceForAnHonestJoin(t *testing.T) {
	r := coordinator(t)
	for i := range 500 {
		c, err := net.Dial("tcp", r.address)
		if err != nil {
			t.Fatal(i, err)
		}
		defer c.Close()
		if i%50 == 0 { // some shake hands and then keep silent
			tc := tls.Client(c, &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnJoin}, InsecureSkipVerify: true})
			if err := tc.HandshakeContext(t.Context()); err != nil {
				t.Fatal(i, err)
			}
		}
	}
	r.getsIn(t, r.address, r.invite(t))
}

func TestWrongCodesOfOneAddressLockNobodyElse(t *testing.T) {
	now := time.Now()
	c := &Codes{Now: func() time.Time { return now }}
	typed, err := CleanCode(c.New())
	if err != nil {
		t.Fatal(err)
	}
	x := []byte("an exporter")
	proof := func(code string) request { return request{Proof: proofOf(code, "client", x), Code: nameOf(code)} }
	for i := range 3 * codeFailures {
		clean, _ := CleanCode(newCode())
		want := "wrong"
		if i >= codeFailures {
			want = "slow"
		}
		if _, why := c.take(proof(clean), x, "10.0.0.9"); why != want {
			t.Fatalf("wrong code %d: %q", i+1, why)
		}
	}
	if _, why := c.take(proof(typed), x, "10.0.0.9"); why != "slow" {
		t.Errorf("the right one of the same address: %q", why)
	}
	k, why := c.take(proof(typed), x, "10.0.0.1")
	if k != typed || why != "" {
		t.Errorf("the right one of another address: %q", why)
	}
	c.settle(k, false)
	now = now.Add(codeLife - time.Second)
	if _, why := c.take(proof(typed), x, "10.0.0.9"); why != "slow" {
		t.Errorf("before a quarter of an hour: %q", why)
	}
	fresh, _ := CleanCode(c.New()) // a new one forgives
	if k, why := c.take(proof(fresh), x, "10.0.0.9"); k != fresh {
		t.Errorf("after a new code: %q", why)
	}
	for i := range 3 * guessers {
		clean, _ := CleanCode(newCode())
		c.take(proof(clean), x, fmt.Sprint("10.1.", i/256, ".", i%256))
	}
	if len(c.wrong) > guessers {
		t.Errorf("%d addresses are remembered", len(c.wrong))
	}
}

func TestCodesAreLockedOneByOne(t *testing.T) {
	c := &Codes{}
	one, _ := CleanCode(c.New())
	other, _ := CleanCode(c.New())
	x := []byte("an exporter")
	for i := range codeFailures {
		if _, why := c.take(request{Proof: []byte("no proof"), Code: nameOf(one)}, x, fmt.Sprint("10.0.0.", i)); why != "wrong" {
			t.Fatal(why)
		}
	}
	if _, why := c.take(request{Proof: proofOf(one, "client", x), Code: nameOf(one)}, x, "10.0.1.1"); why != "locked" {
		t.Errorf("the code that was guessed at: %q", why)
	}
	if k, _ := c.take(request{Proof: proofOf(other, "client", x), Code: nameOf(other)}, x, "10.0.0.1"); k != other {
		t.Error("the other code is locked too")
	}
}

// A workstation of a version before names no code.
func TestWhoNamesNoCodeGetsInWithItAllTheSame(t *testing.T) {
	r := coordinator(t)
	clean, _ := CleanCode(r.invite(t))
	c, err := tls.Dial("tcp", r.address, &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnJoin}, InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	exporter, err := exporterOf(c)
	if err != nil {
		t.Fatal(err)
	}
	key := newKey(t)
	q := request{Proof: proofOf(clean, "client", exporter), Key: pubOf(key), Sign: ed25519.Sign(key, exporter), Name: "de antes"}
	if err := writeMessage(c, encode(Hello, q)); err != nil {
		t.Fatal(err)
	}
	m, err := readMessage(c, maxJoin)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := decode[reply](m); err != nil || a.Why != "" || len(a.In) == 0 {
		t.Errorf("%+v, %v", a, err)
	}
}
