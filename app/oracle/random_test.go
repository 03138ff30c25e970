package oracle_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/model"
	"punto/app/oracle"
	"punto/app/phone"
	"punto/app/sla"
	"punto/app/tally"
	"punto/cmd/host"
	"punto/store"
	"punto/sync/stream"
)

// A history is a plan: what somebody tries to do to the cases of one contract, and
// when. What the desk refuses has not happened. Plans are made of numbers alone, so
// that one that shows a difference can be told in fewer steps.
type plan struct {
	name  string
	lore  int // which of the calendars and contracts
	steps []step
}

// step is one thing that somebody tries.
type step struct {
	at   time.Time
	do   string
	kase int // which of the cases so far
	pick int // which of what there is to choose
	away bool
}

func (s step) String() string {
	where := ""
	if s.away {
		where = " (on the isolated workstation)"
	}
	return fmt.Sprintf("%s case %d: %s %d%s", s.at.UTC().Format("2006-01-02 15:04:05"), s.kase, s.do, s.pick, where)
}

// chances of each thing that can happen next to a case.
var chances = []struct {
	do   string
	in   int
	gap  time.Duration // how long after the thing before, on the average
	late int           // of ten, how often on the isolated workstation
}{
	{"open", 6, 30 * time.Hour, 1}, {"open in a call", 4, 30 * time.Hour, 0}, {"take", 14, 20 * time.Minute, 2}, {"hand off", 16, 3 * time.Hour, 2}, {"assign", 4, time.Hour, 1},
	{"suspend", 14, 2 * time.Hour, 2}, {"resume", 8, 9 * time.Hour, 2}, {"contact", 4, 6 * time.Hour, 1}, {"note", 3, time.Hour, 1}, {"resolve", 18, 3 * time.Hour, 2},
	{"resolve in the call", 5, 5 * time.Minute, 0}, {"reopen", 12, 70 * time.Hour, 1}, {"reopen late", 2, 220 * time.Hour, 0}, {"close", 4, 20 * time.Hour, 0}, {"cancel", 3, 4 * time.Hour, 1},
	{"merge", 3, time.Hour, 0}, {"call", 20, 5 * time.Hour, 1}, {"priority", 9, 2 * time.Hour, 1}, {"category", 4, time.Hour, 0}, {"person", 2, time.Hour, 0}, {"contract", 2, time.Hour, 0}, {"undo", 7, 10 * time.Hour, 0}, {"excuse", 6, 10 * time.Hour, 0},
}

// makePlan makes up a history that begins some days around a month's end.
func makePlan(r *rand.Rand, name string, from time.Time) plan {
	p := plan{name: name, lore: r.IntN(len(lores))}
	all := 0
	for _, c := range chances {
		all += c.in
	}
	at := from.Add(time.Duration(r.IntN(25*24*3600)) * time.Second)
	for n := 5 + r.IntN(14); n > 0; n-- {
		x := r.IntN(all)
		c := chances[0]
		if len(p.steps) > 0 {
			for _, c = range chances {
				if x -= c.in; x < 0 {
					break
				}
			}
		}
		at = at.Add(time.Duration(1+r.ExpFloat64()*float64(c.gap)) + time.Millisecond).Truncate(time.Millisecond)
		if r.IntN(25) == 0 {
			at = at.Add(time.Duration(r.IntN(20*24)) * time.Hour) // nothing for a long time
		}
		p.steps = append(p.steps, step{at: at, do: c.do, kase: r.IntN(8), pick: r.IntN(1 << 16), away: r.IntN(10) < c.late && r.IntN(2) == 0})
	}
	return p
}

// lore is what a contract may be: hours, zone, targets.
type lore struct {
	zone    string
	weekly  [7][]sla.Shift
	special map[oracle.Date][]sla.Shift
	targets []desk.Target
	pauses  []string
	days    int
}

func week(days []time.Weekday, shifts ...sla.Shift) (w [7][]sla.Shift) {
	for _, d := range days {
		w[d] = shifts
	}
	return w
}

