// Package unit is the page of the analysis unit: what moved in a month, day by day, what
// was proposed about it, and what that brought.
package unit

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// unit shows a month's watched indices beside the days of the chosen one, above the
// proposals of the contract.
type unit struct {
	k         *page.Kit
	at        time.Time // noon of the first of the month
	contracts []app.Named[desk.Contract]
	contract  int // of them, whose month it is; the first is the desk's
	moved     *app.DeviationsAnswer
	proposals []app.ProposalRow
	suggested []app.Suggestion // what the rules propose: it stands above the proposals
	back      *app.RecurrenceAnswer
	why       *app.ContributionsAnswer
	whyOf     string // the index of which it was asked
	calls     *app.CallsAheadAnswer
	asked     [8]page.Latest
	staff     *app.StaffingAnswer
	side      side // what stands at the right
	waiting   bool // for what moved
	indices   *look.List
	list      *look.List // of proposals
	recurs    *look.List // of what came back
	halves    *look.List // of staffing
	edit      *edit      // nil = nothing is being written
	card      int        // that a small window shows
}

// Kind is the page, on a tab of the analysis.
func Kind() page.Kind {
	return page.Kind{Name: "unit", Word: "unit.title", Tab: "unit.tab", Key: "Ctrl J", Place: page.Tab, Under: "analysis",
		For: []desk.Role{desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole, desk.ViewerRole}, Make: func(k *page.Kit) page.Page { return newUnit(k) }}
}

func newUnit(k *page.Kit) *unit {
	now := k.Now().In(k.Zone())
	u := &unit{k: k, at: time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.UTC)}
	u.indices = k.List(u.indexColumns()...)
	u.indices.RowH = 40
	u.indices.Len = func() int {
		if u.moved == nil {
			return 0
		}
		return len(u.moved.Rows)
	}
	u.indices.Row = u.indexRow
	u.indices.OnSelect = func(int) { u.askWhy(); k.Refresh() }
	u.indices.OnOpen = func(int) {
		u.side = whySide
		u.openCases()
	}
	u.list = k.List(u.columns()...)
	u.list.RowH = 44
	u.list.Len = func() int { return len(u.suggested) + len(u.proposals) }
	u.list.Row = u.proposalRow
	u.list.OnOpen = func(int) { u.open() }
	u.list.OnSelect = func(int) { k.Refresh() }
	u.makeRecurs()
	u.makeStaff()
	return u
}

func (u *unit) indexColumns() []look.Column {
	return []look.Column{{Title: u.k.T("unit.index")}, {Title: u.k.T("unit.ofMonth"), Width: 96, Least: 76, Right: true}}
}

func (u *unit) columns() []look.Column {
	k := u.k
	return []look.Column{{Title: k.T("unit.class"), Width: 92, Least: 90}, {Title: k.T("unit.proposal"), Least: 230}, {Title: k.T("unit.owner"), Width: 110, Least: 80}, {Title: k.T("unit.due"), Width: 56, Least: 54},
		{Title: k.T("unit.expected"), Width: 150, Least: 118}, {Title: k.T("unit.effect"), Width: 180, Least: 150}}
}

// Show implements page.Page: its argument is an instant of the month.
func (u *unit) Show(arg any) {
	if at, ok := arg.(time.Time); ok {
		u.at, u.moved, u.back, u.why, u.suggested, u.indices.Selected, u.recurs.Selected = at, nil, nil, nil, nil, 0, 0
	}
	u.Changed()
	u.whyOf = ""
	u.askWhy()
	u.askRecurs()
	u.askAhead()
	u.askSuggested()
	u.askStaff()
	page.AskLatest(u.k, &u.asked[6], app.Records{Type: desk.ContractType}, func(a app.RecordsAnswer) {
		u.contracts = a.Contracts
		u.k.Refresh()
	})
}

// Changed asks again what whole days do not settle; what is being written stays. What
// reads months of rows is asked as the page comes up.
func (u *unit) Changed() {
	k := u.k
	if u.moved == nil {
		u.indices.Empty = [2]string{k.T("wait.loading")}
	}
	u.waiting = true
	page.AskLatest(k, &u.asked[0], app.Deviations{Contract: u.whose(), Month: u.at.Format("2006-01")}, func(a app.DeviationsAnswer) {
		u.moved, u.waiting = &a, false
		u.indices.Empty = [2]string{k.T("unit.none"), k.T("unit.noneHint")}
		u.indices.Selected = max(0, min(u.indices.Selected, len(a.Rows)-1))
		u.indices.Refresh()
		u.askWhy()
		k.Refresh()
	})
	page.AskLatest(k, &u.asked[1], app.Proposals{Contract: u.whose()}, func(a app.ProposalsAnswer) {
		u.proposals = a.Rows
		u.list.Empty = [2]string{k.T("unit.noProposals"), k.T("unit.noProposalsHint")}
		u.list.Selected = max(0, min(u.list.Selected, u.list.Len()-1))
		u.list.Refresh()
		k.Refresh()
	})
}

