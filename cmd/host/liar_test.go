package host

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/store/chain"
	"punto/sync/stream"
)

// liar is a member of the site by its certificate that speaks the protocol by
// hand. It writes under a new incarnation whenever it likes.
type liar struct {
	to    *seat
	site  *stream.Membership
	key   ed25519.PrivateKey
	count byte
}

func (s *seat) liar(t *testing.T) *liar {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	site, _, err := stream.Join(t.Context(), s.address, s.do(t, app.Invite{}).Secret, "mentirosa", key)
	if err != nil {
		t.Fatal(err)
	}
	return &liar{to: s, site: site, key: key}
}

func (l *liar) pub() ed25519.PublicKey { return l.key.Public().(ed25519.PublicKey) }

// born is a new incarnation.
func (l *liar) born() desk.Identity {
	l.count++
	return desk.Identity{Key: [32]byte(l.pub()), Incarnation: [16]byte{l.count}, Cert: l.site.Cert}
}

// notes are n events under an origin that the workstation may write about itself.
func (l *liar) notes(t testing.TB, o desk.Origin, n int) (es []desk.Event) {
	for i := range n {
		es = append(es, desk.Event{Origin: o, Seq: uint64(i + 1), Stamp: desk.Stamp(time.Now().UnixMilli()<<16) + desk.Stamp(i), Kind: desk.RecordPatched,
			Version: 1, Entity: nodeOf(desk.NodeID(l.pub())), At: 1, Body: patch(t, 8, fmt.Sprint(o, i))})
	}
	return es
}

func nodeOf(id desk.ID) desk.Entity { return desk.Entity{Type: desk.NodeType, ID: id} }

func framesOf(t testing.TB, es []desk.Event) (fs [][]byte) {
	t.Helper()
	for i := range es {
		f, err := chain.AppendFrame(nil, &es[i])
		if err != nil {
			t.Fatal(err)
		}
		fs = append(fs, f)
	}
	return fs
}

// run signs frames as the first ones of an origin.
func (l *liar) run(o desk.Origin, frames [][]byte) desk.Run {
	var h [32]byte
	for _, f := range frames {
		h = sha256.Sum256(append(h[:], f...))
	}
	m := binary.BigEndian.AppendUint64([]byte("punto head 1\x00"), uint64(o))
	m = append(binary.BigEndian.AppendUint64(m, uint64(len(frames))), h[:]...)
	return desk.Run{Origin: o, First: 1, Frames: frames, Sig: [64]byte(ed25519.Sign(l.key, m))}
}

func (l *liar) hello(t testing.TB) stream.Message {
	return said(t, stream.Hello, stream.Greeting{Min: 1, Max: 2, Desk: l.site.Desk, Node: desk.NodeID(l.pub())})
}

func said(t testing.TB, k stream.Kind, v any) stream.Message {
	t.Helper()
	return stream.Message{Kind: k, Body: bodyOf(t, v)}
}

func frame(m stream.Message) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(m.Body)+1))
	return append(append(b, byte(m.Kind)), m.Body...)
}

