package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/fxamacker/cbor/v2"

	"punto/app/desk"
)

// A carried log is identities, runs and an end, each as kind 1, length 4, body. It
// proves itself as the log does; the end tells that it is whole.
const (
	carryMagic = "punto log 1\n"

	carryIdentity = 1
	carryBlock    = 2
	carryEvents   = 3
	carryEnd      = 4 // SHA-256 of all before

	maxCarried = 64 << 20 // bytes of one part
)

// ErrCarried: the file is not a carried log, or is cut or changed.
var ErrCarried = errors.New("the file is not a whole log of a desk")

// Log is a log that is written out.
type Log interface {
	// Walk shows the events after a vector, nil = all, as one snapshot holds them: of
	// each origin who writes under it, and then its runs in their order.
	Walk(ctx context.Context, since desk.Vector, who func(desk.Identity) error, run func(desk.Run) error) error
}

// Carry writes all events after a vector, nil = all, as one snapshot holds them.
func Carry(ctx context.Context, w io.Writer, log Log, since desk.Vector) (events uint64, err error) {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 256<<10)
	if _, err := out.WriteString(carryMagic); err != nil {
		return 0, err
	}
	err = log.Walk(ctx, since, func(id desk.Identity) error {
		b, err := cbor.Marshal(id)
		if err != nil {
			return err
		}
		return carry(out, carryIdentity, b)
	}, func(r desk.Run) error {
		kind := byte(carryEvents)
		if r.Block != nil {
			kind = carryBlock
		}
		events += r.Last() - r.First + 1
		return carry(out, kind, r.Append(nil))
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return events, fmt.Errorf("write the log out: %w", err)
	}
	return events, carry(w, carryEnd, sum.Sum(nil))
}

func carry(w io.Writer, kind byte, body []byte) error {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body))) // far below 4 GiB
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}

// Carried reads what Carry wrote: identities first where they are needed, runs in
// an order in which each origin has no holes. ErrCarried, and whatever the two
// functions give.
func Carried(in io.Reader, who func(desk.Identity) error, run func(desk.Run) error) error {
	r := bufio.NewReaderSize(in, 256<<10)
	sum := sha256.New()
	magic := make([]byte, len(carryMagic))
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != carryMagic {
		return fmt.Errorf("%w: it begins otherwise", ErrCarried)
	}
	sum.Write(magic)
	for {
		kind, body, err := carried(r)
		if err != nil {
			return fmt.Errorf("%w: it is cut: %w", ErrCarried, err)
		}
		switch kind {
		case carryEnd:
			if !bytes.Equal(body, sum.Sum(nil)) {
				return fmt.Errorf("%w: it was changed", ErrCarried)
			}
			return nil
		case carryIdentity:
			var id desk.Identity
			if err = cbor.Unmarshal(body, &id); err == nil {
				err = who(id)
			}
		case carryBlock, carryEvents:
			x, ok := desk.ParseRun(body, kind == carryBlock)
			if !ok {
				return fmt.Errorf("%w: a run in it is cut", ErrCarried)
			}
			err = run(x)
		default: // of a newer version
		}
		if err != nil {
			return err
		}
		mix(sum, kind, body)
	}
}

func mix(sum hash.Hash, kind byte, body []byte) {
	_ = carry(sum, kind, body) // a hash never fails
}

func carried(r io.Reader) (kind byte, body []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxCarried {
		return 0, nil, fmt.Errorf("a part of %d bytes", n)
	}
	var b bytes.Buffer
	got, err := b.ReadFrom(io.LimitReader(r, int64(n)))
	if err == nil && got < int64(n) {
		err = io.ErrUnexpectedEOF
	}
	return head[0], b.Bytes(), err
}
