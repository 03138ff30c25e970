package phone

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"punto/app/desk"
	"punto/app/table"
)

// RowError is one row that could not be read, or that is no call.
type RowError = table.RowError

// Limits of what a source may tell.
const (
	MaxID       = 128                 // bytes of an id, a queue, an agent
	MaxField    = 512                 // bytes of any other text
	MaxDuration = 10 * 24 * time.Hour // the longest duration believed
	maxLine     = 64 << 10            // bytes of a row
)

// Field cleans a field and refuses one that is longer than the limit in bytes.
func Field(what, s string, limit int) (string, error) {
	s = table.Text(s)
	if len(s) > limit {
		return "", fmt.Errorf("the %s is %d bytes long: at most %d are taken", what, len(s), limit)
	}
	return s, nil
}

// seconds reads a whole number of seconds, zero to MaxDuration.
func seconds(s string) (time.Duration, error) { return span(s, time.Second) }

// millis reads a whole number of milliseconds.
func millis(s string) (time.Duration, error) { return span(s, time.Millisecond) }

func span(s string, unit time.Duration) (time.Duration, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > int64(MaxDuration/unit) {
		return 0, fmt.Errorf("%q is no duration: a whole number of units of %v up to %v is expected", Cut(s), unit, MaxDuration)
	}
	return time.Duration(n) * unit, nil
}

// Cut shortens what a message quotes of a row.
func Cut(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// epoch reads seconds since 1970 with up to nine digits of a fraction.
func epoch(s string) (time.Time, bool) {
	whole, part, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseUint(whole, 10, 40)
	if err != nil || len(whole) < 9 || len(part) > 9 {
		return time.Time{}, false
	}
	nano := uint64(0)
	if part != "" {
		if nano, err = strconv.ParseUint(part+"000000000"[len(part):], 10, 32); err != nil {
			return time.Time{}, false
		}
	}
	return time.Unix(int64(sec), int64(nano)), true // 40 and 32 bits
}

// checked tells why a text is no time.
func checked(t time.Time, ok bool, s string) error {
	switch {
	case !ok:
		return fmt.Errorf("%q is no time such as 2026-11-22 22:58:55", Cut(s))
	case !desk.ValidAt(t.UnixMilli()):
		return fmt.Errorf("%q is not between the years 1970 and 2199", Cut(s))
	}
	return nil
}
