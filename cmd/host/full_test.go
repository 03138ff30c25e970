package host

import (
	"context"
	"sync/atomic"
	"testing"

	"punto/app"
	"punto/app/desk"
)

// The disk of one of two workstations fills: its desk can be read and signed in to,
// refuses files first and then every change with its code, and takes nothing from
// the other; the peering stays. With room all goes on by itself.
func TestADeskOnAFullDiskIsReadAndGoesOn(t *testing.T) {
	a := founded(t)
	b := a.join(t, "ventanilla")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	var free atomic.Uint64
	const all, plenty = 100 << 30, 50 << 30
	free.Store(plenty)
	var err error
	if b.Host, err = OpenWith(t.Context(), b.dir, testLog(t), Options{Network: true, Version: "prueba", measure: func(string) (uint64, uint64, error) { return free.Load(), all, nil }}); err != nil {
		t.Fatal(err)
	}
	first := a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "antes"}})
	until(t, "the same on both", func() bool { return alike(t, a, b) })

	try := func(c app.Command) app.Code {
		_, err := b.Do(b.admin(t), c)
		if err == nil {
			return ""
		}
		return app.CodeOf(err)
	}
	file := app.AttachFile{Case: first.ID, Name: "foto.png", Content: []byte("foto")}
	note := app.AddNote{Case: first.ID, Text: "con poco espacio"}
	free.Store(400 << 20)
	if x := b.site(t).Room; !x.Low || x.Full || try(file) != app.DiskFull || try(note) != "" {
		t.Errorf("with little room: %+v", x)
	}
	free.Store(100 << 20)
	if x := b.site(t).Room; !x.Full || try(note) != app.DiskFull || try(file) != app.DiskFull {
		t.Errorf("with none: %+v", x)
	}
	until(t, "the note is at the other", func() bool { return alike(t, a, b) })
	for range 5 {
		a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "mientras"}})
	}
	if _, err := b.Do(context.Background(), app.SignIn{Login: "admin", Password: "cobre y sal"}); err != nil {
		t.Error("who may read cannot sign in:", err)
	}
	until(t, "the full one knows what it lacks", func() bool {
		for _, n := range b.site(t).Nodes {
			if !n.Me && n.Alive && n.Ahead >= 5 {
				return true
			}
		}
		return false
	})
	if n := b.db.Vector()[a.db.Origin()]; n >= a.db.Vector()[a.db.Origin()] {
		t.Error("it has taken events without room for them")
	}
	free.Store(plenty)
	until(t, "the same on both again", func() bool { return alike(t, a, b) })
	if try(note) != "" || try(file) != "" {
		t.Error("it does not go on")
	}
}
