package rooms_test

import (
	"cmp"
	"context"
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
	"punto/app/sla"
)

// plainCase is an open case as a queue is counted of by hand.
type plainCase struct {
	app.OneCaseAnswer
	band app.Band
}

// bandByHand takes the run that falls due first out of all that a case ever had.
func bandByHand(runs []sla.Run) app.Band {
	var first *sla.Run
	for i := range runs {
		if r := &runs[i]; r.Stop.IsZero() && r.State != sla.Void && r.State != sla.Paused && !r.Due.IsZero() && (first == nil || r.Due.Before(first.Due)) {
			first = r
		}
	}
	switch {
	case first == nil:
		return app.Still
	case first.Elapsed > first.Target:
		return app.Overdue
	case first.Elapsed*10 >= first.Target*9:
		return app.Tenth
	case first.Elapsed*4 >= first.Target*3:
		return app.Quarter
	}
	return app.OnTime
}

// plain are the open cases of some ids, each looked at by itself.
func (r *replica) plain(ctx context.Context, ids []desk.ID) (out []plainCase) {
	r.t.Helper()
	for _, id := range ids {
		x, err := r.Ask(ctx, app.OneCase{ID: id})
		if app.CodeOf(err) == app.NotFound && err != nil {
			continue
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if a := x.(app.OneCaseAnswer); a.Case.Status.Open() {
			out = append(out, plainCase{a, bandByHand(a.Clocks)})
		}
	}
	return out
}

func (r *replica) queue(ctx context.Context, q app.Queue) app.QueueAnswer {
	r.t.Helper()
	x, err := r.Ask(ctx, q)
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.QueueAnswer)
}

// desked is a desk of two workstations with people, groups and who works in them.
type desked struct {
	rs     []*replica
	agents []desk.ID
	of     map[desk.ID][]desk.ID // groups
	people []desk.ID
	groups []desk.ID
	cases  []desk.ID
}

func newDesked(t testing.TB) *desked {
	d := &desked{rs: replicas(t, 2), of: map[desk.ID][]desk.ID{}}
	a := d.rs[0]
	for _, n := range []string{"Redes", "Soporte en sitio", "Aplicaciones"} {
		d.groups = append(d.groups, a.do(app.SaveGroup{Group: desk.Group{Name: n, Level: 2}}).ID)
	}
	for i, role := range []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole} {
		groups := d.groups[i : i+1]
		if role == desk.AgentRole {
			groups = nil
		}
		id := a.do(app.SaveAgent{Agent: desk.Agent{Name: []string{"Ana Soto", "César Ramos", "Pedro Lagos"}[i], Role: role, Groups: groups}}).ID
		d.agents, d.of[id] = append(d.agents, id), groups
	}
	for _, n := range []string{"Rosa Quispe", "Íñigo Peña", "Óscar Tello"} {
		d.people = append(d.people, a.do(app.SavePerson{Person: desk.Person{Name: n}}).ID)
	}
	meet(d.rs...)
	return d
}

