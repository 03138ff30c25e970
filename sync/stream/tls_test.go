package stream

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"punto/app/desk"
)

// guise is what somebody shows at the other end of a connection.
type guise struct {
	key   ed25519.PrivateKey
	certs [][]byte // nil = none
	alpn  []string // nil = that of peerings
	max   uint16   // 0 = the newest version of TLS
}

func (g guise) config() *tls.Config {
	c := &tls.Config{InsecureSkipVerify: true, NextProtos: g.alpn, MaxVersion: g.max, ClientAuth: tls.RequestClientCert}
	if g.alpn == nil {
		c.NextProtos = []string{alpnSync}
	}
	if g.certs != nil {
		c.Certificates = []tls.Certificate{{Certificate: g.certs, PrivateKey: g.key}}
	}
	return c
}

// member is somebody with a good certificate of the site.
func (r *rig) member(t testing.TB) guise {
	t.Helper()
	key := newKey(t)
	cert, err := r.site.Certify(pubOf(key), false)
	if err != nil {
		t.Fatal(err)
	}
	return guise{key: key, certs: [][]byte{cert}}
}

// signed is a certificate for pub, which says it is of the node of says, made by
// an issuer; nil = by itself.
func (r *rig) signed(t testing.TB, pub, says ed25519.PublicKey, issuer []byte, by ed25519.PrivateKey) []byte {
	t.Helper()
	c := certificate(r.site.Desk, pkix.Name{CommonName: desk.NodeID(says).String(), Organization: []string{r.site.Desk.String()}, OrganizationalUnit: []string{nodeUnit}})
	c.KeyUsage = x509.KeyUsageDigitalSignature
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	parent := c
	if issuer != nil {
		var err error
		if parent, err = x509.ParseCertificate(issuer); err != nil {
			t.Fatal(err)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, by)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// peers are all that a hub meets: those that are no members of its site, and
// those that are.
var peers = []struct {
	name string
	as   func(t testing.TB, r *rig) guise
	in   bool
}{
	{"a member", func(t testing.TB, r *rig) guise { return r.member(t) }, true},
	{"the coordinator of another site", func(t testing.TB, _ *rig) guise {
		key := newKey(t)
		s, err := Found(pubOf(key))
		if err != nil {
			t.Fatal(err)
		}
		return guise{key: key, certs: [][]byte{s.Cert}}
	}, false},
	{"a certificate with the right names that signed itself", func(t testing.TB, r *rig) guise {
		key := newKey(t)
		return guise{key: key, certs: [][]byte{r.signed(t, pubOf(key), pubOf(key), nil, key)}}
	}, false},
	{"no certificate", func(testing.TB, *rig) guise { return guise{} }, false},
	{"a workstation that was shut out", func(t testing.TB, r *rig) guise {
		g := r.member(t)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.revoked = desk.NodeID(pubOf(g.key))
		return g
	}, false},
	{"a member while another is shut out", func(t testing.TB, r *rig) guise {
		r.mu.Lock()
		r.revoked = desk.NodeID(pubOf(newKey(t)))
		r.mu.Unlock()
		return r.member(t)
	}, true},
	{"a member that speaks TLS 1.2", func(t testing.TB, r *rig) guise { g := r.member(t); g.max = tls.VersionTLS12; return g }, false},
	{"one whom a member has certified", func(t testing.TB, r *rig) guise {
		m, key := r.member(t), newKey(t)
		return guise{key: key, certs: [][]byte{r.signed(t, pubOf(key), pubOf(key), m.certs[0], m.key)}}
	}, false},
	{"one whom a member has certified, with the chain", func(t testing.TB, r *rig) guise {
		m, key := r.member(t), newKey(t)
		return guise{key: key, certs: [][]byte{r.signed(t, pubOf(key), pubOf(key), m.certs[0], m.key), m.certs[0]}}
	}, false},
	{"a member before somebody else's certificate", func(t testing.TB, r *rig) guise {
		g := r.member(t)
		g.certs = append(g.certs, r.member(t).certs[0])
		return g
	}, false},
	{"a certificate of the site under the name of another key", func(t testing.TB, r *rig) guise {
		key := newKey(t)
		return guise{key: key, certs: [][]byte{r.signed(t, pubOf(key), pubOf(newKey(t)), r.site.CA, ed25519.NewKeyFromSeed(r.site.Key))}}
	}, false},
	{"the same under its own name", func(t testing.TB, r *rig) guise {
		key := newKey(t)
		return guise{key: key, certs: [][]byte{r.signed(t, pubOf(key), pubOf(key), r.site.CA, ed25519.NewKeyFromSeed(r.site.Key))}}
	}, true},
	{"the site key itself", func(_ testing.TB, r *rig) guise {
		return guise{key: ed25519.NewKeyFromSeed(r.site.Key), certs: [][]byte{r.site.CA}}
	}, false},
	{"a member's certificate without its key", func(t testing.TB, r *rig) guise { return guise{key: newKey(t), certs: r.member(t).certs} }, false},
	{"a member with another protocol", func(t testing.TB, r *rig) guise { g := r.member(t); g.alpn = []string{"h2"}; return g }, false},
	{"a member without a protocol", func(t testing.TB, r *rig) guise { g := r.member(t); g.alpn = []string{}; return g }, false},
	{"a member that would join", func(t testing.TB, r *rig) guise { g := r.member(t); g.alpn = []string{alpnJoin}; return g }, false},
}

// hears tells what a hub said to the other end: nothing, or its greeting.
func (r *rig) hears(t testing.TB, c *tls.Conn, in bool) {
	t.Helper()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if !in {
		// a greeting, so that whoever waits for one is not just silent
		_ = writeMessage(c, encode(Hello, Greeting{Min: ProtocolMin, Max: ProtocolMax, Desk: r.site.Desk}))
		b, err := io.ReadAll(c)
		var late net.Error
		if len(b) != 0 || errors.As(err, &late) && late.Timeout() {
			t.Errorf("it was told %d bytes: %.40q; then %v", len(b), b, err)
		}
		return
	}
	m, err := readMessage(c, MaxMessage)
	if err != nil {
		t.Errorf("it was told nothing: %v", err)
		return
	}
	if g, err := decode[Greeting](m); err != nil || m.Kind != Hello || g.Max != ProtocolMax {
		t.Errorf("it was told a message of kind %d, %+v, %v", m.Kind, g, err)
	}
}

func TestHubThatIsCalledSpeaksWithMembersAlone(t *testing.T) {
	r := coordinator(t)
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			raw, err := net.Dial("tcp", r.address)
			if err != nil {
				t.Fatal(err)
			}
			c := tls.Client(raw, p.as(t, r).config())
			defer c.Close()
			r.hears(t, c, p.in)
		})
	}
	if n := r.registered(); n != 0 {
		t.Errorf("%d were registered", n)
	}
}