// Relabel implements the change of the language.
func (u *unit) Relabel() {
	u.indices.Columns, u.list.Columns, u.recurs.Columns, u.halves.Columns = u.indexColumns(), u.columns(), u.recursColumns(), u.staffColumns()
	if u.edit != nil {
		u.edit.fill()
	}
	u.Changed()
}

// Called is the month, so that the window's title tells when another has come.
func (u *unit) Called() string {
	return u.k.T("unit.title") + " " + reports.MonthTitle(u.k.Words.Lang, u.at)
}

// chosen is the index whose days are shown; nil = there is none.
func (u *unit) chosen() *app.WatchedIndex {
	if u.moved == nil || u.indices.Selected >= len(u.moved.Rows) {
		return nil
	}
	return &u.moved.Rows[u.indices.Selected]
}

// proposal is the one that is marked; nil = there is none, or it is one of a rule.
func (u *unit) proposal() *app.ProposalRow {
	i := u.list.Selected - len(u.suggested)
	if i < 0 || i >= len(u.proposals) {
		return nil
	}
	return &u.proposals[i]
}

// whose is the contract; zero = the first.
func (u *unit) whose() desk.ID {
	if u.contract < len(u.contracts) {
		return u.contracts[u.contract].ID
	}
	return desk.ID{}
}

// client is whose month it is, where there are several contracts.
func (u *unit) client() string {
	if len(u.contracts) < 2 || u.contract >= len(u.contracts) {
		return ""
	}
	return strings.Trim(u.contracts[u.contract].Of.Client+" · "+u.contracts[u.contract].Of.Code, " ·")
}

// nextContract shows the month of the next contract.
func (u *unit) nextContract() {
	if len(u.contracts) > 1 {
		u.contract = (u.contract + 1) % len(u.contracts)
		u.proposals = nil
		u.Show(u.at)
	}
}

func (u *unit) step(n int) { u.k.Go("unit", u.at.AddDate(0, n, 0)) }

// writes tells whether who is signed in may propose.
func (u *unit) writes() bool {
	r := u.k.State.Agent.Role
	return r == desk.SupervisorRole || r == desk.AnalystRole || r == desk.AdministratorRole || u.k.State.Me.IsZero()
}

// First implements page.Page.
func (u *unit) First() fyne.Focusable { return u.indices }

// Tick implements page.Page.
func (u *unit) Tick() {}

// Status implements page.Page.
func (u *unit) Status() string {
	if u.waiting {
		return u.k.T("wait.loading")
	}
	return u.k.Words.N("unit.watched", u.indices.Len())
}

// Back leaves what is being written.
func (u *unit) Back() bool {
	if u.edit == nil {
		return false
	}
	u.leave()
	return true
}

func (u *unit) leave() {
	u.edit = nil
	u.k.Focus(u.indices)
	u.k.Refresh()
}

// Actions implements page.Page.
func (u *unit) Actions() []page.Action {
	k := u.k
	if u.edit != nil {
		return []page.Action{{Key: "F9", Word: k.T("unit.save"), Primary: true, Do: u.save, Off: u.edit.off()}, {Key: "Esc", Word: k.T("unit.leave")}}
	}
	off := ""
	if !u.writes() {
		off = k.T("unit.readOnly")
	}
	begin := page.Action{Key: "Ctrl N", Word: k.T("unit.new"), Do: u.propose, Off: off}
	if off == "" && u.chosen() == nil {
		begin.Off = k.T("unit.none")
	}
	as := []page.Action{begin}
	if x := u.suggestion(); x != nil {
		as = append(as, page.Action{Key: "F9", Word: k.T("advance.accepted"), Primary: true, Do: u.accept, Off: off}, page.Action{Key: "F4", Word: k.T("unit.change"), Do: u.change, Off: off},
			page.Action{Key: "F8", Word: k.T("unit.drop"), Do: u.drop, Off: off})
	}
	if p := u.proposal(); p != nil {
		if p.Of.State < desk.Done {
			as = append(as, page.Action{Key: "F9", Word: k.T("advance." + (p.Of.State + 1).String()), Primary: true, Do: u.forward, Off: off})
		}
		as = append(as, page.Action{Key: "F4", Word: k.T("unit.change"), Do: u.change, Off: off})
		if p.Of.State != desk.Dropped {
			as = append(as, page.Action{Key: "F8", Word: k.T("unit.drop"), Do: u.drop, Off: off})
		}
	}
	return append(as, page.Action{Key: "F6", Word: k.T("unit.toIndices"), Hidden: true, Do: func() { u.card = 0; k.Focus(u.indices); k.Refresh() }}, page.Action{Key: "F7", Word: k.T("unit.toProposals"), Do: func() { u.card = 2; k.Focus(u.list); k.Refresh() }},
		page.Action{Key: "F3", Word: k.T("unit.toWhy"), Hidden: true, Do: u.turn},
		page.Action{Key: "F5", Word: u.seeCases(), Do: u.openCases, Off: u.noCases()},
		page.Action{Key: "F2", Word: k.T("do.card"), Hidden: true, Do: func() { u.card = (u.card + 1) % cards; k.Refresh() }},
		page.Action{Key: "F10", Word: k.T("unit.nextContract"), Hidden: len(u.contracts) < 2, Do: u.nextContract},
		page.Action{Key: "Alt ←", Word: k.T("month.prev"), Do: func() { u.step(-1) }}, page.Action{Key: "Alt →", Word: k.T("month.next"), Do: func() { u.step(1) }})
}

