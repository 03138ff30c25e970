// Package model is the page of the service model: a draft of it is changed part by
// part, compared with the one in force, tried by scenarios and on a past month, and
// published. Nothing of it is in force before that.
package model

import (
	"bytes"
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/ui/look"
	"punto/ui/page"
)

// Result is how one scenario ended, as the page tells it.
type Result struct {
	Name   string
	Failed []Failure // none = it passed
}

// Failure is one thing that came out otherwise. Step 0 = the scenario cannot be run, and
// Is says why.
type Failure struct {
	Step                 int
	Case, What, Is, Want string
}

// Tester runs the scenarios of the desk against a draft.
type Tester func(ctx context.Context, file []byte) ([]Result, error)

// model is the page.
type model struct {
	k     *page.Kit
	test  Tester // nil = not offered
	parts []part
	on    int // which part
	rows  *look.List
	keys  []string   // of the rows
	form  *page.Form // of the selected row; nil while there is none
	of    string     // which row they are of

	version  int
	force    draft.File // the model in force
	draft    draft.File
	loaded   bool
	changes  []draft.Change
	problems []draft.Problem

	shown view // nil = the draft itself
	busy  string
}

// draftOf is what the kept draft is half typed on.
var draftOf = desk.DerivedID("service model")

const draftKind = "model"

// Kind is the page of the service model, on a tab of the board.
func Kind(test Tester) page.Kind {
	return page.Kind{Name: "model", Word: "area.model", Key: "Ctrl M", Place: page.Tab, Under: "board",
		For: []desk.Role{desk.AdministratorRole, desk.SupervisorRole}, Make: func(k *page.Kit) page.Page { return newModel(k, test) }}
}

func newModel(k *page.Kit, test Tester) *model {
	m := &model{k: k, test: test, parts: parts()}
	m.rows = k.List(look.Column{}, look.Column{Width: 130, Least: 80}, look.Column{Width: 96, Least: 60})
	m.rows.RowH = 30
	m.rows.Len = func() int { return len(m.keys) }
	m.rows.Row = m.row
	m.rows.OnSelect = func(int) { m.pick() }
	m.rows.OnOpen = func(int) { m.enter() }
	m.rows.Empty = [2]string{k.T("wait.loading")}
	return m
}

// Show implements page.Page.
func (m *model) Show(any) { m.Changed() }

// Changed asks for the model in force: somebody may have published another.
func (m *model) Changed() {
	page.Ask(m.k, app.ModelText{}, func(a app.ModelTextAnswer) {
		if m.loaded && a.Version == m.version {
			return
		}
		f, _ := draft.Read(bytes.NewReader(a.File))
		edited := m.loaded && len(m.changes) > 0
		m.force, m.version = f, a.Version
		m.rows.Empty = [2]string{m.k.T("model.empty"), m.k.T("model.emptyHint")}
		if !edited {
			m.take(m.keptOr(a.File))
		} else {
			m.look() // the draft stays, and is compared with what is in force now
		}
		m.loaded = true
	})
}

// keptOr is the draft that was left half done, else the model in force.
func (m *model) keptOr(file []byte) draft.File {
	if h := m.k.Drafts.Half(m.k.State.Me, draftOf, draftKind); h != nil {
		if f, problems := draft.Read(strings.NewReader(h.Text)); len(f.Groups) > 0 || len(problems) == 0 {
			return f
		}
	}
	f, _ := draft.Read(bytes.NewReader(file))
	return f
}

// take begins with a draft.
func (m *model) take(f draft.File) {
	m.draft = f
	m.open(m.on)
	m.look()
}

// touched looks at the draft after a change, and keeps it.
func (m *model) touched() {
	m.look()
	text := ""
	if len(m.changes) > 0 {
		text = string(m.file())
	}
	m.k.Drafts.KeepHalf(m.k.State.Me, draftOf, draftKind, text, m.k.Now())
}

