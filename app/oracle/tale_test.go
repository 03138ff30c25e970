package oracle_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/oracle"
	"punto/app/phone"
	"punto/app/tally"
)

// tale is a plan being carried out.
type tale struct {
	plan
	*world
	contracts []desk.ID // its own, and the one that cases move to
	names     []string
	desk      oracle.Desk
	cases     []*telling
	stated    map[string]map[string]tally.Figure // what months were first said to be, by contract and month
	failed    []string
	compared  int
}

// telling is a case of it: the rows for the oracle.
type telling struct {
	id   desk.ID
	rows []oracle.Row
	refs []app.Receipt // of each row
	call desk.ID
}

func (w *world) begin(p plan) *tale {
	w.Helper()
	s := &tale{plan: p, world: w, desk: oracle.Desk{Contracts: map[string]oracle.Contract{}}, stated: map[string]map[string]tally.Figure{}}
	owner := w.nodes[0].Engine.Owner(w.Context())
	for i := range 2 {
		l := lores[(p.lore+i)%len(lores)]
		c, err := w.nodes[0].Engine.Do(owner, app.SaveCalendar{Calendar: l.calendar()})
		if err == nil {
			c, err = w.nodes[0].Engine.Do(owner, app.SaveContract{Contract: desk.Contract{Code: fmt.Sprint(p.name, "-", i), Client: p.name, Calendar: c.ID, Zone: l.zone, Targets: l.targets, Pauses: l.pauses, ReopenDays: l.days,
				Queues: []string{p.queue(i)}, Numbers: []string{p.number(i)}}})
		}
		if err != nil {
			w.Fatal(err)
		}
		s.contracts, s.names = append(s.contracts, c.ID), append(s.names, c.ID.String())
		k := l.contract(w)
		k.Queues, k.Numbers = []string{p.queue(i)}, []string{p.number(i)}
		s.desk.Contracts[c.ID.String()] = k
	}
	return s
}

// try does one thing and says whether the desk let it.
func (s *tale) try(away bool, c app.Command) (app.Receipt, bool) {
	s.Helper()
	n := 0
	if away {
		n = 1
	}
	r, err := s.nodes[n].Engine.Do(s.agent[n], c)
	if code := app.CodeOf(err); err != nil && code != app.Conflict && code != app.NotFound {
		s.Fatalf("%s: %s: %v", s.name, app.NameOf(c), err)
	}
	return r, err == nil
}

// step carries out one step, and writes down what has happened.
func (s *tale) step(x step) {
	s.Helper()
	row := oracle.Row{At: s.now, Known: s.now}
	if x.away {
		row.Known = s.known()
	}
	if strings.HasPrefix(x.do, "open") {
		s.open(x, row)
		return
	}
	if x.do == "call" {
		s.call(x, row.Known)
		return
	}
	if len(s.cases) == 0 {
		return
	}
	k := s.cases[x.kase%len(s.cases)]
	if x.do == "undo" {
		s.undo(k, x)
		return
	}
	c := s.command(k, x, &row)
	if c == nil {
		return
	}
	if r, ok := s.try(x.away, c); ok {
		if r.ID != k.id { // the window to reopen it was over: a case that follows it
			s.follow(r, row, x.away)
			return
		}
		k.rows, k.refs = append(k.rows, row), append(k.refs, r)
	}
}

func (s *tale) person(n int) (desk.ID, string) {
	id := desk.DerivedID("person", fmt.Sprint(s.name, " ", n%2))
	return id, id.String()
}

func (s *tale) opened(k *telling, r app.Receipt, row oracle.Row) {
	row.What = "opened"
	k.id, k.rows, k.refs = r.ID, []oracle.Row{row}, []app.Receipt{r}
	s.cases = append(s.cases, k)
}

func (s *tale) open(x step, row oracle.Row) {
	s.Helper()
	k := &telling{}
	o := desk.Opened{Subject: "x", Contract: s.contracts[0], Priority: 1 + x.pick%4, Why: "x", Group: s.groups[(x.pick>>2)%8%3*((x.pick>>5)%2)], Category: s.cats[(x.pick>>6)%4]}
	o.Person, row.Person = s.person(x.pick >> 8)
	row.Contract, row.Priority, row.Category = s.names[0], o.Priority, o.Category
	row.Group, row.Level = o.Group.String(), s.levels[o.Group].Level
	if x.do == "open in a call" {
		k.call = desk.DerivedID("call", s.name, x.String())
		o.Call, row.Call = k.call, k.call.String()
	}
	if r, ok := s.try(x.away, app.OpenCase{Opened: o}); ok {
		s.opened(k, r, row)
	}
}

