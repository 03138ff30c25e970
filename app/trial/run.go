package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/sla"
)

// Bench is an empty desk on a clock that only Set moves.
type Bench interface {
	Do(ctx context.Context, c app.Command) (app.Receipt, error)
	Ask(ctx context.Context, q app.Query) (app.Answer, error)
	// Owner attaches the session of who holds the desk to a context; As that of an agent.
	Owner(ctx context.Context) context.Context
	As(ctx context.Context, agent desk.ID) context.Context
	// Tick does what timers have to do by now.
	Tick(ctx context.Context) error
	// Next is when something falls due by itself; the zero time when nothing will.
	Next() time.Time
	// Set moves the clock. It never goes back.
	Set(now time.Time)
}

// Result is how a scenario ended.
type Result struct {
	Name   string
	Steps  int
	Failed []Failure // none = it passed
}

// Failure is one expectation that was not met.
type Failure struct {
	Step           int // from 1
	Case           string
	What, Want, Is string
	Why            string // how a deadline came about, where it is one
}

func (f Failure) String() string {
	s := fmt.Sprintf("step %d, %s: %s is %s, and should be %s", f.Step, f.Case, f.What, f.Is, f.Want)
	if f.Why != "" {
		s += " (" + f.Why + ")"
	}
	return s
}

// Run runs one scenario against a model on an empty desk. The error is of a scenario
// that cannot be run, not of one that fails.
func Run(ctx context.Context, b Bench, model draft.File, text []byte, s Scenario) (Result, error) {
	r := &runner{Bench: b, model: model, s: s, result: Result{Name: s.Name, Steps: len(s.Steps)}, cases: map[string]desk.ID{}, people: map[string]desk.ID{}, agents: map[desk.ID]string{}}
	if err := r.begin(ctx, text); err != nil {
		return r.result, fmt.Errorf("scenario %q: %w", s.Name, err)
	}
	for i, x := range s.Steps {
		r.step = i + 1
		if err := r.take(x); err != nil {
			return r.result, fmt.Errorf("scenario %q, step %d: %w", s.Name, i+1, err)
		}
	}
	return r.result, nil
}

type runner struct {
	Bench
	ctx      context.Context
	model    draft.File
	s        Scenario
	zone     *time.Location
	now      time.Time
	contract desk.ID
	groups   map[string]desk.ID
	people   map[string]desk.ID
	agents   map[desk.ID]string // logins
	cases    map[string]desk.ID
	category map[string]string // of the cases
	step     int
	result   Result
}

// password is that of a desk that lives for one scenario.
const password = "un escenario de prueba" //nolint:gosec // see above

func (r *runner) begin(ctx context.Context, text []byte) error {
	code := r.s.Contract
	if code == "" {
		code = slices.Min(slices.Collect(maps.Keys(r.model.Contracts)))
	}
	k, ok := r.model.Contracts[code]
	if !ok {
		return fmt.Errorf("the model has no contract %q", code)
	}
	zone := k.Zone
	if zone == "" {
		zone = r.model.Calendars[k.Calendar].Zone
	}
	var err error
	if r.zone, err = time.LoadLocation(zone); err != nil {
		return err
	}
	r.category = map[string]string{}
	if err := r.moveTo(r.s.Begin); err != nil {
		return err
	}
	owner := r.Owner(ctx)
	if _, err := r.Do(owner, app.CreateDesk{Name: "Prueba", Zone: r.zone.String(), Password: password}); err != nil {
		return err
	}
	made, err := r.Do(owner, app.SaveAgent{Agent: desk.Agent{Name: "Prueba", Role: desk.SupervisorRole}}) // without a password it signs nothing
	if err != nil {
		return err
	}
	r.ctx = r.As(ctx, made.ID)
	var known *app.Error
	if _, err := r.Do(owner, app.PublishModel{File: text}); err != nil && (!errors.As(err, &known) || known.Code != app.Conflict) { // the standard model itself
		return err
	}
	a, err := r.Ask(r.ctx, app.TheModel{})
	if err != nil {
		return err
	}
	r.groups = a.(app.TheModelAnswer).Model.Groups
	list, err := r.Ask(r.ctx, app.Records{Type: desk.ContractType, Limit: 1000})
	if err != nil {
		return err
	}
	for _, x := range list.(app.RecordsAnswer).Contracts {
		if x.Of.Code == code {
			r.contract = x.ID
		}
	}
	for _, login := range slices.Sorted(maps.Keys(r.s.Agents)) {
		a := desk.Agent{Name: login, Login: login}
		for _, role := range roles {
			if role.String() == r.s.Agents[login].Role {
				a.Role = role
			}
		}
		for _, code := range r.s.Agents[login].Groups {
			a.Groups = append(a.Groups, r.groups[code])
		}
		made, err := r.Do(owner, app.SaveAgent{Agent: a})
		if err != nil {
			return err
		}
		r.agents[made.ID] = login
	}
	for _, name := range slices.Sorted(maps.Keys(r.s.People)) {
		p := r.s.People[name]
		made, err := r.Do(r.ctx, app.SavePerson{Person: desk.Person{Name: p.Name, VIP: p.VIP, Contract: r.contract}})
		if err != nil {
			return err
		}
		r.people[name] = made.ID
	}
	return nil
}

