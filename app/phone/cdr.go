package phone

import (
	"cmp"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app/table"
)

// CDR reads Asterisk's call detail records: Master.csv with or without its optional
// columns, or any CSV whose first row names the columns, such as an export of
// FreePBX's table. Times are local to the zone given at reading.
//
// An exchange writes a row for each line and each try; the rows of one call have one
// linkedid, and become one call with the Uniqueid of the line that was in the queue.
// A call that was in no queue counts when its context is one from which others
// entered a queue. Records know no queue's clock: a wait counts from when the call
// came in, and where the dialplan picks up before the queue and the agent's own line
// is not recorded, it is not known.
type CDR struct {
	PBX     string
	Columns string         // names in the order of the file, with commas; "" = as the file shows
	Skip    func(line int) // called for each row that belongs to no such call; may be nil
}

// cdrBase are the columns of Master.csv; those that an administrator adds follow.
const cdrBase = "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags"

var cdrLayouts = map[int]columns{
	16: layout(cdrBase), 17: layout(cdrBase + ",uniqueid"), 18: layout(cdrBase + ",uniqueid,userfield"),
	19: layout(cdrBase + ",peeraccount,linkedid,sequence"), 20: layout(cdrBase + ",uniqueid,peeraccount,linkedid,sequence"),
	21: layout(cdrBase + ",uniqueid,userfield,peeraccount,linkedid,sequence"),
}

// Grouping of rows: a call is done when so many rows came after its last, or so many
// bytes are held; so many bytes of calls without a queue wait for the end of the file.
const (
	cdrApart = 5_000
	cdrHeld  = 6 << 20
	cdrLater = 4 << 20
)

// cdrRow is one record.
type cdrRow struct {
	line                               int
	unique, linked, channel, dst, peer string
	src, clid, did, context, app, data string
	disposition                        string
	start, answer, end                 time.Time
	sequence                           int
}

// Read gives one call for each group of rows, when it is complete, and one *RowError
// for each row that cannot be read. Any other error ends the reading.
func (d CDR) Read(r io.Reader, zone *time.Location) iter.Seq2[Call, error] {
	return func(yield func(Call, error) bool) {
		if zone == nil {
			yield(Call{}, ErrNoZone)
			return
		}
		g := cdrGroups{pbx: d.PBX, skip: d.Skip, of: map[string]*cdrGroup{}, contexts: map[string]bool{}, yield: yield}
		var set columns
		if d.Columns != "" {
			set = layout(d.Columns)
		}
		known := func(width int) columns { return cdrLayouts[width] }
		err := rows(r, set, known, []string{"channel", "disposition"}, func(row table.Row, at columns, err error) bool {
			var c cdrRow
			if err == nil {
				l := line{at: at, cells: row.Cells}
				if c = l.cdr(zone); l.err != nil {
					err = &RowError{Line: row.Line, Reason: l.err.Error()}
				}
			}
			if err != nil {
				g.stopped = !yield(Call{}, err)
				return !g.stopped
			}
			c.line = row.Line
			return g.add(c)
		})
		if err != nil {
			yield(Call{}, err)
			return
		}
		if !g.stopped {
			g.finish()
		}
	}
}

func (l *line) cdr(zone *time.Location) cdrRow {
	c := cdrRow{unique: l.text("uniqueid", MaxID), linked: l.text("linkedid", MaxID), channel: l.text("channel", MaxField), dst: l.text("dst", MaxField),
		peer: l.text("dstchannel", MaxField), src: l.text("src", MaxField), clid: l.text("clid", MaxField), did: l.text("did", MaxID),
		context: l.text("dcontext", MaxID), app: l.text("lastapp", MaxID), data: l.text("lastdata", MaxField), disposition: l.text("disposition", MaxID),
		start: l.time("start", zone), answer: l.time("answer", zone), end: l.time("end", zone)}
	if c.start.IsZero() {
		c.start = l.time("calldate", zone)
	}
	c.sequence, _ = strconv.Atoi(l.text("sequence", MaxID)) // none is zero
	whole, talk := l.seconds("duration"), l.seconds("billsec")
	if c.end.IsZero() {
		c.end = c.start.Add(whole)
	}
	if _, told := l.at["answer"]; !told && talk > 0 {
		c.answer = c.end.Add(-talk)
	}
	switch {
	case l.err != nil:
	case c.start.IsZero() || c.channel == "":
		l.err = errors.New("the record has no channel or no time of its beginning")
	case c.end.Before(c.start) || c.end.Sub(c.start) > MaxDuration || !c.answer.IsZero() && (c.answer.Before(c.start) || c.answer.After(c.end)):
		l.err = errors.New("the record's times do not follow each other")
	}
	if c.linked == "" {
		c.linked = cmp.Or(c.unique, c.channel+" "+c.start.Format("20060102150405"))
	}
	return c
}