// look compares the draft with what is in force, and checks it.
func (m *model) look() {
	m.changes, m.problems = draft.Diff(m.force, m.draft), m.draft.Check()
	m.k.Refresh()
}

// file is the draft as it is published.
func (m *model) file() []byte {
	var b bytes.Buffer
	_ = m.draft.Write(&b) // into memory
	return b.Bytes()
}

// open brings up a part.
func (m *model) open(i int) {
	m.on = (i + len(m.parts)) % len(m.parts)
	m.keys = m.parts[m.on].keys(&m.draft)
	m.rows.Select(0)
	m.pick()
}

// pick makes the fields of the selected row.
func (m *model) pick() {
	key := m.selected()
	p := m.parts[m.on]
	name := p.id + " › " + key
	if key == "" || name == m.of && m.form != nil {
		m.k.Refresh()
		return
	}
	m.of = name
	m.form = page.NewForm(m.k, p.fields(m.k, &m.draft, key), m.touched)
	m.k.Refresh()
}

// again makes the fields anew: what they stand on is another.
func (m *model) again() {
	m.of = ""
	m.keys = m.parts[m.on].keys(&m.draft)
	m.rows.Select(max(0, min(m.rows.Selected, len(m.keys)-1)))
	m.form = nil
	m.pick()
}

// selected is the code of the selected row; "" while there is none.
func (m *model) selected() string {
	if m.rows.Selected < len(m.keys) {
		return m.keys[m.rows.Selected]
	}
	return ""
}

// enter gives the keys to the first field of the row.
func (m *model) enter() {
	if m.form != nil {
		m.form.Focus()
	}
}

// First implements page.Page.
func (m *model) First() fyne.Focusable {
	if m.shown != nil {
		return m.shown.list()
	}
	return m.rows
}

// Back steps out of what is shown over the draft, or from a field to the rows.
func (m *model) Back() bool {
	if m.shown != nil {
		m.shown = nil
		m.k.Focus(m.rows)
		return true
	}
	if m.form != nil && m.form.Focused() {
		m.k.Focus(m.rows)
		return true
	}
	return false
}

// Relabel makes the fields in another language.
func (m *model) Relabel() { m.again() }

// Tick implements page.Page.
func (m *model) Tick() {}

// Status implements page.Page.
func (m *model) Status() string {
	switch {
	case m.busy != "":
		return m.busy
	case !m.loaded:
		return m.k.T("wait.loading")
	case len(m.changes) > 0:
		return m.k.T("model.kept")
	}
	return ""
}

// cannotPublish is why; "" when it can.
func (m *model) cannotPublish() string {
	switch {
	case m.k.State.Agent.Role != desk.AdministratorRole:
		return m.k.T("model.adminOnly")
	case len(m.changes) == 0:
		return m.k.T("model.same")
	case len(draft.Grave(m.problems)) > 0:
		return m.k.T("model.grave")
	}
	return ""
}

// Actions implements page.Page.
func (m *model) Actions() []page.Action {
	k, p := m.k, m.parts[m.on]
	fixed, none := "", ""
	if p.add == nil {
		fixed = k.T("model.fixed")
	}
	if m.selected() == "" {
		none = k.T("model.empty")
	}
	as := []page.Action{
		{Key: "F9", Word: k.T("model.publish"), Primary: true, Do: m.publish, Off: m.cannotPublish()},
		{Key: "F6", Word: k.T("model.differences"), Do: func() { m.over(newDifferences(m)) }},
		{Key: "F4", Word: k.T("model.problems"), Do: func() { m.over(newProblems(m)) }},
		{Key: "F8", Word: k.T("model.replay"), Do: m.replay},
		{Key: "Ctrl N", Word: k.T("model.add"), Do: m.add, Off: fixed},
		{Key: "Ctrl D", Word: k.T("model.drop"), Do: m.drop, Off: fixed + none},
		{Key: "Ctrl L", Word: k.T("model.versions"), Do: m.versions},
		{Key: "F3", Word: k.T("model.discard"), Do: m.discard, Hidden: len(m.changes) == 0},
		{Key: "Alt ↑", Word: k.T("model.partUp"), Hidden: true, Do: func() { m.open(m.on - 1); k.Focus(m.rows) }},
		{Key: "Alt ↓", Word: k.T("model.partDown"), Hidden: true, Do: func() { m.open(m.on + 1); k.Focus(m.rows) }},
	}
	if m.test != nil {
		as = append(as, page.Action{Key: "F7", Word: k.T("model.test"), Do: m.run})
	}
	if m.shown != nil {
		as = append(as, page.Action{Key: "Esc", Word: k.T("model.close"), Right: true, Do: func() { m.Back() }})
	}
	return as
}