func (r *runner) moveTo(at string) error {
	t, err := time.ParseInLocation(timeForm, at, r.zone)
	if err != nil {
		return err
	}
	if t.Before(r.now) {
		return fmt.Errorf("%s comes before %s: steps go forward", at, r.now.In(r.zone).Format(timeForm))
	}
	return r.goTo(t)
}

// roles are those that agents of a scenario may have.
var roles = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole, desk.ViewerRole}

// mostTurns is how often the timers turn between two steps.
const mostTurns = 10_000

// goTo moves the clock, and stops wherever something falls due.
func (r *runner) goTo(t time.Time) error {
	for range mostTurns {
		next := r.Next()
		if r.ctx == nil || next.IsZero() || !next.Before(t) {
			break
		}
		if next.After(r.now) {
			r.now = next
			r.Set(next)
		}
		if err := r.Tick(r.ctx); err != nil {
			return err
		}
	}
	r.now = t
	r.Set(t)
	return nil
}

// take carries out a step and looks.
func (r *runner) take(x Step) error {
	switch {
	case x.At != "":
		if err := r.moveTo(x.At); err != nil {
			return err
		}
	case x.After != 0:
		if err := r.goTo(r.now.Add(time.Duration(x.After) * time.Second)); err != nil {
			return err
		}
	}
	if err := r.Tick(r.ctx); err != nil {
		return err
	}
	c, name, err := r.command(x)
	if err != nil {
		return err
	}
	if c != nil {
		got, err := r.Do(r.ctx, c)
		var known *app.Error
		if err != nil && !errors.As(err, &known) {
			return err
		}
		if refused := err != nil; refused != x.Sees.Refused {
			r.fail(name, "refused", fmt.Sprint(x.Sees.Refused), fmt.Sprintf("%v: %v", refused, err), "")
			return nil
		} else if refused {
			return nil
		}
		if x.Open != nil {
			r.cases[name], r.category[name] = got.ID, x.Open.Category
		}
	}
	return r.look(x.Sees)
}

func called(name string) string {
	if name == "" {
		return "case"
	}
	return name
}

