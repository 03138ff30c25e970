// Package chart draws the report's charts on a scene: sparkline, line against a
// target, Pareto bars, track, columns by day, heat map, and the marks of state.
//
// It never decides what is good or bad and never words anything: callers hand
// in numbers, finished labels and states. It promises to stay inside the area
// that it is given and to draw the same from the same values.
package chart

import (
	"cmp"
	"maps"
	"slices"

	"punto/reports/scene"
)

// Area and text colours of the printed page (the light theme of the desk).
var (
	Ink      = rgb(0x14213d)
	Body     = rgb(0x1f2937)
	Muted    = rgb(0x566173)
	Hair     = rgb(0xd9dfe7)
	RowLine  = rgb(0xe3e8ee)
	Ground   = rgb(0xf3f5f8)
	Accent   = rgb(0x0b5a94)
	Failure  = rgb(0xb1370a)
	FailBack = rgb(0xfdeae2)
	Watch    = rgb(0x855600)
	WatchFil = rgb(0xc98500)
	Fine     = rgb(0x0a6e4b)
	FineBack = rgb(0xe3f4ec)
	Track    = rgb(0xe1e7ee)
	Others   = rgb(0xaab6c6)
	White    = rgb(0xffffff)
	OnStrong = rgb(0x14202f) // numbers on the fourth step of a heat map
)

func rgb(v uint32) scene.Color { return scene.Color{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v)} }

// heat is the scale of five steps, light to strong.
func heat(step int) scene.Color {
	return [...]scene.Color{rgb(0xf3f7fb), rgb(0xd6e6f3), rgb(0xa9cbe4), rgb(0x5f9dc9), Accent}[min(max(step, 0), 4)]
}

// Dark is the colour of a screen at night for each of those of paper; one that it does not
// know stays as it is. White is what stands behind or on strong colours.
func Dark(c scene.Color) scene.Color {
	if d, ok := night[c]; ok {
		return d
	}
	return c
}

var night = map[scene.Color]scene.Color{
	Ink: rgb(0xf1f5f9), Body: rgb(0xe2e8f0), Muted: rgb(0x9fb0c5), Hair: rgb(0x2a3a53), RowLine: rgb(0x1f2c42), Ground: rgb(0x0d1522),
	Accent: rgb(0x6db5ea), Failure: rgb(0xff9a70), FailBack: rgb(0x3a211b), Watch: rgb(0xf2c14e), WatchFil: rgb(0xc98500), Fine: rgb(0x5cd6a2),
	FineBack: rgb(0x13312a), Track: rgb(0x2a3a53), Others: rgb(0x51627c), White: rgb(0x0a1220), OnStrong: rgb(0x0a1220),
	heat(0): rgb(0x17304d), heat(1): rgb(0x244a6d), heat(2): rgb(0x2f5a80), heat(3): rgb(0x5497c8),
}

// Night tells the colours that Dark changes, in a fixed order.
func Night() []scene.Color {
	return slices.SortedFunc(maps.Keys(night), func(a, b scene.Color) int {
		return cmp.Or(cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
}

// State is how a figure stands; the zero value is Neutral (not judged).
type State uint8

// The states, each with its own shape so that grey print loses nothing.
const (
	Neutral State = iota // hollow disc
	Met                  // disc with a tick
	AtRisk               // triangle with an exclamation mark
	Missed               // square with a cross
)

// Solid is the colour of shapes and tracks in the state.
func (s State) Solid() scene.Color { return [...]scene.Color{Others, Fine, WatchFil, Failure}[s&3] }

// Text is the colour of words and values in the state: only what is at risk or
// missed is coloured.
func (s State) Text() scene.Color { return [...]scene.Color{Muted, Body, Watch, Failure}[s&3] }
