package phone

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"punto/app/table"
)

// CEL reads Asterisk's channel event log in CSV: the layouts of cel_custom.conf's
// example and of the same without the columns that few fill, or any whose first row
// or Columns name them: eventtype, eventtime, cid_name, cid_num, exten, appname,
// appdata, uniqueid, peer, extra. Times are epochs, or local to the zone given at
// reading, which is nil where none are.
//
// A call is a line that was in a queue. The log does not say why it left without an
// answer: that it was refused follows from a stay of no time, that it overflowed from
// the limit given to the queue, else the caller is taken to have hung up.
type CEL struct {
	PBX     string
	Columns string         // names in the order of the file, with commas; "" = as the file shows
	Skip    func(line int) // called for each row that tells nothing of a call; may be nil
}

var celLayouts = map[int]columns{
	15: layout("eventtype,eventtime,cid_name,cid_num,cid_dnid,exten,context,channame,appname,appdata,uniqueid,linkedid,peer,userfield,extra"),
	20: layout("eventtype,eventtime,cid_name,cid_num,cid_ani,cid_rdnis,cid_dnid,exten,context,channame,appname,appdata,amaflags,accountcode,uniqueid,linkedid,peer,userfield,userdeftype,extra"),
}

// A stay in a queue that is shorter than celRefused was none.
const celRefused = 100 * time.Millisecond

// maxOpen is how many lines that go on are kept; the oldest is forgotten for one
// more.
const maxOpen = 5_000

// celLine is what is kept of one line.
type celLine struct {
	line              int
	began             time.Time
	joined, left      time.Time
	limit             time.Duration // of the stay in the queue; 0 = none
	queue, to, exten  string
	waiting, answered bool
	events            []CallEvent
}

// celHeld is how many bytes of events are kept; what is more is left out, and its
// calls end as unknown.
const celHeld = 6 << 20

// Read gives a call for each line that was in a queue, when that ended or at the end
// of the log, and one *RowError for each row that cannot be read. Any other error
// ends the reading.
func (l CEL) Read(r io.Reader, zone *time.Location) iter.Seq2[Call, error] {
	return func(yield func(Call, error) bool) {
		g := celLines{CEL: l, of: map[string]*celLine{}, numbers: NewNumbers()}
		var set columns
		if l.Columns != "" {
			set = layout(l.Columns)
		}
		stopped := false
		known := func(width int) columns { return celLayouts[width] }
		err := rows(r, set, known, []string{"eventtype", "eventtime"}, func(row table.Row, at columns, err error) bool {
			var done *Call
			if err == nil {
				x := line{at: at, cells: row.Cells}
				if done = g.see(&x, row.Line, zone); errors.Is(x.err, ErrNoZone) {
					err = x.err
				} else if x.err != nil {
					err = &RowError{Line: row.Line, Reason: x.err.Error()}
				}
			}
			switch {
			case errors.Is(err, ErrNoZone):
				yield(Call{}, err)
				stopped = true
				return false
			case err != nil:
				stopped = !yield(Call{}, err)
				return !stopped
			case done != nil:
				stopped = !yield(*done, nil)
				return !stopped
			}
			return true
		})
		if stopped {
			return
		}
		if err != nil {
			yield(Call{}, err)
			return
		}
		for _, id := range g.order {
			if c := g.call(id); c != nil && !yield(*c, nil) {
				return
			}
		}
	}
}

type celLines struct {
	CEL
	of      map[string]*celLine
	order   []string // oldest first; some are gone
	numbers *Numbers
	held    int
}

// size is about how many bytes an event costs.
func (e *CallEvent) size() int {
	return 400 + len(e.Caller) + len(e.Name) + len(e.Agent) + len(e.To) + len(e.Dialled) + len(e.Key.Queue)
}

func (g *celLines) see(x *line, n int, zone *time.Location) (done *Call) {
	kind := strings.ToUpper(x.text("eventtype", MaxID))
	id := x.text("uniqueid", MaxID)
	at := x.time("eventtime", zone)
	switch {
	case x.err != nil:
		return nil
	case kind == "" || at.IsZero() || id == "":
		x.err = errors.New("the row has no event, no time or no uniqueid")
		return nil
	}
	app := x.text("appname", MaxID)
	l := g.of[id]
	if l == nil {
		if kind != "CHAN_START" && (kind != "APP_START" || app != "Queue") {
			g.handle(x, kind, id, at, nil, n)
			return nil
		}
		if len(g.order) >= 2*maxOpen {
			g.forget()
		}
		l = &celLine{line: n}
		g.of[id], g.order = l, append(g.order, id)
	}
	g.handle(x, kind, id, at, l, n)
	if kind == "CHAN_END" || kind == "HANGUP" {
		if kind == "HANGUP" && l.waiting {
			g.leave(l, id, at, at)
		}
		done = g.call(id)
		g.drop(id)
	}
	return done
}

