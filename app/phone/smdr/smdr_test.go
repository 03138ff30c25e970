package smdr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/phone/smdr"
)

// gather reads lines by a preset.
func gather(t *testing.T, preset, text string) (cs []phone.Call, skipped []int, bad []phone.RowError) {
	t.Helper()
	m, ok := smdr.Preset(preset)
	if !ok {
		t.Fatalf("there is no preset %s", preset)
	}
	for c, err := range m.Read(strings.NewReader(text), time.UTC, func(line int) { skipped = append(skipped, line) }) {
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			bad = append(bad, *row)
		case err != nil:
			t.Fatal(err)
		default:
			cs = append(cs, c)
		}
	}
	slices.SortFunc(cs, func(a, b phone.Call) int { return a.Line - b.Line })
	return cs, skipped, bad
}

const avaya = "2026/10/05 09:00:00,00:01:10,12,0981234501,I,600,225550101,,0,1000014,0,E201,Ana Perez,T9161,LINE 5.1,5,0\r\n" +
	"2026/10/05 09:10:00,00:00:00,40,0981234502,I,600,225550101,,0,1000015,0,E201,Ana Perez,T9161,LINE 5.1,0,0\r\n" +
	"2026/10/05 09:20:00,00:00:30,5,0981234503,I,600,225550101,,0,1000016,1,E202,Bruno Diaz,T9161,LINE 5.1,0,0\r\n" +
	"2026/10/05 09:25:00,00:02:00,3,201,O,0977,0977,,0,1000017,0,E201,Ana Perez,T9162,LINE 5.2,0,0\r\n" +
	"2026/10/05 09:26:00,00:02:00,3,201,I,202,202,,1,1000018,0,E201,Ana Perez,E202,Bruno Diaz,0,0\r\n" +
	"2026/10/05 09:20:00,00:00:45,0,0981234503,I,600,225550101,,0,1000016,0,E203,Carla Ruiz,T9161,LINE 5.1,0,0\r\n" +
	"2026/10/05 09:30:00,00:00:20,15,0981234504,I,600,225550101,,0,1000019,0,V9501,VM Channel 1,T9161,LINE 5.1,0,0\r\n" +
	"2026/13/05 09:30:00,00:00:20,15,0981,I,600,2,,0,1000020,0,E1,x,T9161,LINE 5.1,0,0\r\n" +
	"2026/10/05 09:40:00,00:01:00,1,0981234505,I,600,225550101,,0,1000014,0,T9161,LINE 5.1,E204,Diego Soto,0,0\r\n"

func TestAnAvayasLines(t *testing.T) {
	cs, skipped, bad := gather(t, "avaya", avaya)
	if len(cs) != 5 || !slices.Equal(skipped, []int{4, 5}) || len(bad) != 1 || bad[0].Line != 8 {
		t.Fatalf("%d calls, lines %v skipped, %v rejected: 5, lines 4 and 5, and line 8 expected", len(cs), skipped, bad)
	}
	a := cs[0]
	if !a.Answered() || a.Agent != "201" || a.Wait != 12*time.Second || a.Talk != 70*time.Second || a.Hold != 5*time.Second || a.Queue != "600" ||
		a.Dialled != "225550101" || a.EndedAt.Sub(a.OfferedAt) != 87*time.Second || a.Rank != phone.FromSummary {
		t.Errorf("the answered call came out as %+v", a)
	}
	if l := cs[1]; l.Outcome != phone.Abandoned || l.Wait != 40*time.Second || l.Answered() || l.Agent != "" {
		t.Errorf("the lost call came out as %+v", l)
	}
	if p := cs[2]; p.Wait != 5*time.Second || p.Talk != 75*time.Second || p.Agent != "203" || p.To != "203" || p.Outcome != phone.Completed {
		t.Errorf("the call in two stretches came out as %+v", p)
	}
	if v := cs[3]; v.Answered() || v.Outcome != phone.Abandoned || v.Wait != 15*time.Second {
		t.Errorf("the call that voice mail took came out as %+v", v)
	}
	if again := cs[4]; again.UniqueID == a.UniqueID || again.Agent != "204" {
		t.Errorf("an id that the exchange used again came out as %+v", again)
	}
}

