package stream

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app/desk"
)

// rig is a coordinator that listens.
type rig struct {
	hub     *Hub
	site    *Membership
	key     ed25519.PrivateKey
	address string

	mu       sync.Mutex // guards what follows
	clock    time.Time
	names    []string // of those registered
	register Register // nil = everybody is
	revoked  desk.ID
}

func newKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pubOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// blank is a log that holds nothing.
type blank struct{}

func (blank) Origin() desk.Origin                { return 1 }
func (blank) Points() map[desk.Origin]desk.Point { return nil }
func (blank) PointAt(desk.Origin, uint64) (desk.Point, error) {
	return desk.Point{}, errors.New("not held")
}
func (blank) Identity(desk.Origin) (desk.Identity, bool)                 { return desk.Identity{}, false }
func (blank) Introduce(context.Context, []desk.Identity) error           { return nil }
func (blank) Recent(desk.Origin, uint64) (desk.Run, bool)                { return desk.Run{}, false }
func (blank) Prove(rs []desk.Run) []desk.Run                             { return rs }
func (blank) Room() desk.Room                                            { return desk.Room{} }
func (blank) Pull(map[desk.Origin]uint64, int, bool) ([]desk.Run, error) { return nil, nil }
func (blank) Merge(_ context.Context, rs []desk.Run) (desk.Taken, error) {
	return desk.Taken{Bad: make([]error, len(rs))}, nil
}
func (blank) Reborn(context.Context, uint64) error { return errors.New("reborn for nothing") }
func (blank) Frozen(desk.Origin) bool              { return false }
func (blank) Proves(desk.Run) bool                 { return false }

// coordinator listens on a port of its own until the test ends.
func coordinator(t testing.TB) *rig {
	t.Helper()
	return coordinatorOf(t, blank{})
}

// coordinatorOf is coordinator over a log.
func coordinatorOf(t testing.TB, log Log) *rig {
	t.Helper()
	r := &rig{key: newKey(t), clock: time.Now()}
	var err error
	if r.site, err = Found(pubOf(r.key)); err != nil {
		t.Fatal(err)
	}
	r.hub = NewHub(Config{Own: func() *Membership { return r.site }, Keep: func(*Membership) error { return nil }, Key: r.key, Log: log,
		Revoked: func(n desk.ID) bool { r.mu.Lock(); defer r.mu.Unlock(); return n == r.revoked }, Logger: slog.New(slog.DiscardHandler),
		Register: func(ctx context.Context, key ed25519.PublicKey, name string) (string, error) {
			r.mu.Lock()
			f := r.register
			r.mu.Unlock()
			prefix := "B"
			if f != nil {
				var err error
				if prefix, err = f(ctx, key, name); err != nil {
					return "", err
				}
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.names = append(r.names, name)
			return prefix, nil
		}})
	r.hub.codes.Now = func() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.clock }
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.address = l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.hub.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("the hub ended with", err)
		}
	})
	return r
}

func (r *rig) invite(t testing.TB) string {
	t.Helper()
	code, err := r.hub.Invite()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (r *rig) later(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(d)
}

func (r *rig) registered() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.names)
}

// getsIn proves that a code opens the site.
func (r *rig) getsIn(t testing.TB, address, code string) {
	t.Helper()
	key, before := newKey(t), r.registered()
	s, prefix, err := Join(t.Context(), address, code, "ventanilla", key)
	if err != nil {
		t.Fatalf("the right code did not open the site: %v", err)
	}
	pub, lead, err := s.Member(s.Cert)
	if err != nil || lead || !pub.Equal(pubOf(key)) || s.Coordinator() || s.Desk != r.site.Desk || prefix != "B" || r.registered() != before+1 {
		t.Fatalf("who joined got: certificate %v, coordinator %v and %v, desk %v, prefix %q, %d registered", err, lead, s.Coordinator(), s.Desk, prefix, r.registered())
	}
}

func TestJoinCodeLetsOneWorkstationInOnce(t *testing.T) {
	r := coordinator(t)
	code := r.invite(t)
	r.getsIn(t, r.address, code)
	if _, _, err := Join(t.Context(), r.address, code, "otra", newKey(t)); !errors.Is(err, ErrCodeUsed) || r.registered() != 1 {
		t.Errorf("a code that was used gave %v; %d workstations are registered", err, r.registered())
	}
	r.getsIn(t, r.address, r.invite(t))
	plain := coordinator(t)
	plain.hub.Register = nil
	if _, err := plain.hub.Invite(); !errors.Is(err, ErrNotCoordinator) {
		t.Errorf("a workstation without the site key invited: %v", err)
	}
}

