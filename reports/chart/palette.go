// Package chart draws the report's charts on a scene: sparkline, line against a
// target, Pareto bars, track, columns by day, heat map, and the marks of state.
//
// It never decides what is good or bad and never words anything: callers hand
// in numbers, finished labels and states. It promises to stay inside the area
// that it is given and to draw the same from the same values.
package chart

import "punto/reports/scene"

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
)

func rgb(v uint32) scene.Color { return scene.Color{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v)} }

// heat is the scale of five steps, light to strong.
func heat(step int) scene.Color {
	return [...]scene.Color{rgb(0xf3f7fb), rgb(0xd6e6f3), rgb(0xa9cbe4), rgb(0x5f9dc9), Accent}[min(max(step, 0), 4)]
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