var (
	workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	alldays  = append([]time.Weekday{time.Saturday, time.Sunday}, workdays...)
	usual    = []desk.Target{{Priority: 1, TakeUp: 900, Resolve: 4 * 3600, OLA: 2 * 3600}, {Priority: 2, TakeUp: 1800, Resolve: 8 * 3600, OLA: 4 * 3600}, {Priority: 3, TakeUp: 7200, Resolve: 20 * 3600, OLA: 10 * 3600}}
	lores    = []lore{
		{"America/Lima", week(alldays, sla.Shift{From: 0, To: 86400}), nil, usual, []string{"user", "parts"}, 7},
		{"America/Santiago", week(workdays, sla.Shift{From: 8 * 3600, To: 12 * 3600}, sla.Shift{From: 13 * 3600, To: 18 * 3600}),
			map[oracle.Date][]sla.Shift{{Year: 2026, Month: 9, Day: 18}: nil, {Year: 2026, Month: 10, Day: 12}: {{From: 8 * 3600, To: 12 * 3600}}, {Year: 2026, Month: 10, Day: 31}: {{From: 20 * 3600, To: 86400}}}, usual, []string{"user"}, 5},
		{"Europe/Madrid", week(alldays, sla.Shift{From: 22 * 3600, To: 30 * 3600}), nil, // over midnight, and over both changes of the clock
			[]desk.Target{{Priority: 1, TakeUp: 60, Resolve: 3600, OLA: 1800}, {Priority: 2, TakeUp: 1800, Resolve: 7 * 3600, OLA: 3 * 3600}, {Priority: 4, Resolve: 30 * 3600}}, []string{"user", "third_party", "internal"}, 7},
		{"America/Santiago", week(alldays, sla.Shift{From: 0, To: 3 * 3600}, sla.Shift{From: 9 * 3600, To: 24 * 3600}), nil, usual, nil, 3}, // open at the midnight that is not there
	}
)

func (l lore) calendar() sla.Calendar {
	c := sla.Calendar{Name: l.zone, Zone: l.zone, Weekly: l.weekly}
	for d, s := range l.special {
		c.Specials = append(c.Specials, sla.Special{Name: "x", From: sla.Date{Year: d.Year, Month: d.Month, Day: d.Day}, Shifts: s})
	}
	return c
}

func (l lore) contract(t testing.TB) oracle.Contract {
	z, err := time.LoadLocation(l.zone)
	if err != nil {
		t.Fatal(err)
	}
	same := func(ss []sla.Shift) (out []oracle.Shift) {
		for _, s := range ss {
			out = append(out, oracle.Shift{From: s.From, To: s.To})
		}
		return out
	}
	c := oracle.Contract{Zone: z, Hours: oracle.Hours{Zone: z, Special: map[oracle.Date][]oracle.Shift{}}, Promises: map[int]oracle.Promise{}, Pauses: l.pauses, ReopenDays: l.days,
		ShortAbandon: 5 * time.Second, AnswerIn: 20 * time.Second, WrapUp: 600 * time.Second}
	for d, s := range l.weekly {
		c.Hours.Weekly[d] = same(s)
	}
	for d, s := range l.special {
		c.Hours.Special[d] = same(s)
	}
	for _, t := range l.targets {
		c.Promises[t.Priority] = oracle.Promise{TakeUp: time.Duration(t.TakeUp) * time.Second, Resolve: time.Duration(t.Resolve) * time.Second, OLA: time.Duration(t.OLA) * time.Second}
	}
	for _, c2 := range model.Default().Categories {
		if c2.Level1 {
			c.Level1 = append(c.Level1, c2.Code)
		}
	}
	return c
}

// world is a desk of two workstations, one of which is alone most of the time, on
// one clock.
type world struct {
	testing.TB
	*begun
	now   time.Time
	nodes [2]*host.Replica // the second is the isolated one
	agent [2]context.Context
	syncs []time.Time   // when the isolated one meets the other
	lost  []oracle.Call // that belong to no contract
}

// begun is a desk of two workstations on which nothing has happened yet, and who
// works on both. Worlds begin with copies of it: a desk's first password takes long.
type begun struct {
	disks  [2]*store.Memory
	agent  desk.ID
	groups []desk.ID
	levels map[desk.ID]desk.Group
	cats   []string
}

func (w *world) open(disks [2]*store.Memory) {
	w.Helper()
	for i := range w.nodes {
		db, err := store.Open(w.Context(), store.Options{Memory: disks[i]})
		if err != nil {
			w.Fatal(err)
		}
		e, err := app.Open(w.Context(), app.Config{Log: db, Now: func() time.Time { return w.now }})
		if err != nil {
			w.Fatal(err)
		}
		w.nodes[i] = &host.Replica{DB: db, Engine: e}
	}
}