// over shows something in the place of the draft.
func (m *model) over(v view) {
	m.shown = v
	m.k.Focus(v.list())
}

func (m *model) add() {
	k := m.k
	q := k.Question(k.T("model.askCode"), nil, 0, k.T("model.codeHint"), "", func(_ int, text string) {
		key, _ := code(text)
		if m.parts[m.on].id == "calendars" {
			key = strings.TrimSpace(text)
		}
		if err := m.parts[m.on].add(&m.draft, key); err != nil {
			k.Tell(k.T(err.Error()), true)
			return
		}
		m.again()
		for i, x := range m.keys {
			if x == key {
				m.rows.Select(i)
			}
		}
		m.pick()
		m.touched()
		m.enter()
	})
	q.Check = func(_ int, text string) string {
		if _, err := code(text); err != nil && (m.parts[m.on].id != "calendars" || strings.TrimSpace(text) == "") {
			return k.T(err.Error())
		}
		return ""
	}
}

func (m *model) drop() {
	m.parts[m.on].drop(&m.draft, m.selected())
	m.again()
	m.touched()
}

func (m *model) discard() {
	k := m.k
	k.Question(k.T("model.askDiscard"), []string{k.T("word.no"), k.T("model.discard")}, 1, "", "", func(i int, _ string) {
		if i == 2 {
			var b bytes.Buffer
			_ = m.force.Write(&b) // into memory
			f, _ := draft.Read(&b)
			m.of = ""
			m.take(f)
			m.touched()
		}
	})
}

func (m *model) publish() {
	k := m.k
	k.Question(k.T("model.askPublish", "Version", m.version+1, "N", len(m.changes)), []string{k.T("word.no"), k.T("model.publish")}, 1, "", "", func(i int, _ string) {
		if i != 2 {
			return
		}
		k.Do(app.PublishModel{File: m.file()}, func(app.Receipt) {
			k.Drafts.KeepHalf(k.State.Me, draftOf, draftKind, "", k.Now())
			k.Tell(k.T("model.published", "Version", m.version+1), false)
			m.loaded, m.changes, m.of = false, nil, ""
			m.Changed()
		}, nil)
	})
}

// versionsAsked is how many versions are offered at once.
const versionsAsked = 8

// versions begins with an older model: to publish it is to roll back.
func (m *model) versions() {
	k := m.k
	page.Ask(k, app.ModelVersions{}, func(a app.ModelVersionsAnswer) {
		rows := a.Rows[:min(len(a.Rows), versionsAsked)]
		var words []string
		for _, v := range rows {
			words = append(words, m.versionWord(v))
		}
		k.Question(k.T("model.askVersion"), words, 1, "", "", func(i int, _ string) {
			if i < 1 || i > len(rows) {
				return
			}
			page.Ask(k, app.ModelText{Version: rows[i-1].Version}, func(a app.ModelTextAnswer) {
				f, _ := draft.Read(bytes.NewReader(a.File))
				m.of = ""
				m.take(f)
				m.touched()
			})
		})
	})
}