// call takes a call out of a log. Whose it is follows from its queue, from the
// number that was dialled, or from who called; or it is nobody's.
func (s *tale) call(x step, known time.Time) {
	s.Helper()
	of := (x.pick >> 8) % 2
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	end := []phone.Outcome{phone.Completed, phone.Completed, phone.Completed, phone.Abandoned, phone.Abandoned, phone.Busy, phone.Overflow, phone.Withdrawn, phone.Closed, phone.LostInMenu, phone.Unknown}[x.pick%11]
	words := map[phone.Outcome]string{phone.Completed: "answered", phone.Abandoned: "abandoned", phone.Busy: "busy", phone.Overflow: "overflow", phone.Withdrawn: "withdrawn",
		phone.Closed: "closed", phone.LostInMenu: "menu", phone.Unknown: "unknown"}
	c := phone.Call{PBX: s.name, UniqueID: fmt.Sprint(x.at.UnixMilli()), OfferedAt: x.at, Outcome: end, Wait: seconds([]int{0, 3, 4, 5, 20, 21, 70, 400}[(x.pick>>9)%8])}
	k := oracle.Call{At: x.at, Known: known, Outcome: words[end], Wait: c.Wait, Queued: c.Wait > 0 || end == phone.Abandoned}
	if end == phone.Completed {
		c.AnsweredAt = x.at.Add(c.Wait)
		c.Talk, c.Hold, c.WrapUp = seconds((x.pick>>3)%700), seconds((x.pick>>5)%3*20), seconds((x.pick>>6)%5*200)
		k.Talk, k.Hold, k.WrapUp = c.Talk, c.Hold, c.WrapUp
	}
	if x.pick%7 == 0 && (end == phone.Completed || end == phone.Abandoned) {
		c.Doubts, c.Wait, k.NoWait, k.Wait, k.Queued = phone.NoWait, 0, true, 0, end == phone.Abandoned
	}
	switch x.kase {
	case 0, 1, 2:
		c.Queue, c.Caller = s.queue(of), s.extension(1-of) // the queue says more than who called
	case 3, 4:
		c.Queue, c.Dialled = "otra", s.number(of)
	case 5, 6:
		c.Caller = s.extension(of)
		k.Contract = s.names[of]
	default:
		c.Queue, c.Caller = "otra", "00"
	}
	k.Queue, k.Dialled, k.Number = c.Queue, c.Dialled, c.Caller
	if _, ok := s.try(x.away, app.ImportCalls{Calls: []phone.Call{c}}); !ok {
		return
	}
	if x.kase == 7 {
		s.lost = append(s.lost, k)
		return
	}
	s.desk.Calls = append(s.desk.Calls, k)
}

func (p plan) queue(n int) string { return fmt.Sprint("cola-", p.name, "-", n) }
func (p plan) number(n int) string {
	return strings.ReplaceAll(p.name, "-", "00") + "77" + fmt.Sprint(n)
}
func (p plan) extension(n int) string {
	return strings.ReplaceAll(p.name, "-", "00") + "88" + fmt.Sprint(n)
}

// follow is the case that was made because another could not be reopened any more:
// it says itself for whom it was opened, and about what.
func (s *tale) follow(r app.Receipt, row oracle.Row, away bool) {
	s.Helper()
	n := 0
	if away {
		n = 1
	}
	a, err := s.nodes[n].Engine.Ask(s.agent[n], app.OneCase{ID: r.ID})
	if err != nil {
		s.Fatal(err)
	}
	o := a.(app.OneCaseAnswer).Case.Opened
	row.Contract, row.Category, row.Priority, row.Group, row.Level = o.Contract.String(), o.Category, o.Priority, o.Group.String(), s.levels[o.Group].Level
	if !o.Person.IsZero() {
		row.Person = o.Person.String()
	}
	s.opened(&telling{}, r, row)
}

