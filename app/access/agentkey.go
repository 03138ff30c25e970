package access

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rights"
)

// An agent with a password has a key of its own. The private half is sealed under
// the password; signing in opens it and signs that this agent works on this
// workstation. Only then does what the workstation writes in the agent's name
// count, anywhere: a workstation whose program lies can speak for those who have
// signed in there, and for nobody else.

// Secrets: 16 bytes of salt and 32 of check, of versions before agents had keys;
// or a byte 1, the salt, and the check, where the same derivation gives a sealing
// key too. argon2id with 64 MiB and 3 passes (RFC 9106, second recommended option
// with one lane more): about 0.1 s on a workstation.
const (
	argonTime, argonMemory, argonLanes = 3, 64 << 10, 2
	saltLen, keyLen                    = 16, 32
	secretVersion                      = 1
)

// hashPassword makes the stored secret, and the key that seals the agent's own.
func hashPassword(ctx context.Context, e *engine.Engine, password string) (secret, seal []byte, err error) {
	salt := make([]byte, saltLen)
	if _, err := io.ReadFull(e.Random, salt); err != nil {
		return nil, nil, fmt.Errorf("make a salt: %w", err)
	}
	k, err := deriveKey(ctx, e, password, salt, 2*keyLen)
	if err != nil {
		return nil, nil, err
	}
	secret = append([]byte{secretVersion}, salt...)
	return append(secret, k[:keyLen]...), k[keyLen:], nil
}

// nobody is the salt of those who have no password: to refuse them takes the work
// of any other refusal, so that nobody learns who has one.
var nobody = make([]byte, saltLen)

// checkPassword tells whether a password is right; seal is nil for a secret of
// before.
func checkPassword(ctx context.Context, e *engine.Engine, secret []byte, password string) (seal []byte, ok bool, err error) {
	salt, want, n := nobody, []byte(nil), 2*keyLen
	switch {
	case len(secret) == saltLen+keyLen:
		salt, want, n = secret[:saltLen], secret[saltLen:], keyLen
	case len(secret) == 1+saltLen+keyLen && secret[0] == secretVersion:
		salt, want = secret[1:1+saltLen], secret[1+saltLen:]
	}
	k, err := deriveKey(ctx, e, password, salt, n)
	if err != nil || want == nil || subtle.ConstantTimeCompare(k[:keyLen], want) != 1 {
		return nil, false, err
	}
	if n == keyLen {
		return nil, true, nil
	}
	return k[keyLen:], true, nil
}

// GivePassword gives an agent a password: the key stays when its private half is
// at hand, else there is a new one, and the agent signs in anew everywhere.
func GivePassword(ctx context.Context, e *engine.Engine, a *desk.Agent, password string, private ed25519.PrivateKey) error {
	secret, seal, err := hashPassword(ctx, e, password)
	if err != nil {
		return err
	}
	if private == nil {
		seed := make([]byte, ed25519.SeedSize)
		if _, err := io.ReadFull(e.Random, seed); err != nil {
			return err
		}
		private = ed25519.NewKeyFromSeed(seed)
	}
	sealed, err := sealKey(private, seal, e.Random)
	if err != nil {
		return err
	}
	pub, _ := private.Public().(ed25519.PublicKey)
	a.Secret, a.Key, a.Sealed = secret, pub, sealed
	return nil
}

func sealer(key []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

func sealKey(k ed25519.PrivateKey, seal []byte, random io.Reader) ([]byte, error) {
	g, err := sealer(seal)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, g.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, err
	}
	return g.Seal(nonce, nonce, k.Seed(), nil), nil
}

// openKey opens the private key of an agent whose password was right.
func openKey(a desk.Agent, seal []byte) (ed25519.PrivateKey, error) {
	if len(a.Key) == 0 || seal == nil {
		return nil, nil
	}
	g, err := sealer(seal)
	if err != nil {
		return nil, err
	}
	if len(a.Sealed) < g.NonceSize() {
		return nil, errors.New("the key of the agent is cut")
	}
	seed, err := g.Open(nil, a.Sealed[:g.NonceSize()], a.Sealed[g.NonceSize():], nil)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("open the key of the agent: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// present has the agent sign that it works on this workstation, once for each key.
func present(o *engine.Op, agent desk.ID, private ed25519.PrivateKey) error {
	me := o.Me()
	pub, _ := private.Public().(ed25519.PublicKey)
	if o.Rights.Bound(agent, me, string(pub)) {
		return nil
	}
	o.Session = engine.Session{Agent: agent, Role: o.Rights.Role(agent)}
	return o.Emit(desk.AgentPresent, desk.Entity{Type: desk.AgentType, ID: agent},
		desk.Presence{Node: me, Sign: ed25519.Sign(private, rights.Presence(agent, me, pub))})
}
