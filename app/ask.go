package app

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"punto/app/desk"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	ks := make([]K, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

func readCase(r desk.Reader, id desk.ID) (v caseView, err error) {
	b, err := r.View(caseEntity(id))
	if err == nil {
		err = decodeView(b, &v)
	}
	return v, err
}

func count(r desk.Reader, p, from, until []byte) (n int, err error) {
	for k, err := range r.Scan(p, from, false) {
		if err != nil {
			return n, err
		}
		if until != nil && bytes.Compare(k.Key, until) >= 0 {
			break
		}
		n++
	}
	return n, nil
}

func (q Status) ask(l *look) (Answer, error) {
	d, err := l.desk.theDesk()
	if err != nil {
		return nil, err
	}
	a := StatusAnswer{Desk: d, Origins: l.e.log.Vector(), Room: l.e.room()}
	pre, err := l.r.Meta("prefix")
	if err != nil {
		return nil, err
	}
	a.Node = string(pre)
	if l.s.role == desk.NoRole { // nobody is signed in: the name of the desk and no more
		a.Origins = nil
		return a, nil
	}
	a.Me = l.s.agent
	if a.Agent, err = noun[desk.Agent](l.desk, desk.AgentType, l.s.agent); err != nil {
		return nil, err
	}
	a.Agent.Secret = nil
	a.Agent.Role = l.s.role
	if a.Cases, err = count(l.r, prefix(ixDue), nil, nil); err != nil {
		return nil, err
	}
	if !l.s.agent.IsZero() {
		if a.Mine, err = count(l.r, prefix(ixAgent, l.s.agent), nil, nil); err != nil {
			return nil, err
		}
	}
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	today := startOfDay(time.UnixMilli(l.now).In(zone))
	a.Calls, err = count(l.r, prefix(ixCall), prefix(ixCall, today.UnixMilli()), nil)
	return a, err
}

func (q Digest) ask(l *look) (Answer, error) {
	a := DigestAnswer{Vector: l.e.log.Vector()}
	d, ok := l.e.log.(interface{ Digest() ([32]byte, error) })
	if !ok {
		return a, nil
	}
	sum, err := d.Digest()
	a.Digest = hex.EncodeToString(sum[:])
	return a, err
}

// startOfDay is the first instant of a civil day, also where midnight does not
// exist.
func startOfDay(t time.Time) time.Time {
	s := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	if s.Day() != t.Day() { // a gap at midnight: the day begins where the gap ends
		_, end := s.ZoneBounds()
		return end
	}
	return s
}

func (q Cases) ask(l *look) (Answer, error) {
	var p []byte
	reverse := false
	switch q.By {
	case "", "due":
		p = prefix(ixDue)
	case "group":
		p = prefix(ixGroup, q.ID)
	case "agent":
		p = prefix(ixAgent, q.ID)
	case "person":
		p, reverse = prefix(ixPerson, q.ID), true
	case "asset":
		p, reverse = prefix(ixAsset, q.ID), true
	case "category":
		p, reverse = prefix(ixCategory, q.Code), true
	case "opened":
		p, reverse = prefix(ixOpened), true
	default:
		return nil, fail(Invalid, "cases cannot be listed by %q: due, opened, group, agent, person, asset or category", q.By)
	}
	var a CasesAnswer
	var err error
	a.Next, err = page(l.r, p, q.After, reverse, q.Limit, 50, func(id desk.ID) (any, error) {
		v, err := readCase(l.r, id)
		if err != nil && !errors.Is(err, errUnreadable) || err == nil && q.Open && !v.Case.Status.Open() {
			return nil, err
		}
		row := CaseRow{ID: id, Number: "?", Subject: "?", Bad: true} // its view cannot be read: the others are listed
		if err == nil {
			row, err = l.row(id, v)
		} else {
			err = nil
		}
		a.Rows = append(a.Rows, row)
		return row, err
	})
	return a, err
}

// row looks the names of a case up.
func (l *look) row(id desk.ID, v caseView) (CaseRow, error) {
	c := &v.Case
	p, err := noun[desk.Person](l.desk, desk.PersonType, c.Person)
	if err != nil {
		return CaseRow{}, err
	}
	m, err := l.desk.theModel()
	if err != nil {
		return CaseRow{}, err
	}
	cat, _ := m.Category(c.Category)
	name := cat.Name("es")
	if name == "" {
		name = c.Category
	}
	row := CaseRow{ID: id, Number: c.Number, Subject: c.Subject, Person: p.Name, VIP: p.VIP, Area: l.desk.name(desk.AreaType, c.Area),
		Priority: c.Priority, Status: c.Status, Pending: c.Pending, Group: l.desk.name(desk.GroupType, c.Group),
		Agent: l.desk.name(desk.AgentType, c.Agent), Category: name, OpenedAt: c.OpenedAt, HandOffs: max(0, len(c.HandOffs)-1),
		Conflict: len(c.Conflicts) > 0}
	if c.Status.Open() {
		row.Clock, err = l.nextClock(v)
	}
	return row, err
}

// find gives a case by id or by number as people type it.
func (l *look) find(id desk.ID, number string) (desk.ID, caseView, error) {
	if id.IsZero() {
		n, err := desk.ParseNumber(number)
		if err != nil {
			return id, caseView{}, notNumber(err)
		}
		var ok bool
		if id, ok, err = first(l.r, prefix(ixNumber, string(n))); err != nil || !ok {
			return id, caseView{}, cmp.Or(err, fail(NotFound, "there is no case %s on this workstation", n))
		}
	}
	v, err := readCase(l.r, id)
	if err == nil && v.Case.Status == desk.NoStatus {
		err = fail(NotFound, "there is no such case on this workstation")
	}
	return id, v, err
}

// notNumber tells what is wrong with a number as it was typed.
func notNumber(err error) error {
	var n *desk.NumberError
	if errors.As(err, &n) {
		return fail(Invalid, n.Form(), n.Typed)
	}
	return err
}

func (q OneCase) ask(l *look) (Answer, error) {
	id, v, err := l.find(q.ID, q.Number)
	if err != nil {
		return nil, err
	}
	a := OneCaseAnswer{ID: id, Case: v.Case}
	if a.Row, err = l.row(id, v); err != nil {
		return nil, err
	}
	if a.Person, err = noun[desk.Person](l.desk, desk.PersonType, v.Case.Person); err != nil {
		return nil, err
	}
	if _, a.Contract, err = l.desk.contractOf(v.Case.Contract); err != nil {
		return nil, err
	}
	events, err := l.desk.stored(caseEntity(id))
	if err != nil {
		return nil, err
	}
	if a.Clocks, err = l.runs(id, &v.Case, events); err != nil {
		return nil, err
	}
	a.Timeline, err = l.timeline(events)
	a.Timeline = shorten(a.Timeline)
	a.Names = map[desk.ID]string{}
	for ent, r := range l.desk.seen {
		if len(r.Fields) > 0 {
			a.Names[ent.ID] = l.desk.name(ent.Type, ent.ID)
		}
	}
	return a, err
}

// timeline tells the events of a case as moments; what was undone is kept and
// marked.
func (l *look) timeline(events []desk.Event) ([]Moment, error) {
	type eventKey struct {
		o desk.Origin
		s uint64
	}
	gone := map[eventKey]bool{}
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		var u desk.Undo
		if e.Kind == desk.EventUndone && !gone[eventKey{e.Origin, e.Seq}] && desk.Decode(e.Body, &u) == nil {
			gone[eventKey{u.Origin, u.Seq}] = true
		}
	}
	var ms []Moment
	for _, e := range events {
		m := Moment{Origin: e.Origin, Seq: e.Seq, At: e.At, Kind: e.Kind, Actor: l.desk.name(desk.AgentType, e.Actor), Undone: gone[eventKey{e.Origin, e.Seq}]}
		if err := l.tell(&m, &e); err != nil { // of a newer version, or of a bad one: it is shown without its words
			m.Text = ""
		}
		ms = append(ms, m)
	}
	return ms, nil
}

