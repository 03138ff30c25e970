package draft_test

import (
	"bytes"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/app/draft"
	"punto/app/model"
	"punto/app/sla"
)

// standard is the model that a new desk begins with, as it is stored.
func standard() draft.Stored {
	s := draft.Stored{Model: model.Default(), Groups: map[desk.ID]desk.Group{}, Contracts: map[desk.ID]desk.Contract{}, Calendars: map[desk.ID]sla.Calendar{}}
	s.Model.Groups = map[string]desk.ID{}
	for code, g := range model.Groups("es") {
		id := desk.DerivedID("group", code)
		s.Model.Groups[code], s.Groups[id] = id, g
	}
	cal := desk.DerivedID("calendar")
	s.Calendars[cal] = model.Calendar("America/Santiago")
	k := model.Contract("Los Andes", "America/Santiago")
	k.Calendar = cal
	s.Contracts[desk.DerivedID("contract")] = k
	return s
}

func written(t *testing.T, f draft.File) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheStandardModelIsReadAsItWasWrittenAndHasNoProblem(t *testing.T) {
	was := draft.FileOf(standard())
	text := written(t, was)
	is, problems := draft.Read(strings.NewReader(text))
	for _, p := range problems {
		t.Error(p.Error())
	}
	if again := written(t, is); again != text {
		t.Errorf("it is written otherwise the second time:\n%s", again)
	}
	if d := draft.Diff(was, is); len(d) > 0 {
		t.Errorf("it differs from itself: %v", d)
	}
	s := standard()
	if m := is.Model(desk.Model{}, s.Model.Groups); !reflect.DeepEqual(m, s.Model) {
		t.Errorf("the model came back as\n%+v\nnot\n%+v", m, s.Model)
	}
	for id, k := range s.Contracts {
		got := is.Contract(k.Code)
		got.Calendar = k.Calendar
		if !reflect.DeepEqual(got, k) {
			t.Errorf("the contract %s came back as\n%+v\nnot\n%+v", id, got, k)
		}
	}
	cal := is.Calendar("Lunes a viernes de 8 a 18")
	cal.Version = 1
	if want := s.Calendars[desk.DerivedID("calendar")]; !reflect.DeepEqual(cal, want) {
		t.Errorf("the calendar came back as\n%+v\nnot\n%+v", cal, want)
	}
}

func TestSpecialDaysComeBackAsTheyWere(t *testing.T) {
	s := standard()
	id := desk.DerivedID("calendar")
	c := s.Calendars[id]
	c.Specials = []sla.Special{
		{Name: "Fiestas Patrias", From: sla.Date{Month: 9, Day: 18}, To: sla.Date{Month: 9, Day: 19}},
		{Name: "Inventario", From: sla.Date{Year: 2026, Month: 12, Day: 31}, Shifts: []sla.Shift{{From: 8 * 3600, To: 12 * 3600}}},
		{Name: "Corte", From: sla.Date{Year: 2026, Month: 2, Day: 29 - 1}, Breaks: []sla.Shift{{From: 9 * 3600, To: 10*3600 + 90}}},
		{Name: "Bisiesto", From: sla.Date{Month: 2, Day: 29}},
		{Name: "Año nuevo", From: sla.Date{Year: 2026, Month: 12, Day: 24}, To: sla.Date{Year: 2027, Month: 1, Day: 2}},
	}
	c.Weekly[6] = []sla.Shift{{From: 22 * 3600, To: 30 * 3600}}
	s.Calendars[id] = c
	f, problems := draft.Read(strings.NewReader(written(t, draft.FileOf(s))))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := f.Calendar(c.Name)
	got.Version = c.Version
	if !reflect.DeepEqual(got, c) {
		t.Errorf("it came back as\n%+v\nnot\n%+v", got, c)
	}
}