// beginning makes the desk that worlds begin with, some time before all of them.
func beginning(t testing.TB) *begun {
	t.Helper()
	w := &world{TB: t, now: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}
	b := &begun{disks: [2]*store.Memory{{}, {}}, levels: map[desk.ID]desk.Group{}, cats: []string{"impresoras.cola", "impresoras.cola"}}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.open(b.disks)
	first := w.nodes[0]
	owner := first.Engine.Owner(t.Context())
	do := func(c app.Command) app.Receipt {
		t.Helper()
		r, err := first.Engine.Do(owner, c)
		check(err)
		return r
	}
	do(app.CreateDesk{Name: "Azar", Zone: "America/Lima", AlwaysOpen: true, Password: password})
	site, err := stream.Found(first.DB.Key().Public().(ed25519.PublicKey))
	check(err)
	for i, x := range w.nodes {
		pub, cert := x.DB.Key().Public().(ed25519.PublicKey), site.Cert
		if i > 0 {
			cert, err = site.Certify(pub, false)
			check(err)
		}
		check(x.DB.Certify(t.Context(), cert, i == 0))
		r := do(app.AddNode{Key: pub, Name: fmt.Sprint("puesto ", i), Coordinator: i == 0})
		if i > 0 {
			w.meet()
			check(x.Engine.Number(t.Context(), string(r.Number)))
		}
	}
	b.agent = do(app.SaveAgent{Agent: desk.Agent{Name: "Rosa", Role: desk.SupervisorRole}}).ID
	w.meet()
	a, err := first.Engine.Ask(owner, app.TheModel{})
	check(err)
	m := a.(app.TheModelAnswer).Model
	for _, code := range []string{"n1", "soporte", "redes", "proveedor"} {
		b.groups = append(b.groups, m.Groups[code])
		b.levels[m.Groups[code]] = model.Groups("es")[code]
	}
	for _, c := range m.Categories {
		if !c.Level1 && len(b.cats) < 4 {
			b.cats = append(b.cats, c.Code)
		}
	}
	w.close()
	return b
}

func (w *world) close() {
	w.Helper()
	for _, x := range w.nodes {
		if err := errors.Join(x.Engine.Close(), x.DB.Close()); err != nil {
			w.Fatal(err)
		}
	}
}

func newWorld(t testing.TB, b *begun, now time.Time) *world {
	t.Helper()
	w := &world{TB: t, now: now, begun: b}
	w.open([2]*store.Memory{b.disks[0].Clone(), b.disks[1].Clone()})
	for i, x := range w.nodes {
		w.agent[i] = x.Engine.As(t.Context(), b.agent)
	}
	return w
}

// meet lets the two workstations tell each other all that they hold.
func (w *world) meet() {
	w.Helper()
	for i := range w.nodes {
		from, to := w.nodes[i], w.nodes[1-i]
		vector, need := to.Vector(), map[desk.Origin]uint64{}
		for o, seq := range from.Vector() {
			if vector[o] < seq {
				need[o] = vector[o] + 1
				if id, ok := from.Identity(o); ok {
					if err := to.Introduce(w.Context(), id); err != nil {
						w.Fatal(err)
					}
				}
			}
		}
		if len(need) == 0 {
			continue
		}
		runs, err := from.Pull(need, 64<<20, false)
		if err != nil {
			w.Fatal(err)
		}
		taken, err := to.Merge(w.Context(), runs)
		if err != nil || taken.Refused > 0 {
			w.Fatalf("%+v, %v", taken, err)
		}
	}
}

// known is when the whole desk has what is written on the isolated workstation now.
func (w *world) known() time.Time {
	for _, s := range w.syncs {
		if s.After(w.now) {
			return s
		}
	}
	return w.now
}

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
			s.follow(k, r, row)
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
	k.Queue, k.Dialled = c.Queue, c.Dialled
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
// all is as in that one by now.
func (s *tale) follow(k *telling, r app.Receipt, row oracle.Row) {
	now := oracle.Case{Rows: k.rows}.Last()
	row.Contract, row.Person, row.Category, row.Priority, row.Group, row.Level = now.Contract, now.Person, now.Category, now.Priority, now.Group, now.Level
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
			s.restated(fmt.Sprint(at.Format("2006-01"), " of contract ", i), got, a.(app.MonthAnswer).Restated)
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

// batch is a world's worth of plans, and when it is asked for its months.
type batch struct {
	seed  uint64
	from  time.Time
	plans []plan
}

const perWorld = 12

func makeBatch(seed uint64, n int) batch {
	r := rand.New(rand.NewPCG(seed, 8)) //nolint:gosec // a simulation
	b := batch{seed: seed, from: []time.Time{time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 8, 0, 0, 0, 0, time.UTC)}[r.IntN(3)]}
	for i := range n {
		b.plans = append(b.plans, makePlan(r, fmt.Sprintf("%d-%d", seed, i), b.from))
	}
	return b
}