// command is what a step asks of the desk; nil when it only looks.
func (r *runner) command(x Step) (app.Command, string, error) {
	if o := x.Open; o != nil {
		b := desk.Opened{Subject: r.s.Name, Text: r.s.Name, Contract: r.contract, Person: r.people[o.Person], Category: o.Category, Impact: o.Impact, Urgency: o.Urgency, Priority: o.Priority}
		if o.Priority != 0 {
			b.Why = r.s.Name
		}
		return app.OpenCase{Opened: b}, called(o.As), nil
	}
	d := x.Do
	if d == nil {
		return nil, "", nil
	}
	name := called(d.Case)
	id, ok := r.cases[name]
	if !ok {
		return nil, name, fmt.Errorf("no case %q has been opened", name)
	}
	const why = "prueba"
	switch d.What {
	case "acknowledge":
		return nil, name, r.acknowledge(id)
	case "take":
		return app.TakeCase{Case: id}, name, nil
	case "hand_off":
		g, err := r.group(d.Group, name)
		return app.HandOffCase{Case: id, Group: g, Reason: why}, name, err
	case "suspend":
		return app.SuspendCase{Case: id, Reason: d.Reason}, name, nil
	case "resume":
		return app.ResumeCase{Case: id}, name, nil
	case "contact":
		return app.AddContact{Case: id, Text: why}, name, nil
	case "answer":
		return app.AddNote{Case: id, Text: why, Public: true}, name, nil
	case "resolve":
		return app.ResolveCase{Case: id, Text: why}, name, nil
	case "reopen":
		return app.ReopenCase{Case: id, Text: why}, name, nil
	case "close":
		return app.CloseCase{Case: id}, name, nil
	case "cancel":
		return app.CancelCase{Case: id, Text: why}, name, nil
	case "edit":
		return r.edit(d, id), name, nil
	}
	return nil, name, fmt.Errorf("%q is nothing that is done to a case: take, hand_off, suspend, resume, contact, answer, resolve, reopen, close, cancel, edit or acknowledge", d.What)
}

func (r *runner) edit(d *Doing, id desk.ID) app.Command {
	e := desk.Edited{}
	if d.Category != "" {
		e.Category = &d.Category
	}
	if d.Impact != 0 {
		e.Impact = &d.Impact
	}
	if d.Urgency != 0 {
		e.Urgency = &d.Urgency
	}
	if d.Priority != 0 {
		why := "prueba"
		e.Priority, e.Why = &d.Priority, &why
	}
	return app.EditCase{Case: id, Edit: e}
}

// group is a group by its code; that of the category of a case when there is none.
func (r *runner) group(code, kase string) (desk.ID, error) {
	if code == "" {
		for _, c := range r.model.Categories {
			if c.Code == r.category[kase] {
				code = c.Group
			}
		}
	}
	g, ok := r.groups[code]
	if !ok {
		return g, fmt.Errorf("the model has no group %q", code)
	}
	return g, nil
}

func (r *runner) fail(kase, what, want, is, why string) {
	r.result.Failed = append(r.result.Failed, Failure{Step: r.step, Case: kase, What: what, Want: want, Is: is, Why: why})
}

// look compares a case with what is expected of it.
func (r *runner) look(x Expectation) error {
	if isNothing(x) {
		return nil
	}
	name := called(x.Case)
	id, ok := r.cases[name]
	if !ok {
		return fmt.Errorf("no case %q has been opened", name)
	}
	a, err := r.Ask(r.ctx, app.OneCase{ID: id})
	if err != nil {
		return err
	}
	k := a.(app.OneCaseAnswer)
	same := func(what, want, is, why string) {
		if want != "" && want != is {
			r.fail(name, what, want, is, why)
		}
	}
	if x.Priority != 0 {
		same("priority", fmt.Sprint(x.Priority), fmt.Sprint(k.Case.Priority), "")
	}
	for code, g := range r.groups {
		if g == k.Case.Group {
			same("group", x.Group, code, "")
		}
	}
	same("status", x.Status, k.Case.Status.String(), "")
	for _, c := range []struct {
		what, want, due string
		kinds           []sla.Kind
	}{{"take_up", x.TakeUp, x.TakeUpDue, []sla.Kind{sla.TakeUp}}, {"resolve", x.Resolve, x.ResolveDue, []sla.Kind{sla.Resolve}}, {"ola", x.OLA, x.OLADue, []sla.Kind{sla.OLA, sla.Supplier}}} {
		run := lastOf(k.Clocks, c.kinds)
		same(c.what, c.want, stateOf(run), because(run, r.zone))
		due := "none"
		if !run.Due.IsZero() {
			due = run.Due.In(r.zone).Format(timeForm)
		}
		same(c.what+"_due", c.due, due, because(run, r.zone))
	}
	if x.ResolveUsed != nil {
		used := draft.Span(lastOf(k.Clocks, []sla.Kind{sla.Resolve}).Elapsed / time.Second)
		same("resolve_used", x.ResolveUsed.String(), used.String(), "")
	}
	return r.alarms(name, id, x)
}