func (l *look) tell(m *Moment, e *desk.Event) error {
	switch e.Kind {
	case desk.CaseOpened:
		var b desk.Opened
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Text, m.Group = b.Text, l.desk.name(desk.GroupType, b.Group)
	case desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff:
		var b desk.Moved
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Group, m.Agent, m.Reason, m.ByRule = l.desk.name(desk.GroupType, b.Group), l.desk.name(desk.AgentType, b.Agent), b.Reason, b.ByRule
	case desk.CaseResolved:
		var b desk.Solved
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Text, m.Other = b.Text, l.desk.name(desk.ArticleType, b.Article)
	case desk.FileAttached:
		var f desk.File
		if err := desk.Decode(e.Body, &f); err != nil {
			return err
		}
		m.Text = f.Name
	case desk.CaseMerged, desk.CaseAbsorbed, desk.CaseSplit, desk.CaseLinked:
		var b desk.Joined
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		v, err := readCase(l.r, b.Case)
		if err != nil {
			return err
		}
		m.Other = string(v.Case.Number)
	case desk.EventUndone:
		var b desk.Undo
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Reason = b.Reason
	case desk.CaseEdited, desk.ConflictSettled:
	default:
		var b desk.Said
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Text, m.Reason, m.Public, m.Other = b.Text, b.Reason, b.Public, l.desk.name(desk.ArticleType, b.Article)
	}
	return nil
}