// seconds reads a whole number of seconds; an empty cell is none.
func (l *line) seconds(name string) time.Duration {
	s := l.text(name, MaxID)
	if s == "" {
		return 0
	}
	d, err := seconds(s)
	if err != nil && l.err == nil {
		l.err = err
	}
	return d
}

// cdrGroup are the rows of one call.
type cdrGroup struct {
	rows []cdrRow
	last int // the count of rows when one was added
}

// maxGroup is how many rows of one call are kept.
const maxGroup = 1_000

type cdrGroups struct {
	pbx      string
	skip     func(int)
	yield    func(Call, error) bool
	of       map[string]*cdrGroup
	order    []string
	later    []*cdrGroup
	contexts map[string]bool // from which calls enter queues
	n        int
	held     int // bytes of the groups of of, and of those of later
	waiting  int
	stopped  bool
}

// size is about how many bytes a row costs.
func (c *cdrRow) size() int {
	return 400 + len(c.unique) + len(c.linked) + len(c.channel) + len(c.dst) + len(c.peer) + len(c.src) + len(c.clid) + len(c.did) + len(c.context) + len(c.app) + len(c.data)
}

func (of *cdrGroup) size() (n int) {
	for i := range of.rows {
		n += of.rows[i].size()
	}
	return n
}

func (g *cdrGroups) add(c cdrRow) bool {
	g.n++
	of := g.of[c.linked]
	if of == nil {
		of = &cdrGroup{}
		g.of[c.linked] = of
		g.order = append(g.order, c.linked)
	}
	if of.last = g.n; len(of.rows) < maxGroup {
		of.rows = append(of.rows, c)
		g.held += c.size()
	} else {
		g.passed(c.line)
	}
	for len(g.order) > 0 {
		first := g.of[g.order[0]]
		if g.n-first.last < cdrApart && len(g.order) < cdrApart && g.held < cdrHeld {
			break
		}
		g.held -= first.size()
		delete(g.of, g.order[0])
		g.order = g.order[1:]
		g.done(first, false)
	}
	return !g.stopped
}

func (g *cdrGroups) finish() {
	for _, k := range g.order {
		g.done(g.of[k], false)
	}
	for _, of := range g.later {
		g.done(of, true)
	}
}

func (g *cdrGroups) passed(line int) {
	if g.skip != nil {
		g.skip(line)
	}
}

// done gives the call of a group. One without a queue waits until all contexts are
// known.
func (g *cdrGroups) done(of *cdrGroup, last bool) {
	if g.stopped {
		return
	}
	slices.SortStableFunc(of.rows, func(a, b cdrRow) int { return cmp.Or(a.start.Compare(b.start), cmp.Compare(a.sequence, b.sequence)) })
	caller := of.caller()
	own := of.of(caller.unique, caller.channel)
	queue := slices.IndexFunc(own, func(r cdrRow) bool { return r.app == "Queue" })
	if queue >= 0 && !slices.ContainsFunc(own, func(r cdrRow) bool { return r.app != "Queue" }) {
		g.contexts[caller.context] = true
	}
	switch {
	case queue >= 0 || g.contexts[caller.context]:
		if len(of.rows) > 0 && !g.yield(of.call(g.pbx, caller, own), nil) {
			g.stopped = true
		}
	case !last && g.waiting+of.size() < cdrLater:
		g.waiting += of.size()
		g.later = append(g.later, of)
	default:
		for _, r := range of.rows {
			g.passed(r.line)
		}
	}
}

