package month

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/people"
	"punto/app/records"
	"punto/app/tally"
)

// A month is cut from its rows: each goes to the accumulator of its part, as it went to that
// of the whole. What a part is of a case is told as of the end of the month.

// maxParts is how many parts a cut may have.
const maxParts = 10_000

// cut is a month being cut.
type cut struct {
	*monthSum
	by     string
	parts  map[string]*part
	agents map[string]string // names of agents as exchanges write them, by what they write
	known  []app.Named[desk.Agent]
	langs  map[string]string // of callers, by number
}

type part struct {
	app.MonthPart
	sum *tally.Accumulator
}

func askCut(l *engine.Look, q app.MonthBy) (a app.MonthByAnswer, err error) {
	if !slices.Contains(app.Cuts, q.By) {
		return a, app.Fail(app.Invalid, "a month cannot be cut by %q: by %s", q.By, strings.Join(app.Cuts, ", "))
	}
	m, err := newMonthSum(l, app.Month{Month: q.Month, Contract: q.Contract})
	if err != nil {
		return a, err
	}
	a = app.MonthByAnswer{Month: q.Month, Contract: m.contract.Code, By: q.By}
	if a.Owed, err = l.Owed(); err != nil {
		return a, err
	}
	of := []desk.ID{m.id}
	if q.By == "contract" {
		if of, err = contracts(l); err != nil {
			return a, err
		}
		a.Contract = ""
	}
	c := &cut{by: q.By, parts: map[string]*part{}, agents: map[string]string{}, langs: map[string]string{}}
	whole := tally.New(tally.Rules{})
	for _, id := range of {
		if c.monthSum, err = newMonthSum(l, app.Month{Month: q.Month, Contract: id}); err != nil {
			return a, err
		}
		sum := tally.New(c.rules)
		for _, p := range tally.Split(c.period, tally.CivilDay, c.zone) {
			if err := l.Ctx.Err(); err != nil {
				return a, err
			}
			if err := c.day(p, sum); err != nil {
				return a, fmt.Errorf("cut %s: %w", p.From.Format(time.DateOnly), err)
			}
		}
		if err := c.backlog(sum); err != nil {
			return a, err
		}
		whole.Merge(sum)
	}
	goals := m.contract.Goals
	if q.By == "contract" {
		goals = nil
	}
	a.Whole = without(whole.Figures(goals), uncut)
	for _, p := range c.parts {
		p.Figures = without(p.sum.Figures(goals), uncut)
		if _, is := c.when(m.period.From); is {
			p.Figures = without(p.Figures, timeless)
		}
		a.Rows = append(a.Rows, p.MonthPart)
	}
	slices.SortFunc(a.Rows, func(x, y app.MonthPart) int {
		if !timed(q.By) {
			if by := y.Calls + y.Opened + y.Solved - x.Calls - x.Opened - x.Solved; by != 0 {
				return by
			}
		}
		return strings.Compare(x.Key, y.Key)
	})
	return a, nil
}

// Of no row of calls and cases, and so of no part: those of surveys have cuts of their own.
// What is open at the end of the month is of no time in it.
var (
	uncut    = []string{"occupancy", "csat", "csat_mean", "nps", "response_rate"}
	timeless = []string{"backlog", "backlog_age", "open_breached"}
)

func without(fs []tally.Figure, ids []string) []tally.Figure {
	return slices.DeleteFunc(fs, func(f tally.Figure) bool { return slices.Contains(ids, f.ID) })
}

// timed tells whether a cut has an order of its own.
func timed(by string) bool {
	return slices.Contains([]string{"day", "hour", "half_hour", "weekday", "priority", "level"}, by)
}

// contracts are all of the desk.
func contracts(l *engine.Look) (ids []desk.ID, err error) {
	for c, err := range records.Each[desk.Contract](l.Names, desk.ContractType) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, c.ID)
	}
	return ids, nil
}

// day adds the rows of a civil day to their parts, and to the whole.
func (c *cut) day(p tally.Period, whole *tally.Accumulator) error {
	return c.walk(p, &walker{
		call: func(_ desk.ID, v *calls.View, row tally.Call) error {
			if row.Outcome == tally.NoContract && c.by == "contract" {
				return nil // it is told with every contract
			}
			key, name, err := c.ofCall(v, row)
			if err != nil {
				return err
			}
			x := c.part(key, name)
			x.Calls++
			x.sum.AddCall(row)
			whole.AddCall(row)
			return nil
		},
		opened: func(k *past, row tally.Case) error {
			x := c.part(c.ofOpened(k, row))
			x.Opened++
			addOpened(x.sum, row, p)
			addOpened(whole, row, p)
			return nil
		},
		resolved: func(k *past, row tally.Case) error {
			x := c.part(c.ofSolved(k, row))
			x.Solved++
			addResolved(x.sum, row, p)
			addResolved(whole, row, p)
			return nil
		},
		moved: func(k *past, at int64, n tally.Moves) error {
			c.part(c.ofStanding(k, time.UnixMilli(at))).sum.AddMoves(n)
			whole.AddMoves(n)
			return nil
		}})
}

// backlog adds the cases that are open at the end of the month to their parts, and to the
// whole. By time they have none.
func (c *cut) backlog(whole *tally.Accumulator) error {
	end := time.UnixMilli(c.instant)
	return c.open(func(k *past, row tally.Case) error {
		whole.AddOpen(row, end)
		if _, is := c.when(end); !is {
			c.part(c.ofStanding(k, end)).sum.AddOpen(row, end)
		}
		return nil
	})
}

