package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// TestMain is the program itself where PUNTO_FRAMES names a file, to which it then
// writes how long Fyne's goroutine kept others waiting; with PUNTO_EMPTY it is a window
// with one word in it.
func TestMain(m *testing.M) {
	file := os.Getenv("PUNTO_FRAMES")
	switch {
	case os.Getenv("PUNTO_EMPTY") != "":
		w := fyneapp.NewWithID("punto").NewWindow("Punto")
		w.SetContent(widget.NewLabel("Punto"))
		w.Resize(fyne.NewSize(1366, 768))
		w.ShowAndRun()
	case file != "":
		go frames(file)
		main()
	default:
		os.Exit(m.Run())
	}
}

// frames waits its turn on Fyne's goroutine again and again. A line is the Unix
// milliseconds at which a wait began and its microseconds; those under 5 ms are left out.
func frames(file string) {
	f, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	time.Sleep(time.Second) // the window is not there before
	for {
		done := make(chan struct{})
		from := time.Now()
		fyne.Do(func() { close(done) })
		glfw.PostEmptyEvent() // the window may sleep
		<-done
		if d := time.Since(from); d >= 5*time.Millisecond {
			if _, err := fmt.Fprintln(f, from.UnixMilli(), d.Microseconds()); err != nil {
				panic(err)
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
}