func TestJoinCodesThatOpenNothing(t *testing.T) {
	wrong := func(t *testing.T, r *rig, times int) {
		for i := range times {
			want := ErrCodeWrong
			if i >= codeFailures {
				want = ErrCodeSlow
			}
			if _, _, err := Join(t.Context(), r.address, newCode(), "ladrón", newKey(t)); !errors.Is(err, want) {
				t.Fatalf("wrong code number %d gave %v and not %v", i+1, err, want)
			}
		}
	}
	for _, c := range []struct {
		name  string
		typed func(t *testing.T, r *rig, code string) string
		want  error // nil = it opens
		stays bool  // the code itself still opens afterwards
	}{
		{"one that nobody gave out", func(*testing.T, *rig, string) string { return newCode() }, ErrCodeWrong, true},
		{"one of fifteen minutes", func(_ *testing.T, r *rig, c string) string { r.later(codeLife); return c }, nil, false},
		{"one older than fifteen minutes", func(_ *testing.T, r *rig, c string) string { r.later(codeLife + time.Second); return c }, ErrCodeExpired, false},
		{"the right one after nine wrong ones", func(t *testing.T, r *rig, c string) string { wrong(t, r, 9); return c }, nil, false},
		{"the right one after ten wrong ones", func(t *testing.T, r *rig, c string) string { wrong(t, r, 10); return c }, ErrCodeSlow, false},
		{"the right one after twelve wrong ones", func(t *testing.T, r *rig, c string) string { wrong(t, r, 12); return c }, ErrCodeSlow, false},
		{"none", func(*testing.T, *rig, string) string { return "" }, ErrCodeForm, true},
		{"one letter short", func(_ *testing.T, _ *rig, c string) string { return c[1:] }, ErrCodeForm, true},
		{"one letter long", func(_ *testing.T, _ *rig, c string) string { return c + "A" }, ErrCodeForm, true},
		{"a letter that no code has", func(_ *testing.T, _ *rig, c string) string { return "U" + c[1:] }, ErrCodeForm, true},
		{"letters that are no letters", func(_ *testing.T, _ *rig, c string) string { return "Ñ" + c[1:] }, ErrCodeForm, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := coordinator(t)
			code := r.invite(t)
			typed := c.typed(t, r, code)
			if c.want == nil {
				r.getsIn(t, r.address, typed)
				return
			}
			s, _, err := Join(t.Context(), r.address, typed, "ladrón", newKey(t))
			if !errors.Is(err, c.want) || s != nil || r.registered() != 0 {
				t.Fatalf("it gave %v and not %v; %d workstations are registered", err, c.want, r.registered())
			}
			if !c.stays {
				code = r.invite(t) // a new one ends a lock, and one more mistake does not lock it
				wrong(t, r, 1)
			}
			r.getsIn(t, r.address, code)
		})
	}
}

func TestJoinCodeIsReadAsPeopleTypeIt(t *testing.T) {
	const clean = "0011ABCDEFGHJKMNPQR0"
	for _, typed := range []string{"OOILABCDEFGHJKMNPQRO", "ooli-abcde fghjk.mnpqro", " 00l1A-BCDEF-GHJKM-NPQR0 "} {
		if got, err := CleanCode(typed); got != clean || err != nil {
			t.Errorf("%q was read as %q, %v", typed, got, err)
		}
		r := coordinator(t)
		r.invite(t)
		r.hub.codes.codes[clean] = &code{until: r.clock.Add(codeLife)}
		r.getsIn(t, r.address, typed)
	}
}

// between is a machine in the middle: whatever comes is given to play.
func between(t testing.TB, play func(c net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer c.Close(); play(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String()
}

func pump(a, b net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(a, b); _ = a.Close() })
	both.Go(func() { _, _ = io.Copy(b, a); _ = b.Close() })
	both.Wait()
}

// impostor ends the TLS of whoever joins under a site of its own.
func impostor(t testing.TB) (*Membership, func(c net.Conn) *tls.Conn) {
	t.Helper()
	key := newKey(t)
	s, err := Found(pubOf(key))
	if err != nil {
		t.Fatal(err)
	}
	return s, func(c net.Conn) *tls.Conn { return tls.Server(c, s.joinTLS(key)) }
}

func TestCodeThatIsRelayedOpensNothing(t *testing.T) {
	r := coordinator(t)
	code := r.invite(t)
	_, ends := impostor(t)
	reach := func() net.Conn {
		c, err := net.Dial("tcp", r.address)
		if err != nil {
			t.Error(err)
		}
		return c
	}
	both := between(t, func(c net.Conn) {
		pump(ends(c), tls.Client(reach(), &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnJoin}, InsecureSkipVerify: true}))
	})
	if s, _, err := Join(t.Context(), both, code, "víctima", newKey(t)); !errors.Is(err, ErrCodeWrong) || s != nil || r.registered() != 0 {
		t.Fatalf("through a machine that reads along it gave %v; %d workstations are registered", err, r.registered())
	}
	wire := between(t, func(c net.Conn) { pump(c, reach()) }) // one that only passes bytes on
	r.getsIn(t, wire, code)
}

