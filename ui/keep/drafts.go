// Package keep holds what one workstation's window keeps for itself, beside the
// desk: the drafts of its agents, and how each of them likes the window. No other
// workstation sees it, and no event tells of it.
package keep

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"punto/app/desk"
)

// Draft is a case while it is being told, or what was half typed on one that
// stands. It is kept in the window's own file, so that it outlives a kill of the
// window and of the engine, and only its owner sees it.
type Draft struct {
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
	Call     Call        `json:"call,omitzero"`
}

// Empty tells that nothing was told yet.
func (d *Draft) Empty() bool {
	return d.Who == "" && d.What == "" && d.Category == "" && d.Text == "" && d.Solution == "" && d.Impact == 0 && d.Urgency == 0 &&
		d.Person.IsZero() && d.Article.IsZero() && d.Call.Came.IsZero()
}

// Call is the manual call of a draft. A zero time has not happened.
type Call struct {
	ID       string        `json:"id,omitempty"`
	PBX      string        `json:"pbx,omitempty"` // whose call it is; "" = by hand
	Came     time.Time     `json:"came,omitzero"`
	Answered time.Time     `json:"answered,omitzero"`
	HeldAt   time.Time     `json:"held_at,omitzero"`
	Held     time.Duration `json:"held,omitempty"`
	Ended    time.Time     `json:"ended,omitzero"`
	Holds    int           `json:"holds,omitempty"`
}

// Waits tells that it came and nobody has answered it.
func (c *Call) Waits() bool { return !c.Came.IsZero() && c.Answered.IsZero() && c.Ended.IsZero() }

// Live tells that somebody talks.
func (c *Call) Live() bool { return !c.Answered.IsZero() && c.Ended.IsZero() }

// Drafts is the file of all drafts of this workstation. It belongs to Fyne's
// goroutine.
type Drafts struct {
	List  []*Draft  // in the order in which they were begun
	Dirty bool      // something changed since it was saved
	Saved time.Time // zero = never in this run
	file  string
}

// OpenDrafts reads a file of drafts, and sets a damaged one aside; "" keeps them in
// memory.
func OpenDrafts(file string) (*Drafts, error) {
	d := &Drafts{file: file}
	if file == "" {
		return d, nil
	}
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the drafts: %w", err)
	}
	if err := json.Unmarshal(b, &d.List); err != nil { // keep what cannot be read, and begin anew
		if err := os.Rename(file, file+".damaged"); err != nil {
			return nil, fmt.Errorf("set the damaged drafts aside: %w", err)
		}
		d.List = nil
	}
	return d, nil
}

// Save writes the drafts if they changed: whole, synced, and then put in the
// place of the file.
func (d *Drafts) Save(now time.Time) error {
	if !d.Dirty {
		return nil
	}
	d.Dirty, d.Saved = false, now
	if d.file == "" {
		return nil
	}
	b, err := json.Marshal(d.List)
	if err != nil {
		return err
	}
	if err := writeWhole(d.file, b); err != nil {
		d.Dirty = true
		return err
	}
	return nil
}

// Of are the cases that an agent is telling.
func (d *Drafts) Of(owner desk.ID) (own []*Draft) {
	for _, x := range d.List {
		if x.Owner == owner && x.Case.IsZero() {
			own = append(own, x)
		}
	}
	return own
}

// Newest is the one of an agent's that was in the form last; nil = none.
func (d *Drafts) Newest(owner desk.ID) (last *Draft) {
	for _, x := range d.Of(owner) {
		if last == nil || x.Shown.After(last.Shown) {
			last = x
		}
	}
	return last
}

// Half is what an agent has half typed on a case; nil = nothing.
func (d *Drafts) Half(owner, on desk.ID, kind string) *Draft {
	for _, x := range d.List {
		if x.Owner == owner && x.Case == on && x.Kind == kind && !on.IsZero() {
			return x
		}
	}
	return nil
}

// KeepHalf keeps what was half typed on a case; "" forgets it.
func (d *Drafts) KeepHalf(owner, on desk.ID, kind, text string, now time.Time) {
	x := d.Half(owner, on, kind)
	switch {
	case text == "" && x != nil:
		d.Remove(x)
	case text != "" && x == nil:
		d.List = append([]*Draft{{Owner: owner, Case: on, Kind: kind, Text: text, Begun: now}}, d.List...)
		d.Dirty = true
	case text != "" && x.Text != text:
		x.Text, d.Dirty = text, true
	}
}

// Remove takes a draft away.
func (d *Drafts) Remove(x *Draft) {
	for i, y := range d.List {
		if x == y {
			d.List = append(d.List[:i:i], d.List[i+1:]...)
			d.Dirty = true
			return
		}
	}
}