const panasonic = `  Date     Time   Ext   CO        Dial Number        Ring Duration  Acc code   CD
---------------------------------------------------------------------------------
10/05/26 09:01AM   201   01 <I>0981234501           0'12 00:01'10
10/05/26 09:10AM   201   01 <I>0981234502           0'40 00:00'00            NA
10/05/26 09:12AM   202   02 0977123456                   00:00'42
10/05/26 09:20AM   203   03 <D>Mesa<I>0981234503    0'05 00:02'00
10/05/26 09:30PM   203   03 <I>                     0'05 00:02'00
this is no call
`

func TestAPanasonicsLines(t *testing.T) {
	cs, skipped, bad := gather(t, "panasonic", panasonic)
	if len(cs) != 4 || !slices.Equal(skipped, []int{1, 2, 5}) || len(bad) != 1 || bad[0].Line != 8 {
		t.Fatalf("%d calls, lines %v skipped, %v rejected", len(cs), skipped, bad)
	}
	a := cs[0] // the line has the time of the end
	if a.EndedAt.Format("15:04:05") != "09:01:00" || a.OfferedAt.Format("15:04:05") != "08:59:38" || a.Caller != "0981234501" || a.Agent != "201" || a.Wait != 12*time.Second || a.Talk != 70*time.Second {
		t.Errorf("the answered call came out as %+v", a)
	}
	if l := cs[1]; l.Outcome != phone.Abandoned || l.Wait != 40*time.Second {
		t.Errorf("the lost call came out as %+v", l)
	}
	if d := cs[2]; d.Dialled != "Mesa" || d.Caller != "0981234503" {
		t.Errorf("the call to a direct line came out as %+v", d)
	}
	if n := cs[3]; n.Caller != "" || n.EndedAt.Hour() != 21 {
		t.Errorf("the call without a number came out as %+v", n)
	}
	m, _ := smdr.Preset("panasonic")
	m.TimeIs = "start"
	for c, err := range m.Read(strings.NewReader(panasonic), time.UTC, nil) {
		if err == nil && c.Line == 3 && c.OfferedAt.Format("15:04:05") != "09:01:00" {
			t.Errorf("where the line has the time of the beginning it began at %v", c.OfferedAt)
		}
	}
}

const threeCX = "Call 101,00001,00:01:10,2026/10/05 09:00:00,2026/10/05 09:00:12,2026/10/05 09:01:22,TerminatedBySrc,0981234501,Ext.800,10000,800,225550101,ReplacedDst,Ext.201,201,,,,,Chain: 0981234501;Ext.800;Ext.201;,Line,Queue,Extension,Eva,Mesa,Ana Perez,\n" +
	"Call 102,00002,,2026/10/05 09:10:00,,2026/10/05 09:10:40,TerminatedBySrc,0981234502,Ext.800,10000,800,225550101,,,,,,,,Chain: 0981234502;Ext.800;,Line,Queue,,,Mesa,,\n" +
	"Call 103,00003,00:00:10,2026/10/05 09:20:00,2026/10/05 09:20:05,2026/10/05 09:20:15,TerminatedByDst,Ext.201,0977,201,10000,0977,,,,,,,,,Extension,Line,,,,,\n"

