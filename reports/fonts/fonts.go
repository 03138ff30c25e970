// Package fonts carries the letters of the printed report: Noto Sans in three
// faces and Inter for the few signs that Noto lacks (both SIL OFL 1.1, licences
// beside them).
//
// It never parses, changes or looks for fonts on the machine. It promises that
// every caller gets its own copy of the bytes, so that no renderer can spoil
// those of another.
package fonts

import _ "embed" // the faces are part of the program

//go:embed NotoSans-Regular.ttf
var regular string

//go:embed NotoSans-Bold.ttf
var bold string

//go:embed NotoSans-Italic.ttf
var italic string

//go:embed Inter-Regular.ttf
var symbols string

// Regular returns a fresh copy of Noto Sans Regular.
func Regular() []byte { return []byte(regular) }

// Bold returns a fresh copy of Noto Sans Bold.
func Bold() []byte { return []byte(bold) }

// Italic returns a fresh copy of Noto Sans Italic.
func Italic() []byte { return []byte(italic) }

// Symbols returns a fresh copy of Inter Regular, the fallback for signs such as
// ≥ ≤ − that Noto Sans does not have.
func Symbols() []byte { return []byte(symbols) }