// caller is the row of the line that called: the one that was in a queue, else the
// one that the dialplan ran on.
func (of *cdrGroup) caller() cdrRow {
	for _, r := range of.rows {
		if r.app == "Queue" {
			return r
		}
	}
	for _, r := range of.rows {
		if r.unique != r.linked {
			continue
		}
		if half, ok := strings.CutSuffix(r.channel, ";1"); ok {
			for _, o := range of.rows {
				if o.channel == half+";2" {
					return o
				}
			}
		}
		return r
	}
	return of.rows[0]
}

// of are the rows of one line.
func (of *cdrGroup) of(unique, channel string) (own []cdrRow) {
	for _, r := range of.rows {
		if r.unique == unique && r.channel == channel {
			own = append(own, r)
		}
	}
	return own
}

func (of *cdrGroup) call(pbx string, caller cdrRow, own []cdrRow) Call {
	c := Call{PBX: pbx, UniqueID: cmp.Or(caller.unique, caller.linked), Caller: caller.src, Name: clidName(caller.clid), OfferedAt: own[0].start,
		Rank: FromSummary, Line: caller.line}
	for _, r := range of.rows {
		if c.Dialled = cmp.Or(c.Dialled, r.did); r.unique == r.linked && c.Dialled == "" {
			c.Dialled = r.dst
		}
	}
	for i, r := range own {
		if r.app == "Queue" && c.Queue == "" {
			c.Queue, _, _ = strings.Cut(r.data, ",")
		}
		if r.peer == "" || r.disposition != "ANSWERED" || c.Answered() {
			continue
		}
		c.Agent, c.Outcome, c.EndedAt = device(r.peer), Completed, r.end
		c.AnsweredAt, c.Doubts = of.answered(r)
		if c.Talk = max(0, r.end.Sub(c.AnsweredAt)); c.Talk == 0 {
			c.Doubts |= NoTalk
		}
		if i < len(own)-1 {
			c.To = r.dst
		}
	}
	if c.Answered() {
		if c.Doubts&NoWait == 0 {
			c.Wait = max(0, c.AnsweredAt.Sub(c.OfferedAt))
		}
		return c
	}
	for _, r := range own {
		c.EndedAt = later(c.EndedAt, r.end)
	}
	switch last := own[len(own)-1]; {
	case last.app == "Queue":
		c.Outcome, c.Wait = Abandoned, c.EndedAt.Sub(c.OfferedAt)
	case last.disposition == "BUSY" || last.app == "Busy" || last.app == "Congestion":
		c.Outcome = Busy
	case last.disposition == "FAILED" || last.disposition == "CONGESTION":
		c.Outcome = Failed
	default: // it went on after the queue, or never came to it
		c.Outcome, c.Doubts = Unknown, NoWait
	}
	return c
}

// answered is when an agent took the call: when the agent's own line was picked up,
// or the caller's where nothing had picked that up before.
func (of *cdrGroup) answered(r cdrRow) (time.Time, Doubt) {
	if half, ok := strings.CutSuffix(r.peer, ";1"); ok {
		for _, o := range of.rows {
			if o.channel == half+";2" && !o.answer.IsZero() {
				return o.answer, 0
			}
		}
	}
	if r.answer.After(r.start) {
		return r.answer, 0
	}
	return r.start, NoWait
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// device is the phone of a channel: SIP/201 of SIP/201-0000001f.
func device(channel string) string {
	channel = strings.TrimSuffix(strings.TrimSuffix(channel, ";1"), ";2")
	if i := strings.LastIndexByte(channel, '-'); i > 0 {
		channel = channel[:i]
	}
	if len(channel) > MaxID {
		channel = channel[:MaxID]
	}
	return channel
}

// clidName is the name in "Name" <number>.
func clidName(clid string) string {
	if i := strings.LastIndexByte(clid, '<'); i > 0 {
		return strings.Trim(strings.TrimSpace(clid[:i]), `"`)
	}
	return ""
}

// instant reads a local time of zone, or an epoch with a fraction.
func instant(s string, zone *time.Location) (time.Time, error) {
	t, ok := epoch(s)
	if !ok && zone == nil {
		return t, ErrNoZone
	}
	for _, form := range []string{time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006/01/02 15:04:05"} {
		if ok {
			break
		}
		var err error
		if t, err = time.ParseInLocation(form, s, zone); err == nil {
			ok = true
		}
	}
	return t.UTC(), checked(t, ok, s)
}
