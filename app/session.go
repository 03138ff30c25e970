package app

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"punto/app/desk"
)

// session is one signed-in agent. The owner's session is that of the process
// that holds the data folder: whoever can read the folder owns the desk, so it
// adds no right that reading the files would not give.
type session struct {
	agent desk.ID
	role  desk.Role
	since time.Time
}

// argon2id with 64 MiB and 3 passes (RFC 9106, second recommended option with
// one lane more): about 0.1 s on a workstation.
const (
	argonTime, argonMemory, argonLanes = 3, 64 << 10, 2
	saltLen, keyLen                    = 16, 32
)

// hashPassword makes the stored secret: salt, then the argon2id key.
func hashPassword(password string, random io.Reader) ([]byte, error) {
	salt := make([]byte, saltLen, saltLen+keyLen)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, fmt.Errorf("make a salt: %w", err)
	}
	return append(salt, argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, keyLen)...), nil
}

func checkPassword(secret []byte, password string) bool {
	if len(secret) != saltLen+keyLen {
		return false
	}
	key := argon2.IDKey([]byte(password), secret[:saltLen], argonTime, argonMemory, argonLanes, keyLen)
	return subtle.ConstantTimeCompare(key, secret[saltLen:]) == 1
}

// newToken is 128 random bits; newPassword 60 bits in letters that nobody
// mistakes for others.
func newToken() string { return hex.EncodeToString(randomBytes(16)) }

func newPassword() string {
	const letters = "abcdefghjkmnpqrstvwxyz23456789ABC" // 32 letters used
	var b strings.Builder
	for i, x := range randomBytes(12) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[x%32])
	}
	return b.String()
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}

// tries slows password guessing down: the delay doubles with each failure and
// never becomes permanent.
type tries struct {
	failures int
	until    time.Time
}

func (t *tries) failed(now time.Time) {
	t.failures++
	if t.failures >= 3 {
		t.until = now.Add(min(time.Second<<min(t.failures-3, 9), 5*time.Minute))
	}
}