// side is what stands at the right: one thing at a time.
type side int

const (
	whySide side = iota
	recursSide
	staffSide
	sides
)

// turn shows the next thing at the right, with the keys where it has rows.
func (u *unit) turn() {
	u.side, u.card = (u.side+1)%sides, 3
	u.k.Focus([]fyne.Focusable{u.indices, u.recurs, u.halves}[u.side])
	u.k.Refresh()
}

// forward takes the marked proposal to its next state.
func (u *unit) forward() {
	if p := u.proposal(); p != nil && p.Of.State < desk.Done {
		of := p.Of
		of.State++
		u.send(p.ID, of)
	}
}

// drop asks why, and drops the marked proposal.
func (u *unit) drop() {
	var id desk.ID
	var of desk.Proposal
	if x := u.suggestion(); x != nil {
		of = x.Of
	} else if p := u.proposal(); p != nil {
		id, of = p.ID, p.Of
	} else {
		return
	}
	q := u.k.Question(u.k.T("unit.dropWhy", "Title", of.Title), nil, 0, u.k.T("unit.dropHint"), of.Why, func(_ int, text string) {
		of.State, of.Why = desk.Dropped, text
		u.send(id, of)
	})
	u.k.Focus(q.Field)
}

func (u *unit) send(id desk.ID, p desk.Proposal) {
	u.k.Do(app.SaveProposal{ID: id, Proposal: p}, func(app.Receipt) {
		u.k.Tell(u.k.T("unit.saved"), false)
		u.edit = nil
		u.Changed()
		u.askSuggested()
	}, nil)
}

// propose begins a proposal about the chosen index.
func (u *unit) propose() {
	x := u.chosen()
	if x == nil {
		return
	}
	p := desk.Proposal{Contract: u.whose(), Class: desk.Corrective, Index: x.Of.ID, AtLeast: x.Of.AtLeast, Due: u.k.Now().In(u.k.Zone()).AddDate(0, 0, 14).Format(time.DateOnly)}
	for _, d := range x.Days { // what is usual, where nothing is promised
		if d.Expected != nil {
			p.To = *d.Expected
		}
	}
	if x.Of.Target != nil {
		p.To = *x.Of.Target
	}
	u.begin(desk.ID{}, p)
}

func (u *unit) change() {
	if !u.writes() {
		return
	}
	if x := u.suggestion(); x != nil {
		of := x.Of
		of.State = desk.Accepted
		u.begin(desk.ID{}, of)
	} else if p := u.proposal(); p != nil {
		u.begin(p.ID, p.Of)
	}
}

func (u *unit) begin(id desk.ID, p desk.Proposal) {
	u.edit = &edit{k: u.k, id: id, p: p}
	u.edit.fill()
	u.edit.form.Focus()
	u.card = 1
	u.k.Refresh()
}

func (u *unit) save() { u.send(u.edit.id, u.edit.p) }

// word is the name of an index.
func word(k *page.Kit, index string) string {
	if w := k.Words.T("index." + index); w != "index."+index {
		return w
	}
	return index
}

// amount is a value of an index as people of a language read it.
func amount(k *page.Kit, v float64, unit string) string {
	switch unit {
	case "share":
		return reports.Percent(k.Words.Lang, v, 1)
	case "seconds":
		return fmt.Sprintf("%s s", reports.Digits(k.Words.Lang, v, 0))
	}
	return reports.Digits(k.Words.Lang, v, 1)
}