// command is what the step asks of the desk; the row gets what it means.
func (s *tale) command(k *telling, x step, row *oracle.Row) app.Command {
	switch x.do {
	case "take":
		row.What = "taken"
		return app.TakeCase{Case: k.id}
	case "hand off", "assign":
		g := s.groups[x.pick%len(s.groups)]
		row.What, row.Group, row.Level, row.Outside = "handed", g.String(), s.levels[g].Level, s.levels[g].Outside
		if x.do == "hand off" {
			return app.HandOffCase{Case: k.id, Group: g, Reason: "x"}
		}
		row.What = "assigned to a group"
		return app.AssignCase{Case: k.id, Group: g}
	case "suspend":
		row.What, row.Reason = "suspended", []string{"user", "parts", "internal", "third_party", "user"}[x.pick%5]
		return app.SuspendCase{Case: k.id, Reason: row.Reason}
	case "resume":
		row.What = "resumed"
		return app.ResumeCase{Case: k.id}
	case "contact":
		row.What = "contacted"
		return app.AddContact{Case: k.id, Text: "x"}
	case "note":
		row.What = "noted"
		return app.AddNote{Case: k.id, Text: "x", Public: x.pick%2 == 0}
	case "resolve", "resolve in the call":
		row.What = "resolved"
		c := app.ResolveCase{Case: k.id, Text: "x"}
		if x.do != "resolve" && !k.call.IsZero() {
			c.Call, row.Call = k.call, k.call.String()
		}
		return c
	case "reopen", "reopen late":
		row.What = "reopened"
		return app.ReopenCase{Case: k.id, Text: "x"}
	case "close":
		row.What = "closed"
		return app.CloseCase{Case: k.id}
	case "cancel":
		row.What = "cancelled"
		return app.CancelCase{Case: k.id, Text: "x"}
	case "merge":
		into := s.cases[x.pick%len(s.cases)]
		if into == k {
			return nil
		}
		row.What = "merged"
		return app.MergeCase{Case: k.id, Into: into.id}
	case "excuse":
		return s.excuse(k, x, row)
	}
	return s.edit(k, x, row)
}

func (s *tale) edit(k *telling, x step, row *oracle.Row) app.Command {
	row.What = "edited"
	var e desk.Edited
	why := "x"
	switch x.do {
	case "priority":
		row.Priority = 1 + x.pick%4
		e.Priority, e.Why = &row.Priority, &why
	case "category":
		row.Category = s.cats[x.pick%4]
		e.Category = &row.Category
	case "person":
		id, name := s.person(x.pick)
		e.Person, row.Person = &id, name
	case "contract":
		e.Contract, row.Contract = &s.contracts[x.pick%2], s.names[x.pick%2]
	}
	return app.EditCase{Case: k.id, Edit: e}
}

// excuse answers for one of the runs of the case, those of earlier targets too.
func (s *tale) excuse(k *telling, x step, row *oracle.Row) app.Command {
	a, err := s.nodes[0].Engine.Ask(s.agent[0], app.OneCase{ID: k.id})
	if err != nil {
		return nil // the other workstation has not heard of it
	}
	var ids []string
	for _, r := range a.(app.OneCaseAnswer).Clocks {
		for _, r := range append(slices.Clone(r.Was), r) {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	id := ids[x.pick%len(ids)]
	kind, n, _ := strings.Cut(id, "/")
	row.What, row.Clock = "excused", kind
	row.Run, _ = strconv.Atoi(n)
	return app.ExcuseClock{Case: k.id, Clock: id, Cause: "x", Text: "x"}
}

// undo takes back one of the rows that this workstation wrote.
func (s *tale) undo(k *telling, x step) {
	s.Helper()
	n := x.pick % len(k.rows)
	row := &k.rows[n]
	if n == 0 || row.Known.After(s.now) || !row.Undone.IsZero() {
		return
	}
	if _, ok := s.try(false, app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: k.id}, Origin: k.refs[n].Origin, Seq: k.refs[n].Seq, Reason: "x"}); ok {
		row.Undone = s.now
	}
}

// lived tells whether a month is worth asking: a contract has had a case by its
// end, and something happened in it or in the month before.
func (s *tale) lived(contract string, month time.Time) bool {
	had, news := false, false
	for _, k := range s.desk.Calls {
		had = had || k.At.Before(month.AddDate(0, 1, 1))
		news = news || k.At.After(month.AddDate(0, -1, -1))
	}
	for _, k := range s.cases {
		for _, r := range k.rows {
			had = had || r.Contract == contract && r.At.Before(month.AddDate(0, 1, 1))
			news = news || r.At.After(month.AddDate(0, -1, -1)) || r.Undone.After(month.AddDate(0, -1, -1))
		}
	}
	return had && news
}

