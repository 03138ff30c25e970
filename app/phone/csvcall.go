package phone

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"punto/app/desk"
)

// csvRow is one record with its first error.
type csvRow struct {
	*csvTable
	record []string
	err    error
}

// call is the call of one record, or why the record is none. It takes a record whole
// or not at all: a call with a time that could not be read would count wrongly
// without anybody seeing it.
func (t *csvTable) call(record []string) (Call, error) {
	r := csvRow{csvTable: t, record: record}
	cols := t.Columns
	c := Call{PBX: t.PBX, UniqueID: r.text("id", cols.ID, MaxID), Caller: r.text("caller", cols.Caller, MaxField), Name: r.text("name", cols.Name, MaxField),
		Agent: r.text("agent", cols.Agent, MaxField), Queue: r.text("queue", cols.Queue, MaxID), Dialled: r.text("dialled", cols.Dialled, MaxID), Type: r.text("type", cols.Type, MaxID),
		OfferedAt: r.time("offered", cols.Offered), QueuedAt: r.time("queued", cols.Queued),
		AnsweredAt: r.time("answered", cols.Answered), EndedAt: r.time("ended", cols.Ended),
		Ring: r.span("ring", cols.Ring, false), Talk: r.span("talk", cols.Talk, false), Hold: r.span("hold", cols.Hold, false),
		WrapUp: r.span("wrap_up", cols.WrapUp, false), Wait: r.span("wait", cols.Wait, false), Menu: r.span("menu", cols.Menu, true)}
	if r.err == nil && (c.UniqueID == "" || c.OfferedAt.IsZero()) {
		r.err = errors.New("the row has no id or no time at which the call came in")
	}
	r.outcome(&c)
	if r.err == nil {
		r.err = c.complete(cols, r.value(cols.Wait) != "")
	}
	if r.err != nil {
		return Call{}, r.err
	}
	return c, nil
}

// outcome reads how the call ended, or tells it from the rest of the row.
func (r *csvRow) outcome(c *Call) {
	if r.Columns.Outcome == "" {
		c.Outcome = Abandoned
		if c.Answered() || c.Talk > 0 {
			c.Outcome = Completed
		}
		return
	}
	word := r.text("outcome", r.Columns.Outcome, MaxField)
	o, ok := r.outcomes[word]
	if !ok {
		o = r.byUnset
	}
	if o == NoOutcome {
		r.fail(fmt.Errorf("the outcome %q is not in the column map: add it to outcomes, or say otherwise", Cut(word)))
	}
	c.Outcome = o
}

// complete derives what the row does not say, such as a wait that is not told but
// follows from the times, and marks what is doubtful. A wait that does not follow
// either is not known, which is not zero.
func (c *Call) complete(cols CSVColumns, waitTold bool) error {
	if c.Menu < 0 {
		c.Menu, c.Doubts = 0, c.Doubts|NegativeMenu
	}
	from := c.QueuedAt
	if from.IsZero() {
		from = c.OfferedAt.Add(c.Menu)
	}
	if c.Outcome != Completed {
		c.AnsweredAt = time.Time{} // the time at which a machine picked up is no answer
		switch {
		case !waitTold && !c.EndedAt.IsZero():
			c.Wait = c.EndedAt.Sub(from)
		case !waitTold && c.Outcome == Abandoned:
			c.Doubts |= NoWait
		case c.EndedAt.IsZero():
			c.EndedAt = from.Add(c.Wait)
		}
		return c.check()
	}
	switch {
	case c.AnsweredAt.IsZero():
		if c.AnsweredAt = from.Add(c.Wait); !waitTold {
			c.Doubts |= NoWait
		}
	case !waitTold:
		c.Wait = c.AnsweredAt.Sub(from)
	}
	if c.EndedAt.IsZero() {
		c.EndedAt = c.AnsweredAt.Add(c.Talk + c.Hold)
	} else if cols.Talk == "" {
		c.Talk = c.EndedAt.Sub(c.AnsweredAt) - c.Hold
	}
	if c.Agent == "" {
		c.Doubts |= NoAgent
	}
	if c.Talk == 0 {
		c.Doubts |= NoTalk
	}
	return c.check()
}

// check refuses times that run backwards.
func (c *Call) check() error {
	switch {
	case c.Wait < 0 || c.Wait > MaxDuration:
		return fmt.Errorf("the call waits %v: its times do not follow each other", c.Wait)
	case c.Talk < 0 || c.Talk > MaxDuration:
		return fmt.Errorf("the call talks %v: its times do not follow each other", c.Talk)
	}
	return nil
}

// fail keeps the first error: the others follow from it.
func (r *csvRow) fail(err error) { r.err = cmp.Or(r.err, err) }

// value is the text of a column, or of several joined; "" when it is unknown or
// the row is too short.
func (r *csvRow) value(column string) string {
	if column == "" {
		return ""
	}
	parts := r.split(column)
	var out []string
	for _, p := range parts {
		if i := r.place(p); i >= 0 && i < len(r.record) {
			if s := strings.TrimSpace(r.record[i]); s != "" && !r.unknown[s] {
				out = append(out, s)
			}
		}
	}
	if len(out) < len(parts) {
		return "" // half a date is no date
	}
	return strings.Join(out, " ")
}

// text is a value fit to store, of at most limit bytes.
func (r *csvRow) text(what, column string, limit int) string {
	s, err := Field(what, r.value(column), limit)
	r.fail(err)
	return s
}

// time is an instant in UTC by the first layout that fits; zero when the row does not
// say it.
func (r *csvRow) time(what, column string) time.Time {
	s := r.text(what, column, MaxID)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range r.Layouts {
		if t, err := time.ParseInLocation(layout, s, r.zone); err == nil {
			if !desk.ValidAt(t.UnixMilli()) {
				r.fail(fmt.Errorf("%s: %q is not between the years 1970 and 2199", what, Cut(s)))
			}
			return t.UTC()
		}
	}
	r.fail(fmt.Errorf("%s: %q is no time of the form %s", what, Cut(s), strings.Join(r.Layouts, " or ")))
	return time.Time{}
}

// span reads a duration in seconds or as h:mm:ss, mm:ss.
func (r *csvRow) span(what, column string, negative bool) time.Duration {
	s := r.text(what, column, MaxID)
	if s == "" {
		return 0
	}
	colons := strings.Contains(s, ":")
	d, ok := time.Duration(0), r.Durations == "" || colons == (r.Durations == "h:mm:ss")
	if ok {
		d, ok = ParseSpan(s, colons)
	}
	if !ok || d < 0 && !negative || d > MaxDuration || d < -MaxDuration {
		r.fail(fmt.Errorf("%s: %q is no duration such as 75 or 0:01:15", what, Cut(s)))
		return 0
	}
	return d
}

// ParseSpan reads seconds, whose fraction may stand after a comma, to the millisecond;
// or, with colons, h:mm:ss or mm:ss, in which nothing after the first part passes 59.
func ParseSpan(s string, colons bool) (time.Duration, bool) {
	if !colons {
		f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		if err != nil || math.IsNaN(f) || math.Abs(f) > 1e9 {
			return 0, false
		}
		return time.Duration(math.Round(f*1000)) * time.Millisecond, true
	}
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0, false
	}
	var d time.Duration
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 1e6 || i > 0 && n > 59 {
			return 0, false
		}
		d = d*60 + time.Duration(n)*time.Second
	}
	return d, true
}
