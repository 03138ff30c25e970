package main

import (
	"runtime"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// titleBar is what the window system puts above a window.
const titleBar = 32

// onScreen is a size cut to the room that the main screen has for a window, in the
// pixels of the window's content: a screen of 1366 by 768 at 150 % has 910 by 512.
// Call it on Fyne's goroutine.
func onScreen(win fyne.Window, want fyne.Size) fyne.Size {
	m := glfw.GetPrimaryMonitor()
	scale := win.Canvas().Scale()
	if m == nil || scale <= 0 {
		return want
	}
	if runtime.GOOS == "darwin" { // there the area is in pixels of the content
		scale = 1
	}
	_, _, w, h := m.GetWorkarea()
	if w <= 0 || h <= titleBar {
		return want
	}
	return fyne.NewSize(min(want.Width, float32(w)/scale), min(want.Height, float32(h-titleBar)/scale))
}
