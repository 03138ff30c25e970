package stream

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"

	"punto/app/desk"
)

// samples are one good message of each kind.
func samples() []Message {
	run := desk.Run{Origin: 7, First: 1, Frames: [][]byte{bytes.Repeat([]byte("one"), 20), bytes.Repeat([]byte("another"), 9)}}
	return []Message{
		encode(Hello, Greeting{Min: 1, Max: 2, Desk: desk.ID{1}, Node: desk.ID{2}, Version: "1", Address: ":7420", Ring: 3}),
		encode(Met, []desk.Identity{{Key: [32]byte{1}, Incarnation: [16]byte{2}, Cert: []byte("der"), Coordinator: true}}),
		encode(Vector, map[desk.Origin]desk.Point{7: {Seq: 2, Hash: [8]byte{9}}, ^desk.Origin(0): {Seq: ^uint64(0)}}),
		encode(Have, map[desk.Origin]desk.Point{7: {Seq: 3}}),
		encode(Want, Wish{From: map[desk.Origin]uint64{7: 1, 8: ^uint64(0)}, One: true}),
		EncodeRun(run),
		EncodeRun(desk.Run{Origin: 7, First: ^uint64(0), Block: []byte("block")}),
		{Done, nil},
		encode(AskPoint, Probe{Origin: 7, Point: desk.Point{Seq: 1}}),
		encode(Told, Probe{Origin: 7, Point: desk.Point{Seq: 1, Hash: [8]byte{9}}, Held: true}),
		encode(Ping, Clock{T0: -1}),
		encode(Pong, Clock{T0: 1, T1: 2, T2: 3}),
		encode(Keys, Ring{Generation: 2, Keys: [][]byte{make([]byte, 32)}}),
		encode(Try, []string{"10.0.0.1:7420"}),
		encode(WantFile, FilePart{Hash: [32]byte{1}, Offset: -1}),
		encode(Chunk, FilePart{Hash: [32]byte{1}, Offset: 1 << 40, Bytes: []byte("x"), Size: 1}),
		encode(Bye, "adiós"),
		{Bye + 1, []byte("of a newer version")},
	}
}

func wire(t testing.TB, ms ...Message) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, m := range ms {
		if err := writeMessage(&b, m); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func FuzzReadMessage(f *testing.F) {
	for _, m := range samples() {
		f.Add(wire(f, m))
	}
	f.Add(wire(f, samples()...))
	f.Add([]byte{0, 0, 0, 0, 1})
	f.Add([]byte{255, 255, 255, 255, 6})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, limit := range []uint32{maxJoin, MaxMessage} {
			r := bytes.NewReader(b)
			for {
				from := len(b) - r.Len()
				m, err := readMessage(r, limit)
				if err != nil {
					if !errors.Is(err, ErrMessage) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
						t.Fatalf("it gave %v", err)
					}
					break
				}
				if uint32(len(m.Body)) > limitOf(m.Kind, limit) {
					t.Fatalf("kind %d came with %d bytes", m.Kind, len(m.Body))
				}
				if back := wire(t, m); !bytes.Equal(back, b[from:len(b)-r.Len()]) {
					t.Fatalf("%x was read, %x is written", b[from:len(b)-r.Len()], back)
				}
			}
		}
	})
}

// readers decode each kind as its receiver does.
var readers = map[Kind]func(Message) error{
	Hello: reads[Greeting], Met: reads[[]desk.Identity], Vector: reads[map[desk.Origin]desk.Point], Have: reads[map[desk.Origin]desk.Point],
	Want: reads[Wish], AskPoint: reads[Probe], Told: reads[Probe], Ping: reads[Clock], Pong: reads[Clock], Keys: reads[Ring],
	Try: reads[[]string], WantFile: reads[FilePart], Chunk: reads[FilePart], Bye: reads[string],
	100: reads[request], 101: reads[reply], 102: reads[Admission], // of joining
}

func reads[T any](m Message) error { _, err := decode[T](m); return err }

func FuzzDecode(f *testing.F) {
	for _, m := range samples() {
		f.Add(byte(m.Kind), m.Body)
	}
	f.Add(byte(100), encode(Hello, request{Proof: []byte("p"), Key: []byte("k"), Sign: []byte("s"), Name: "n"}).Body)
	f.Add(byte(101), encode(Hello, reply{Why: "wrong", Proof: []byte("p"), In: []byte("in")}).Body)
	f.Add(byte(102), encode(Hello, Admission{CA: []byte("ca"), Peers: []string{"a:1"}}).Body)
	f.Fuzz(func(t *testing.T, kind byte, body []byte) {
		read := readers[Kind(kind)]
		if read == nil {
			return
		}
		if err := read(Message{Kind(kind), body}); err != nil && !errors.Is(err, ErrMessage) {
			t.Fatalf("kind %d gave %v", kind, err)
		}
	})
}

