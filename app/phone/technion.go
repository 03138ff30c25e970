package phone

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"punto/app/table"
)

// ErrNoZone says that a file has local times and nobody said of which zone.
var ErrNoZone = errors.New("the file has local times without a zone: say in which zone its calls were taken, such as America/Santiago")

// technionColumns are the columns that are read, by the names of the header.
var technionColumns = []string{"vru+line", "call_id", "customer_id", "type", "date", "vru_entry", "vru_exit", "vru_time",
	"q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server"}

// ReadTechnion reads the tables of the Technion's service engineering archive:
// one call a row, fields between tabs, local times of zone, durations in
// seconds. The first row names the columns, in any order, and is no row of the
// data.
//
// A row gives one call or one *RowError; any other error ends the reading. A
// PHANTOM row is no call and is rejected as such. Who hung up without queueing
// is lost in the menu. A menu time below zero counts as zero, an answer of no
// seconds and one by NO_SERVER count as answers: each sets its Doubt.
func ReadTechnion(r io.Reader, pbx string, zone *time.Location) iter.Seq2[Call, error] {
	return func(yield func(Call, error) bool) {
		if zone == nil {
			yield(Call{}, ErrNoZone)
			return
		}
		var t *technion
		for l, err := range table.Lines(r, maxLine) {
			n := l.Number
			var bad *RowError
			if err != nil && (t == nil || !errors.As(err, &bad)) {
				yield(Call{}, fmt.Errorf("read the table of calls at line %d: %w", n, err))
				return
			}
			if t == nil {
				if t, err = technionHeader(l.Text, pbx, zone); err != nil {
					yield(Call{}, err)
					return
				}
				continue
			}
			var c Call
			if err == nil {
				if c, err = t.call(l.Text); err != nil {
					err = &RowError{Line: n, Reason: err.Error()}
				}
			}
			c.Line = n
			if !yield(c, err) {
				return
			}
		}
	}
}

// technion is the table by its header.
type technion struct {
	pbx   string
	zone  *time.Location
	place map[string]int
	width int
}

// technionHeader finds the columns by their names; one that is missing ends the
// reading, one that nobody knows is passed over.
func technionHeader(text, pbx string, zone *time.Location) (*technion, error) {
	t := &technion{pbx: pbx, zone: zone, place: map[string]int{}}
	for i, name := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\t") {
		t.place[strings.ToLower(strings.TrimSpace(name))] = i
		t.width = i + 1
	}
	for _, name := range technionColumns {
		if _, ok := t.place[name]; !ok {
			return nil, fmt.Errorf("the first row has no column %q: it must name the columns %s", name, strings.Join(technionColumns, ", "))
		}
	}
	return t, nil
}

// technionRow is one row with its first error.
type technionRow struct {
	*technion
	f   []string
	day time.Time // midnight as a civil date, in UTC
	err error
}

// call is the call of one row, whole or not at all. A call is known by line, date and
// number: numbers begin again each day.
func (t *technion) call(text string) (Call, error) {
	r := technionRow{technion: t, f: strings.Split(text, "\t")}
	if len(r.f) != t.width {
		return Call{}, fmt.Errorf("%d fields where %d are expected", len(r.f), t.width)
	}
	if r.text("outcome") == "PHANTOM" {
		return Call{}, errors.New("a phantom row: no call was made")
	}
	if r.day, r.err = time.Parse("060102", r.text("date")); r.err != nil {
		return Call{}, fmt.Errorf("%q is no date such as 990201", Cut(r.text("date")))
	}
	c := Call{PBX: t.pbx, UniqueID: r.text("vru+line") + "-" + r.text("date") + "-" + r.text("call_id"),
		Type: r.text("type"), Queue: strings.ToLower(r.text("type"))}
	if id := r.text("customer_id"); id != "0" {
		c.Caller = id
	}
	r.times(&c)
	if r.err == nil && (r.text("vru+line") == "" || r.text("call_id") == "") {
		r.err = errors.New("the call has no line or no id")
	}
	if r.err != nil {
		return Call{}, r.err
	}
	return c, nil
}