func isNothing(x Expectation) bool {
	return x.Priority == 0 && x.Group == "" && x.Status == "" && x.TakeUp == "" && x.TakeUpDue == "" && x.Resolve == "" && x.ResolveDue == "" && x.ResolveUsed == nil &&
		x.OLA == "" && x.OLADue == "" && x.Alarms == nil && x.Told == nil
}

// because tells in one line what a deadline was made of.
func because(run sla.Run, zone *time.Location) string {
	x := run.Explain()
	if len(x.Counted) == 0 {
		return ""
	}
	var parts []string
	for i, c := range x.Counted {
		if i == 4 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, c.From.In(zone).Format("02/01 15:04")+"-"+c.To.In(zone).Format("15:04"))
	}
	return fmt.Sprintf("%s of %s, counted %s", draft.Span(run.Target/time.Second), x.Calendar, strings.Join(parts, ", "))
}

// lastOf is the last run of a clock; the zero run when it never ran.
func lastOf(runs []sla.Run, kinds []sla.Kind) (last sla.Run) {
	for _, r := range runs {
		if slices.Contains(kinds, r.Kind) {
			last = r
		}
	}
	return last
}

func stateOf(r sla.Run) string {
	switch {
	case r.ID == "" || r.State == sla.Void:
		return "none"
	case r.State == sla.Breached || r.Late:
		return "breached"
	case r.State == sla.Met:
		return "met"
	case r.State == sla.Paused:
		return "paused"
	}
	return "running"
}

// alarmsOf lists the alarms of a case.
func (r *runner) alarmsOf(id desk.ID) ([]app.AlarmRow, error) {
	a, err := r.Ask(r.ctx, app.Alarms{Case: id, Limit: 1000})
	if err != nil {
		return nil, err
	}
	return a.(app.AlarmsAnswer).Rows, nil
}

// acknowledge acknowledges what the alarms of a case ask.
func (r *runner) acknowledge(id desk.ID) error {
	rows, err := r.alarmsOf(id)
	for _, x := range rows {
		if err == nil && x.Alarm.AckDue > 0 && x.Alarm.AckAt == 0 {
			_, err = r.Do(r.ctx, app.AckAlarm{ID: x.ID})
		}
	}
	return err
}

func (r *runner) alarms(name string, id desk.ID, x Expectation) error {
	if x.Alarms == nil && x.Told == nil {
		return nil
	}
	rows, err := r.alarmsOf(id)
	if err != nil {
		return err
	}
	var are, told []string
	for _, x := range rows {
		kind, _, _ := strings.Cut(x.Alarm.Clock, "/")
		when := strings.TrimSuffix(draft.Moment{Percent: x.Alarm.Percent, Offset: x.Alarm.Offset, Unacked: x.Alarm.Unacked}.String(), "%")
		are = append(are, kind+" "+when)
		for _, to := range x.Alarm.To {
			if login := r.agents[to]; login != "" && !slices.Contains(told, login) {
				told = append(told, login)
			}
		}
	}
	for _, c := range []struct {
		what     string
		want, is []string
	}{{"alarms", x.Alarms, are}, {"told", x.Told, told}} {
		if c.want == nil {
			continue
		}
		if len(c.is) == 0 {
			c.is = []string{"none"}
		}
		slices.Sort(c.is)
		if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(c.is, want) {
			r.fail(name, c.what, strings.Join(want, ", "), strings.Join(c.is, ", "), "")
		}
	}
	return nil
}