// says tells bytes to the honest workstation over a peering, then asks for a sign
// of life; false when the peering was ended instead.
func (l *liar) says(t *testing.T, bytes ...[]byte) (alive bool) {
	t.Helper()
	c, err := tls.Dial("tcp", l.to.address, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13, NextProtos: []string{"punto-sync/1"},
		Certificates: []tls.Certificate{{Certificate: [][]byte{l.site.Cert}, PrivateKey: l.key}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	for _, b := range append(bytes, frame(said(t, stream.Ping, stream.Clock{T0: 4711}))) {
		_, _ = c.Write(b) // it may have hung up
	}
	for {
		var head [5]byte
		_, err := io.ReadFull(c, head[:])
		body := make([]byte, max(1, binary.BigEndian.Uint32(head[:]))-1)
		if err == nil {
			_, err = io.ReadFull(c, body)
		}
		var late net.Error
		if errors.As(err, &late) && late.Timeout() {
			t.Fatal("the honest workstation neither answers nor hangs up")
		}
		if err != nil {
			return false
		}
		var x stream.Clock
		if stream.Kind(head[4]) == stream.Pong && desk.Decode(body, &x) == nil && x.T0 == 4711 {
			return true
		}
	}
}

// met are the bytes with which a peering begins that shows an identity.
func (l *liar) met(t testing.TB, ids ...desk.Identity) []byte {
	return append(frame(l.hello(t)), frame(said(t, stream.Met, ids))...)
}

func TestRunThatItsOriginDidNotSignIsNotTakenFromAMember(t *testing.T) {
	a, c, log, _ := victims(t)
	l := a.liar(t)
	third := c.db.Origin()
	work(t, a, c) // so that they know each other
	for _, x := range []struct {
		name string
		of   func(o desk.Origin, es []desk.Event) desk.Run // what is sent in the place of the true run
		why  string
	}{
		{"a flipped byte", func(o desk.Origin, es []desk.Event) desk.Run {
			r := l.run(o, framesOf(t, es))
			r.Frames[3][45] ^= 1
			return r
		}, "not what their origin signed"},
		{"two exchanged", func(o desk.Origin, es []desk.Event) desk.Run {
			r := l.run(o, framesOf(t, es))
			r.Frames[1], r.Frames[2] = r.Frames[2], r.Frames[1]
			return r
		}, "out of its place"},
		{"two exchanged and signed", func(o desk.Origin, es []desk.Event) desk.Run {
			es[1], es[2] = es[2], es[1]
			return l.run(o, framesOf(t, es))
		}, "out of its place"},
		{"one twice", func(o desk.Origin, es []desk.Event) desk.Run {
			r := l.run(o, framesOf(t, es))
			r.Frames = slices.Insert(r.Frames, 3, r.Frames[3])
			return r
		}, "out of its place"},
		{"one left out", func(o desk.Origin, es []desk.Event) desk.Run {
			r := l.run(o, framesOf(t, es))
			r.Frames = slices.Delete(r.Frames, 3, 4)
			return r
		}, "out of its place"},
		{"the end left out", func(o desk.Origin, es []desk.Event) desk.Run {
			r := l.run(o, framesOf(t, es))
			r.Frames = r.Frames[:4]
			return r
		}, "the signature does not fit"},
		{"another signature", func(o desk.Origin, es []desk.Event) desk.Run {
			r := l.run(o, framesOf(t, es))
			r.Sig[5] ^= 1
			return r
		}, "the signature does not fit"},
		{"a stamp that does not rise", func(o desk.Origin, es []desk.Event) desk.Run {
			es[4].Stamp = es[3].Stamp
			return l.run(o, framesOf(t, es))
		}, "a stamp that does not rise"},
		{"a stamp of the day before", func(o desk.Origin, es []desk.Event) desk.Run {
			es[4].Stamp -= 86_400_000 << 16
			return l.run(o, framesOf(t, es))
		}, "a stamp that does not rise"},
		{"frames of another origin", func(o desk.Origin, es []desk.Event) desk.Run {
			return l.run(o, framesOf(t, l.notes(t, third, 5)))
		}, "out of its place"},
		{"a frame that is no frame", func(o desk.Origin, es []desk.Event) desk.Run {
			fs := framesOf(t, es)
			fs[2] = append(fs[2][:42], 0xff, 0xff)
			return l.run(o, fs)
		}, "not what their origin signed"},
		{"a frame that is too long", func(o desk.Origin, es []desk.Event) desk.Run {
			fs := framesOf(t, es)
			fs[2] = append(fs[2], make([]byte, chain.MaxFrameBytes)...)
			return l.run(o, fs)
		}, "a frame of a wrong size"},
		{"an empty frame", func(o desk.Origin, es []desk.Event) desk.Run {
			fs := framesOf(t, es)
			fs[2] = nil
			return l.run(o, fs)
		}, "a run that is cut"},
		{"a block that is none", func(o desk.Origin, es []desk.Event) desk.Run {
			return desk.Run{Origin: o, First: 1, Block: append([]byte{1, 0}, make([]byte, 300)...)}
		}, "a block that its origin did not seal"},
		{"a block that unpacks to nothing like it", func(o desk.Origin, es []desk.Event) desk.Run {
			return desk.Run{Origin: o, First: 1, Block: append(make([]byte, 0, 400), append([]byte{1, 0}, make([]byte, 128)...)...)}
		}, "a block that its origin did not seal"},
		{"events of an honest workstation", func(_ desk.Origin, es []desk.Event) desk.Run {
			return l.run(third, framesOf(t, l.notes(t, third, 50)))
		}, "not what their origin signed"},
		{"events of an origin that nobody has shown", func(_ desk.Origin, es []desk.Event) desk.Run {
			return l.run(4242, framesOf(t, l.notes(t, 4242, 5)))
		}, "the origin is not known"},
	} {
		t.Run(x.name, func(t *testing.T) {
			id := l.born()
			o := id.Origin()
			_, before := log.since(0)
			r := x.of(o, l.notes(t, o, 8))
			alive := l.says(t, l.met(t, id), frame(stream.EncodeRun(r)))
			if n := a.db.Vector()[o]; n != 0 || a.db.Points()[third].Seq > c.db.Points()[third].Seq {
				t.Fatalf("%d of its events were taken, %d of another's", n, a.db.Points()[third].Seq)
			}
			said := ""
			until(t, "the log says that the peering has ended", func() bool { said, _ = log.since(before); return strings.Contains(said, "a peering has ended") })
			named := strings.Contains(said, fmt.Sprintf("%016x", uint64(r.Origin)))
			if alive || !named || !strings.Contains(said, x.why) || !strings.Contains(said, desk.NodeID(l.pub()).String()) {
				t.Errorf("the peering went on: %v; the log says not %q, who and of which origin: %s", alive, x.why, said)
			}
			if alive := l.says(t, l.met(t, id), frame(stream.EncodeRun(l.run(o, framesOf(t, l.notes(t, o, 8)))))); !alive || a.db.Vector()[o] != 8 {
				t.Errorf("the true run is not taken afterwards: %d events, alive %v", a.db.Vector()[o], alive)
			}
		})
	}
	if f := append(a.db.Frozen(), c.db.Frozen()...); len(f) > 0 {
		t.Errorf("honest origins were frozen: %v", f)
	}
	work(t, a, c)
}

func TestMessagesOfAMemberThatAreNoneEndTheSession(t *testing.T) {
	a, c, _, _ := victims(t)
	l := a.liar(t)
	hello, id := frame(l.hello(t)), l.born()
	other := l.born()
	other.Cert = nil
	stolen := l.born()
	stolen.Key[0] ^= 1
	boss := l.born()
	boss.Coordinator = true
	many := map[desk.Origin]desk.Point{}
	for i := range 17_000 {
		many[desk.Origin(i+1)] = desk.Point{Seq: 1}
	}
	type sent struct {
		name  string
		bytes []byte
		alive bool
	}
	cases := []sent{
		{"a greeting", hello, true},
		{"a kind of a newer version", append(slices.Clone(hello), frame(stream.Message{Kind: 200, Body: []byte("x")})...), true},
		{"an identity of its own", l.met(t, id), true},
		{"an identity that says it is the coordinator's", l.met(t, boss), true},
		{"an identity without a certificate", l.met(t, other), false},
		{"an identity of another key", l.met(t, stolen), false},
		{"nothing before a greeting", nil, true}, // a ping needs none
		{"a wish before a greeting", frame(said(t, stream.Want, stream.Wish{From: map[desk.Origin]uint64{a.db.Origin(): 1}})), false},
		{"two greetings", append(slices.Clone(hello), hello...), false},
		{"a greeting of another desk", frame(said(t, stream.Hello, stream.Greeting{Min: 1, Max: 2, Desk: desk.ID{1}})), false},
		{"a greeting of a protocol to come", frame(said(t, stream.Hello, stream.Greeting{Min: 90, Max: 99, Desk: l.site.Desk})), false},
		{"an end of what nobody wished", append(slices.Clone(hello), frame(stream.Message{Kind: stream.Done})...), false},
		{"too many origins", append(slices.Clone(hello), frame(said(t, stream.Vector, many))...), false},
		{"a frame of no length", append(slices.Clone(hello), 0, 0, 0, 0, 3), false},
		{"a message of 2 MiB", append(slices.Clone(hello), 0, 0x20, 0, 0, byte(stream.Vector)), false},
		{"a run of 64 MiB", append(slices.Clone(hello), 4, 0, 0, 0, byte(stream.Events)), false},
		{"a wish for everything to the last", append(slices.Clone(hello), frame(said(t, stream.Want, stream.Wish{From: map[desk.Origin]uint64{a.db.Origin(): ^uint64(0), 0: 0}}))...), true},
		{"a file from before its beginning", append(slices.Clone(hello), frame(said(t, stream.WantFile, stream.FilePart{Offset: -1}))...), true},
		{"a part of a file that nobody asked for", append(slices.Clone(hello), frame(said(t, stream.Chunk, stream.FilePart{Offset: 1 << 62, Size: 1, Bytes: []byte("x")}))...), true},
		{"keys that are none", append(slices.Clone(hello), frame(said(t, stream.Keys, stream.Ring{Generation: 1 << 40, Keys: [][]byte{{1}}}))...), false},
	}
	for k := stream.Met; k <= stream.Chunk; k++ {
		if k != stream.Done {
			cases = append(cases, sent{fmt.Sprint("a body that is none, of kind ", k), append(slices.Clone(hello), frame(stream.Message{Kind: k, Body: []byte{0xbf, 0xff, 1}})...), false})
		}
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			before := maps.Clone(a.db.Points())
			if alive := l.says(t, x.bytes); alive != x.alive {
				t.Errorf("the peering goes on: %v", alive)
			}
			for o, p := range a.db.Points() {
				if before[o] != p && o != a.db.Origin() && o != c.db.Origin() {
					t.Errorf("origin %016x went from %v to %v", uint64(o), before[o], p)
				}
			}
		})
	}
	if s, ok := a.db.Signer(boss.Origin()); !ok || s.Coordinator {
		t.Errorf("who says it is the coordinator is believed: %+v, known %v", s, ok)
	}
	if _, known := a.db.Identity(stolen.Origin()); known {
		t.Error("an identity that does not hold was kept")
	}
	if _, err := a.Ask(a.Owner(context.Background()), app.Nodes{}); err != nil {
		t.Error("the site cannot be listed any more:", err)
	}
	work(t, a, c)
}
