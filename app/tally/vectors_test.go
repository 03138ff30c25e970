package tally_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app/tally"
	"punto/packaging/outside"
)

// vector is one published case of roll-ups: rows by the hour or by the call, a
// question, and the answer by stretches with the whole at the end.
type vector struct {
	ID    string
	Given []struct {
		Table string
		Row   map[string]any
	}
	Query    []struct{ Args map[string]any }
	Expected []struct {
		About  string
		Expect json.RawMessage
	}
}

type item struct {
	From, Until        string
	Received, Answered *int
	Abandoned          *int
	AnsweredRate       *float64 `json:"answered_rate"`
	LoginTime          any      `json:"login_time"`
	PauseTime          any      `json:"pause_time"`
	Service            any      `json:"quality_of_service"`
}

type bin struct {
	Min                 int
	Max                 *int
	Answered, Abandoned int
}

// endInclusive are the vectors whose source takes the hour that begins at the
// end of the day's window into the whole; ours is half-open, as all intervals.
var endInclusive = map[string]bool{"agent_stats:test_monthly_interval_multiple_hours_with_all_filters_and_timezone_dst_change": true}

var extraZero = regexp.MustCompile(`([T ])0(\d\d):`)

func instant(s string, zone *time.Location) (time.Time, bool) {
	s = extraZero.ReplaceAllString(s, "$1$2:")
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

var unit = regexp.MustCompile(`(hours|minutes|seconds)=([0-9 +]+)`)

// span reads "01:30:00", a number of seconds, or a sum of Python's timedelta.
func span(v any) (d time.Duration, ok bool) {
	switch v := v.(type) {
	case float64:
		return time.Duration(v) * time.Second, true
	case string:
		if p := strings.Split(v, ":"); len(p) == 3 {
			for _, x := range p {
				n, err := strconv.Atoi(x)
				if err != nil {
					return 0, false
				}
				d = d*60 + time.Duration(n)*time.Second
			}
			return d, true
		}
		for _, m := range unit.FindAllStringSubmatch(v, -1) {
			for _, x := range strings.Split(m[2], "+") {
				n, err := strconv.Atoi(strings.TrimSpace(x))
				if err != nil {
					return 0, false
				}
				d += time.Duration(n) * map[string]time.Duration{"hours": time.Hour, "minutes": time.Minute, "seconds": time.Second}[m[1]]
			}
			ok = true
		}
	}
	return d, ok
}

// question is a vector's query in our terms.
type question struct {
	zone   *time.Location
	period tally.Period
	every  tally.Every
	window tally.Window
}

func (v vector) question(t *testing.T, n int) (q question) {
	t.Helper()
	args := v.Query[min(n, len(v.Query)-1)].Args
	text := func(key string) string { s, _ := args[key].(string); return s }
	q.zone = time.UTC
	if z := text("timezone"); z != "" {
		var err error
		if q.zone, err = time.LoadLocation(z); err != nil {
			t.Fatal(err)
		}
	}
	q.period.From, _ = instant(text("from_"), q.zone)
	var bounded bool
	if q.period.To, bounded = instant(text("until"), q.zone); !bounded {
		q.period.To = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	q.every = map[string]tally.Every{"hour": tally.Hour, "day": tally.CivilDay, "month": tally.CivilMonth}[text("interval")]
	clock := func(key string) time.Duration { d, _ := span(text(key) + ":00"); return d }
	q.window = tally.Window{From: clock("day_start_time"), To: clock("day_end_time")}
	if days := text("week_days"); days != "" {
		q.window.Days = map[time.Weekday]bool{}
		for _, d := range strings.Split(days, ",") {
			n, err := strconv.Atoi(d)
			if err != nil {
				t.Fatal(err)
			}
			q.window.Days[time.Weekday(n%7)] = true
		}
	}
	return q
}

// stretches are the parts of the answer: those in which the window is at all.
func (q question) stretches() (out []tally.Period) {
	if q.every == 0 {
		return nil
	}
	for _, p := range tally.Split(q.period, q.every, q.zone) {
		if q.every == tally.CivilMonth || q.every == tally.CivilDay && (q.window.Days == nil || q.window.Days[p.From.In(q.zone).Weekday()]) ||
			q.every == tally.Hour && q.window.Has(p.From, q.zone) {
			out = append(out, p)
		}
	}
	return out
}

// sum adds the rows that fall in a stretch and in the window.
func (v vector) sum(t *testing.T, q question, p tally.Period, within time.Duration) *tally.Accumulator {
	t.Helper()
	a := tally.New(tally.Rules{AnswerIn: within})
	calls := v.perCall()
	for _, g := range v.Given {
		s, _ := g.Row["time"].(string)
		at, ok := instant(s, time.UTC)
		if !ok || !p.Has(at) || !q.window.Has(at, q.zone) || g.Row["stat_queue_id"] != nil {
			continue
		}
		n := func(key string) int { f, _ := g.Row[key].(float64); return int(f) }
		switch {
		case g.Table == "stat_queue_periodic" && !calls:
			for range n("answered") {
				a.AddCall(tally.Call{At: at, Outcome: tally.Answered})
			}
			for range n("abandoned") {
				a.AddCall(tally.Call{At: at, Outcome: tally.Abandoned})
			}
		case g.Table == "stat_call_on_queue":
			o := map[any]tally.Outcome{"answered": tally.Answered, "abandoned": tally.Abandoned}[g.Row["status"]]
			a.AddCall(tally.Call{At: at, Outcome: o, Wait: time.Duration(n("waittime")) * time.Second})
		case g.Table == "stat_agent_periodic":
			login, _ := span(g.Row["login_time"])
			pause, _ := span(g.Row["pause_time"])
			a.AddSession(tally.Session{SignedIn: login, Breaks: pause})
		}
	}
	return a
}

func (v vector) perCall() bool {
	for _, g := range v.Given {
		if g.Table == "stat_call_on_queue" {
			return true
		}
	}
	return false
}

func figureOf(t *testing.T, a *tally.Accumulator, id string) tally.Figure {
	t.Helper()
	for _, f := range a.Figures(nil) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no index %s", id)
	return tally.Figure{}
}

func TestPublishedRollUpsOfHoursDaysAndMonths(t *testing.T) {
	var vectors []vector
	if err := json.NewDecoder(outside.Open(t, "wazo-queue-stats/vectors.json")).Decode(&vectors); err != nil {
		t.Fatal(err)
	}
	checked, differ := 0, 0
	for _, v := range vectors {
		n := -1
		for _, e := range v.Expected {
			var items []item
			if !strings.HasSuffix(e.About, "['items']") || json.Unmarshal(e.Expect, &items) != nil || len(items) == 0 {
				continue
			}
			n++ // the answers come in the order of the questions
			if v.rollUp(t, items, n) {
				checked++
			}
			if endInclusive[v.ID] {
				differ++
			}
		}
	}
	t.Logf("%d roll-ups agree with their source in every stretch, %d of them but for the end of the day's window, which is half-open here", checked, differ)
	if checked < 15 {
		t.Errorf("only %d roll-ups were compared", checked)
	}
}

// rollUp compares each item of the n-th answer; false when the vector asks nothing that is counted
// here.
func (v vector) rollUp(t *testing.T, items []item, n int) (compared bool) {
	t.Helper()
	q := v.question(t, n)
	parts := q.stretches()
	// A source may list only the stretches that have something to say.
	list := len(items)-1 == len(parts)
	for i, it := range items {
		whole := i == len(items)-1
		p := q.period
		if from, ok := instant(it.From, q.zone); ok {
			p.From = from
		}
		if until, ok := instant(it.Until, q.zone); ok {
			p.To = until
		}
		if !whole && q.every != 0 {
			ours := tally.Period{}
			for k, x := range parts {
				if x.From.Equal(p.From) && (!list || k == i) {
					ours = x
				}
			}
			if !ours.From.Equal(p.From) || !ours.To.Equal(p.To) {
				t.Errorf("%s: the stretch %d from %s to %s is not one of ours", v.ID, i, it.From, it.Until)
			}
		}
		compared = v.compare(t, q, p, it, whole && endInclusive[v.ID]) || compared
	}
	return compared
}

func (v vector) compare(t *testing.T, q question, p tally.Period, it item, inclusive bool) (compared bool) {
	t.Helper()
	if inclusive {
		q.window.To += time.Hour
	}
	a := v.sum(t, q, p, 0)
	for id, want := range map[string]*int{"offered": it.Received, "established": it.Answered, "abandoned": it.Abandoned} {
		if want == nil {
			continue
		}
		compared = true
		if got := figureOf(t, a, id).Num; int(got) != *want {
			t.Errorf("%s, %s to %s: %s is %v, not %d", v.ID, it.From, it.Until, id, got, *want)
		}
	}
	if it.AnsweredRate != nil {
		if got := 100 * figureOf(t, a, "established").Num / figureOf(t, a, "offered").Num; got != *it.AnsweredRate {
			t.Errorf("%s, %s: %v %% answered, not %v", v.ID, it.From, got, *it.AnsweredRate)
		}
	}
	if login, ok := span(it.LoginTime); ok {
		compared = true
		pause, _ := span(it.PauseTime)
		if it.PauseTime == nil { // not stated: what the rows say
			for _, g := range v.Given {
				s, _ := g.Row["time"].(string)
				if at, ok := instant(s, time.UTC); ok && p.Has(at) && q.window.Has(at, q.zone) && g.Row["stat_queue_id"] == nil {
					d, _ := span(g.Row["pause_time"])
					pause += d
				}
			}
		}
		if got := *figureOf(t, a, "occupancy").Den; got != (login - pause).Seconds() {
			t.Errorf("%s, %s to %s: signed in %v s, not %v", v.ID, it.From, it.Until, got, (login - pause).Seconds())
		}
	}
	b, err := json.Marshal(it.Service)
	var bins []bin
	if err != nil || json.Unmarshal(b, &bins) != nil {
		return compared
	}
	for _, b := range bins {
		compared = true
		upTo := func(sec *int) (answered, abandoned float64) {
			within := 1000 * time.Hour
			if sec != nil {
				if within = time.Duration(*sec-1) * time.Second; within < 0 {
					return 0, 0
				}
			}
			a := v.sum(t, q, p, within)
			answered = figureOf(t, a, "service_level_strict").Num
			return answered, figureOf(t, a, "service_level_asterisk2").Num - answered
		}
		hiA, hiL := upTo(b.Max)
		loA, loL := upTo(&b.Min)
		if got := fmt.Sprint(hiA-loA, hiL-loL); got != fmt.Sprint(b.Answered, b.Abandoned) {
			t.Errorf("%s, %s: waits from %d s: %s, not %d %d", v.ID, it.From, b.Min, got, b.Answered, b.Abandoned)
		}
	}
	return compared
}
