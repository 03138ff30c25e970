package vectors

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app/tally"
)

// question is a query in our terms.
type question struct {
	call    string
	args    map[string]any
	zone    *time.Location
	period  tally.Period
	bounded bool // its beginning is stated
	every   tally.Every
	window  tally.Window
	subject float64 // the queue or agent; 0 = all
}

// question reads the n-th query.
func (v *rollUp) question(n int) (q question, err error) {
	x := v.Query[n]
	q.call, q.args, q.zone = x.Call, x.Args, time.UTC
	text := func(key string) string { s, _ := x.Args[key].(string); return s }
	for key := range x.Args {
		if !slices.Contains([]string{"from_", "until", "interval", "timezone", "day_start_time", "day_end_time", "week_days", "queue_id", "agent_id",
			"qos_threshold", "qos_thresholds", "tenant_uuid", "recurse"}, key) {
			return q, fmt.Errorf("a question with %q is not known", key)
		}
	}
	if z := text("timezone"); z != "" {
		if q.zone, err = time.LoadLocation(z); err != nil {
			return q, fmt.Errorf("the zone: %w", err)
		}
	}
	var ok bool
	q.period.From, q.bounded = stamped(x.Args["from_"], q.zone)
	if q.period.To, ok = stamped(x.Args["until"], q.zone); !ok {
		q.period.To = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if s := text("interval"); s != "" {
		if q.every, ok = map[string]tally.Every{"hour": tally.Hour, "day": tally.CivilDay, "month": tally.CivilMonth}[s]; !ok {
			return q, fmt.Errorf("the interval %q is not known", s)
		}
	}
	if q.window.From, err = clock(text("day_start_time")); err == nil {
		q.window.To, err = clock(text("day_end_time"))
	}
	if err != nil {
		return q, err
	}
	if days := text("week_days"); days != "" {
		q.window.Days = map[time.Weekday]bool{}
		for _, d := range strings.Split(days, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(d))
			if err != nil || n < 1 || n > 7 {
				return q, fmt.Errorf("%q is no day of the week", d)
			}
			q.window.Days[time.Weekday(n%7)] = true
		}
	}
	q.subject, _ = x.Args[q.id()].(float64)
	return q, nil
}

// id is the name of what is asked about.
func (q question) id() string {
	if strings.HasPrefix(q.call, "agent") {
		return "agent_id"
	}
	return "queue_id"
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

// subject is whom an item is about.
func (c *check) subject(it map[string]any) float64 {
	if n, ok := it[c.q.id()].(float64); ok {
		return n
	}
	return c.q.subject
}

// subjects are all queues or agents that the rows name.
func (c *check) subjects() []float64 {
	seen := map[float64]bool{}
	for _, g := range c.Given {
		switch {
		case c.q.id() == "agent_id" && g.Table == "stat_agent", c.q.id() == "queue_id" && strings.HasPrefix(g.Table, "stat_queue"):
			n, _ := g.Row[c.q.id()].(float64)
			if n == 0 && c.q.id() == "queue_id" {
				n = 1
			}
			seen[n] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

var moment6 = regexp.MustCompile(`^(\d{4})-(\d\d?)-(\d\d?)[T ](\d+):(\d+):(\d+)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$`)

// stamped reads a time as people write it by hand: hours without a zero, or with one
// too many. Without an offset it is local to zone.
func stamped(v any, zone *time.Location) (time.Time, bool) {
	s, _ := v.(string)
	m := moment6.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	var n [6]int
	for i := range n {
		var err error
		if n[i], err = strconv.Atoi(m[i+1]); err != nil {
			return time.Time{}, false
		}
	}
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 24 || n[4] > 59 || n[5] > 59 {
		return time.Time{}, false
	}
	if off := strings.Replace(m[7], ":", "", 1); off == "Z" {
		zone = time.UTC
	} else if off != "" {
		t, err := time.Parse("-0700", off)
		if err != nil {
			return time.Time{}, false
		}
		_, sec := t.Zone()
		zone = time.FixedZone("", sec)
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, zone), true
}

// clock reads a time of the day, "08:00"; "" is its beginning.
func clock(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%q is no time of the day", s)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

var (
	delta = regexp.MustCompile(`(days|hours|minutes|seconds)=([0-9 +]+)`)
	unit  = map[string]float64{"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
)

// number reads a number, h:mm:ss as seconds, or a sum as Python writes it.
func number(v any) (n float64, ok bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		if p := strings.Split(v, ":"); len(p) == 3 {
			for _, x := range p {
				k, err := strconv.Atoi(x)
				if err != nil {
					return 0, false
				}
				n = n*60 + float64(k)
			}
			return n, true
		}
		if k, err := strconv.ParseFloat(v, 64); err == nil {
			return k, true
		}
		for _, m := range delta.FindAllStringSubmatch(v, -1) {
			for _, x := range strings.Split(m[2], "+") {
				k, err := strconv.Atoi(strings.TrimSpace(x))
				if err != nil {
					return 0, false
				}
				n += float64(k) * unit[m[1]]
			}
			ok = true
		}
	}
	return n, ok
}