func TestHubThatCallsSpeaksWithMembersAlone(t *testing.T) {
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			r := coordinator(t)
			heard := make(chan struct{})
			g := p.as(t, r)
			address := between(t, func(raw net.Conn) {
				defer close(heard)
				c := tls.Server(raw, g.config())
				_ = c.SetDeadline(time.Now().Add(5 * time.Second))
				if err := c.Handshake(); err != nil && p.in {
					t.Error("a member could not shake hands:", err)
				}
				r.hears(t, c, p.in)
			})
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() { defer close(ended); r.hub.call(ctx, address) }()
			<-heard
			stop()
			<-ended
		})
	}
}

func TestWhoeverComesToJoinHearsNothingOfTheLog(t *testing.T) {
	r := coordinator(t)
	code, m := r.invite(t), r.member(t)
	for _, c := range []struct {
		name string
		as   guise
		says []Message
	}{
		{"without a certificate", guise{alpn: []string{alpnJoin}}, []Message{encode(Hello, Greeting{Min: 1, Max: 2, Desk: r.site.Desk})}},
		{"a member", guise{key: m.key, certs: m.certs, alpn: []string{alpnJoin}}, []Message{encode(Hello, Greeting{Min: 1, Max: 2, Desk: r.site.Desk})}},
		{"who offers both", guise{key: m.key, certs: m.certs, alpn: []string{alpnSync, alpnJoin}}, []Message{encode(Hello, Greeting{Min: 1, Max: 2, Desk: r.site.Desk})}},
		{"who asks for events at once", guise{alpn: []string{alpnJoin}}, []Message{encode(Want, Wish{From: map[desk.Origin]uint64{1: 1}})}},
		{"with a long name", guise{alpn: []string{alpnJoin}}, []Message{{Hello, make([]byte, maxJoin+1)}}},
		{"with an empty proof", guise{alpn: []string{alpnJoin}}, []Message{encode(Hello, request{})}},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := tls.Dial("tcp", r.address, c.as.config())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			for _, m := range append(c.says, encode(Want, Wish{From: map[desk.Origin]uint64{1: 1}})) {
				_ = writeMessage(conn, m)
			}
			for {
				m, err := readMessage(conn, MaxMessage)
				var late net.Error
				if errors.As(err, &late) && late.Timeout() {
					t.Fatal("the connection was left open")
				}
				if err != nil {
					break
				}
				if a, err := decode[reply](m); m.Kind != Hello || err != nil || a.Why == "" || len(a.In) > 0 {
					t.Fatalf("it was told a message of kind %d: %+v, %v", m.Kind, a, err)
				}
			}
		})
	}
	r.getsIn(t, r.address, code)
}

func TestCertificateSaysWhoAndWhat(t *testing.T) {
	r := coordinator(t)
	for _, p := range peers {
		g := p.as(t, r)
		if len(g.certs) != 1 || g.max != 0 || g.alpn != nil {
			continue // what the certificate alone does not tell
		}
		pub, lead, err := r.site.Member(g.certs[0])
		if known := err == nil && !lead; known != p.in && p.name != "a workstation that was shut out" && p.name != "a member's certificate without its key" {
			t.Errorf("%s: %x, coordinator %v, %v", p.name, pub, lead, err)
		}
	}
	m := r.member(t)
	id := desk.Identity{Key: [32]byte(pubOf(m.key)), Cert: m.certs[0], Coordinator: true}
	if err := r.site.Check(&id); err != nil || id.Coordinator {
		t.Errorf("a workstation that calls itself the coordinator: %v, coordinator %v", err, id.Coordinator)
	}
	lead := desk.Identity{Key: [32]byte(pubOf(r.key)), Cert: r.site.Cert}
	if err := r.site.Check(&lead); err != nil || !lead.Coordinator {
		t.Errorf("the coordinator itself: %v, coordinator %v", err, lead.Coordinator)
	}
	for name, bad := range map[string]desk.Identity{
		"without a certificate":              {Key: id.Key, Coordinator: true},
		"with the coordinator's certificate": {Key: id.Key, Cert: r.site.Cert},
		"with a certificate that is cut":     {Key: id.Key, Cert: id.Cert[:len(id.Cert)-1]},
		"with one that has something behind": {Key: id.Key, Cert: append(id.Cert[:len(id.Cert):len(id.Cert)], 0)},
	} {
		if err := r.site.Check(&bad); !errors.Is(err, ErrNotMember) {
			t.Errorf("an identity %s holds: %v", name, err)
		}
	}
}