// step does something at random on one of the two; what is refused is refused.
func (d *desked) step(t testing.TB, rnd *rand.Rand) {
	r := d.rs[rnd.IntN(2)]
	by := d.agents[rnd.IntN(len(d.agents))]
	do := func(c app.Command) (app.Receipt, bool) {
		x, err := r.Do(r.as(by), c)
		if code := app.CodeOf(err); err != nil && code == app.Internal {
			t.Fatalf("%s: %v", app.NameOf(c), err)
		}
		return x, err == nil
	}
	if len(d.cases) == 0 || rnd.IntN(5) == 0 {
		x, ok := do(app.OpenCase{Opened: desk.Opened{Subject: []string{"No imprime (guías)", "Wi-Fi débil", "Sin correo", "ñandú: señal"}[rnd.IntN(4)], Person: d.people[rnd.IntN(3)],
			Category: []string{"", "impresoras.cola"}[rnd.IntN(2)], Impact: 1 + rnd.IntN(4), Urgency: 1 + rnd.IntN(4), Group: d.groups[rnd.IntN(3)]}})
		if ok {
			d.cases = append(d.cases, x.ID)
		}
		return
	}
	id := d.cases[rnd.IntN(len(d.cases))]
	p, why := 1+rnd.IntN(4), "así"
	switch rnd.IntN(13) {
	case 0:
		do(app.TakeCase{Case: id})
	case 1:
		do(app.AssignCase{Case: id, Agent: d.agents[rnd.IntN(3)]})
	case 2:
		do(app.HandOffCase{Case: id, Group: d.groups[rnd.IntN(3)], Reason: "ver"})
	case 3:
		do(app.SuspendCase{Case: id, Reason: []string{"user", "parts"}[rnd.IntN(2)]})
	case 4:
		do(app.ResumeCase{Case: id})
	case 5:
		do(app.ResolveCase{Case: id, Text: "listo"})
	case 6:
		do(app.ReopenCase{Case: id, Text: "otra vez"})
	case 7:
		do(app.EditCase{Case: id, Edit: desk.Edited{Priority: &p, Why: &why}})
	case 8:
		do(app.FollowCase{Case: id, Off: rnd.IntN(3) == 0})
	case 9:
		do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: id}})
	case 10:
		do(app.SavePerson{ID: d.people[rnd.IntN(3)], Person: desk.Person{Name: []string{"Rosa Quispe", "Raúl Ñato", "Zoe Vela"}[rnd.IntN(3)]}})
	case 11:
		d.rs[0].takes(d.rs[1])
		d.rs[1].takes(d.rs[0])
	case 12:
		by := time.Duration(rnd.IntN(300)) * time.Minute
		for _, r := range d.rs {
			r.clock = r.clock.Add(by)
		}
	}
}

// begins tells whether a word of a text begins so, as people see it: without case,
// accents and what stands around words.
func begins(text, with string) bool {
	plain := strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "(", " ", ")", " ", ":", " ")
	for _, w := range strings.Fields(plain.Replace(strings.ToLower(text))) {
		if strings.HasPrefix(w, with) {
			return true
		}
	}
	return false
}

