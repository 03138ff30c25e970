package phone_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"punto/app/phone"
	"punto/packaging/outside"
)

const surveyMap = `
pbx: encuesta
columns: {id: Call Id, offered: Date+Time, agent: Agent, type: Topic, outcome: Answered (Y/N), wait: Speed of answer in seconds, talk: AvgTalkDuration}
outcomes: {"Y": completed, "N": abandoned}
`

func readCSV(t *testing.T, mapping, text, zone string) (cs []phone.Call, bad []phone.RowError, fatal error) {
	t.Helper()
	var m phone.CSVMap
	if err := yaml.Unmarshal([]byte(mapping), &m); err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	for c, err := range m.Read(strings.NewReader(text), loc) {
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			bad = append(bad, *row)
		case err != nil:
			return cs, bad, err
		default:
			cs = append(cs, c)
		}
	}
	return cs, bad, nil
}

func TestACSVOfCallsByItsMap(t *testing.T) {
	const m = `
comma: ";"
layouts: ["02/01/2006 15:04:05", "02/01/2006 15:04"]
unknown: ["?", "NULL"]
columns: {id: num, offered: fecha, answered: contestada, ended: fin, caller: origen, agent: agente, menu: ivr, outcome: estado}
outcomes: {ATENDIDA: completed, PERDIDA: abandoned}
otherwise: unknown
`
	const text = "num;fecha;contestada;fin;origen;agente;ivr;estado\r\n" +
		"1;05/10/2026 09:00:00;05/10/2026 09:00:25;05/10/2026 09:03:25;\"099;1\";P\xe9rez;5;ATENDIDA\r\n" +
		"2;05/10/2026 09:10;?;05/10/2026 09:10:40;NULL;;-3;PERDIDA\r\n" +
		"3;05/10/2026 09:10;?;05/10/2026 09:10:40;;;0;RARA\r\n" +
		"4;31/02/2026 09:10;;;;;;PERDIDA\r\n" +
		";05/10/2026 09:10;;;;;;PERDIDA\r\n" +
		"6;05/10/2026 09:10;05/10/2026 09:05;05/10/2026 09:06;;;;ATENDIDA\r\n" +
		"7\r\n" +
		"8;05/10/2026 10:00;;05/10/2026 10:00:10;;;;PERDIDA\r\n"
	cs, bad, fatal := readCSV(t, m, text, "America/Santiago")
	if fatal != nil || len(cs) != 4 || len(bad) != 4 {
		t.Fatalf("%d calls, %v rejected, %v: 4 and 4 expected", len(cs), bad, fatal)
	}
	a := cs[0]
	if a.OfferedAt.Format(time.RFC3339) != "2026-10-05T12:00:00Z" || a.Wait != 20*time.Second || a.Talk != 3*time.Minute || a.Agent != "Pérez" || a.Caller != "099;1" {
		t.Errorf("the answered call came out as %+v", a)
	}
	if b := cs[1]; b.Outcome != phone.Abandoned || b.Wait != 40*time.Second || b.Caller != "" || b.Doubts&phone.NegativeMenu == 0 || b.Menu != 0 {
		t.Errorf("the lost call came out as %+v", b)
	}
	if cs[2].Outcome != phone.Unknown || cs[3].Line != 9 {
		t.Errorf("outcome %v at line %d: unknown, and line 9 of the last, expected", cs[2].Outcome, cs[3].Line)
	}
	for i, line := range []int{5, 6, 7, 8} {
		if bad[i].Line != line || bad[i].Reason == "" {
			t.Errorf("rejected %+v where line %d with a reason is expected", bad[i], line)
		}
	}
}

func TestACSVMapSaysWhatIsWrongWithIt(t *testing.T) {
	for name, c := range map[string]struct{ m, text, says string }{
		"no id":            {`columns: {offered: a}`, "a\n1\n", "id and offered"},
		"no such column":   {`columns: {id: a, offered: b}`, "a,c\n1,2\n", `no column "b"`},
		"no such outcome":  {"columns: {id: a, offered: b}\noutcomes: {X: perhaps}", "a,b\n", "no outcome"},
		"no such duration": {"columns: {id: a, offered: b}\ndurations: hours", "a,b\n", "neither seconds"},
		"empty file":       {`columns: {id: a, offered: b}`, "", "empty"},
	} {
		if _, _, err := readCSV(t, c.m, c.text, "UTC"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v does not say %q", name, err, c.says)
		}
	}
	var m phone.CSVMap
	for _, err := range m.Read(strings.NewReader(""), nil) {
		if err == nil || !strings.Contains(err.Error(), "zone") {
			t.Errorf("a file was read without a zone: %v", err)
		}
	}
}

