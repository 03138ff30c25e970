package app

import (
	"strings"
	"time"

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

// newPassword is 60 bits in letters that nobody mistakes for others.
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