// check compares every view of a workstation with a count by hand.
func (d *desked) check(t testing.TB, r *replica, rnd *rand.Rand) {
	t.Helper()
	if err := r.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	me := d.agents[rnd.IntN(len(d.agents))]
	ctx := r.as(me)
	all := r.plain(ctx, d.cases)
	mine := func(p *plainCase) bool { return slices.Contains(d.of[me], p.Case.Group) }
	near := func(p *plainCase) bool {
		return me != d.agents[1] || mine(p) || p.Case.Agent == me || p.Case.Group.IsZero()
	}
	word := []string{"", "rosa", "inig", "guias", "wi-fi", "red", "cesar", "nandu", "impresoras", "zzz"}[rnd.IntN(10)]
	priority := rnd.IntN(5)
	const span = 4 * 3_600_000
	from := r.clock.Add(time.Duration(rnd.IntN(1200)-400) * time.Minute).UnixMilli()
	var filter []app.Term
	if word != "" {
		filter = append(filter, app.Term{Text: strings.ToUpper(word)})
	}
	switch {
	case priority == 4:
		filter = append(filter, app.Term{From: from, To: from + span})
	case priority > 0:
		filter = append(filter, app.Term{Priorities: []int{priority}, Statuses: []desk.Status{desk.Pending}})
	}
	passes := func(p *plainCase) bool {
		c := &p.Case
		if word != "" && !begins(strings.Join([]string{string(c.Number), c.Subject, p.Person.Name, p.Row.Group, p.Row.Agent, p.Row.Category}, " "), word) {
			return false
		}
		in := func(at int64) bool { return at >= from && at < from+span }
		switch {
		case priority == 4:
			due := int64(0)
			for _, x := range p.Clocks {
				if x.Stop.IsZero() && x.State != sla.Paused && x.State != sla.Void && !x.Due.IsZero() && (due == 0 || x.Due.UnixMilli() < due) {
					due = x.Due.UnixMilli()
				}
			}
			return in(c.OpenedAt) || due != 0 && in(due)
		case priority > 0:
			return c.Priority == priority || c.Status == desk.Pending
		}
		return true
	}
	shows := map[string]func(*plainCase) bool{"mine": func(p *plainCase) bool { return p.Case.Agent == me }, "group": mine,
		"unowned": func(p *plainCase) bool { return p.Case.Agent.IsZero() && near(p) }, "breached": func(p *plainCase) bool { return p.band == app.Overdue && near(p) },
		"followed": func(p *plainCase) bool { return p.Followed }, "all": func(*plainCase) bool { return true }}
	var want app.QueueCounts
	for view, in := range shows {
		bands, total, ids, n := make([]int, app.Bands), 0, map[desk.ID]app.Band{}, 0
		for i := range all {
			if !in(&all[i]) {
				continue
			}
			if n++; passes(&all[i]) {
				bands[all[i].band]++
				total++
				ids[all[i].ID] = all[i].band
			}
		}
		*map[string]*int{"mine": &want.Mine, "group": &want.Group, "unowned": &want.Unowned, "breached": &want.Breached, "followed": &want.Followed, "all": &want.All}[view] = n
		by := append([]string{""}, app.QueueOrders...)[rnd.IntN(1+len(app.QueueOrders))]
		down := rnd.IntN(2) == 0
		var rows []app.CaseRow
		for len(rows) < total {
			got := r.queue(ctx, app.Queue{View: view, Filter: filter, By: by, Down: down, After: len(rows), Limit: 3})
			if got.Total != total || !slices.Equal(got.Bands, bands) {
				t.Fatalf("%s of %d, filter %+v: %d in bands %v; by hand %d in %v", view, len(all), filter, got.Total, got.Bands, total, bands)
			}
			if len(got.Rows) == 0 {
				t.Fatalf("%s: the page after %d of %d is empty", view, len(rows), total)
			}
			rows = append(rows, got.Rows...)
		}
		if total == 0 {
			if got := r.queue(ctx, app.Queue{View: view, Filter: filter}); got.Total != 0 || len(got.Rows) != 0 {
				t.Fatalf("%s, filter %+v: %d rows; by hand none", view, filter, got.Total)
			}
		}
		for _, x := range rows {
			if band, ok := ids[x.ID]; !ok || x.Band != band {
				t.Fatalf("%s shows %s in band %d; by hand %v, %d", view, x.Number, x.Band, ok, band)
			}
			delete(ids, x.ID)
		}
		if len(ids) > 0 {
			t.Fatalf("%s leaves %d cases out", view, len(ids))
		}
		key := map[string]func(a, b app.CaseRow) int{"": func(a, b app.CaseRow) int { return cmp.Compare(a.Band, b.Band) },
			"number":   func(a, b app.CaseRow) int { return cmp.Compare(a.Number, b.Number) },
			"priority": func(a, b app.CaseRow) int { return cmp.Compare(a.Priority, b.Priority) }, "opened": func(a, b app.CaseRow) int { return cmp.Compare(a.OpenedAt, b.OpenedAt) },
			"hops": func(a, b app.CaseRow) int { return cmp.Compare(a.HandOffs, b.HandOffs) }, "status": func(a, b app.CaseRow) int { return cmp.Compare(a.Status, b.Status) }}[by]
		if key != nil && !slices.IsSortedFunc(rows, func(a, b app.CaseRow) int {
			if down {
				return key(b, a)
			}
			return key(a, b)
		}) {
			t.Fatalf("%s by %q, down %v, is not sorted", view, by, down)
		}
	}
	d.checkLoad(t, r, all)
	if got := r.queue(ctx, app.Queue{Limit: 1}).Counts; got != want {
		t.Fatalf("counts %+v; by hand %+v", got, want)
	}
}

// checkLoad compares what each agent has with a count by hand.
func (d *desked) checkLoad(t testing.TB, r *replica, all []plainCase) {
	t.Helper()
	x, err := r.Ask(r.Owner(t.Context()), app.Load{})
	if err != nil {
		t.Fatal(err)
	}
	a := x.(app.LoadAnswer)
	seen := 0
	for _, row := range append(a.Rows, a.Unowned) {
		want := app.LoadRow{Agent: row.Agent, Name: row.Name}
		for i := range all {
			if all[i].Case.Agent != row.Agent {
				continue
			}
			want.Open++
			switch all[i].band {
			case app.Overdue:
				want.Overdue++
			case app.Quarter, app.Tenth:
				want.Soon++
			case app.Still:
				want.Still++
			}
		}
		if row != want {
			t.Fatalf("the load %+v is %+v by hand", row, want)
		}
		seen += row.Open
	}
	if seen != len(all) || len(a.Rows) != len(d.agents) || !slices.IsSortedFunc(a.Rows, func(x, y app.LoadRow) int { return cmp.Or(y.Overdue-x.Overdue, y.Soon-x.Soon, y.Open-x.Open) }) {
		t.Fatalf("%d of %d cases are in the load %+v", seen, len(all), a)
	}
}

