package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"punto/app/desk"
)

// Identity is a desk.Identity. The store checks that it fits its origin; whoever
// introduces it, its certificate.
type Identity = desk.Identity

// Identity is that of an origin; false when nobody has introduced it.
func (db *DB) Identity(o desk.Origin) (Identity, bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	id, ok := db.identities[o]
	return id, ok
}

// Identities are all that are known, this node's own among them.
func (db *DB) Identities() map[desk.Origin]Identity {
	db.mu.Lock()
	defer db.mu.Unlock()
	return maps.Clone(db.identities)
}

// Signer is who writes under an origin. A node without certificate is the whole
// desk, and so its coordinator.
func (db *DB) Signer(o desk.Origin) (desk.Signer, bool) { return signerOf(db.Identity(o)) }

func signerOf(id Identity, ok bool) (desk.Signer, bool) {
	return desk.Signer{Node: id.Node(), Coordinator: id.Coordinator || id.Cert == nil}, ok
}

// Key is the node's own key: it signs heads and opens its TLS sessions.
func (db *DB) Key() ed25519.PrivateKey { return db.key }

// Introduce keeps identities whose certificates were verified; a later one of the
// same origin takes the place of the one before.
func (db *DB) Introduce(ctx context.Context, ids ...Identity) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id Identity) bool {
		was, ok := db.Identity(id.Origin())
		return ok && string(was.Cert) == string(id.Cert)
	})
	if len(ids) == 0 {
		return nil
	}
	return db.Change(ctx, func(t *Tx) error {
		for _, id := range ids {
			if err := t.introduce(id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Tx) introduce(id Identity) error {
	b, err := cbor.Marshal(id)
	if err != nil {
		return err
	}
	o := id.Origin()
	t.p.Put(identityKey(o), b)
	if t.met == nil {
		t.met = map[desk.Origin]Identity{}
	}
	t.met[o] = id
	return nil
}

func identityKey(o desk.Origin) []byte {
	return binary.BigEndian.AppendUint64([]byte{tableIdentity}, uint64(o))
}

func (t *Tx) identity(o desk.Origin) (Identity, bool) {
	if id, ok := t.met[o]; ok {
		return id, true
	}
	return t.db.Identity(o)
}

// secret reads or makes the node's key: 32 random bytes, and 16 that were its
// first incarnation.
func (db *DB) secret(used bool) ([]byte, error) {
	if m := db.memory; m != nil {
		if m.secret == nil {
			m.secret = make([]byte, 48)
			if _, err := io.ReadFull(db.random(), m.secret); err != nil {
				return nil, err
			}
		}
		return m.secret, nil
	}
	path := filepath.Join(db.dir, "node.key")
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && !db.readOnly {
		if used {
			db.log.Warn("the node key is missing: this becomes another node")
		}
		b = make([]byte, 48)
		_, _ = rand.Read(b) // never fails
		err = writeSynced(path, b)
	}
	if err != nil {
		return nil, fmt.Errorf("node key: %w", err)
	}
	if len(b) != 48 {
		return nil, desk.Damaged("the node key has %d bytes and not 48", len(b))
	}
	return b, nil
}

// NewIncarnation makes the key file of a node that is restored into an empty
// folder: its key as it was, and an incarnation of its own.
func NewIncarnation(dir string, seed []byte) error {
	b := append([]byte(nil), seed...)
	b = append(b, make([]byte, 16)...)
	_, _ = rand.Read(b[32:]) // never fails
	return writeSynced(filepath.Join(dir, "node.key"), b)
}

func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// identify reads who this node is and all whom it has met.
func (db *DB) identify(r *Reader, used bool) error {
	b, err := db.secret(used)
	if err != nil {
		return err
	}
	db.key = ed25519.NewKeyFromSeed(b[:32])
	own := Identity{Incarnation: [16]byte(b[32:])}
	copy(own.Key[:], db.key[32:])
	later, err := r.get(incarnationKey)
	if err != nil {
		return err
	}
	if len(later) == 16 {
		copy(own.Incarnation[:], later)
	}
	db.identities = map[desk.Origin]Identity{}
	for k, err := range r.scan([]byte{tableIdentity}, nil, false, true) {
		if err != nil {
			return err
		}
		var id Identity
		if err := cbor.Unmarshal(k.Value, &id); err != nil || len(k.Key) != 9 || identityKey(id.Origin()) == nil || string(identityKey(id.Origin())) != string(k.Key) {
			return desk.Damaged("the identity of origin %x", k.Key[1:])
		}
		db.identities[id.Origin()] = id
		if id.Key == own.Key {
			own.Cert, own.Coordinator = id.Cert, id.Coordinator
		}
	}
	db.origin = own.Origin()
	if _, ok := db.identities[db.origin]; !ok {
		db.identities[db.origin] = own
	}
	return nil
}

func (db *DB) random() io.Reader {
	if db.memory != nil && db.memory.Rand != nil {
		return db.memory.Rand
	}
	return rand.Reader
}

var incarnationKey = tableKey(tableMeta, []byte("incarnation"))

// incarnate begins a new incarnation in a transaction.
func (t *Tx) incarnate() error {
	own, _ := t.identity(t.origin)
	if err := t.introduce(own); err != nil { // who wrote what came before stays known
		return err
	}
	if _, err := io.ReadFull(t.db.random(), own.Incarnation[:]); err != nil {
		return err
	}
	t.p.Set(incarnationKey, own.Incarnation[:])
	t.origin = own.Origin()
	return t.introduce(own)
}

// Certify gives this node the certificate that the site has signed for its key.
func (db *DB) Certify(ctx context.Context, cert []byte, coordinator bool) error {
	return db.Change(ctx, func(t *Tx) error {
		for o, id := range db.Identities() {
			if string(id.Key[:]) == string(db.key[32:]) {
				id.Cert, id.Coordinator = cert, coordinator
				if err := t.introduce(id); err != nil {
					return fmt.Errorf("certify origin %016x: %w", uint64(o), err)
				}
			}
		}
		return nil
	})
}
