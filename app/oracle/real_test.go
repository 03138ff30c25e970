package oracle_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"punto/app"
	"punto/app/caselog"
	"punto/app/desk"
	"punto/app/model"
	"punto/app/oracle"
	"punto/app/phone"
	"punto/app/sla"
	"punto/packaging/outside"
)

// later is when the figures of the old logs are asked for.
var later = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// promised is the contract that every new desk begins with, as the oracle sees it.
func promised(hours oracle.Hours) oracle.Contract {
	c := model.Contract("", "")
	k := oracle.Contract{Hours: hours, Zone: hours.Zone, Promises: map[int]oracle.Promise{}, Pauses: c.Pauses, ReopenDays: c.ReopenDays,
		ShortAbandon: time.Duration(c.ShortAbandon) * time.Second, AnswerIn: time.Duration(c.AnswerIn) * time.Second, WrapUp: time.Duration(c.WrapUp) * time.Second}
	for _, t := range c.Targets {
		k.Promises[t.Priority] = oracle.Promise{TakeUp: time.Duration(t.TakeUp) * time.Second, Resolve: time.Duration(t.Resolve) * time.Second, OLA: time.Duration(t.OLA) * time.Second}
	}
	for _, c := range model.Default().Categories {
		if c.Level1 {
			k.Level1 = append(k.Level1, c.Code)
		}
	}
	return k
}

var (
	italian = oracle.Log{Layout: "2006/01/02 15:04:05.000", Case: 0, Time: 3, Opened: -1, Activity: []int{1}, Group: 15, Level: -1, Person: 8, Category: 9, Rating: 7,
		Means: map[string]string{"Insert ticket": "opened", "Take in charge ticket": "taken", "Wait": "suspended user", "Schedule intervention": "suspended scheduled",
			"Resolve ticket": "resolved", "RESOLVED": "resolved", "Closed": "closed", "INVALID": "cancelled", "DUPLICATE": "cancelled"}}
	volvo = oracle.Log{Layout: "2006-01-02T15:04:05-07:00", Case: 0, Time: 1, Opened: -1, Activity: []int{2, 3}, Group: 8, Level: 10, Person: -1, Category: 12, Rating: 11, States: true,
		Ratings: map[string]int{"Major": 1, "High": 2, "Medium": 3, "Low": 4},
		Means: map[string]string{"Accepted / In Progress": "taken", "Accepted / Assigned": "assigned", "Accepted / Wait": "suspended internal", "Accepted / Wait - User": "suspended user",
			"Accepted / Wait - Customer": "suspended user", "Accepted / Wait - Vendor": "suspended third_party", "Accepted / Wait - Implementation": "suspended scheduled",
			"Queued / Awaiting Assignment": "noted", "Completed / Resolved": "resolved", "Completed / In Call": "resolved", "Completed / Closed": "closed", "Completed / Cancelled": "cancelled"}}
	uci = oracle.Log{Layout: "2/1/2006 15:04", Case: 0, Time: 13, Opened: 9, Activity: []int{1}, Group: 23, Level: -1, Person: 7, Category: 16, Rating: 22, States: true, Unknown: "?",
		Means: map[string]string{"New": "opened", "Active": "taken", "Awaiting User Info": "suspended user", "Awaiting Vendor": "suspended third_party", "Awaiting Problem": "suspended internal",
			"Awaiting Evidence": "suspended user", "Resolved": "resolved", "Closed": "closed"}}
)

func TestTheOracleAgreesOnRealCases(t *testing.T) {
	for _, l := range []struct {
		name, file, zone string
		log              oracle.Log
	}{
		{"italian", "italian-helpdesk/finale.csv.gz", "Europe/Rome", italian},
		{"volvo", "volvo-incidents/incidents.csv.gz", "Europe/Stockholm", volvo},
		{"uci", "uci-incidents/incident_event_log.first20000.csv.gz", "Europe/London", uci},
	} {
		t.Run(l.name, func(t *testing.T) {
			path, zone := outside.Path(t, l.file), location(t, l.zone)
			l.log.Zone = zone
			cases, rows, err := l.log.Read(path, "c")
			if err != nil {
				t.Fatal(err)
			}
			calendar := model.Calendar(l.zone)
			e := newEngine(t, l.zone, &calendar, later)
			e.importCases(path, l.name, zone)
			d := &oracle.Desk{Contracts: map[string]oracle.Contract{"c": promised(office(zone))}, Cases: cases}
			var times []time.Time
			for _, c := range cases {
				for _, r := range c.Rows {
					times = append(times, r.At)
				}
			}
			e.agree(l.name, rows, d, times)
		})
	}
}