// What a queue counts, chooses and sorts in memory is what is counted of every case by
// itself, on both of two workstations, whatever happened in whatever order.
func TestAQueueIsWhatIsCountedByHand(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("PUNTO_SEED"), 10, 64); err == nil {
		seed = s
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	d := newDesked(t)
	defer func() {
		if t.Failed() {
			t.Logf("PUNTO_SEED=%d", seed)
		}
	}()
	d.check(t, d.rs[0], rnd) // one has its book from the beginning, the other from the middle
	for i := range 400 {
		d.step(t, rnd)
		if i%8 == 0 {
			d.check(t, d.rs[0], rnd)
			if i > 200 {
				d.check(t, d.rs[1], rnd)
			}
		}
	}
}

// A band begins at the instant at which its share is used up, in hours that are open.
func TestABandBeginsToTheMillisecond(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	at := b.clock
	var run sla.Run
	for _, r := range b.kase(id).Clocks {
		if r.Kind == sla.TakeUp {
			run = r
		}
	}
	for _, x := range []struct {
		from         time.Duration
		before, then app.Band
	}{{run.Target * 3 / 4, app.OnTime, app.Quarter}, {run.Target * 9 / 10, app.Quarter, app.Tenth}, {run.Target + time.Millisecond, app.Tenth, app.Overdue}} {
		for off, want := range map[time.Duration]app.Band{-time.Millisecond: x.before, 0: x.then} {
			b.clock = at.Add(x.from + off)
			a := ask[app.QueueAnswer](b, app.Queue{})
			if a.Rows[0].Band != want || a.Bands[want] != 1 {
				t.Errorf("%v after: row %d, bands %v, not %d", x.from+off, a.Rows[0].Band, a.Bands, want)
			}
		}
	}
}

func TestAQueueRefusesWhatItDoesNotKnow(t *testing.T) {
	b := newBench(t)
	b.rosa()
	for _, q := range []app.Queue{{View: "ours"}, {By: "colour"}, {Filter: make([]app.Term, app.MaxTerms+1)}} {
		if _, err := b.Ask(b.ctx, q); app.CodeOf(err) != app.Invalid {
			t.Errorf("%+v gave %v", q, err)
		}
	}
	if got := ask[app.QueueAnswer](b, app.Queue{After: 9, Limit: -3}); len(got.Rows) != 0 || got.Total != 1 {
		t.Errorf("after the last: %+v", got)
	}
	r := b.do(app.OpenCase{Opened: desk.Opened{Subject: "x"}})
	if _, err := b.Do(b.Owner(t.Context()), app.FollowCase{Case: r.ID}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("nobody follows a case: %v", err)
	}
	b.refused(app.NotFound, app.FollowCase{Case: desk.DerivedID("none")})
}

// What the timers have read ahead is changed with each commit, as what was asked for.
func TestAQueueThatWasReadAheadIsKept(t *testing.T) {
	b := newBench(t)
	b.rosa()
	for range 2 {
		if err := b.Tick(b.ctx); err != nil {
			t.Fatal(err)
		}
		b.clock = b.clock.Add(2 * time.Second)
	}
	b.rosa()
	if a := ask[app.QueueAnswer](b, app.Queue{}); a.Total != 2 {
		t.Errorf("%d are open", a.Total)
	}
}