func FuzzDecodeRun(f *testing.F) {
	for _, m := range samples() {
		f.Add(m.Kind == Block, m.Body)
	}
	f.Fuzz(func(t *testing.T, block bool, body []byte) {
		k := Events
		if block {
			k = Block
		}
		r, err := DecodeRun(Message{k, body})
		if err != nil {
			if !errors.Is(err, ErrMessage) {
				t.Fatalf("it gave %v", err)
			}
			return
		}
		if len(r.Frames) > desk.BlockEvents || (r.Block != nil) != block {
			t.Fatalf("a run of %d frames, block %v", len(r.Frames), r.Block != nil)
		}
		if back := EncodeRun(r); back.Kind != k || !bytes.Equal(back.Body, body) {
			t.Fatalf("%x was read, %x is written", body, back.Body)
		}
	})
}

func TestEveryKindOfMessageIsReadAndItsPiecesAreNot(t *testing.T) {
	for _, m := range samples() {
		read := readers[m.Kind]
		switch {
		case m.Kind == Events || m.Kind == Block:
			read = func(m Message) error { _, err := DecodeRun(m); return err }
		case read == nil:
			continue
		}
		if err := read(m); err != nil {
			t.Errorf("kind %d: %v", m.Kind, err)
		}
		for n := range m.Body {
			if m.Kind == Block && n > 16 {
				break // what is in a block its reader proves
			}
			if m.Kind == Events && n == len(samples()[5].Body)-9*len("another")-4 {
				continue // the first of its two frames is a run too
			}
			if err := read(Message{m.Kind, m.Body[:n]}); !errors.Is(err, ErrMessage) {
				t.Errorf("the first %d bytes of kind %d: %v", n, m.Kind, err)
			}
		}
	}
}

func TestMessagesThatAreTooLongAreRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  Kind
		n     uint32 // of the body
		limit uint32
		taken bool
	}{
		{"a vector at the limit", Vector, MaxMessage, MaxMessage, true},
		{"a vector above it", Vector, MaxMessage + 1, MaxMessage, false},
		{"events at their limit", Events, MaxRun, MaxMessage, true},
		{"events above it", Events, MaxRun + 1, MaxMessage, false},
		{"a block above it", Block, MaxRun + 1, MaxMessage, false},
		{"a kind of a newer version above the limit", 200, MaxMessage + 1, MaxMessage, false},
		{"events of somebody who would join", Events, maxJoin + 1, maxJoin, false},
		{"a join at the limit", Hello, maxJoin, maxJoin, true},
		{"as long as can be said", Events, ^uint32(0) - 1, MaxMessage, false},
	} {
		head := []byte{byte((c.n + 1) >> 24), byte((c.n + 1) >> 16), byte((c.n + 1) >> 8), byte(c.n + 1), byte(c.kind)}
		m, err := readMessage(io.MultiReader(bytes.NewReader(head), io.LimitReader(zeros{}, int64(c.n))), c.limit)
		if taken := err == nil && len(m.Body) == int(c.n); taken != c.taken || err != nil && !errors.Is(err, ErrMessage) {
			t.Errorf("%s: %d bytes came, %v", c.name, len(m.Body), err)
		}
	}
	if err := writeMessage(io.Discard, Message{Vector, make([]byte, MaxMessage+1)}); !errors.Is(err, ErrMessage) {
		t.Errorf("a message above the limit was sent: %v", err)
	}
	if err := writeMessage(io.Discard, Message{Events, make([]byte, MaxRun)}); err != nil {
		t.Errorf("events at the limit were not sent: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// spent is how much memory was asked for meanwhile.
func spent(f func()) uint64 {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	f()
	runtime.ReadMemStats(&b)
	return b.TotalAlloc - a.TotalAlloc
}

func TestLengthsThatLieCostNoMemory(t *testing.T) {
	deep, empty := bytes.Repeat([]byte{0x81}, MaxMessage), make([]byte, 80+4<<20)
	for _, c := range []struct {
		name string
		read func() error
		most uint64
	}{
		{"a frame of 32 MiB of which four bytes come", func() error {
			_, err := readMessage(bytes.NewReader([]byte{2, 0, 0, 0, byte(Events), 1, 2, 3, 4}), MaxMessage)
			return err
		}, 64 << 10},
		{"a byte string of 4 GiB", func() error {
			return reads[FilePart](Message{Chunk, []byte{0xa1, 3, 0x5a, 0xff, 0xff, 0xff, 0xff, 1}})
		}, 64 << 10},
		{"a map of four thousand million origins", func() error {
			return reads[map[desk.Origin]desk.Point](Message{Vector, []byte{0xba, 0xff, 0xff, 0xff, 0xff, 1}})
		}, 64 << 10},
		{"a list of sixteen thousand addresses, none of which comes", func() error {
			return reads[[]string](Message{Try, []byte{0x99, 0x40, 0}})
		}, 1 << 20},
		{"a list in a list, very deep", func() error {
			return reads[[]string](Message{Try, deep})
		}, 64 << 10},
		{"a frame of 4 GiB in a run", func() error {
			_, err := DecodeRun(Message{Events, append(make([]byte, 80), 0xff, 0xff, 0xff, 0xff, 1)})
			return err
		}, 64 << 10},
		{"a run of a million empty frames", func() error {
			_, err := DecodeRun(Message{Events, empty})
			return err
		}, 64 << 10},
	} {
		var err error
		if n := spent(func() { err = c.read() }); err == nil || n > c.most {
			t.Errorf("%s: %d bytes of memory, %v", c.name, n, err)
		}
	}
}