func (l *look) person(id desk.ID) (PersonRow, error) {
	p, err := noun[desk.Person](l.desk, desk.PersonType, id)
	return PersonRow{ID: id, Person: p, Area: l.desk.name(desk.AreaType, p.Area), Site: l.desk.name(desk.SiteType, p.Site)}, err
}

func (q Who) ask(l *look) (Answer, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 8
	}
	var a WhoAnswer
	seen := map[desk.ID]bool{}
	use := func(id desk.ID) error {
		if seen[id] || len(a.People) >= limit {
			return nil
		}
		seen[id] = true
		p, err := l.person(id)
		if err == nil && p.Person.Name != "" && !p.Person.Gone {
			a.People = append(a.People, p)
		}
		return err
	}
	if d := digits(q.Text); len(d) >= 3 { // an extension or number, whole or its beginning
		for k, err := range l.r.Scan(append([]byte{ixPhone}, d...), nil, false) {
			if err == nil {
				err = use(idOf(k.Key))
			}
			if err != nil || len(a.People) >= limit {
				return a, err
			}
		}
	}
	if l.e.search == nil || strings.TrimSpace(q.Text) == "" {
		return a, nil
	}
	hits, err := l.e.search.Find(l.ctx, Search{Text: q.Text, Kind: "person", Limit: limit, Typing: true})
	for _, h := range hits {
		if err == nil {
			err = use(h.ID)
		}
	}
	return a, err
}

func (q OnePerson) ask(l *look) (Answer, error) {
	var a OnePersonAnswer
	var err error
	if a.Row, err = l.person(q.ID); err != nil {
		return nil, err
	}
	if a.Row.Person.Name == "" {
		return nil, fail(NotFound, "there is no such user on this workstation")
	}
	_, err = page(l.r, prefix(ixPerson, q.ID), nil, true, 60, 60, func(id desk.ID) (any, error) {
		v, err := readCase(l.r, id)
		if err != nil {
			return nil, err
		}
		row, err := l.row(id, v)
		switch {
		case v.Case.Status.Open():
			a.Open = append(a.Open, row)
		case len(a.Recent) < 5:
			a.Recent = append(a.Recent, row)
		}
		return row, err
	})
	if err != nil {
		return nil, err
	}
	for k, err := range l.r.Scan(prefix(ixOwner, q.ID), nil, false) {
		if err != nil {
			return nil, err
		}
		x, err := noun[desk.Asset](l.desk, desk.AssetType, idOf(k.Key))
		if err != nil {
			return nil, err
		}
		if !x.Gone {
			a.Assets = append(a.Assets, x)
		}
	}
	id, k, err := l.desk.contractOf(a.Row.Person.Contract)
	if err != nil {
		return nil, err
	}
	a.Contract = k
	a.Hours, a.Until, err = l.openNow(id, k)
	return a, err
}

