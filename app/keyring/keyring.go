// Package keyring keeps passwords of other systems for the workstations of the site: it
// knows who they are, seals for all of them, and opens with the key of this one. What
// sealing is, app/secret says.
package keyring

import (
	"context"
	"crypto/ed25519"
	"slices"
	"strings"
	"sync/atomic"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/secret"
)

// ownKey is the key of this workstation; nil = it can open no secret.
type ownKey struct {
	atomic.Pointer[ed25519.PrivateKey]
}

// SetKey tells an engine the key of its workstation, by which passwords are opened.
func SetKey(e *engine.Engine, key ed25519.PrivateKey) { engine.StateOf[ownKey](e).Store(&key) }

func keyOf(e *engine.Engine) ed25519.PrivateKey {
	if k := engine.StateOf[ownKey](e).Load(); k != nil {
		return *k
	}
	return nil
}

// Open opens a password with the key of this workstation; secret.ErrNotForUs.
func Open(e *engine.Engine, sealed []byte) (string, error) { return secret.Open(sealed, keyOf(e)) }

// Seal seals a password for this workstation and all members of the site, and tells who
// they are.
func Seal(o *engine.Op, password string) (sealed []byte, forWhom []desk.ID, err error) {
	keys, forWhom, err := members(o.Engine, o.Names)
	if err != nil {
		return nil, nil, err
	}
	if keys == nil {
		return nil, nil, app.Fail(app.Unavailable, "this desk keeps no passwords of other systems: do it in the window or the service")
	}
	sealed, err = secret.Seal(password, keys...)
	if err != nil {
		return nil, nil, app.About("password", app.Fail(app.Invalid, "the password cannot be kept: write one of at most %d bytes", secret.Most))
	}
	return sealed, forWhom, nil
}

// members are the workstations that are of the site, and this one; no keys where this one
// has none. They are in the order of their ids.
func members(e *engine.Engine, n *engine.Names) (keys []ed25519.PublicKey, ids []desk.ID, err error) {
	own := keyOf(e)
	if own == nil {
		return nil, nil, nil
	}
	pub, _ := own.Public().(ed25519.PublicKey)
	keys = []ed25519.PublicKey{pub}
	for x, err := range records.Each[desk.Node](n, desk.NodeType) {
		if err != nil {
			return nil, nil, err
		}
		if x.Of.RevokedAt == 0 && len(x.Of.Key) == ed25519.PublicKeySize && !pub.Equal(ed25519.PublicKey(x.Of.Key)) {
			keys = append(keys, x.Of.Key)
		}
	}
	for _, k := range keys {
		ids = append(ids, desk.NodeID(k))
	}
	slices.SortFunc(ids, func(a, b desk.ID) int { return strings.Compare(string(a[:]), string(b[:])) })
	return keys, ids, nil
}

// Kept is a record with a password: what was sealed for whom.
type Kept struct {
	Sealed []byte
	For    []desk.ID
}

// Renew seals passwords again where members of the site are missing among those that can
// open them: a workstation that joined. It does so where this workstation coordinates,
// which alone may write such records with nobody signed in, and can open them. List names the records that have one, and save keeps one anew; they
// are called in a transaction each.
func Renew(ctx context.Context, e *engine.Engine, list func(*engine.Names) (map[desk.ID]Kept, error), save func(*engine.Op, desk.ID, Kept) error) error {
	if keyOf(e) == nil {
		return nil
	}
	var late []desk.ID
	err := e.Look(ctx, engine.AsDesk(), func(l *engine.Look) error {
		if does, err := records.Coordinates(l.Names); err != nil || !does {
			return err
		}
		_, ids, err := members(e, l.Names)
		if err != nil {
			return err
		}
		all, err := list(l.Names)
		for id, k := range all {
			if missing(k.For, ids) {
				late = append(late, id)
			}
		}
		return err
	})
	if err != nil || len(late) == 0 {
		return err
	}
	_, err = e.Update(ctx, engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
		all, err := list(o.Names)
		if err != nil {
			return app.Receipt{}, err
		}
		_, ids, err := members(e, o.Names)
		if err != nil {
			return app.Receipt{}, err
		}
		for _, id := range late {
			k := all[id]
			if !missing(k.For, ids) {
				continue
			}
			word, err := Open(e, k.Sealed)
			if err != nil {
				continue // somebody else's turn, or an administrator's
			}
			if k.Sealed, k.For, err = Seal(o, word); err != nil {
				return app.Receipt{}, err
			}
			if err := save(o, id, k); err != nil {
				return app.Receipt{}, err
			}
		}
		return app.Receipt{}, nil
	})
	return err
}

// missing tells whether somebody of ids is not among those that can open a password.
func missing(can, ids []desk.ID) bool {
	return len(can) > 0 && slices.ContainsFunc(ids, func(id desk.ID) bool { return !slices.Contains(can, id) })
}
