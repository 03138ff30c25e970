package unit

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
	"punto/reports"
	"punto/ui/page"
)

// edit is a proposal that is being written.
type edit struct {
	k    *page.Kit
	id   desk.ID // zero = a new one
	p    desk.Proposal
	form *page.Form
}

func (e *edit) fill() { e.form = page.NewForm(e.k, e.inputs(), e.k.Refresh) }

// off tells why it cannot be kept yet.
func (e *edit) off() string {
	switch {
	case e.form.Wrong() != "":
		return e.k.Words.T(e.form.Wrong())
	case strings.TrimSpace(e.p.Title) == "":
		return e.k.T("unit.untitled")
	}
	return ""
}

func (e *edit) inputs() []page.Input {
	k, p := e.k, &e.p
	text := func(word, hint string, at *string) page.Input {
		return page.Input{Word: k.T(word), Hint: hint, Get: func() string { return *at }, Set: func(t string) error { *at = strings.TrimSpace(t); return nil }}
	}
	due := text("unit.due", "2026-12-11", &p.Due)
	due.Set = func(t string) error {
		p.Due = strings.TrimSpace(t)
		if _, err := time.Parse(time.DateOnly, p.Due); err != nil {
			return errors.New("unit.badDay")
		}
		return nil
	}
	return []page.Input{text("unit.proposal", k.T("unit.proposalHint"), &p.Title),
		{Word: k.T("unit.class"), Options: []string{k.T("class.proactive"), k.T("class.corrective")}, Get: func() string { return strconv.Itoa(int(p.Class)) }, Set: func(t string) error {
			n, err := strconv.Atoi(t)
			if p.Class = desk.NoClass; err == nil && n >= 0 && n <= int(desk.Corrective) {
				p.Class = desk.ProposalClass(n)
			}
			if p.Class == desk.NoClass {
				return errors.New("unit.badClass")
			}
			return nil
		}},
		text("unit.cause", k.T("unit.causeHint"), &p.Cause),
		{Word: k.T("unit.owner"), Hint: k.T("unit.ownerHint"), Get: func() string { return named(k.Agents, p.Owner, agentName) }, Set: func(t string) (err error) {
			p.Owner, err = found(k.Agents, t, agentName, "unit.badOwner")
			return err
		}},
		{Word: k.T("unit.group"), Hint: k.T("unit.groupHint"), Get: func() string { return named(k.Groups, p.Group, groupName) }, Set: func(t string) (err error) {
			p.Group, err = found(k.Groups, t, groupName, "unit.badGroup")
			return err
		}},
		due,
		{Word: k.T("unit.way"), Options: []string{k.T("unit.atMost"), k.T("unit.atLeast")}, Get: func() string {
			if p.AtLeast {
				return "2"
			}
			return "1"
		}, Set: func(t string) error { p.AtLeast = t == "2"; return nil }},
		{Word: k.T("goal." + tally.UnitOf(p.Index)), Get: e.to, Set: e.setTo}}
}

func (e *edit) percent() bool { return tally.UnitOf(e.p.Index) == "share" }

func (e *edit) to() string {
	v := e.p.To
	if e.percent() {
		v *= 100
	}
	return reports.Digits(e.k.Words.Lang, v, 1)
}

func (e *edit) setTo(t string) error {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(t), ",", "."), 64)
	if e.percent() {
		v /= 100
	}
	if err != nil || !(v >= 0 && v < 1e9) || e.percent() && v > 1 {
		return errors.New("unit.badTo")
	}
	e.p.To = v
	return nil
}

func agentName(a desk.Agent) string { return a.Name }
func groupName(g desk.Group) string { return g.Name }

func named[T any](of []app.Named[T], id desk.ID, name func(T) string) string {
	for _, x := range of {
		if x.ID == id {
			return name(x.Of)
		}
	}
	return ""
}

// found is the one that is named so, or whose name alone begins so; nobody for an empty
// text.
func found[T any](of []app.Named[T], text string, name func(T) string, wrong string) (id desk.ID, err error) {
	if text = strings.ToLower(strings.TrimSpace(text)); text == "" {
		return id, nil
	}
	n := 0
	for _, x := range of {
		switch s := strings.ToLower(name(x.Of)); {
		case s == text:
			return x.ID, nil
		case strings.HasPrefix(s, text):
			id = x.ID
			n++
		}
	}
	if n != 1 {
		return desk.ID{}, errors.New(wrong)
	}
	return id, nil
}
