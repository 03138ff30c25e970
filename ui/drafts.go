package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"punto/app/desk"
)

// draft is a case while it is being told. It is kept in the window's own file,
// so that it outlives a kill of the window and of the engine.
type draft struct {
	ID       desk.ID     `json:"id"`
	Number   desk.Number `json:"number"`
	Owner    desk.ID     `json:"owner"`
	Begun    time.Time   `json:"begun"`
	Shown    time.Time   `json:"shown,omitzero"` // last brought into the form
	Person   desk.ID     `json:"person,omitzero"`
	Name     string      `json:"name,omitempty"` // of the person, or what was typed
	Who      string      `json:"who,omitempty"`
	What     string      `json:"what,omitempty"`
	Category string      `json:"category,omitempty"`
	Impact   int         `json:"impact,omitempty"`
	Urgency  int         `json:"urgency,omitempty"`
	Text     string      `json:"text,omitempty"`
	Article  desk.ID     `json:"article,omitzero"`
	Call     call        `json:"call,omitzero"`
}

// call is the manual call of a draft. A zero time has not happened.
type call struct {
	ID       string        `json:"id,omitempty"`
	Came     time.Time     `json:"came,omitzero"`
	Answered time.Time     `json:"answered,omitzero"`
	HeldAt   time.Time     `json:"held_at,omitzero"`
	Held     time.Duration `json:"held,omitempty"`
	Ended    time.Time     `json:"ended,omitzero"`
	Holds    int           `json:"holds,omitempty"`
}

// drafts is the file of all drafts of this workstation.
type drafts struct {
	file  string
	list  []*draft
	dirty bool
	saved time.Time
}

func openDrafts(file string) (*drafts, error) {
	d := &drafts{file: file}
	if file == "" {
		return d, nil
	}
	b, err := os.ReadFile(file) //nolint:gosec // the program names the file
	if errors.Is(err, os.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the drafts: %w", err)
	}
	if err := json.Unmarshal(b, &d.list); err != nil { // keep what cannot be read, and begin anew
		if err := os.Rename(file, file+".damaged"); err != nil {
			return nil, fmt.Errorf("set the damaged drafts aside: %w", err)
		}
		d.list = nil
	}
	return d, nil
}

// save writes the drafts if they changed: whole, synced, and then put in the
// place of the file.
func (d *drafts) save(now time.Time) error {
	if !d.dirty {
		return nil
	}
	d.dirty, d.saved = false, now
	if d.file == "" {
		return nil
	}
	b, err := json.Marshal(d.list)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(d.file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(d.file), "drafts-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), d.file)
	}
	if err != nil {
		d.dirty = true
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func (d *drafts) remove(x *draft) {
	for i, y := range d.list {
		if x == y {
			d.list = append(d.list[:i:i], d.list[i+1:]...)
			d.dirty = true
			return
		}
	}
}