// compare asks both for the months of the contracts, as of now.
func (s *tale) compare(months []time.Time) {
	s.Helper()
	d := s.desk
	d.Calls = append(d.Calls[:len(d.Calls):len(d.Calls)], s.lost...)
	d.Cases = nil
	for i, k := range s.cases {
		d.Cases = append(d.Cases, oracle.Case{ID: fmt.Sprint(i), Rows: k.rows})
	}
	for i, id := range s.contracts {
		backlog := 0.0
		for _, at := range months {
			if !s.lived(s.names[i], at) {
				continue
			}
			a, err := s.nodes[0].Engine.Ask(s.agent[0], app.Month{Month: at.Format("2006-01"), Contract: id})
			if err != nil {
				s.Fatal(err)
			}
			got := byID(a.(app.MonthAnswer))
			for id, g := range s.levels { // there units are known by their names, here by their ids
				if f, ok := got["ola by "+g.Name]; ok {
					got["ola by "+id.String()] = f
				}
			}
			if !s.now.Before(firm(at)) {
				s.restated(fmt.Sprint(at.Format("2006-01"), " of contract ", i), got, a.(app.MonthAnswer).Restated)
			}
			by := app.Cuts[(len(s.cases)+i+at.Day()+int(at.Month()))%len(app.Cuts)]
			if by != "contract" {
				x, err := s.nodes[0].Engine.Ask(s.agent[0], app.MonthBy{Month: at.Format("2006-01"), Contract: id, By: by})
				if err != nil {
					s.Fatal(err)
				}
				cut := x.(app.MonthByAnswer)
				s.failed = append(s.failed, cutWhole(cut, a.(app.MonthAnswer).Indices)...)
				if (len(s.cases)+s.now.Minute())%4 == 0 { // the rows of all of them would take longer than all else
					s.behind(app.IndexRows{Month: at.Format("2006-01"), Contract: id, By: by}, cut, a.(app.MonthAnswer).Indices)
				}
				if caseKeys[by] != nil && by != "group" { // there groups are known by their ids
					n, wrong := caseCuts(cut, &d, oracle.Month{Contract: s.names[i], Year: at.Year(), Month: at.Month()}, s.now)
					s.compared, s.failed = s.compared+n, append(s.failed, wrong...)
				}
			}
			want := d.Figures(oracle.Month{Contract: s.names[i], Year: at.Year(), Month: at.Month()}, s.now)
			ds, n := compare(want, got)
			s.compared += n
			if is := backlog + flow(got); len(months) > 1 && is != got["backlog"].Num {
				s.failed = append(s.failed, fmt.Sprintf("%s of contract %d: the identity gives a backlog of %v, the engine %v", at.Format("2006-01"), i, is, got["backlog"].Num))
			}
			backlog = got["backlog"].Num
			for _, d := range ds {
				s.failed = append(s.failed, fmt.Sprintf("%s of contract %d, asked %s: %s %s: the oracle says %v, the engine %v",
					at.Format("2006-01"), i, s.now.UTC().Format("2006-01-02 15:04"), d.id, d.part, d.want, d.engine))
			}
		}
	}
}

// behind checks the rows behind some indices of a month, and of its parts by a cut.
func (s *tale) behind(q app.IndexRows, by app.MonthByAnswer, month []tally.Figure) {
	s.Helper()
	ask := func(q app.IndexRows) app.IndexRowsAnswer {
		a, err := s.nodes[0].Engine.Ask(s.agent[0], q)
		if err != nil {
			s.Fatal(err)
		}
		return a.(app.IndexRowsAnswer)
	}
	for i := range 3 {
		f := month[(len(s.cases)*7+s.now.Minute()+i*19)%len(month)]
		q.Index = f.ID
		whole := q
		whole.By = ""
		s.failed = append(s.failed, rowsBehind(ask, whole, f)...)
		for _, r := range by.Rows {
			for _, part := range r.Figures {
				if q.Key = r.Key; part.ID == f.ID {
					s.failed = append(s.failed, rowsBehind(ask, q, part)...)
				}
			}
		}
	}
}

// restated checks that a month that was told and is told otherwise now says so: what
// it was, and what it is.
func (s *tale) restated(month string, got map[string]tally.Figure, told []tally.Restatement) {
	s.Helper()
	was := s.stated[month]
	if was == nil {
		s.stated[month] = got
		return
	}
	for id, f := range got {
		if strings.Contains(id, " by ") {
			continue // parts of one that is looked at
		}
		if f.Num == was[id].Num && number(f.Den) == number(was[id].Den) || f.Den == nil && was[id].Den == nil && f.Num == was[id].Num {
			continue
		}
		if !slices.ContainsFunc(told, func(r tally.Restatement) bool {
			return r.ID == id && r.Was.Num == was[id].Num && r.Is.Num == f.Num
		}) {
			s.failed = append(s.failed, fmt.Sprintf("%s: %s was %v and is %v, and no line of the restatements says so: %+v", month, id, was[id].Num, f.Num, told))
		}
	}
}