func TestTheOracleAgreesOnRealCalls(t *testing.T) {
	jerusalem, lima := location(t, "Asia/Jerusalem"), location(t, "America/Lima")
	type read func(path string) ([]oracle.Call, int, error)
	for _, l := range []struct {
		name, file string
		zone       *time.Location
		calls      func(e *hosted, in io.Reader)
		read       read
	}{
		{"technion table", "technion-bank/february1999.txt.gz", jerusalem, func(e *hosted, in io.Reader) {
			for c, err := range phone.ReadTechnion(in, "t", jerusalem) {
				e.call(c, err)
			}
		}, func(p string) ([]oracle.Call, int, error) { return oracle.ReadTechnion(p, jerusalem) }},
		{"technion queue_log", "technion-bank/1999-02.queue_log.gz", jerusalem, func(e *hosted, in io.Reader) {
			by := map[string][]phone.CallEvent{}
			for ev, err := range phone.ReadQueueLog(in, "q", nil) {
				if err != nil {
					e.Fatal(err)
				}
				by[ev.Key.UniqueID] = append(by[ev.Key.UniqueID], ev)
			}
			for _, evs := range by {
				e.call(phone.Fold(evs), nil)
			}
		}, oracle.ReadQueueLog},
		{"survey-calls", "survey-calls/2021-01.csv", lima, func(e *hosted, in io.Reader) {
			m := surveyMap(e.T)
			for c, err := range m.Read(in, lima) {
				e.call(c, err)
			}
		}, func(p string) ([]oracle.Call, int, error) { return oracle.ReadSurvey(p, lima) }},
	} {
		for _, closes := range []bool{false, true} {
			name := l.name + map[bool]string{false: ", 24x7", true: ", 8 to 18"}[closes]
			t.Run(name, func(t *testing.T) {
				path := outside.Path(t, l.file)
				calls, rows, err := l.read(path)
				if err != nil {
					t.Fatal(err)
				}
				hours := always(l.zone)
				var calendar *sla.Calendar
				if closes {
					c := model.Calendar(l.zone.String())
					calendar, hours = &c, office(l.zone)
				}
				e := newEngine(t, l.zone.String(), calendar, later)
				l.calls(e, open(t, path))
				e.flush()
				d := &oracle.Desk{Contracts: map[string]oracle.Contract{"c": promised(hours)}, Calls: calls}
				var times []time.Time
				for _, c := range calls {
					times = append(times, c.At)
				}
				e.agree(name, rows, d, times)
			})
		}
	}
}

// surveyMap is the map of columns that Punto ships.
func surveyMap(t *testing.T) (m phone.CSVMap) {
	t.Helper()
	b, err := os.ReadFile("../../cmd/puntoctl/maps/survey-calls.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// open opens a file, gzipped or not.
func open(t *testing.T, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if !strings.HasSuffix(path, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func (e *hosted) importCases(path, name string, zone *time.Location) {
	e.Helper()
	m, err := caselog.LoadMap(name)
	if err != nil {
		e.Fatal(err)
	}
	log, err := caselog.Read(open(e.T, path), m, zone)
	if err != nil {
		e.Fatal(err)
	}
	for some := range slices.Chunk(log.Cases, 500) {
		if im := e.do(app.ImportCases{Cases: some}).Import; im.Imported != len(some) {
			e.Fatalf("of %d cases %d went in: %v", len(some), im.Imported, im.Rejected)
		}
	}
}

// call imports a call, some thousand at a time; a row that is no call is left out.
func (e *hosted) call(c phone.Call, err error) {
	e.Helper()
	var row *phone.RowError
	if errors.As(err, &row) {
		return
	}
	if err != nil {
		e.Fatal(err)
	}
	if e.calls = append(e.calls, c); len(e.calls) == 5000 {
		e.flush()
	}
}

func (e *hosted) flush() {
	e.Helper()
	e.do(app.ImportCalls{Calls: e.calls})
	e.calls = nil
}

// agree compares every index of every month of a log, and prints what it did.
func (e *hosted) agree(name string, rows int, d *oracle.Desk, times []time.Time) {
	e.Helper()
	zone := d.Contracts["c"].Zone
	first, last := slices.MinFunc(times, time.Time.Compare).In(zone), slices.MaxFunc(times, time.Time.Compare).In(zone)
	months, figures := 0, 0
	var indices int
	var all []string
	backlog := 0.0
	for at := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, zone); !at.After(last); at = at.AddDate(0, 1, 0) {
		m := oracle.Month{Contract: "c", Year: at.Year(), Month: at.Month()}
		got := e.month(at.Format("2006-01"), desk.ID{})
		want := d.Figures(m, later)
		ds, n := compare(want, got)
		months, figures, indices = months+1, figures+n, len(want)
		for _, x := range ds {
			all = append(all, fmt.Sprintf("%s %s %s: the oracle says %v, the engine %v", at.Format("2006-01"), x.id, x.part, x.want, x.engine))
		}
		if is := backlog + flow(got); is != got["backlog"].Num {
			all = append(all, fmt.Sprintf("%s: the identity gives a backlog of %v, the engine %v", at.Format("2006-01"), is, got["backlog"].Num))
		}
		backlog = got["backlog"].Num
		if len(d.Cases) > 0 {
			by := []string{"category", "priority", "group"}[months%3] // each month by one of them: they take as long as the month
			x := ask[app.MonthByAnswer](e, app.MonthBy{Month: at.Format("2006-01"), By: by})
			x.Rows = x.Rows[:min(len(x.Rows), 12)]
			n, wrong := caseCuts(x, d, m, later)
			figures, all = figures+n, append(all, wrong...)
		}
		if len(d.Calls) > 0 {
			n, wrong := e.cutsAgree(at.Format("2006-01"), d)
			figures, all = figures+n, append(all, wrong...)
		}
	}
	e.Logf("%-28s %6d rows, %2d months, %d indices, %6d figures compared, %d differences", name, rows, months, indices, figures, len(all))
	for i, s := range all {
		if i == 40 {
			e.Errorf("and %d more", len(all)-i)
			break
		}
		e.Error(s)
	}
}
