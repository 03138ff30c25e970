package tally_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/tally"
	"punto/packaging/outside"
)

func unpack(t *testing.T, name string) *gzip.Reader {
	t.Helper()
	z, err := gzip.NewReader(outside.Open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// spread is how figures.json gives a distribution.
type spread struct {
	N                 int
	Mean, Median, P90 float64
}

type published struct {
	Answered  int
	Abandoned int     `json:"hung_up_in_queue"`
	InMenu    int     `json:"hung_up_without_queueing"`
	Offered   int     `json:"offered_to_agents"`
	PctLost   float64 `json:"pct_abandoned_of_offered"`
	PctQueued float64 `json:"pct_abandoned_of_queued"`
	Wait      spread  `json:"wait_answered"`
	Left      spread  `json:"wait_abandoned_in_queue"`
	Service   spread
	Level20   level          `json:"service_level_20s"`
	Level30   level          `json:"service_level_30s"`
	Level60   level          `json:"service_level_60s"`
	ByDate    map[string]int `json:"by_date"`
	ByType    map[string]struct {
		Answered  int
		Abandoned int     `json:"abandoned_in_queue"`
		PctLost   float64 `json:"pct_abandoned_of_offered"`
		Service   spread
		Wait      spread `json:"wait_answered"`
	} `json:"by_type"`
	ByServer map[string]int `json:"answered_by_server"`
}

type level struct {
	Answered    int     `json:"answered_within"`
	Abandoned   int     `json:"abandoned_within"`
	OfAnswered  float64 `json:"pct_of_answered"`
	OfOffered   float64 `json:"pct_of_offered"`
	LessWaiting float64 `json:"pct_of_offered_less_short_abandons"`
}

// row is a call of the exchange as the indices see it.
func row(c phone.Call, zone *time.Location) tally.Call {
	t := tally.Call{At: c.OfferedAt.In(zone), Wait: c.Wait, Talk: c.Talk, Hold: c.Hold, WrapUp: c.WrapUp, Queue: c.Queue,
		Type: strings.ToUpper(c.Queue), Agent: c.Agent, Queued: c.Wait > 0}
	switch {
	case c.Outcome == phone.LostInMenu:
		t.Outcome = tally.LostInMenu
	case c.Answered():
		t.Outcome = tally.Answered
	case c.Outcome == phone.Abandoned:
		t.Outcome = tally.Abandoned
	default:
		t.Outcome = tally.Unknown
	}
	return t
}

// month reads the month of a real call centre from one of its two files.
func month(t *testing.T, table bool) (cs []tally.Call) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jerusalem")
	if err != nil {
		t.Fatal(err)
	}
	if table {
		for c, err := range phone.ReadTechnion(unpack(t, "technion-bank/february1999.txt.gz"), "t", zone) {
			var bad *phone.RowError
			if err != nil && !errors.As(err, &bad) {
				t.Fatal(err)
			}
			if err == nil {
				cs = append(cs, row(c, zone))
			}
		}
		return cs
	}
	by := map[string][]phone.CallEvent{}
	for e, err := range phone.ReadQueueLog(unpack(t, "technion-bank/1999-02.queue_log.gz"), "t", nil) {
		if err != nil {
			t.Fatal(err)
		}
		by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
	}
	for _, es := range by {
		cs = append(cs, row(phone.Fold(es), zone))
	}
	return cs
}

type check struct {
	*testing.T
	about string
	a     *tally.Accumulator
}

func (c check) is(id string, want, within float64) {
	c.Helper()
	if got := value(c.T, c.a, id); math.Abs(got-want) > within {
		c.Errorf("%s: %s is %v, not %v", c.about, id, got, want)
	}
}

func (c check) spread(id string, want spread) {
	c.Helper()
	for _, f := range c.a.Figures(nil) {
		if f.ID == id && (*f.N != want.N || math.Abs(*f.Value-want.Mean) > 5e-5 || math.Abs(*f.Median-want.Median) > 1e-9 || math.Abs(*f.P90-want.P90) > 1e-6) {
			c.Errorf("%s: %s has n %d, mean %.4f, median %v, p90 %v: %+v expected", c.about, id, *f.N, *f.Value, *f.Median, *f.P90, want)
		}
	}
}

func sum(rules tally.Rules, cs []tally.Call, only string) *tally.Accumulator {
	a := tally.New(rules)
	for _, c := range cs {
		if only == "" || c.Type == only {
			a.AddCall(c)
		}
	}
	return a
}

// The published figures count no abandon as short; they come out of the log and
// of the table alike. The table alone knows who hung up in the menu.
func TestARealMonthGivesItsPublishedFigures(t *testing.T) {
	var want published
	if err := json.NewDecoder(outside.Open(t, "technion-bank/figures.json")).Decode(&want); err != nil {
		t.Fatal(err)
	}
	for about, table := range map[string]bool{"log": false, "table": true} {
		cs := month(t, table)
		for in, l := range map[time.Duration]level{20: want.Level20, 30: want.Level30, 60: want.Level60} {
			c := check{t, about, sum(tally.Rules{AnswerIn: in * time.Second}, cs, "")}
			c.is("service_level_strict", l.OfOffered/100, 5e-7)
			c.is("service_level_asterisk1", l.OfAnswered/100, 5e-7)
			c.is("service_level_asterisk2", float64(l.Answered+l.Abandoned)/float64(want.Offered), 1e-12)
			// who leaves within the target counts as a short abandon here
			short := sum(tally.Rules{AnswerIn: in * time.Second, ShortAbandon: in*time.Second + time.Second}, cs, "")
			check{t, about, short}.is("service_level_strict", l.LessWaiting/100, 5e-7)
			check{t, about, short}.is("short_abandon", float64(l.Abandoned), 0)
		}
		c := check{t, about, sum(tally.Rules{AnswerIn: 20 * time.Second}, cs, "")}
		c.is("offered", float64(want.Offered), 0)
		c.is("established", float64(want.Answered), 0)
		c.is("abandoned", float64(want.Abandoned), 0)
		c.is("lost", float64(want.Abandoned), 0)
		c.is("unknown", 0, 0)
		c.is("pct_abandoned", want.PctLost/100, 5e-7)
		c.is("pct_abandoned_of_queued", want.PctQueued/100, 5e-7)
		c.spread("asa", want.Wait)
		c.spread("wait_abandoned", want.Left)
		c.spread("average_call_time", want.Service)
		if table {
			c.is("lost_in_menu", float64(want.InMenu), 0)
		}
		for kind, w := range want.ByType {
			k := check{t, about + " " + kind, sum(tally.Rules{}, cs, kind)}
			k.is("established", float64(w.Answered), 0)
			k.is("abandoned", float64(w.Abandoned), 0)
			k.is("pct_abandoned", w.PctLost/100, 5e-7)
			k.spread("asa", w.Wait)
			k.spread("average_call_time", w.Service)
		}
		for _, s := range c.a.Top("answered_by") {
			if want.ByServer[s.Name] != s.N {
				t.Errorf("%s: %s answered %d, not %d", about, s.Name, s.N, want.ByServer[s.Name])
			}
		}
		five := check{t, about, sum(rules, cs, "")}
		five.is("short_abandon", 188, 0) // waits of 1 to 4 s, counted in the rows
		five.is("offered", float64(want.Offered-188), 0)
	}
}

// A month is the ratio of its sums: the mean of its days is another number.
func TestAMonthIsWeightedByItsCalls(t *testing.T) {
	var text strings.Builder
	if _, err := outside.Open(t, "daily-calls/2020-2021.csv").WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	a := tally.New(tally.Rules{AnswerIn: 20 * time.Second})
	days, offered, sumOfDays := 0, 0, 0.0
	for _, line := range strings.Split(text.String(), "\n")[1:] {
		f := strings.Split(strings.TrimSpace(line), ",")
		if len(f) < 9 || !strings.HasPrefix(f[0], "2020-01-") {
			continue
		}
		at, err := time.Parse(time.DateOnly, f[0])
		if err != nil {
			t.Fatal(err)
		}
		n, answered, left := number(t, f[1]), number(t, f[2]), number(t, f[4])
		share, err := strconv.ParseFloat(f[8], 64)
		if err != nil {
			t.Fatal(err)
		}
		within := int(math.Round(share * float64(n)))
		for i := range answered {
			c := tally.Call{At: at, Outcome: tally.Answered, Wait: 21 * time.Second}
			if i < within {
				c.Wait = time.Second
			}
			a.AddCall(c)
		}
		for range left {
			a.AddCall(tally.Call{At: at, Outcome: tally.Abandoned, Wait: time.Minute})
		}
		days++
		offered += answered + left
		sumOfDays += float64(within) / float64(n)
	}
	if days != 31 {
		t.Fatalf("%d days of January 2020, not 31", days)
	}
	c := check{t, "January 2020", a}
	c.is("offered", float64(offered), 0)
	c.is("service_level_strict", 0.7971, 0.0015) // the days' shares are printed to two places
	if mean := sumOfDays / 31; math.Abs(mean-0.8148) > 0.0015 {
		t.Errorf("the mean of the days is %.4f: the example has lost its point", mean)
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
