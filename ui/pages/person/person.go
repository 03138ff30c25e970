// Package person is the page of one user: the data, the cases and calls in their order,
// what comes back, the equipment, and who may be the same person.
package person

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// sheet is the page.
type sheet struct {
	k     *page.Kit
	id    desk.ID
	a     *app.DossierAnswer
	asked page.Latest
	told  *look.List
	shown []app.DossierLine
	only  string // "", "cases", "calls"
	form  *page.Form
	now   desk.Person
	dirty bool
	busy  bool
}

// Kind is the page of one user; its argument is the user's desk.ID.
func Kind() page.Kind {
	return page.Kind{Name: "person", Word: "area.people", Make: func(k *page.Kit) page.Page { return newSheet(k) }}
}

func newSheet(k *page.Kit) *sheet {
	s := &sheet{k: k, told: k.List()}
	s.told.Len = func() int { return len(s.shown) }
	s.told.Row = s.line
	s.told.Empty = [2]string{k.T("dossier.none"), k.T("dossier.noneHint")}
	s.told.OnOpen = func(i int) {
		if i < len(s.shown) && s.shown[i].Case != nil {
			k.Go("case", s.shown[i].Case.ID)
		}
	}
	return s
}

// Show implements page.Page: its argument is the id of the user.
func (s *sheet) Show(arg any) {
	if id, ok := arg.(desk.ID); ok && id != s.id {
		s.id, s.a, s.form, s.dirty, s.shown, s.only = id, nil, nil, false, nil, ""
	}
	s.load()
}

func (s *sheet) load() {
	page.AskLatest(s.k, &s.asked, app.Dossier{ID: s.id}, func(a app.DossierAnswer) {
		s.a = &a
		s.sift()
		if !s.dirty && (s.form == nil || !s.form.Focused()) {
			s.fill()
		}
	})
}

// sift keeps the lines of what is looked at.
func (s *sheet) sift() {
	s.shown = nil
	for _, x := range s.a.Told {
		if s.only == "" || (s.only == "cases") == (x.Case != nil) {
			s.shown = append(s.shown, x)
		}
	}
	s.told.Select(min(s.told.Selected, max(0, len(s.shown)-1)))
	s.told.Refresh()
	s.k.Refresh()
}

// fill makes the form of what is known.
func (s *sheet) fill() {
	k := s.k
	s.now = s.a.Row.Person
	s.now.Phones = slices.Clone(s.now.Phones)
	text := func(word string, at *string) page.Input {
		return page.Input{Word: k.Words.T(word), Get: func() string { return *at }, Set: func(v string) error { *at = strings.TrimSpace(v); return nil }}
	}
	phones := page.Input{Word: k.T("directory.phones"), Get: func() string { return strings.Join(s.now.Phones, ", ") }, Set: func(v string) error {
		s.now.Phones = nil
		for _, x := range strings.Split(v, ",") {
			if x = strings.TrimSpace(x); x != "" {
				s.now.Phones = append(s.now.Phones, x)
			}
		}
		return nil
	}}
	name := text("people.name", &s.now.Name)
	name.Set = func(v string) error {
		if s.now.Name = strings.TrimSpace(v); s.now.Name == "" {
			return errors.New("dossier.noName")
		}
		return nil
	}
	s.form = page.NewForm(k, []page.Input{name, text("people.titleCol", &s.now.Title), text("people.ext", &s.now.Extension), phones,
		text("directory.email", &s.now.Email), text("directory.document", &s.now.Document), text("dossier.note", &s.now.Note)}, func() {
		s.dirty = true
		k.Refresh()
	})
	k.Refresh()
}

// First implements page.Page.
func (s *sheet) First() fyne.Focusable { return s.told }

// Called is the user's name, as soon as it is known.
func (s *sheet) Called() string {
	if s.a == nil {
		return s.k.T("area.people")
	}
	return s.a.Row.Person.Name
}

// Tick implements page.Page.
func (s *sheet) Tick() {}

// Changed asks again.
func (s *sheet) Changed() {
	if !s.id.IsZero() {
		s.load()
	}
}

// Relabel makes the form in another language.
func (s *sheet) Relabel() {
	s.told.Empty = [2]string{s.k.T("dossier.none"), s.k.T("dossier.noneHint")}
	if s.a != nil && !s.dirty {
		s.fill()
	}
}

// Back steps from the form to the lines, then gives up what was typed.
func (s *sheet) Back() bool {
	switch {
	case s.form != nil && s.form.Focused():
		s.k.Focus(s.told)
		return true
	case s.dirty:
		s.dirty = false
		s.fill()
		s.k.Tell(s.k.T("directory.givenUp"), false)
		return true
	}
	return false
}

// Status implements page.Page.
func (s *sheet) Status() string {
	switch {
	case s.a == nil || s.busy:
		return s.k.T("wait.loading")
	case s.dirty:
		return s.k.T("directory.notSaved")
	}
	return ""
}

// keepers are those who may change a user.
var keepers = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AdministratorRole}