func (q Search) ask(l *look) (Answer, error) {
	if l.e.search == nil {
		return SearchAnswer{}, nil
	}
	if q.Limit <= 0 {
		q.Limit = 10
	}
	hits, err := l.e.search.Find(l.ctx, q)
	for i := range hits {
		if err == nil {
			hits[i].Detail, err = l.detail(hits[i])
		}
	}
	return SearchAnswer{Hits: hits}, err
}

// detail tells hits of one title apart.
func (l *look) detail(h Hit) (string, error) {
	switch h.Kind {
	case desk.CaseType.String():
		v, err := readCase(l.r, h.ID)
		return strings.Trim(string(v.Case.Number)+" · "+l.desk.name(desk.PersonType, v.Case.Person), " ·"), err
	case desk.PersonType.String():
		p, err := l.person(h.ID)
		return strings.Trim(p.Person.Extension+" · "+p.Area+" · "+p.Site, " ·"), err
	}
	return "", nil
}

func (q OneArticle) ask(l *look) (Answer, error) {
	a, err := noun[desk.Article](l.desk, desk.ArticleType, q.ID)
	if err == nil && a.Title == "" {
		err = fail(NotFound, "there is no such article on this workstation")
	}
	return OneArticleAnswer{ID: q.ID, Article: a}, err
}

func list[T any](l *look, q Records, to *[]Named[T]) ([]byte, error) {
	return page(l.r, prefix(ixRecord, q.Type), q.After, false, q.Limit, 200, func(id desk.ID) (any, error) {
		v, err := noun[T](l.desk, q.Type, id)
		*to = append(*to, Named[T]{id, v})
		return v, err
	})
}

func (q Records) ask(l *look) (Answer, error) {
	var a RecordsAnswer
	var err error
	switch q.Type {
	case desk.PersonType:
		a.Next, err = page(l.r, prefix(ixRecord, q.Type), q.After, false, q.Limit, 200, func(id desk.ID) (any, error) {
			p, err := l.person(id)
			a.People = append(a.People, p)
			return p, err
		})
	case desk.AreaType:
		a.Next, err = list(l, q, &a.Areas)
	case desk.SiteType:
		a.Next, err = list(l, q, &a.Sites)
	case desk.AssetType:
		a.Next, err = list(l, q, &a.Assets)
	case desk.AgentType:
		a.Next, err = list(l, q, &a.Agents)
		for i := range a.Agents {
			a.Agents[i].Of.Secret = nil
		}
	case desk.GroupType:
		a.Next, err = list(l, q, &a.Groups)
	case desk.ContractType:
		a.Next, err = list(l, q, &a.Contracts)
	case desk.ArticleType:
		a.Next, err = list(l, q, &a.Articles)
	default:
		err = fail(Invalid, "%s records cannot be listed", q.Type)
	}
	return a, err
}

func (q TheModel) ask(l *look) (Answer, error) {
	m, err := l.desk.theModel()
	return TheModelAnswer{Model: m}, err
}

func (q Calls) ask(l *look) (Answer, error) {
	var a CallsAnswer
	var err error
	a.Next, err = page(l.r, prefix(ixCall), q.After, true, q.Limit, 50, func(id desk.ID) (any, error) {
		var v callView
		b, err := l.r.View(desk.Entity{Type: desk.CallType, ID: id})
		if err == nil {
			err = decodeView(b, &v)
		}
		a.Rows = append(a.Rows, CallRow{ID: id, Call: v.Call, Case: v.Case})
		return v.Call, err
	})
	return a, err
}
