package host

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// freePort is a pair of ports that nobody has: of peerings and of gossip. They are
// below those that the system gives to whoever calls out.
func freePort(t testing.TB) int {
	t.Helper()
	for range 50 {
		port := 12_000 + 2*rand.IntN(10_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		m, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+1))
		_ = l.Close()
		if err == nil {
			_ = m.Close()
			return port
		}
	}
	t.Fatal("no two ports in a row are free")
	return 0
}

// seat is one workstation of a test site.
type seat struct {
	*Host
	dir, address string
	token        string
	tokenOf      *Host
}

func (s *seat) start(t testing.TB) {
	t.Helper()
	var err error
	if s.Host, err = OpenWith(t.Context(), s.dir, testLog(t), Options{Network: true, Version: "prueba"}); err != nil {
		t.Fatal(err)
	}
}

func (s *seat) do(t testing.TB, c app.Command) app.Receipt {
	t.Helper()
	r, err := s.Do(s.Owner(context.Background()), c)
	if err != nil {
		t.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

func (s *seat) site(t testing.TB) app.NodesAnswer {
	t.Helper()
	a, err := s.Ask(s.Owner(context.Background()), app.Nodes{})
	if err != nil {
		t.Fatal(err)
	}
	return a.(app.NodesAnswer)
}

// founded is the coordinator of a new site.
func founded(t testing.TB) *seat {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	s := &seat{dir: t.TempDir(), address: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	h, err := Open(t.Context(), s.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Host = h
	s.do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Found(t.Context(), s.dir, "central", s.address); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// join adds a workstation to the site of s.
func (s *seat) join(t testing.TB, name string) *seat {
	t.Helper()
	n := &seat{dir: t.TempDir(), address: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	code := s.do(t, app.Invite{}).Secret
	if err := Join(t.Context(), Joining{Dir: n.dir, Code: code, Address: s.address, Name: name, Listen: n.address}); err != nil {
		t.Fatal(err)
	}
	n.start(t)
	t.Cleanup(func() { _ = n.Close() })
	return n
}

// until waits for something to become true, however busy the machine is; what never
// does ends the test.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); !is(); {
		if time.Now().After(end) {
			t.Fatalf("not within three minutes: %s", what)
		}
		time.Sleep(20 * time.Millisecond) // real processes on a real clock
	}
}

// alike tells whether all seats hold and fold the same.
func alike(t testing.TB, seats ...*seat) bool {
	t.Helper()
	var first [32]byte
	for i, s := range seats {
		if len(s.db.Points()) != len(seats[0].db.Points()) {
			return false
		}
		for o, p := range s.db.Points() {
			if seats[0].db.Points()[o] != p {
				return false
			}
		}
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		sum, err := s.db.Checksum()
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = sum
		} else if sum != first {
			return false
		}
	}
	return true
}

func TestWorkstationJoinsWithACodeAndBothKeepTheSameDesk(t *testing.T) {
	a := founded(t)
	for i := range 30 {
		a.do(t, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", i)}})
	}
	b := a.join(t, "ventanilla")
	until(t, "the same desk on both", func() bool { return alike(t, a, b) })
	admin := b.admin(t)
	r, err := b.Do(admin, app.OpenCase{Opened: desk.Opened{Subject: "desde la ventanilla"}})
	if err != nil || r.Number[0] != 'B' {
		t.Fatalf("%v, number %s", err, r.Number)
	}
	until(t, "the case of b on a", func() bool {
		_, err := a.Ask(a.Owner(context.Background()), app.OneCase{ID: r.ID})
		return err == nil
	})
	until(t, "a is told who works on b", func() bool {
		x := a.site(t)
		return len(x.Nodes[1].Agents) == 1 && x.Nodes[1].Agents[0] == "Administrador"
	})
	until(t, "each sees the other", func() bool {
		x, y := a.site(t), b.site(t)
		return len(x.Nodes) == 2 && x.Nodes[1].Alive && x.Nodes[1].OffsetKnown && len(y.Nodes) == 2 && y.Nodes[0].Alive && y.Nodes[0].Coordinator &&
			y.Leader == y.Nodes[0].ID && x.Leader == y.Leader
	})
	c := a.join(t, "bodega")
	until(t, "the same desk on three", func() bool { return alike(t, a, b, c) })
	a.do(t, app.RevokeNode{Node: b.site(t).Me})
	until(t, "b is alone", func() bool { return !a.site(t).Nodes[1].Alive || !a.site(t).Nodes[2].Alive })
	if _, err := b.Do(admin, app.AddNote{Case: r.ID, Text: "sigo aquí"}); err != nil {
		t.Log("b knows it already:", err)
	}
	until(t, "a and c agree without b", func() bool { return alike(t, a, c) })
}

// admin is a session of the administrator, signed in once.
func (s *seat) admin(t testing.TB) context.Context {
	t.Helper()
	if s.token == "" || s.tokenOf != s.Host {
		r, err := s.Do(context.Background(), app.SignIn{Login: "admin", Password: "cobre y sal"})
		if err != nil {
			t.Fatal(err)
		}
		s.token, s.tokenOf = r.Token, s.Host
	}
	return app.WithSession(context.Background(), s.token)
}

func adminOf(t testing.TB, s *seat) desk.ID {
	t.Helper()
	a, err := s.Ask(s.Owner(context.Background()), app.Records{Type: desk.AgentType})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range a.(app.RecordsAnswer).Agents {
		if x.Of.Login == "admin" {
			return x.ID
		}
	}
	t.Fatal("no administrator")
	return desk.ID{}
}

// testLog is where hosts of a test write: nowhere, unless PUNTO_TEST_LOG is set.
func testLog(t testing.TB) *slog.Logger {
	t.Helper()
	if os.Getenv("PUNTO_TEST_LOG") == "" {
		return nil
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
