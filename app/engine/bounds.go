package engine

import (
	"errors"
	"strings"

	"punto/app"
	"punto/app/desk"
)

// fit refuses a command or query with a value outside its bounds.
func fit(v any) error {
	var m *desk.Misfit
	if errors.As(desk.Door.Fit(v), &m) {
		e := app.Fail(app.Invalid, m.Form, m.Args...).(*app.Error)
		e.Field = strings.ToLower(m.Field)
		return e
	}
	return nil
}

// FitRow tells why a row of an import does not go in; "" when it does.
func FitRow(parts ...any) string {
	for _, v := range parts {
		if err := desk.Door.Fit(v); err != nil {
			return err.Error()
		}
	}
	return ""
}

// Line is the line of the i-th row of an import in its file; counted from 1 where the
// import does not tell lines.
func Line(lines []int, i int) int {
	if i < len(lines) {
		return lines[i]
	}
	return i + 1
}

// MaxBatch is how many rows one command may bring, and how many one commit of a duty
// may write.
const MaxBatch = 10_000

// Batch refuses more rows than one command may bring.
func Batch(n int) error {
	if n > MaxBatch {
		return app.Fail(app.Invalid, "%d rows at once are too many: send at most %d a command", n, MaxBatch)
	}
	return nil
}