func TestA3CXsLines(t *testing.T) {
	cs, skipped, bad := gather(t, "3cx", threeCX)
	if len(cs) != 2 || !slices.Equal(skipped, []int{3}) || len(bad) > 0 {
		t.Fatalf("%d calls, lines %v skipped, %v rejected", len(cs), skipped, bad)
	}
	if a := cs[0]; a.Agent != "201" || a.Wait != 12*time.Second || a.Talk != 70*time.Second || a.Queue != "800" || a.Caller != "0981234501" || a.Name != "Eva" || a.Outcome != phone.Completed {
		t.Errorf("the answered call came out as %+v", a)
	}
	if l := cs[1]; l.Outcome != phone.Abandoned || l.Wait != 40*time.Second {
		t.Errorf("the lost call came out as %+v", l)
	}
}

func TestEveryPresetIsReadAndTellsTheSameTwice(t *testing.T) {
	for _, name := range smdr.Presets() {
		for _, text := range []string{avaya, panasonic, threeCX} {
			a, _, _ := gather(t, name, text)
			b, _, _ := gather(t, name, text)
			seen := map[string]bool{}
			for i := range a {
				if a[i] != b[i] || seen[a[i].UniqueID] {
					t.Errorf("%s: call %d came out as %+v and %+v", name, i, a[i], b[i])
				}
				seen[a[i].UniqueID] = true
			}
		}
	}
	if _, ok := smdr.Preset("../presets/avaya"); ok {
		t.Error("a preset was taken from a path")
	}
}

func TestAMapSaysWhatIsWrongWithIt(t *testing.T) {
	for text, says := range map[string]string{
		"comma: ','": "column at",
		"columns: {at: '#1'}\ncomma: ','\npattern: x":                "either comma or pattern",
		"columns: {at: '#1'}":                                        "either comma or pattern",
		"columns: {at: where}\ncomma: ','":                           "neither such as",
		"columns: {at: '#1'}\npattern: '('":                          "no regular expression",
		"columns: {at: '#1'}\ncomma: ','\ntime_is: noon":             "neither start nor end",
		"columns: {at: '#1'}\ncomma: abc":                            "not one character",
		"columns: {at: '#1', id: '#0'}\ncomma: ','":                  "neither such as",
		"columns: {at: '#1'}\ncomma: ','\nincoming: '['":             "no regular expression",
		"columns: {at: when}\npattern: '(?P<at>.*)'":                 "neither such as",
		"colums: {at: '#1'}":                                         "not found",
		"columns: {at: '#1'}\ncomma: ','\nlayouts: {one: two}":       "read the map",
		"columns: {at: '#1'}\ncomma: ','\npattern: ''\ninternal: (*": "no regular expression",
	} {
		m, err := smdr.Parse([]byte(text))
		if err == nil {
			for _, e := range m.Read(strings.NewReader("x\n"), time.UTC, nil) {
				err = e
			}
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v does not say %q", text, err, says)
		}
	}
	m, _ := smdr.Preset("avaya")
	for _, err := range m.Read(strings.NewReader(avaya), nil, nil) {
		if !errors.Is(err, phone.ErrNoZone) {
			t.Errorf("without a zone it said %v", err)
		}
	}
}

func FuzzSMDR(f *testing.F) {
	f.Add("avaya", avaya)
	f.Add("panasonic", panasonic)
	f.Add("3cx", threeCX)
	f.Fuzz(func(t *testing.T, preset, text string) {
		m, ok := smdr.Preset(preset)
		if !ok {
			var err error
			if m, err = smdr.Parse([]byte(preset)); err != nil {
				return
			}
		}
		for c, err := range m.Read(strings.NewReader(text), time.UTC, nil) {
			if err != nil {
				continue
			}
			if c.UniqueID == "" || c.OfferedAt.IsZero() || c.Outcome == phone.NoOutcome || (c.Outcome == phone.Completed) != c.Answered() {
				t.Fatalf("a call that is none came out: %+v", c)
			}
			for _, d := range []time.Duration{c.Wait, c.Talk, c.Hold} {
				if d < 0 || d > 20*phone.MaxDuration {
					t.Fatalf("a duration of %v was let through: %+v", d, c)
				}
			}
		}
	})
}