// ofOpened is the part of the opening of a case, and ofSolved that of its resolution.
func (c *cut) ofOpened(k *past, row tally.Case) (key, name string) {
	return c.ofCase(&k.end, row, row.Opened, k.end.OpenedBy, first(k.end.HandOffs))
}

func (c *cut) ofSolved(k *past, row tally.Case) (key, name string) {
	return c.ofCase(k.solved, row, row.Resolved, k.solved.SolvedBy, k.solved.Solution.Level)
}

// ofStanding is the part of a case as it stands at the end of the month, of what happens
// to it at an instant: it counts for the agent and the level that have it.
func (c *cut) ofStanding(k *past, at time.Time) (key, name string) {
	level := 0
	if n := len(k.end.HandOffs); n > 0 {
		level = k.end.HandOffs[n-1].Level
	}
	return c.ofCase(&k.end, c.told(&k.end), at, k.end.Agent, level)
}

// first is the level of the group that had a case first; 0 where it is not known.
func first(hs []desk.HandOff) int {
	if len(hs) == 0 {
		return 0
	}
	return hs[0].Level
}

// part is that of a key; what comes after too many is in the one of the empty key.
func (c *cut) part(key, name string) *part {
	if c.parts[key] == nil {
		if len(c.parts) >= maxParts {
			key, name = "", ""
		}
		if c.parts[key] == nil {
			c.parts[key] = &part{MonthPart: app.MonthPart{Key: key, Name: name}, sum: tally.New(c.rules)}
		}
	}
	return c.parts[key]
}

// when is the part of an instant; false where the cut is none of time.
func (c *cut) when(at time.Time) (string, bool) {
	at = at.In(c.zone)
	switch c.by {
	case "day":
		return at.Format(time.DateOnly), true
	case "hour":
		return at.Format("15:00"), true
	case "half_hour":
		return fmt.Sprintf("%02d:%02d", at.Hour(), at.Minute()/30*30), true
	case "weekday":
		return fmt.Sprint((int(at.Weekday())+6)%7 + 1), true // Monday is 1
	}
	return "", false
}

// ofCall is the part of a call. It belongs to none of a cut that only cases have.
func (c *cut) ofCall(v *calls.View, row tally.Call) (key, name string, err error) {
	if key, ok := c.when(v.Call.OfferedAt); ok {
		return key, "", nil
	}
	switch c.by {
	case "queue":
		return v.Call.Queue, "", nil
	case "call_type":
		return v.Call.Type, "", nil
	case "contract":
		return c.contract.Code, c.contract.Client, nil
	case "agent":
		name, err = c.agent(v.Call.Agent)
		return name, "", err
	case "language":
		key, err = c.language(v.Call.Caller)
		return key, "", err
	}
	return "", "", nil
}

// ofCase is the part of a case as it stands, of an act on it at an instant by an agent.
func (c *cut) ofCase(k *desk.Case, row tally.Case, at time.Time, by desk.ID, level int) (key, name string) {
	if key, ok := c.when(at); ok {
		return key, ""
	}
	switch c.by {
	case "contract":
		return c.contract.Code, c.contract.Client
	case "agent":
		return records.Name(c.Names, desk.AgentType, by), ""
	case "language":
		return c.langOf(k), ""
	case "site":
		return row.Site, ""
	case "area":
		return row.Origin, ""
	case "kind":
		return row.Kind, ""
	case "modality":
		return row.Modality, ""
	case "category":
		return row.Category, ""
	case "priority":
		return row.Priority, ""
	case "group":
		return row.Group, ""
	case "level":
		if level > 0 {
			return fmt.Sprint(level), ""
		}
	}
	return "", ""
}

// langOf is the language of a case: its own, or that of its user.
func (c *cut) langOf(k *desk.Case) string {
	if k.Lang != "" || k.Person.IsZero() {
		return k.Lang
	}
	p, err := engine.Noun[desk.Person](c.Names, desk.PersonType, k.Person)
	if err != nil || len(p.Langs) == 0 {
		return ""
	}
	return p.Langs[0]
}

// language is that of the only user of a number.
func (c *cut) language(number string) (string, error) {
	if lang, known := c.langs[number]; known {
		return lang, nil
	}
	ps, err := people.ByNumber(c.Look, number, 2)
	if err != nil {
		return "", err
	}
	lang := ""
	if len(ps) == 1 && len(ps[0].Person.Langs) > 0 {
		lang = ps[0].Person.Langs[0]
	}
	c.langs[number] = lang
	return lang, nil
}

// agent is the name of who answered a call: that of the desk's agent whom the exchange
// means, else as the exchange writes it.
func (c *cut) agent(told string) (string, error) {
	if name, known := c.agents[told]; known {
		return name, nil
	}
	if c.known == nil {
		for a, err := range records.Each[desk.Agent](c.Names, desk.AgentType) {
			if err != nil {
				return "", err
			}
			c.known = append(c.known, a)
		}
	}
	name := told
	for _, a := range c.known {
		if told == a.ID.String() || records.Means(told, a.Of) {
			name = cmp.Or(a.Of.Name, told)
			break
		}
	}
	c.agents[told] = name
	return name, nil
}