// times reads when things happened. A time of 0:00:00 stands for none in these tables:
// where a duration says otherwise the time follows from it.
func (r *technionRow) times(c *Call) {
	entry := r.clock("vru_entry")
	c.OfferedAt = r.at(entry)
	c.Menu = r.count("vru_time", -86_400)
	if c.Menu < 0 {
		c.Menu, c.Doubts = 0, c.Doubts|NegativeMenu
	}
	c.Wait = r.count("q_time", 0)
	left := r.after(entry, r.clock("vru_exit"))
	queued := left
	if c.Wait > 0 {
		if q := r.clock("q_start"); q != 0 {
			queued = r.after(entry, q)
		} else {
			c.Doubts |= NoQueueTime
		}
		c.QueuedAt = r.at(queued)
	}
	switch outcome := r.text("outcome"); {
	case outcome == "AGENT":
		r.answered(c, entry, queued)
	case outcome == "HANG" && c.Wait > 0:
		c.Outcome, c.EndedAt = Abandoned, c.QueuedAt.Add(c.Wait)
	case outcome == "HANG":
		c.Outcome, c.EndedAt = LostInMenu, r.at(left)
	default:
		r.fail(fmt.Errorf("%q is no outcome: AGENT, HANG or PHANTOM is expected", Cut(outcome)))
	}
}

// answered reads a call that a person took.
func (r *technionRow) answered(c *Call, entry, queued int) {
	c.Outcome = Completed
	c.Talk = r.count("ser_time", 0)
	c.AnsweredAt = r.at(queued).Add(c.Wait)
	if s := r.clock("ser_start"); s != 0 || c.Talk > 0 {
		c.AnsweredAt = r.at(r.after(entry, s))
	}
	c.EndedAt = c.AnsweredAt.Add(c.Talk)
	if c.Agent = r.text("server"); c.Agent == "NO_SERVER" {
		c.Agent = ""
	}
	if c.Agent == "" {
		c.Doubts |= NoAgent
	}
	if c.Talk == 0 {
		c.Doubts |= NoTalk
	}
}

func (r *technionRow) fail(err error) { r.err = cmp.Or(r.err, err) }

func (r *technionRow) text(column string) string {
	s, err := Field(column, r.f[r.place[column]], MaxID)
	r.fail(err)
	return s
}

// count reads a whole number of seconds, not below least.
func (r *technionRow) count(column string, least int) time.Duration {
	n, err := strconv.Atoi(r.text(column))
	if err != nil || n < least || n > int(MaxDuration/time.Second) {
		r.fail(fmt.Errorf("%s %q is no number of seconds", column, Cut(r.text(column))))
		return 0
	}
	return time.Duration(n) * time.Second
}

// clock reads h:mm:ss as seconds of the day.
func (r *technionRow) clock(column string) int {
	var h, m, s int
	parts := strings.Split(r.text(column), ":")
	ok := len(parts) == 3
	for i, to := range []*int{&h, &m, &s} {
		if !ok {
			break
		}
		var err error
		*to, err = strconv.Atoi(parts[i])
		ok = err == nil && *to >= 0 && *to < []int{24, 60, 60}[i]
	}
	if !ok {
		r.fail(fmt.Errorf("%s %q is no time of the day such as 7:02:47", column, Cut(r.text(column))))
		return 0
	}
	return h*3600 + m*60 + s
}

// after puts a time of the day on the day after the entry's when it would lie
// more than half a day before it: the call went over midnight.
func (r *technionRow) after(entry, sec int) int {
	const day = 86_400
	if sec+day/2 < entry {
		return sec + day
	}
	return sec
}

// at is the instant of seconds of the row's civil date, in its zone.
func (r *technionRow) at(sec int) time.Time {
	y, m, d := r.day.Date()
	return time.Date(y, m, d, 0, 0, sec, 0, r.zone).UTC()
}
