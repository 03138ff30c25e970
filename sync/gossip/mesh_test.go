package gossip

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"punto/app/desk"
)

// port is one of the loop that nobody has.
func port(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

type member struct {
	*Mesh
	port  int
	dead  bool
	mu    sync.Mutex // guards what follows
	heard []string
}

func (m *member) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.heard)
}

func start(t *testing.T, n byte, keys ...[]byte) *member {
	t.Helper()
	m := &member{port: port(t)}
	var err error
	m.Mesh, err = Start(Config{Node: desk.ID{n}, Desk: desk.ID{1}, Keys: keys, Host: "127.0.0.1", Port: m.port, Meta: Meta{Port: uint16(m.port - 1)}, Fast: true,
		Heard: func(b []byte) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.heard = append(m.heard, string(b))
		}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = m.Run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		if !m.dead {
			_ = m.Close()
		}
	})
	return m
}

func (m *member) knows(x *member) { m.Know(fmt.Sprintf("127.0.0.1:%d", x.port-1)) }

func (m *member) alive() (n int) {
	for _, x := range m.Members() {
		if x.Alive {
			n++
		}
	}
	return n
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) { // real packets
		if time.Now().After(end) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

func TestHintsReachAllAndOnlyThoseWithTheKey(t *testing.T) {
	key, other := make([]byte, 32), make([]byte, 32)
	other[0] = 1
	a, b, c := start(t, 1, key), start(t, 2, key), start(t, 3, key)
	stranger := start(t, 4, other)
	b.knows(a)
	c.knows(a)
	stranger.knows(a)
	until(t, "three members", func() bool { return a.alive() == 2 && b.alive() == 2 && c.alive() == 2 })
	from := time.Now()
	a.Tell([]byte("suena el 4471"))
	until(t, "the hint at both", func() bool { return b.count() > 0 && c.count() > 0 })
	if took := time.Since(from); took > 100*time.Millisecond {
		t.Logf("a hint took %v on this machine", took)
	}
	if stranger.count() != 0 || stranger.alive() != 0 {
		t.Error("one without the key is a member")
	}
	a.Tell(make([]byte, MaxHint+1)) // too long for one packet: nobody gets it
	next := make([]byte, 32)
	next[0] = 2
	for _, m := range []*member{a, b, c} {
		if err := m.SetKeys([][]byte{next, key}); err != nil {
			t.Fatal(err)
		}
	}
	was := b.count()
	a.Tell([]byte("con la llave nueva"))
	until(t, "a hint under the new key", func() bool { return b.count() > was })
	for _, h := range b.heard {
		if len(h) > 100 {
			t.Error("a hint that is too long was sent")
		}
	}
}

func TestMemberThatDiesIsNoticedAndFoundAgain(t *testing.T) {
	key := make([]byte, 32)
	a, b := start(t, 1, key), start(t, 2, key)
	b.knows(a)
	until(t, "two members", func() bool { return a.alive() == 1 && b.alive() == 1 })
	if b.dead = true; b.list.Shutdown() != nil { // without a word
		t.Fatal("it cannot be shut down")
	}
	until(t, "that it is gone", func() bool { return a.alive() == 0 })
	again, err := Start(Config{Node: desk.ID{2}, Origin: 9, Desk: desk.ID{1}, Keys: [][]byte{key}, Host: "127.0.0.1", Port: b.port, Meta: Meta{Port: uint16(b.port - 1)}, Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	until(t, "that it is back, by its remembered address", func() bool { return a.alive() == 1 })
}

// A hint is sent once to each; a reminder to those whose turn it is.
func TestAHintIsSentOnceAndReminderInTurn(t *testing.T) {
	key := make([]byte, 32)
	all := []*member{start(t, 1, key), start(t, 2, key), start(t, 3, key), start(t, 4, key)}
	a, others := all[0], all[1:]
	for _, m := range others {
		m.knows(a)
	}
	until(t, "four members", func() bool { return a.alive() == 3 })
	if !a.Came() || a.Came() {
		t.Error("that members came is not told, or told twice")
	}
	for turn := 1; turn <= 3; turn++ {
		for range others {
			a.Remind([]byte("quién está"), 1)
		}
		for i, m := range others {
			until(t, fmt.Sprintf("reminder %d at %d", turn, i), func() bool { return m.count() == turn })
		}
	}
	a.Tell([]byte("uno"))
	a.Tell([]byte("dos"))
	for _, m := range others {
		until(t, "both hints", func() bool { return m.count() == 5 })
		if !m.Alive(fmt.Sprintf("127.0.0.1:%d", a.port-1)) || m.Alive("127.0.0.1:1") {
			t.Error("who is reached where is not known")
		}
	}
}
