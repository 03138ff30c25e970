package secret_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"punto/app/secret"
)

func TestASecretIsForWhomItWasSealed(t *testing.T) {
	var pub []ed25519.PublicKey
	var key []ed25519.PrivateKey
	for range 3 {
		p, k, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		pub, key = append(pub, p), append(key, k)
	}
	const word = "clave ñ 123"
	b, err := secret.Seal(word, pub[:2]...)
	if err != nil || bytes.Contains(b, []byte("clave")) {
		t.Fatalf("it was sealed as %q, %v", b, err)
	}
	for i, k := range key {
		got, err := secret.Open(b, k)
		if i < 2 && (got != word || err != nil) || i == 2 && (got != "" || err == nil) {
			t.Errorf("workstation %d opens %q, %v", i, got, err)
		}
	}
	for i := range b {
		x := bytes.Clone(b)
		x[i] ^= 1
		if got, err := secret.Open(x, key[0]); err == nil && got != word {
			t.Fatalf("with byte %d changed it is %q", i, got)
		}
	}
	if _, err := secret.Seal(word); err == nil {
		t.Error("it was sealed for nobody")
	}
	if _, err := secret.Open(nil, nil); err == nil {
		t.Error("nothing was opened with no key")
	}
}