// run carries out the plans of a batch, all at their times, and compares.
func (b batch) run(t testing.TB, at *begun) (tales []*tale) {
	w := newWorld(t, at, b.from.Add(-time.Hour))
	defer w.close()
	r := rand.New(rand.NewPCG(b.seed, 9)) //nolint:gosec // a simulation
	end := b.from
	type moment struct {
		at time.Time
		do func()
	}
	var moments []moment
	var people app.ImportRecords
	for _, p := range b.plans {
		s := w.begin(p)
		tales = append(tales, s)
		for i := range 2 {
			n := fmt.Sprint(p.name, " ", i)
			people.People = append(people.People, desk.Person{Name: n, Ref: n, Contract: s.contracts[i], Extension: p.extension(i)})
		}
		for _, x := range p.steps {
			moments = append(moments, moment{x.at, func() { s.step(x) }})
			if x.at.After(end) {
				end = x.at
			}
		}
	}
	if _, err := w.nodes[0].Engine.Do(w.nodes[0].Engine.Owner(t.Context()), people); err != nil {
		t.Fatal(err)
	}
	w.meet()
	end = end.Add(40 * 24 * time.Hour)
	for at := b.from; at.Before(end); {
		at = at.Add(time.Duration(1+r.IntN(10*24)) * time.Hour)
		w.syncs = append(w.syncs, at)
		moments = append(moments, moment{at, w.meet})
	}
	var months []time.Time
	for m := time.Date(b.from.Year(), b.from.Month(), 1, 0, 0, 0, 0, time.UTC); m.Before(end); m = m.AddDate(0, 1, 0) {
		months = append(months, m)
		asked := m.AddDate(0, 1, 0).Add(7*24*time.Hour + 12*time.Hour) // R days and the zones after its end
		moments = append(moments, moment{asked, func() {
			for _, s := range tales {
				s.compare([]time.Time{m})
			}
		}})
	}
	moments = append(moments, moment{end.AddDate(1, 0, 0), func() {
		for _, s := range tales {
			s.compare(months)
		}
	}})
	slices.SortStableFunc(moments, func(a, b moment) int { return a.at.Compare(b.at) })
	for _, m := range moments {
		w.now = m.at
		m.do()
	}
	return tales
}

// number of histories, and the seed, from the environment.
func setting(t *testing.T, name string, byDefault uint64) uint64 {
	s := os.Getenv(name)
	if s == "" {
		return byDefault
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatalf("%s=%q is no number", name, s)
	}
	return n
}

// TestTheOracleAgreesOnRandomHistories compares every index of every month on
// histories that nobody thought of. PUNTO_HISTORIES says how many, PUNTO_SEED
// repeats a run.
func TestTheOracleAgreesOnRandomHistories(t *testing.T) {
	histories, seed := setting(t, "PUNTO_HISTORIES", 2000), setting(t, "PUNTO_SEED", uint64(time.Now().UnixNano()%1_000_000)) //nolint:gosec // after 1970
	start := beginning(t)
	compared, cases, rows, done := 0, 0, 0, uint64(0)
	for n := uint64(0); done < histories; n++ {
		b := makeBatch(seed+n, int(min(perWorld, histories-done))) //nolint:gosec // few
		for i, s := range b.run(t, start) {
			compared += s.compared
			for _, k := range s.cases {
				cases++
				rows += len(k.rows)
			}
			if len(s.failed) > 0 {
				t.Fatalf("seed %d, history %d:\n%s", b.seed, i, b.smallest(t, start, i))
			}
		}
		done += uint64(len(b.plans))
	}
	t.Logf("%d histories from seed %d: %d cases, %d rows, %d figures compared, no difference", done, seed, cases, rows, compared)
}

// smallest tells a history on which the two differ in as few steps as possible.
func (b batch) smallest(t *testing.T, start *begun, i int) string {
	p := b.plans[i]
	var last *tale
	differs := func(p plan) bool {
		one := b
		one.plans = []plan{p}
		s := one.run(t, start)[0]
		if len(s.failed) > 0 {
			last = s
		}
		return len(s.failed) > 0
	}
	if !differs(p) {
		return "it differs only beside the others of its world"
	}
	for again := true; again; {
		again = false
		for n := len(p.steps) - 1; n >= 0; n-- {
			less := p
			less.steps = slices.Delete(slices.Clone(p.steps), n, n+1)
			if differs(less) {
				p, again = less, true
			}
		}
	}
	differs(p)
	var out strings.Builder
	for _, x := range p.steps {
		fmt.Fprintln(&out, x)
	}
	for i, k := range last.cases {
		for _, r := range k.rows {
			fmt.Fprintf(&out, "case %d: %+v\n", i, r)
		}
	}
	for _, k := range last.desk.Calls {
		fmt.Fprintf(&out, "call: %+v\n", k)
	}
	for _, f := range last.failed {
		fmt.Fprintln(&out, f)
	}
	return out.String()
}
