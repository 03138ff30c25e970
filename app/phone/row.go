package phone

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"punto/app/table"
)

// RowError is one row that could not be read, or that is no call.
type RowError = table.RowError

// Limits of what a row may hold: bytes of a row, bytes of an id, bytes of any
// other field, and the longest duration believed.
const (
	maxLine     = 64 << 10
	maxID       = 128
	maxField    = 512
	maxDuration = 10 * 24 * time.Hour
)

// field cleans a field and refuses one that is longer than the limit in bytes.
func field(what, s string, limit int) (string, error) {
	s = table.Text(s)
	if len(s) > limit {
		return "", fmt.Errorf("the %s is %d bytes long: at most %d are taken", what, len(s), limit)
	}
	return s, nil
}

// seconds reads a whole number of seconds, zero to maxDuration.
func seconds(s string) (time.Duration, error) { return span(s, time.Second) }

// millis reads a whole number of milliseconds.
func millis(s string) (time.Duration, error) { return span(s, time.Millisecond) }

func span(s string, unit time.Duration) (time.Duration, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > int64(maxDuration/unit) {
		return 0, fmt.Errorf("%q is no duration: a whole number of units of %v up to %v is expected", cut(s), unit, maxDuration)
	}
	return time.Duration(n) * unit, nil
}

// cut shortens what a message quotes of a row.
func cut(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
