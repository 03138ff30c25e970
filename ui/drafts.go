package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"punto/app/desk"
)

// draft is a case while it is being told, or what was half typed on one that
// stands. It is kept in the window's own file, so that it outlives a kill of the
// window and of the engine, and only its owner sees it.
type draft struct {
	ID       desk.ID     `json:"id,omitzero"`      // of the case to be; zero until something is told
	Number   desk.Number `json:"number,omitempty"` // taken with the ID
	Owner    desk.ID     `json:"owner"`
	Case     desk.ID     `json:"case,omitzero"`  // half typed on this case; zero = a case to be
	Kind     string      `json:"kind,omitempty"` // what was half typed: "note", "solve" and so on
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
	Solution string      `json:"solution,omitempty"` // as typed so far
	Article  desk.ID     `json:"article,omitzero"`   // the document that solves it: somebody chose to use it
	Title    string      `json:"title,omitempty"`    // of that document
	Call     call        `json:"call,omitzero"`

	taking  bool     // its number is on its way
	waiting []func() // for the number
	seeking int      // the look for the caller named in Who that runs; 0 = none
	settled []func() // after that
	doubt   string   // the Who that nobody is called: a second Enter registers it
}

// empty tells that nothing was told yet.
func (d *draft) empty() bool {
	return d.Who == "" && d.What == "" && d.Category == "" && d.Text == "" && d.Solution == "" && d.Impact == 0 && d.Urgency == 0 &&
		d.Person.IsZero() && d.Article.IsZero() && d.Call.Came.IsZero()
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

// drafts is the file of all drafts of this workstation, in the order in which
// they were begun.
type drafts struct {
	file  string
	list  []*draft
	dirty bool
	saved time.Time
}

// CheckDrafts tells whether a file of drafts can be opened, and sets a damaged one
// aside.
func CheckDrafts(file string) error {
	_, err := openDrafts(file)
	return err
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
	if err := writeWhole(d.file, b); err != nil {
		d.dirty = true
		return err
	}
	return nil
}

// of are the cases that an agent is telling.
func (d *drafts) of(owner desk.ID) (own []*draft) {
	for _, x := range d.list {
		if x.Owner == owner && x.Case.IsZero() {
			own = append(own, x)
		}
	}
	return own
}

// newest is the one of an agent's that was in the form last; nil = none.
func (d *drafts) newest(owner desk.ID) (last *draft) {
	for _, x := range d.of(owner) {
		if last == nil || x.Shown.After(last.Shown) {
			last = x
		}
	}
	return last
}

// half is what an agent has half typed on a case; nil = nothing.
func (d *drafts) half(owner, on desk.ID, kind string) *draft {
	for _, x := range d.list {
		if x.Owner == owner && x.Case == on && x.Kind == kind && !on.IsZero() {
			return x
		}
	}
	return nil
}

// keepHalf keeps what was half typed on a case; "" forgets it.
func (d *drafts) keepHalf(owner, on desk.ID, kind, text string, now time.Time) {
	x := d.half(owner, on, kind)
	switch {
	case text == "" && x != nil:
		d.remove(x)
	case text != "" && x == nil:
		d.list = append([]*draft{{Owner: owner, Case: on, Kind: kind, Text: text, Begun: now}}, d.list...)
		d.dirty = true
	case text != "" && x.Text != text:
		x.Text, d.dirty = text, true
	}
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