// Actions implements page.Page.
func (s *sheet) Actions() []page.Action {
	k := s.k
	if s.a == nil {
		return nil
	}
	off := ""
	if !slices.Contains(keepers, k.State.Agent.Role) {
		off = k.T("directory.notYours")
	}
	saved, same, part := off, off, off
	if saved == "" && !s.dirty {
		saved = k.T("directory.asSaved")
	}
	if same == "" && len(s.a.Same) == 0 {
		same = k.T("dossier.nobodyAlike")
	}
	if part == "" && len(s.a.Merged) == 0 {
		part = k.T("dossier.nobodyMerged")
	}
	return []page.Action{{Key: "Ctrl N", Word: k.T("dossier.newCase"), Primary: true, Off: off, Do: func() { k.Go("attend", page.Caller{ID: s.a.Row.ID}) }},
		{Key: "F8", Word: k.T("directory.save"), Do: s.keep, Off: saved}, {Key: "F3", Word: k.T("dossier.form"), Do: s.turn},
		{Key: "F6", Word: k.T("dossier.sift"), Do: s.next}, {Key: "F9", Word: k.T("dossier.merge"), Do: s.merge, Off: same},
		{Key: "F4", Word: k.T("dossier.part"), Do: s.part, Off: part}, {Key: "F5", Word: k.T("do.refresh"), Do: s.load}}
}

// turn takes the keys to the form and back.
func (s *sheet) turn() {
	if s.form != nil && !s.form.Focused() {
		s.form.Focus()
		return
	}
	s.k.Focus(s.told)
}

// next looks at cases alone, then at calls alone, then at all.
func (s *sheet) next() {
	s.only = map[string]string{"": "cases", "cases": "calls"}[s.only]
	s.sift()
}

// do carries out what changes the user.
func (s *sheet) do(c app.Command, said string) {
	if s.busy {
		return
	}
	s.busy = true
	s.k.Do(c, func(r app.Receipt) {
		s.busy, s.dirty, s.form = false, false, nil
		s.k.Tell(said, false)
		s.load()
		s.k.Focus(s.told)
	}, func(error) { s.busy = false })
}

func (s *sheet) keep() {
	if w := s.form.Wrong(); w != "" {
		s.k.Tell(s.k.Words.T(w), true)
		return
	}
	s.do(app.SavePerson{ID: s.a.Row.ID, Person: s.now}, s.k.T("directory.saved"))
}

// known is what tells a user from another.
func known(r *app.PersonRow) string {
	out := []string{r.Person.Name}
	for _, x := range []string{r.Person.Extension, strings.Join(r.Person.Phones, ", "), r.Person.Email, r.Area} {
		if x != "" {
			out = append(out, x)
		}
	}
	return strings.Join(out, " · ")
}

// merge says that another is the same person: this one stays.
func (s *sheet) merge() {
	k, same := s.k, s.a.Same
	var words []string
	for i := range same {
		words = append(words, known(&same[i]))
	}
	k.Question(k.T("dossier.which"), words, 1, "", "", func(i int, _ string) {
		if i >= 1 && i <= len(same) {
			s.do(app.MergePeople{From: same[i-1].ID, Into: s.a.Row.ID}, k.T("dossier.merged"))
		}
	})
}

// part says that somebody is not the same person after all.
func (s *sheet) part() {
	k, merged := s.k, s.a.Merged
	var words []string
	for i := range merged[:min(len(merged), 9)] {
		words = append(words, known(&merged[i]))
	}
	k.Question(k.T("dossier.whichPart"), words, 1, "", "", func(i int, _ string) {
		if i >= 1 && i <= len(words) {
			s.do(app.PartPeople{ID: merged[i-1].ID}, k.T("dossier.parted"))
		}
	})
}

// line draws a case or a call.
func (s *sheet) line(p *look.Painter, i int, x, y, w, h float32, _ []float32) {
	k, d := s.k, &s.shown[i]
	p.TextFit(x, y, 96, h, k.At(time.UnixMilli(d.At)), look.Style{Size: 12, Color: p.Muted})
	at := x + 104
	if c := d.Call; c != nil {
		m, said := look.FineMark, k.T("dossier.called", "Talk", page.Duration(time.Duration(c.Talk)*time.Second), "Wait", page.Duration(time.Duration(c.Wait)*time.Second))
		if c.Lost {
			m, said = look.FailMark, k.T("dossier.lost", "Wait", page.Duration(time.Duration(c.Wait)*time.Second))
		} else if c.Agent != "" {
			said += " · " + c.Agent
		}
		p.Mark(at, y+h/2-7, 14, m)
		p.TextFit(at+22, y, x+w-at-22, h, said, look.Style{})
		return
	}
	c := d.Case
	p.Mark(at, y+h/2-7, 14, page.StatusMark(c.Status))
	end := p.Right(x+w, y, h, k.Words.T("status."+c.Status.String()), look.Style{Size: 12, Color: p.Muted}) - 10
	at = p.Text(at+22, y, h, string(c.Number), look.Style{Bold: true, Color: p.Accent}) + 8
	p.TextFit(at, y, end-at, h, c.Subject, look.Style{Bold: c.Status.Open()})
}