// Who has a case open is told as long as they say so, and to the others alone.
func TestWhoElseHasACaseOpen(t *testing.T) {
	d := newDesked(t)
	r := d.rs[0]
	one := r.does(r.as(d.agents[0]), app.OpenCase{Opened: desk.Opened{Subject: "uno"}}).ID
	two := r.does(r.as(d.agents[0]), app.OpenCase{Opened: desk.Opened{Subject: "dos"}}).ID
	looks := func(who int, id desk.ID, writing bool) string {
		t.Helper()
		x, err := r.Ask(r.as(d.agents[who]), app.Beside{Case: id, Writing: writing})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, b := range x.(app.BesideAnswer).Rows {
			said = append(said, fmt.Sprint(b.Agent, b.Node, " ", b.Writing))
		}
		return strings.Join(said, ", ")
	}
	peers := &others{seen: map[desk.ID]desk.Seen{}}
	r.SetPeers(peers)
	if got := looks(0, one, false); got != "" {
		t.Errorf("alone one sees %q", got)
	}
	if got := looks(1, one, true); got != "Ana Soto false" || peers.told != 2 {
		t.Errorf("the second sees %q; others were told %d times", got, peers.told)
	}
	if got := looks(0, one, false); got != "César Ramos true" || peers.told != 2 {
		t.Errorf("the first sees %q; others were told %d times", got, peers.told)
	}
	if got := looks(0, two, false); got != "" || peers.told != 3 {
		t.Errorf("at another case: %q", got)
	}
	id, _ := d.rs[1].log.Identity(d.rs[1].log.Origin())
	node := desk.NodeID(id.Key[:])
	peers.seen[node] = desk.Seen{Alive: true, Attends: []desk.Attention{{Agent: d.agents[2], Of: desk.Entity{Type: desk.CaseType, ID: two}}, {Agent: desk.DerivedID("nobody"), Of: desk.Entity{Type: desk.CaseType, ID: two}}}}
	if got := looks(0, two, false); got != "Pedro Lagospuesto false" {
		t.Errorf("of another workstation: %q", got)
	}
	peers.seen[node] = desk.Seen{Attends: peers.seen[node].Attends}
	if got := looks(0, two, false); got != "" {
		t.Errorf("of one that is gone: %q", got)
	}
	r.clock = r.clock.Add(20 * time.Second)
	if got := looks(0, one, false); got != "" {
		t.Errorf("after 20 seconds of silence: %q", got)
	}
}

// others is a site that says what the test says.
type others struct {
	seat
	seen map[desk.ID]desk.Seen
	told int
}

func (o *others) Live() desk.Sight { return desk.Sight{Nodes: o.seen} }
func (o *others) Present()         { o.told++ }

// BenchmarkQueue is filtering as one types, with 20,000 open cases of 210,000.
func BenchmarkQueue(b *testing.B) {
	r := replicas(b, 1)[0]
	who := r.agent(desk.SupervisorRole)
	at := r.clock.Add(-200 * time.Hour).UnixMilli()
	const all, open, batch = 210_000, 20_000, 5_000
	for i := 0; i < all; i += batch {
		var c app.ImportCases
		for j := i; j < i+batch; j++ {
			h := app.CaseHistory{Ref: fmt.Sprint("B", j), At: at + int64(j)*3_000, Person: fmt.Sprintf("Usuario Apellido%d", j%900), Group: []string{"Redes", "Soporte", "Aplicaciones"}[j%3],
				Opened: desk.Opened{Subject: fmt.Sprintf("La impresora no responde en el puesto%d", j), Kind: desk.Incident, Impact: 1 + j%4, Urgency: 1 + j%3}}
			if j < all-open {
				h.Steps = []app.CaseStep{{At: h.At + 600_000, Kind: desk.CaseResolved, Agent: "Ana", Text: "cola reiniciada"}}
			}
			c.Cases = append(c.Cases, h)
		}
		r.do(c)
	}
	if err := r.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	ctx := r.as(who)
	for range 2 { // the timers read it ahead
		r.tick()
		r.clock = r.clock.Add(2 * time.Second)
	}
	from := time.Now()
	if a := r.queue(ctx, app.Queue{}); a.Total != open {
		b.Fatalf("%d are open", a.Total)
	}
	first := time.Since(from)
	typed := []string{"", "r", "re", "red", "redes", "i", "imp", "puesto20", "puesto2099", "usu", "zzz", "p"}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		q := app.Queue{Limit: 128, By: []string{"", "", "subject", "opened"}[i%4]}
		if s := typed[i%len(typed)]; s != "" {
			q.Filter = []app.Term{{Text: s}, {Text: "la"}}
		}
		from := time.Now()
		r.queue(ctx, q)
		took = append(took, time.Since(from))
	}
	slices.Sort(took)
	b.ReportMetric(float64(first.Milliseconds()), "first-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
