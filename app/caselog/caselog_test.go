package caselog_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/caselog"
	"punto/app/desk"
	"punto/packaging/outside"
)

const simple = `
layouts: ["2006-01-02 15:04"]
unknown: ["?"]
case: id
time: at
activity: [what]
agent: who
group: team
level: line
means: {new: opened, work: taken, wait: suspended user, done: resolved, closed: closed}
`

const told = `id,at,what,who,team,line
7,2026-11-02 09:00,new,Ana,Mesa,L1
8,2026-11-02 09:05,new,Ana,Mesa,L1
7,2026-11-02 09:10,work,Ana,Mesa,L1
7,2026-11-02 09:30,work,Jorge,Redes,L2
7,not a time,work,Jorge,Redes,L2
7,2026-11-02 10:00,wait,Jorge,Redes,L2
7,2026-11-02 11:00,work,Jorge,Redes,L2
,2026-11-02 11:30,work,Jorge,Redes,L2
7,2026-11-02 12:00,closed,Jorge,?,?
7,2026-11-03 09:00,work,Ana,Mesa,L1
`

func parse(t *testing.T, y string) *caselog.Map {
	t.Helper()
	m, err := caselog.ParseMap([]byte(y))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func accounted(t *testing.T, log *caselog.Log) {
	t.Helper()
	rows := len(log.Rejected)
	for _, c := range log.Cases {
		rows += c.Rows
	}
	if rows != log.Rows {
		t.Errorf("%d rows in cases or rejected, of %d", rows, log.Rows)
	}
}

func kinds(c app.CaseHistory) (s string) {
	for _, x := range c.Steps {
		s += x.Kind.String() + " "
	}
	return strings.TrimSpace(s)
}

func TestALogBecomesHistories(t *testing.T) {
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	log, err := caselog.Read(strings.NewReader(told), parse(t, simple), lima)
	if err != nil {
		t.Fatal(err)
	}
	accounted(t, log)
	if len(log.Cases) != 2 || len(log.Rejected) != 2 || log.Rejected[0].Line != 6 || log.Rejected[1].Line != 9 {
		t.Fatalf("%d cases, rejected %+v", len(log.Cases), log.Rejected)
	}
	c := log.Cases[0]
	want := "case-taken case-handed-off case-taken case-suspended case-resumed case-taken case-resolved case-closed case-reopened case-handed-off case-taken"
	if got := kinds(c); got != want {
		t.Errorf("the steps are\n%s, not\n%s", got, want)
	}
	if c.Ref != "7" || c.Group != "Mesa" || c.Agent != "Ana" || !time.UnixMilli(c.At).Equal(time.Date(2026, 11, 2, 9, 0, 0, 0, lima)) {
		t.Errorf("the case is %+v", c)
	}
	if h := c.Steps[1]; h.Group != "Redes" || h.Level != 2 || h.Line != 5 {
		t.Errorf("the hand-off is %+v", h)
	}
}

// states is a log whose rows say in which state a case is.
const states = `
layouts: ["2006-01-02 15:04"]
changes: true
case: id
time: at
activity: [what]
group: team
level: line
priority: prio
person: who
means: {New: opened, Active: taken, Awaiting: suspended user, Resolved: resolved, Closed: closed}
`

// Any row that changes the group is a hand-off, whatever else it says, and a row
// that says the same of another group is no repeat.
func TestWhateverARowSaysAnotherGroupIsAHandOff(t *testing.T) {
	for name, x := range map[string]struct{ rows, want string }{
		"registered on and on": {"New,A;New,B;New,A;Active,A", "case-handed-off B, case-handed-off A, case-taken"},
		"it still waits, elsewhere": {"New,A;Awaiting,A;Awaiting,B;Active,B",
			"case-suspended, case-handed-off B, case-suspended, case-resumed, case-taken"},
		"worked on, elsewhere":       {"New,A;Active,A;Active,B", "case-taken, case-handed-off B, case-taken"},
		"a repeat is a note":         {"New,A;Active,A;Active,A", "case-taken, case-noted"},
		"closed by another":          {"New,A;Resolved,A;Closed,B", "case-resolved, case-assigned B, case-closed"},
		"solved again by another":    {"New,A;Resolved,A;Resolved,B", "case-resolved, case-assigned B"},
		"worked on after it":         {"New,A;Resolved,A;Active,A", "case-resolved, case-reopened, case-taken"},
		"registered again by others": {"New,A;Resolved,A;New,B", "case-resolved, case-reopened, case-handed-off B"},
		"an unknown group is none":   {"New,A;Active,;Active,A", "case-taken, case-noted"},
	} {
		text := "id,at,what,team,line,prio,who\n"
		for i, r := range strings.Split(x.rows, ";") {
			f := strings.Split(r, ",")
			text += fmt.Sprintf("1,2026-11-02 09:%02d,%s,%s,,,\n", i, f[0], f[1])
		}
		log, err := caselog.Read(strings.NewReader(text), parse(t, states), time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range log.Cases[0].Steps {
			got = append(got, strings.TrimSpace(s.Kind.String()+" "+s.Group))
		}
		if strings.Join(got, ", ") != x.want {
			t.Errorf("%s: %s\n not %s", name, strings.Join(got, ", "), x.want)
		}
	}
}

// A row that says otherwise of priority, category or user than those before it
// changes the case: the promise is that of the priority.
func TestARowThatSaysOtherwiseIsAnEdit(t *testing.T) {
	log, err := caselog.Read(strings.NewReader("id,at,what,team,line,prio,who\n1,2026-11-02 09:00,New,A,,3 - Low,Ann\n1,2026-11-02 09:10,New,A,,?,\n"+
		"1,2026-11-02 09:20,New,A,,1 - High,Ann\n1,2026-11-02 09:30,Resolved,A,,1 - High,Bob\n"), parse(t, states), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	steps := log.Cases[0].Steps
	if len(steps) != 3 || steps[0].Kind != desk.CaseEdited || steps[0].Edit.Priority == nil || *steps[0].Edit.Priority != 1 || steps[0].Person != "" ||
		steps[1].Kind != desk.CaseEdited || steps[1].Person != "Bob" || steps[1].Edit.Priority != nil || steps[2].Kind != desk.CaseResolved {
		t.Errorf("the steps are %+v", steps)
	}
}

func TestWhatIsNotSaidIsNotAssumed(t *testing.T) {
	if _, err := caselog.Read(strings.NewReader(told), parse(t, simple), nil); err == nil {
		t.Error("a zone was assumed")
	}
	for name, y := range map[string]string{"a slip of the pen": simple + "gruop: team\n", "no activity": "case: id\ntime: at\nlayouts: [x]", "a meaning that is none": strings.Replace(simple, "taken", "takn", 1),
		"a pause with no reason": strings.Replace(simple, "suspended user", "suspended", 1)} {
		if _, err := caselog.ParseMap([]byte(y)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := caselog.Read(strings.NewReader("a,b\n1,2\n"), parse(t, simple), time.UTC); err == nil {
		t.Error("columns that are not there were passed over")
	}
}

// Columns are found by number or by the first of a name, rows of one moment keep
// their order, and what is out of bounds is no priority and no time.
func TestALogIsReadAsItStands(t *testing.T) {
	m := parse(t, `
layouts: ["2006-01-02 15:04"]
case: "#1"
time: at
opened: since
activity: [what]
priority: prio
means: {New: opened, Active: taken, Awaiting: suspended user}
`)
	log, err := caselog.Read(strings.NewReader("id,at,what,what,prio,since\n"+
		"1,2026-11-02 09:00,New,Active,5,2026-11-01 08:00\n"+
		"1,2026-11-02 09:00,Active,New,5,\n"+
		"1,2026-11-02 09:00,Awaiting,New,4 - Low,\n"+
		"1,1965-11-02 09:00,Active,New,4,\n"), m, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	accounted(t, log)
	if len(log.Cases) != 1 || len(log.Rejected) != 1 || log.Rejected[0].Line != 5 || !strings.Contains(log.Rejected[0].Reason, "1970") {
		t.Fatalf("%d cases, rejected %+v", len(log.Cases), log.Rejected)
	}
	c := log.Cases[0]
	if got, want := kinds(c), "case-taken case-edited case-suspended"; got != want || c.Ref != "1" {
		t.Errorf("the steps of %q are %s, not %s", c.Ref, got, want)
	}
	if c.Opened.Priority != 0 || *c.Steps[1].Edit.Priority != 4 {
		t.Errorf("it is opened with priority %d and then has %d", c.Opened.Priority, *c.Steps[1].Edit.Priority)
	}
	if at := time.UnixMilli(c.At).UTC(); at != time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC) {
		t.Errorf("it was opened %v", at)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(told)
	f.Add("id,at,what,who,team,line\n\"7,2026")
	m, err := caselog.ParseMap([]byte(simple))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		log, err := caselog.Read(strings.NewReader(text), m, time.UTC)
		if err == nil {
			accounted(t, log)
		}
	})
}

// unpack reads a gz file of the outside data.
func unpack(t *testing.T, name string) io.Reader {
	t.Helper()
	z, err := gzip.NewReader(outside.Open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestRealLogs(t *testing.T) {
	for _, c := range []struct {
		m, file     string
		rows, cases int
		has         desk.Kind
	}{
		{"italian", "italian-helpdesk/finale.csv.gz", 21348, 4580, desk.CaseSuspended},
		{"volvo", "volvo-incidents/incidents.csv.gz", 38867, 0, desk.CaseHandedOff},
		{"uci", "uci-incidents/incident_event_log.first20000.csv.gz", 20000, 0, desk.CaseResolved},
	} {
		t.Run(c.m, func(t *testing.T) {
			m, err := caselog.LoadMap(c.m)
			if err != nil {
				t.Fatal(err)
			}
			log, err := caselog.Read(unpack(t, c.file), m, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			accounted(t, log)
			n := map[desk.Kind]int{}
			for _, h := range log.Cases {
				for _, s := range h.Steps {
					n[s.Kind]++
				}
			}
			if log.Rows != c.rows || c.cases != 0 && len(log.Cases) != c.cases || n[c.has] == 0 {
				t.Errorf("%d rows, %d cases, %d rejected, %v", log.Rows, len(log.Cases), len(log.Rejected), n)
			}
			t.Logf("%d cases; steps %v", len(log.Cases), n)
		})
	}
}