func TestCoordinatorThatDoesNotKnowTheCodeIsNoticed(t *testing.T) {
	s, ends := impostor(t)
	code, _ := CleanCode(newCode())
	for _, c := range []struct {
		name  string
		proof func(q request, exporter, in []byte) []byte
		want  error
	}{
		{"no proof", func(request, []byte, []byte) []byte { return nil }, ErrImpostor},
		{"the workstation's own proof", func(q request, _, _ []byte) []byte { return q.Proof }, ErrImpostor},
		{"a guess", func(_ request, x, in []byte) []byte { return proofOf("0000000000AAAAAAAAAA", "server", x, in) }, ErrImpostor},
		{"the right code over another peering", func(_ request, _, in []byte) []byte { return proofOf(code, "server", make([]byte, 32), in) }, ErrImpostor},
		{"the right code over another admission", func(_ request, x, in []byte) []byte { return proofOf(code, "server", x, in[1:]) }, ErrImpostor},
		{"the right code", func(_ request, x, in []byte) []byte { return proofOf(code, "server", x, in) }, nil},
	} {
		address := between(t, func(conn net.Conn) {
			tc := ends(conn)
			m, err := readMessage(tc, maxJoin)
			if err != nil {
				t.Error(c.name, err)
				return
			}
			q, err := decode[request](m)
			exporter, xerr := exporterOf(tc)
			in, aerr := s.admission(t.Context(), q, exporter, func(context.Context, ed25519.PublicKey, string) (string, error) { return "X", nil }, nil)
			if err = errors.Join(err, xerr, aerr, writeMessage(tc, encode(Hello, reply{Proof: c.proof(q, exporter, in), In: in}))); err != nil {
				t.Error(c.name, err)
			}
		})
		if got, _, err := Join(t.Context(), address, code, "víctima", newKey(t)); !errors.Is(err, c.want) || (got != nil) != (c.want == nil) {
			t.Errorf("%s: it gave %v and not %v", c.name, err, c.want)
		}
	}
}

func TestOfManyWithOneCodeAtOnceExactlyOneGetsIn(t *testing.T) {
	r := coordinator(t)
	const n = 8
	refused := make(chan error, n)
	r.register = func(context.Context, ed25519.PublicKey, string) (string, error) {
		for range n - 1 { // the first is in the middle of it until all others have been answered
			select {
			case err := <-refused:
				if !errors.Is(err, ErrCodeUsed) {
					t.Errorf("a second one at once got %v", err)
				}
			case <-time.After(5 * time.Second):
				return "", errors.New("others are not refused meanwhile")
			}
		}
		return "B", nil
	}
	code := r.invite(t)
	var all sync.WaitGroup
	for range n {
		key := newKey(t)
		all.Go(func() {
			if _, _, err := Join(t.Context(), r.address, code, "a la vez", key); err != nil {
				refused <- err
			}
		})
	}
	all.Wait()
	if r.registered() != 1 || len(refused) != 0 {
		t.Errorf("%d workstations got in with one code, %d more were refused", r.registered(), len(refused))
	}
}

func TestCodeIsGivenBackWhenTheCoordinatorCannotTakeTheWorkstationIn(t *testing.T) {
	r := coordinator(t)
	code := r.invite(t)
	r.register = func(context.Context, ed25519.PublicKey, string) (string, error) {
		return "", errors.New("el disco está lleno")
	}
	if _, _, err := Join(t.Context(), r.address, code, "ventanilla", newKey(t)); !errors.Is(err, ErrJoin) || !strings.Contains(err.Error(), "lleno") {
		t.Fatalf("it does not say why: %v", err)
	}
	r.register = nil
	clean, _ := CleanCode(code)
	c, err := tls.Dial("tcp", r.address, &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnJoin}, InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	exporter, err := exporterOf(c)
	if err != nil {
		t.Fatal(err)
	}
	mine, other := newKey(t), newKey(t) // who knows the code asks for a certificate of another's key
	q := request{Proof: proofOf(clean, "client", exporter), Key: pubOf(other), Sign: ed25519.Sign(mine, exporter), Name: "ladrón"}
	if err := writeMessage(c, encode(Hello, q)); err != nil {
		t.Fatal(err)
	}
	m, err := readMessage(c, maxJoin)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := decode[reply](m); err != nil || a.Why == "" || a.In != nil || bytes.Contains(m.Body, r.site.Ring.Keys[0]) || r.registered() != 0 {
		t.Fatalf("a key that did not sign was taken in: %+v, %v", a, err)
	}
	r.getsIn(t, r.address, code)
}