// Each of these faults is told with the line that it is in, and nothing else is.
func TestEachFaultIsToldWithItsLine(t *testing.T) {
	good := written(t, draft.FileOf(standard()))
	for _, x := range []struct {
		name, was, is, says string
		grave               bool
	}{
		{"an unknown field", "    level: 1\n", "    level: 1\n    colour: red\n", `"colour"`, true},
		{"a level that there is not", "    level: 1\n", "    level: 9\n", "level is 9", true},
		{"a group that is not there", "group: redes\n", "group: redez\n", `no group "redez"`, true},
		{"no first level", "  n1:\n", "  n9:\n", "no group n1", true},
		{"a time that is none", "take_up: 15m\n", "take_up: 15 minutos\n", "15 minutos", true},
		{"a calendar that is not there", "calendar: Lunes", "calendar: Martes", "no calendar", true},
		{"hours that are none", "08:00-18:00", "18:00-08:00", "shift", true},
		{"hours that cannot be read", "08:00-18:00", "ocho a seis", "no hours", true},
		{"a zone that there is not", "zone: America/Santiago", "zone: America/Santiagote", "zone", true},
		{"a priority out of the matrix", "matrix: [[1, 1, 2, 3]", "matrix: [[1, 1, 2, 7]", "priority 7", true},
		{"a matrix with a row too few", "matrix: [[1, 1, 2, 3], ", "matrix: [", "four rows", true},
		{"a reason that is not there", "pauses: [user", "pauses: [usuario", `pending reason "usuario"`, true},
		{"an index that there is not", "index: sla_resolve", "index: sla_resuelve", "sla_resuelve", true},
		{"a goal with no bound", "      - index: ola\n        at_least: 0.95\n", "      - index: ola\n", "bound", true},
		{"a code twice", "code: correo.lleno", "code: correo.no_envia", "correo.no_envia", true},
		{"a kind that there is not", "kind: question", "kind: pregunta", "pregunta", true},
		{"a queue of two", "    client: Los Andes\n", "    client: Los Andes\n    queues: [mesa, Mesa]\n", "already", true},
		{"a category without a Spanish name", "es: Correo › Buzón lleno", "es: \"\"", "Spanish", true},
		{"a newer form", "punto: 1\n", "punto: 2\n", "newer program", true},
		{"another file", "punto: 1\n", "", "no service model", true},
		{"a reference", "groups:\n", "groups: &g\n", "refers", true},
		{"nothing promised for a priority", "      4:\n        take_up: 4h\n        resolve: 40h\n        ola: 20h\n", "", "priority 4", false},
		{"a target that is sooner for the less urgent", "resolve: 40h", "resolve: 2h", "sooner", false},
		{"a category of level 1 that goes to level 2", "    group: n1\n    level1: true\n    impact: 4\n    urgency: 2\n", "    group: redes\n    level1: true\n    impact: 4\n    urgency: 2\n", "level 1", false},
	} {
		if !strings.Contains(good, x.was) {
			t.Errorf("%s: there is no %q to change in\n%s", x.name, x.was, good)
			continue
		}
		before, _, _ := strings.Cut(good, x.was)
		_, problems := draft.Read(strings.NewReader(strings.Replace(good, x.was, x.is, 1)))
		found := false
		for _, p := range problems {
			if strings.Contains(p.Error(), x.says) && p.Grave == x.grave {
				found = true
				if at := strings.Count(before, "\n") + 1; p.Line < max(1, at-15) || p.Line > at+4 {
					t.Errorf("%s: it is in line %d or so, and told of line %d: %v", x.name, at, p.Line, p.Error())
				}
			}
		}
		if !found {
			t.Errorf("%s is told as %v", x.name, problems)
		}
		if got := len(draft.Grave(problems)) > 0; got != x.grave {
			t.Errorf("%s: it keeps the model from being published: %v", x.name, got)
		}
	}
}

func TestAHostileFileCostsLittleAndIsRefused(t *testing.T) {
	bomb := "punto: 1\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'k'; i++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	for _, x := range []struct {
		name, text, says string
		lined            bool // it is told where
	}{
		{"a bomb", bomb, "refers to another part", true},
		{"50 MB", "punto: 1\ncanned:\n" + strings.Repeat("- {code: x, text: {es: "+strings.Repeat("x", 1000)+"}}\n", 50_000), "more than 4 MB", false},
		{"deep", "punto: 1\ngroups: " + strings.Repeat("{a: ", 2000) + strings.Repeat("}", 2000), "nested too deep", true},
		{"many values", "punto: 1\nrequires: [" + strings.Repeat("x, ", 300_000) + "x]", "more than 200000 values", true},
		{"not YAML", "\x00\x01\x02{{{{", "control characters", false},
		{"nothing", "", "it is empty", true},
		{"a list", "- 1\n- 2\n", "no service model", true},
		{"two documents", "punto: 1\n---\npunto: 1\n", "more than one document", true},
		{"words", "hola", "no service model", true},
		{"numbers", "punto: 1\nmatrix: 99999999999999999999999\n", "not what belongs here", true},
		{"words in the place of a list", "punto: 1\nrequires: {a: b}\n", "not what belongs here", true},
		{"a short list", "punto: 1\nimpacts: {es: [a]}\n", "no group", false},
	} {
		var was, is runtime.MemStats
		runtime.ReadMemStats(&was)
		f, problems := draft.Read(strings.NewReader(x.text))
		runtime.ReadMemStats(&is)
		if mb := (is.TotalAlloc - was.TotalAlloc) >> 20; mb > 160 {
			t.Errorf("%s costs %d MB", x.name, mb)
		}
		grave := draft.Grave(problems)
		if len(grave) == 0 {
			t.Errorf("%s can be published: %+v", x.name, f)
			continue
		}
		if p := grave[0]; !strings.Contains(p.Error(), x.says) || (p.Line > 0) != x.lined {
			t.Errorf("%s is told in line %d as %v", x.name, p.Line, p.Error())
		}
	}
}

func TestTheDifferenceNamesEachValueOnce(t *testing.T) {
	was := draft.FileOf(standard())
	is, _ := draft.Read(strings.NewReader(written(t, was)))
	k := is.Contracts["C-001"]
	k.Targets[2] = draft.Target{TakeUp: 1800, Resolve: 4 * 3600, OLA: 4 * 3600}
	is.Contracts["C-001"] = k
	is.Groups["campo"] = draft.Group{Name: "Campo", Level: 2}
	is.Categories = append(is.Categories[1:], is.Categories[0]) // moved, and no change
	is.Categories[3].Group = "campo"
	is.Reasons = is.Reasons[:5]
	var got []string
	for _, c := range draft.Diff(was, is) {
		got = append(got, c.String())
	}
	want := []string{
		"+ groups › campo › level: 2", "+ groups › campo › name: Campo",
		"~ contracts › C-001 › targets › 2 › resolve: 8h → 4h",
		"- reasons › internal › code: internal", "- reasons › internal › name › en: internal wait", "- reasons › internal › name › es: espera interna", "- reasons › internal › name › pt: espera interna",
		"~ categories › cuentas.firma › group: n1 → campo",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the difference is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
