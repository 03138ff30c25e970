// Package secret seals what only workstations of the site may read, such as the
// password of an account of another system: it travels and lies sealed, and each
// workstation opens it with its own key.
//
// It is pure: keys in, bytes out. It keeps and logs nothing.
package secret

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Most is how many bytes a secret may have.
const Most = 1_000

// ErrNotForUs says that a secret was not sealed for this workstation, or was changed.
var ErrNotForUs = errors.New("the secret was not sealed for this workstation: write it again on one of the site")

// Seal seals a secret for the workstations with those keys; there must be one.
func Seal(text string, keys ...ed25519.PublicKey) ([]byte, error) {
	if len(text) > Most {
		return nil, fmt.Errorf("the secret is longer than %d bytes", Most)
	}
	var to []age.Recipient
	for _, k := range keys {
		p, err := ssh.NewPublicKey(k)
		if err != nil {
			return nil, fmt.Errorf("seal a secret: %w", err)
		}
		r, err := agessh.NewEd25519Recipient(p)
		if err != nil {
			return nil, fmt.Errorf("seal a secret: %w", err)
		}
		to = append(to, r)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to...)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("seal a secret: %w", err)
	}
	return b.Bytes(), nil
}

// Open opens what Seal has sealed for this key; ErrNotForUs.
func Open(sealed []byte, key ed25519.PrivateKey) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", ErrNotForUs
	}
	id, err := agessh.NewEd25519Identity(key)
	if err != nil {
		return "", ErrNotForUs
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		return "", ErrNotForUs
	}
	b, err := io.ReadAll(io.LimitReader(r, Most+1))
	if err != nil || len(b) > Most {
		return "", ErrNotForUs
	}
	return string(b), nil
}
