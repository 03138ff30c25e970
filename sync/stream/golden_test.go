package stream

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"punto/app/desk"
	"punto/packaging/golden"
)

// The vectors of testdata/golden.txt are what workstations of the protocol 2 say
// to each other. They must never change while it is spoken: an older workstation
// reads and writes exactly these bytes. A protocol that grows gets more vectors.

// goldenMessages are one message of each kind, by the name of its vector. Maps
// have one entry: their order is not part of the protocol.
func goldenMessages() map[string]Message {
	seq := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i)
		}
		return b
	}
	sig := [64]byte(seq(64))
	point := desk.Point{Seq: 300, Hash: [8]byte(seq(8))}
	return map[string]Message{
		"01 hello":     encode(Hello, Greeting{Min: 1, Max: 2, Desk: desk.ID(seq(16)), Node: desk.ID{15: 1}, Version: "1.2", Address: "10.7.0.1:7420", Ring: 3, Origin: 0x0102030405060708}),
		"02 met":       encode(Met, []desk.Identity{{Key: [32]byte(seq(32)), Incarnation: [16]byte(seq(16)), Cert: []byte("der"), Coordinator: true}}),
		"03 vector":    encode(Vector, map[desk.Origin]desk.Point{0xf102030405060708: point}),
		"04 have":      encode(Have, map[desk.Origin]desk.Point{7: {Seq: 1}}),
		"05 want":      encode(Want, Wish{From: map[desk.Origin]uint64{7: 257}, One: true}),
		"06 events":    EncodeRun(desk.Run{Origin: 7, First: 3, Sig: sig, Frames: [][]byte{seq(50), bytes.Repeat([]byte{9}, 43)}}),
		"07 block":     EncodeRun(desk.Run{Origin: 7, First: 257, Block: []byte("the block as it lies on disk")}),
		"08 done":      {Done, nil},
		"09 ask":       encode(AskPoint, Probe{Origin: 7, Point: desk.Point{Seq: 300}}),
		"10 told":      encode(Told, Probe{Origin: 7, Point: point, Held: true}),
		"11 ping":      encode(Ping, Clock{T0: 1_764_000_000_000_000_001}),
		"12 pong":      encode(Pong, Clock{T0: 1, T1: 2, T2: 3, Offset: -4, Delay: 5}),
		"13 keys":      encode(Keys, Ring{Generation: 2, Keys: [][]byte{seq(32)}, Sign: sig[:]}),
		"14 try":       encode(Try, []string{"10.7.0.2:7420"}),
		"15 want file": encode(WantFile, FilePart{Hash: [32]byte(seq(32)), Offset: 65_536}),
		"16 chunk":     encode(Chunk, FilePart{Hash: [32]byte(seq(32)), Offset: 65_536, Bytes: []byte("part"), Size: 70_000}),
		"17 bye":       encode(Bye, "adiós"),
	}
}

func TestGoldenMessages(t *testing.T) {
	v := golden.Read(t, "testdata/golden.txt")
	ms := goldenMessages()
	if len(ms) != int(Bye) || len(v) != len(ms) {
		t.Errorf("%d messages, %d vectors, %d kinds", len(ms), len(v), Bye)
	}
	for i, name := range slices.Sorted(maps.Keys(ms)) {
		m := ms[name]
		if m.Kind != Kind(i+1) {
			t.Errorf("%s has the number %d", name, m.Kind)
		}
		var b bytes.Buffer
		if err := writeMessage(&b, m); err != nil || !bytes.Equal(b.Bytes(), v[name]) {
			t.Errorf("%s is written as %x and not %x: %v", name, b.Bytes(), v[name], err)
		}
		got, err := readMessage(bytes.NewReader(v[name]), MaxMessage)
		if err != nil || got.Kind != m.Kind || !bytes.Equal(got.Body, m.Body) {
			t.Errorf("%s is read as %+v: %v", name, got, err)
			continue
		}
		if again, err := rewritten(got); err != nil || !bytes.Equal(again.Body, m.Body) {
			t.Errorf("%s, read and written again, is %x and not %x: %v", name, again.Body, m.Body, err)
		}
	}
}

// rewritten decodes the body of a message and encodes what was understood.
func rewritten(m Message) (Message, error) {
	switch m.Kind {
	case Hello:
		return again[Greeting](m)
	case Met:
		return again[[]desk.Identity](m)
	case Vector, Have:
		return again[map[desk.Origin]desk.Point](m)
	case Want:
		return again[Wish](m)
	case Events, Block:
		r, err := DecodeRun(m)
		return EncodeRun(r), err
	case AskPoint, Told:
		return again[Probe](m)
	case Ping, Pong:
		return again[Clock](m)
	case Keys:
		return again[Ring](m)
	case Try:
		return again[[]string](m)
	case WantFile, Chunk:
		return again[FilePart](m)
	case Bye:
		return again[string](m)
	}
	return m, nil
}

func again[T any](m Message) (Message, error) {
	v, err := decode[T](m)
	return encode(m.Kind, v), err
}
