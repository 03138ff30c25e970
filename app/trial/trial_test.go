package trial_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/app/trial"
	"punto/store"
)

// bench is an engine in memory.
type bench struct {
	*engine.Engine
	now time.Time
}

func (b *bench) Set(t time.Time) { b.now = t }

func newBench(t *testing.T) *bench {
	t.Helper()
	log, err := store.Open(context.Background(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{}
	if b.Engine, err = rooms.Open(context.Background(), engine.Config{Log: log, Now: func() time.Time { return b.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = b.Close(), log.Close() })
	return b
}

// standard is the model of a new desk.
func standard(t *testing.T) draft.File {
	t.Helper()
	b := newBench(t)
	b.Set(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	owner := b.Owner(t.Context())
	if _, err := b.Do(owner, app.CreateDesk{Name: "Prueba", Zone: "America/Santiago", Password: "un escenario de prueba"}); err != nil {
		t.Fatal(err)
	}
	a, err := b.Ask(owner, app.ModelText{})
	if err != nil {
		t.Fatal(err)
	}
	f, problems := draft.Read(bytes.NewReader(a.(app.ModelTextAnswer).File))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

// run runs the scenarios until so many expectations have failed.
func run(t *testing.T, f draft.File, most int) (failed []string) {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, s := range trial.Standard().Scenarios {
		if len(failed) >= most {
			break
		}
		r, err := trial.Run(t.Context(), newBench(t), f, b.Bytes(), s)
		if err != nil {
			failed = append(failed, err.Error())
		}
		for _, x := range r.Failed {
			failed = append(failed, s.Name+": "+x.String())
		}
	}
	return failed
}

func TestTheStandardModelPassesItsScenarios(t *testing.T) {
	if n := len(trial.Standard().Scenarios); n < 20 {
		t.Errorf("there are %d scenarios", n)
	}
	for _, f := range run(t, standard(t), 100) {
		t.Error(f)
	}
}

// Each of these faults in the model is noticed by a scenario.
func TestEachFaultOfTheModelIsNoticed(t *testing.T) {
	k := func(change func(*draft.Contract)) func(*draft.File) {
		return func(f *draft.File) { c := f.Contracts["C-001"]; change(&c); f.Contracts["C-001"] = c }
	}
	target := func(p int, change func(*draft.Target)) func(*draft.File) {
		return k(func(c *draft.Contract) { x := c.Targets[p]; change(&x); c.Targets[p] = x })
	}
	category := func(code string, change func(*draft.Category)) func(*draft.File) {
		return func(f *draft.File) {
			for i := range f.Categories {
				if f.Categories[i].Code == code {
					change(&f.Categories[i])
				}
			}
		}
	}
	hours := func(day string, shifts ...draft.Shift) func(*draft.File) {
		return func(f *draft.File) { f.Calendars["Lunes a viernes de 8 a 18"].Weekly[day] = shifts }
	}
	for name, plant := range map[string]func(*draft.File){
		"the critical has 8 hours":              target(1, func(x *draft.Target) { x.Resolve = 8 * 3600 }),
		"the high is taken up in 45 minutes":    target(2, func(x *draft.Target) { x.TakeUp = 45 * 60 }),
		"a unit has 5 hours for the high":       target(2, func(x *draft.Target) { x.OLA = 5 * 3600 }),
		"the low has a week":                    target(4, func(x *draft.Target) { x.Resolve = 50 * 3600 }),
		"nothing is promised for the medium":    k(func(c *draft.Contract) { delete(c.Targets, 3) }),
		"waiting for the user stops nothing":    k(func(c *draft.Contract) { c.Pauses = c.Pauses[1:] }),
		"waiting inside stops the clock":        k(func(c *draft.Contract) { c.Pauses = append(c.Pauses[:len(c.Pauses):len(c.Pauses)], "internal") }),
		"waiting for parts stops nothing":       k(func(c *draft.Contract) { c.Pauses = []string{"user", "third_party", "scheduled", "approval"} }),
		"solutions may be reopened for a month": k(func(c *draft.Contract) { c.ReopenDays = 30 }),
		"Saturday morning is open":              hours("sat", draft.Shift{From: 9 * 3600, To: 13 * 3600}),
		"Monday begins at nine":                 hours("mon", draft.Shift{From: 9 * 3600, To: 18 * 3600}),
		"the matrix is wrong in one place":      func(f *draft.File) { f.Matrix[1][1] = 3 },
		"the link goes to the first level":      category("red.enlace", func(c *draft.Category) { c.Impact, c.Urgency = 3, 3 }),
		"the slow network goes to on-site":      category("red.lenta", func(c *draft.Category) { c.Group = "soporte" }),
		"the warranty stays in the house":       category("equipos.garantia", func(c *draft.Category) { c.Group = "soporte" }),
		"nothing is required":                   func(f *draft.File) { f.Requires = []string{desk.RequiresNothing} },
		"only the caller is required":           func(f *draft.File) { f.Requires = []string{"caller"} },
	} {
		f := standard(t)
		plant(&f)
		if len(run(t, f, 1)) == 0 {
			t.Errorf("no scenario notices that %s", name)
		}
	}
}

func TestWhatCannotBeRunSaysWhy(t *testing.T) {
	good := "punto: 1\nscenarios:\n  - name: x\n    begin: 2026-03-02 09:00\n    steps:\n      - open: {category: equipos.lento}\n"
	if _, err := trial.Read(strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct{ text, says string }{
		"nothing":             {"", "EOF"},
		"another file":        {"a: 1\n", "line 1"},
		"no scenarios":        {"punto: 1\nscenarios: []\n", "0 scenarios"},
		"an unknown field":    {strings.Replace(good, "category", "kategory", 1), "line 6"},
		"no time":             {strings.Replace(good, "09:00", "nine", 1), "no time"},
		"nobody":              {strings.Replace(good, "{category", "{person: ana, category", 1), "ana"},
		"two things at once":  {good + "        do: {what: take}\n", "two"},
		"a reference":         {strings.Replace(good, "{category: equipos.lento}", "&a {category: equipos.lento}", 1), "refer"},
		"3 MB":                {good + "#" + strings.Repeat("x", 3<<20), "2 MB"},
		"two times of a step": {strings.Replace(good, "- open", "- at: 2026-03-02 10:00\n        after: 10m\n        open", 1), "one time"},
	} {
		if _, err := trial.Read(strings.NewReader(x.text)); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, x := range map[string]struct{ step, says string }{
		"a case that is not open":   {"      - do: {what: take, case: otro}\n", "otro"},
		"a thing that there is not": {"      - do: {what: sing}\n", "sing"},
		"a step back in time":       {"      - at: 2026-03-01 09:00\n", "forward"},
		"a group that there is not": {"      - do: {what: hand_off, group: marte}\n", "marte"},
	} {
		f, err := trial.Read(strings.NewReader(good + x.step))
		if err != nil {
			t.Fatal(name, err)
		}
		var b bytes.Buffer
		m := standard(t)
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := trial.Run(t.Context(), newBench(t), m, b.Bytes(), f.Scenarios[0]); err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A ladder is climbed as its model says: who is told, who is told next when nobody
// acknowledges, what happens to the case; one that is acknowledged goes no further.
func TestALadderIsClimbedAsTheModelSays(t *testing.T) {
	f := standard(t)
	for code, k := range f.Contracts {
		k.Escalations = []draft.Ladder{{Clocks: []string{"resolve"}, Hours: true, Rungs: []draft.Rung{
			{At: draft.Moment{Percent: 50}, To: []string{"group"}},
			{At: draft.Moment{Percent: 75}, To: []string{"supervisor"}, Acknowledge: 15 * 60},
			{At: draft.Moment{Unacked: true}, To: []string{"agent:norma.vidal"}, Acknowledge: 15 * 60},
			{At: draft.Moment{Unacked: true}, To: []string{"agent:ricardo.montes"}},
			{At: draft.Moment{Offset: -10 * 60}, To: []string{"owner"}},
			{At: draft.Moment{Offset: 3600}, To: []string{"supervisor"}, Move: "redes", Raise: true}}},
			{Clocks: []string{"take_up"}, Rungs: []draft.Rung{{At: draft.Moment{Offset: 400 * 3600}, To: []string{"supervisor"}}}}}
		f.Contracts[code] = k
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	const story = `punto: 1
scenarios:
  - name: nadie reconoce
    begin: 2026-03-02 09:00
    agents:
      luz.rey: {role: supervisor}
      norma.vidal: {role: supervisor}
      ricardo.montes: {role: viewer}
      hugo.tapia: {role: technician, groups: [n1]}
    steps:
      - open: {category: correo.no_envia, impact: 2, urgency: 2}
        expect: {priority: 2, resolve_due: 2026-03-02 17:00, alarms: [none]}
      - at: 2026-03-02 13:00
        expect: {alarms: [resolve 50], told: [hugo.tapia]}
      - at: 2026-03-02 15:14
        expect: {alarms: [resolve 50, resolve 75], told: [hugo.tapia, luz.rey, norma.vidal]}
      - at: 2026-03-02 15:15
        expect: {alarms: [resolve 50, resolve 75, resolve unacknowledged], told: [hugo.tapia, luz.rey, norma.vidal]}
      - at: 2026-03-02 15:30
        expect: {alarms: [resolve 50, resolve 75, resolve unacknowledged, resolve unacknowledged], told: [hugo.tapia, luz.rey, norma.vidal, ricardo.montes]}
      - at: 2026-03-02 16:50
        expect: {alarms: [resolve 50, resolve 75, resolve unacknowledged, resolve unacknowledged, resolve 10m before]}
      - at: 2026-03-02 17:59
        expect: {group: n1, priority: 2}
      - at: 2026-03-02 18:00
        expect: {group: redes, priority: 1}
  - name: se reconoce a tiempo
    begin: 2026-03-02 09:00
    agents: {norma.vidal: {role: viewer}}
    steps:
      - open: {category: correo.no_envia, impact: 2, urgency: 2}
      - at: 2026-03-02 15:05
        do: {what: acknowledge}
      - at: 2026-03-02 16:49
        expect: {alarms: [resolve 50, resolve 75], told: [none]}
  - name: mientras espera al usuario nadie más se entera
    begin: 2026-03-02 09:00
    agents: {norma.vidal: {role: viewer}}
    steps:
      - open: {category: correo.no_envia, impact: 2, urgency: 2}
      - at: 2026-03-02 15:05
        do: {what: suspend, reason: user}
      - at: 2026-03-02 16:00
        expect: {alarms: [resolve 50, resolve 75], told: [none]}
      - do: {what: resume}
      - after: 1m
        expect: {alarms: [resolve 50, resolve 75, resolve unacknowledged], told: [norma.vidal]}
  - name: fuera de horario no corre el tiempo de reconocer
    begin: 2026-03-02 11:55
    agents: {norma.vidal: {role: viewer}}
    steps:
      - open: {category: correo.no_envia, impact: 2, urgency: 2}
      - at: 2026-03-02 17:56
        expect: {alarms: [resolve 50, resolve 75]}
      - at: 2026-03-03 08:09
        expect: {alarms: [resolve 50, resolve 75], told: [none]}
      - at: 2026-03-03 08:10
        expect: {alarms: [resolve 50, resolve 75, resolve unacknowledged], told: [norma.vidal]}
`
	stories, err := trial.Read(strings.NewReader(story))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stories.Scenarios {
		r, err := trial.Run(t.Context(), newBench(t), f, b.Bytes(), s)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		for _, x := range r.Failed {
			t.Errorf("%s: %s", s.Name, x)
		}
	}
}