// handle takes one row; l is nil for a line that nothing is kept of.
func (g *celLines) handle(x *line, kind, id string, at time.Time, l *celLine, n int) {
	used := l != nil
	switch app := x.text("appname", MaxID); {
	case kind == "BLINDTRANSFER":
		extra := x.text("extra", 4*MaxField)
		if t := g.of[quoted(extra, "transferee_channel_uniqueid")]; t != nil && t.answered {
			t.to, used = quoted(extra, "extension"), true
		}
	case l == nil:
	case kind == "CHAN_START":
		l.began, l.exten = at, x.text("exten", MaxID)
	case kind == "APP_START" && app == "Queue":
		g.join(x, l, id, at)
	case kind == "BRIDGE_ENTER" && app == "Queue" && l.waiting:
		l.waiting, l.answered = false, true
		g.tell(l, id, CallEvent{At: at, Agent: device(x.text("peer", MaxField)), Key: Key{Kind: Answered}})
	case (kind == "BRIDGE_EXIT" || kind == "APP_END" || kind == "HANGUP") && l.answered:
		l.answered = false
		g.tell(l, id, CallEvent{At: at, Outcome: Completed, To: l.to, Key: Key{Kind: Ended}})
	case kind == "APP_END" && app == "Queue" && l.waiting:
		l.left = at
	case kind == "HANGUP" && l.waiting && !l.left.IsZero():
		g.leave(l, id, l.left, at)
	default:
		used = false
	}
	if !used && g.Skip != nil {
		g.Skip(n)
	}
}

func (g *celLines) join(x *line, l *celLine, id string, at time.Time) {
	if l.waiting { // an entry before, of which only the end is known
		g.leave(l, id, l.left, at)
	}
	p := strings.Split(x.text("appdata", MaxField), ",")
	l.queue, l.limit, l.left = p[0], 0, time.Time{}
	if len(p[0]) > MaxID {
		x.err = fmt.Errorf("the queue's name is %d bytes long: at most %d are taken", len(p[0]), MaxID)
		return
	}
	if len(p) > 4 {
		sec, err := strconv.Atoi(p[4])
		if err == nil && sec > 0 && sec < int(MaxDuration/time.Second) {
			l.limit = time.Duration(sec) * time.Second
		}
	}
	if len(l.events) == 0 && !l.began.IsZero() {
		e := CallEvent{At: l.began, Key: Key{Kind: Offered}}
		if l.exten != "s" {
			e.Dialled = l.exten
		}
		g.tell(l, id, e)
	}
	l.waiting, l.joined = true, at
	g.tell(l, id, CallEvent{At: at, Caller: x.text("cid_num", MaxField), Name: x.text("cid_name", MaxField), Key: Key{Kind: Queued}})
}

// leave ends a stay in a queue without an answer. Gone is when the line itself was
// seen to go on or to end.
func (g *celLines) leave(l *celLine, id string, left, gone time.Time) {
	l.waiting = false
	if left.IsZero() {
		left = gone
	}
	e := CallEvent{At: left, Outcome: Abandoned, Key: Key{Kind: Ended}}
	switch stay := left.Sub(l.joined); {
	case stay < celRefused && gone.Sub(left) > celRefused:
		e.Outcome = Busy
	case l.limit > 0 && stay >= l.limit-celRefused || gone.Sub(left) > celRefused:
		e.Outcome = Overflow
	}
	g.tell(l, id, e)
}

func (g *celLines) tell(l *celLine, id string, e CallEvent) {
	e.Key.PBX, e.Key.UniqueID, e.Key.Queue = g.PBX, id, l.queue
	if g.numbers.Number(&e); g.held+e.size() < celHeld {
		g.held += e.size()
		l.events = append(l.events, e)
	}
}

// call is the call of a line; nil when it was in no queue.
func (g *celLines) call(id string) *Call {
	l := g.of[id]
	if l == nil || len(l.events) == 0 {
		return nil
	}
	if l.waiting && !l.left.IsZero() {
		g.leave(l, id, l.left, l.left)
	}
	c := Fold(l.events).Close()
	c.Line = l.line
	return &c
}

func (g *celLines) drop(id string) {
	if l := g.of[id]; l != nil {
		for i := range l.events {
			g.held -= l.events[i].size()
		}
		delete(g.of, id)
	}
}

// forget drops the older half of the lines.
func (g *celLines) forget() {
	keep := g.order[:0]
	for i, id := range g.order {
		if g.of[id] == nil {
			continue
		}
		if i < maxOpen && len(g.of) > maxOpen {
			g.drop(id)
			continue
		}
		keep = append(keep, id)
	}
	g.order = keep
}

// quoted is the value of a key in a JSON object of texts, as far as it is simple.
func quoted(s, key string) string {
	_, rest, ok := strings.Cut(s, `"`+key+`":"`)
	if !ok {
		return ""
	}
	v, _, ok := strings.Cut(rest, `"`)
	if !ok || len(v) > MaxField {
		return ""
	}
	return v
}