func TestAQuoteThatIsNotClosedCostsItsOwnCall(t *testing.T) {
	cs, bad, fatal := readCSV(t, `columns: {id: a, offered: b}`, "a,b\n1,2026-01-01 00:00:00\n\"2,2026-01-01 00:00:01\n"+strings.Repeat("3,2026-01-01 00:00:02\n", 100_000), "UTC")
	if fatal != nil || len(cs) != 100_001 || len(bad) != 1 || bad[0].Line != 3 || !strings.Contains(bad[0].Reason, "quote") {
		t.Errorf("%d calls, rejected %+v, %v", len(cs), bad, fatal)
	}
}

func TestARealFileOfCallsByItsMap(t *testing.T) {
	var text strings.Builder
	if _, err := outside.Open(t, "survey-calls/2021-01.csv").WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	rows := strings.Count(strings.TrimSpace(text.String()), "\n")
	cs, bad, fatal := readCSV(t, surveyMap, text.String(), "UTC")
	if fatal != nil || len(bad) > 0 || len(cs) != rows {
		t.Fatalf("%d calls and %d rejected of %d rows: %v %v", len(cs), len(bad), rows, bad, fatal)
	}
	if c := cs[0]; c.Wait != 109*time.Second || c.Talk != 143*time.Second || c.Type != "Contract related" || !c.Answered() {
		t.Errorf("the first call came out as %+v", c)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add(surveyMap, "Call Id,Agent,Date,Time,Topic,Answered (Y/N),Speed of answer in seconds,AvgTalkDuration\nID1,A,2021-01-01,9:12:58,T,Y,109,0:02:23\n")
	f.Add("columns: {id: '#1', offered: '#2'}\nno_header: true", "1,2026-01-01 00:00:00\n\"2\n")
	f.Add("columns: {id: '#1', offered: '#2', wait: '#3', menu: '#4'}\nno_header: true\ncomma: tab", "1\t2026-01-01 00:00:00\t1e308\t-5\n")
	f.Fuzz(func(t *testing.T, mapping, text string) {
		var m phone.CSVMap
		if yaml.Unmarshal([]byte(mapping), &m) != nil {
			return
		}
		for c, err := range m.Read(strings.NewReader(text), time.UTC) {
			if err == nil {
				sane(t, c)
			}
		}
	})
}

func FuzzTechnion(f *testing.F) {
	const header = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n"
	f.Add(header + "AA0101\t34536\t0\t0\tPS\t990201\t7:02:47\t7:02:56\t9\t0:00:00\t0:00:00\t0\tAGENT\t7:02:55\t7:05:41\t166\tDORIT\n")
	f.Add(header + "AA0102\t31056\t15696776\t2\tPS\t990215\t23:59:54\t23:59:54\t-7\t0:00:00\t0:00:27\t27\tHANG\t0:00:26\t0:01:33\t67\tNO_SERVER\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows := strings.Count(strings.TrimSuffix(text, "\n"), "\n")
		n := 0
		for c, err := range phone.ReadTechnion(strings.NewReader(text), "p", time.UTC) {
			var row *phone.RowError
			if err != nil && !errors.As(err, &row) {
				return
			}
			n++
			if err == nil {
				sane(t, c)
			}
		}
		if text != "" && n != rows {
			t.Fatalf("%d calls and errors of %d rows", n, rows)
		}
	})
}

// sane holds for every call that a reader gives.
func sane(t *testing.T, c phone.Call) {
	t.Helper()
	if c.UniqueID == "" || c.OfferedAt.IsZero() || c.Outcome == phone.NoOutcome {
		t.Fatalf("a call without id, time or outcome was let through: %+v", c)
	}
	for _, d := range []time.Duration{c.Menu, c.Wait, c.Ring, c.Talk, c.Hold, c.WrapUp} {
		if d < 0 || d > 10*24*time.Hour {
			t.Fatalf("a duration of %v was let through: %+v", d, c)
		}
	}
	if c.Doubts&phone.NoEnd == 0 && (c.Outcome == phone.Completed) != c.Answered() {
		t.Fatalf("outcome %v with answer at %v", c.Outcome, c.AnsweredAt)
	}
}
