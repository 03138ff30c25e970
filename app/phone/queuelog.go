package phone

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"punto/app/desk"
	"punto/app/table"
)

// QueueLog reads Asterisk's queue_log, epoch|callid|queue|agent|event|p1|p2|…
// Epochs are UTC. A row that tells nothing of a call is counted by Skip, which
// may be nil.
type QueueLog struct {
	PBX    string         // name of the exchange, part of each key
	Agents bool           // give the events of agents too: members, pauses
	Known  []CallEvent    // what was read of the calls that go on, where the reading goes on in the middle
	Skip   func(line int) // called for each row that gives nothing
}

// ReadQueueLog reads the events of calls of a queue_log: QueueLog{PBX: pbx,
// Skip: skip}.Read(r).
func ReadQueueLog(r io.Reader, pbx string, skip func(line int)) iter.Seq2[CallEvent, error] {
	return QueueLog{PBX: pbx, Skip: skip}.Read(r)
}

// Read gives one event or one *RowError for each row that is not skipped. Any
// other error ends the reading.
func (q QueueLog) Read(r io.Reader) iter.Seq2[CallEvent, error] {
	return func(yield func(CallEvent, error) bool) {
		numbers := NewNumbers(q.Known...)
		for l, err := range table.Lines(r, maxLine) {
			n := l.Number
			var bad *RowError
			if err != nil && !errors.As(err, &bad) {
				yield(CallEvent{}, fmt.Errorf("read the queue log at line %d: %w", n, err))
				return
			}
			var e CallEvent
			use := false
			if err == nil {
				if e, use, err = parseQueueLog(l.Text); err != nil {
					bad = &RowError{Line: n, Reason: err.Error()}
				}
			}
			switch {
			case bad != nil:
				if !yield(CallEvent{}, bad) {
					return
				}
				continue
			case !use || !e.Key.Kind.OfCall() && !q.Agents:
				if q.Skip != nil {
					q.Skip(n)
				}
				continue
			}
			e.Key.PBX, e.Line = q.PBX, n
			numbers.Number(&e)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// queueEnds are the rows that end a call without an answer, with the place of
// the wait among their parameters.
var queueEnds = map[string]struct {
	outcome Outcome
	wait    int
}{
	"ABANDON": {Abandoned, 2}, "EXITWITHTIMEOUT": {Overflow, 2}, "EXITEMPTY": {Overflow, 2}, "EXITWITHKEY": {Overflow, 3}, "WITHDRAW": {Withdrawn, 2},
}

// statuses are the values of Asterisk's QUEUESTATUS, which the site's dialplan
// writes with PUNTOFIN, and those of a site that is closed.
var statuses = map[string]Outcome{"FULL": Busy, "CLOSED": Closed, "CERRADO": Closed, "FECHADO": Closed, "JOINEMPTY": Overflow, "LEAVEEMPTY": Overflow,
	"JOINUNAVAIL": Overflow, "LEAVEUNAVAIL": Overflow, "TIMEOUT": Overflow, "WITHDRAW": Withdrawn, "UNKNOWN": Unknown}

// QueueStatus is how a call left a queue, or did not get into it, by the value of
// Asterisk's QUEUESTATUS; Unknown for one that is not known. Refused are those that
// never waited.
func QueueStatus(s string) (o Outcome, refused bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	o, ok := statuses[s]
	if !ok {
		return Unknown, false
	}
	return o, o == Busy || o == Closed || strings.HasPrefix(s, "JOIN")
}

// agentRows are the rows of agents. A member that is added to a queue is signed
// in to it.
var agentRows = map[string]EventKind{"ADDMEMBER": AgentSignedIn, "AGENTLOGIN": AgentSignedIn, "AGENTCALLBACKLOGIN": AgentSignedIn,
	"REMOVEMEMBER": AgentSignedOut, "AGENTLOGOFF": AgentSignedOut, "AGENTCALLBACKLOGOFF": AgentSignedOut,
	"PAUSE": AgentPaused, "PAUSEALL": AgentPaused, "UNPAUSE": AgentBack, "UNPAUSEALL": AgentBack}

// parameters are the fields after the event.
type parameters []string

func (p parameters) at(i int) string {
	if i >= 0 && i < len(p) {
		return p[i]
	}
	return ""
}

// parseQueueLog reads one row. Rows that tell nothing of a call or an agent, or that
// no version of Asterisk is known to write, give no event and no error.
func parseQueueLog(text string) (e CallEvent, use bool, err error) {
	f := strings.Split(text, "|")
	if len(f) < 5 {
		return e, false, fmt.Errorf("%d fields where at least 5 are expected", len(f))
	}
	sec, err := strconv.ParseInt(strings.TrimSpace(f[0]), 10, 64)
	if err != nil || sec < 0 || sec > desk.Latest/1000 {
		return e, false, fmt.Errorf("%q is no epoch between the years 1970 and 2199", Cut(f[0]))
	}
	for i, name := range []string{1: "id of the call", 2: "queue", 3: "agent", 4: "event"} {
		if i == 0 {
			continue
		}
		if f[i], err = Field(name, f[i], MaxID); err != nil {
			return e, false, err
		}
	}
	e = CallEvent{At: time.Unix(sec, 0).UTC(), Key: Key{UniqueID: f[1], Queue: f[2]}, Rank: FromLog}
	if f[3] != "NONE" {
		e.Agent = f[3]
	}
	p := parameters(f[5:])
	if kind, ok := agentRows[f[4]]; ok {
		return agentRow(e, kind, p)
	}
	if use, err = e.callRow(f[4], p); err != nil || !use {
		return e, false, err
	}
	if e.Key.UniqueID == "" || e.Key.UniqueID == "NONE" {
		return e, false, fmt.Errorf("%s without the id of a call", f[4])
	}
	return e, true, nil
}

// callRow reads the parameters of a row about a call; false when it is none.
func (e *CallEvent) callRow(event string, p parameters) (use bool, err error) {
	switch event {
	case "ENTERQUEUE":
		e.Key.Kind = Queued
		if e.Caller, err = Field("caller's number", p.at(1), MaxField); err == nil {
			e.Name, err = Field("caller's name", p.at(3), MaxField)
		}
	case "DID":
		e.Key.Kind = Offered
		e.Dialled, err = Field("dialled number", p.at(0), MaxField)
	case "CONNECT":
		e.Key.Kind = Answered
		if err = e.waited(p.at(0)); err == nil && p.at(2) != "" {
			e.Ring, err = seconds(p.at(2))
		}
	case "COMPLETECALLER", "COMPLETEAGENT":
		e.Key.Kind, e.Outcome = Ended, Completed
		err = e.talked(p.at(1))
	case "BLINDTRANSFER": // exten|context|holdtime|talktime|position
		e.Key.Kind, e.Outcome = Ended, Completed
		if e.To, err = Field("extension", p.at(0), MaxField); err == nil {
			err = e.talked(p.at(3))
		}
	case "ATTENDEDTRANSFER": // …|holdtime|talktime|position: as many fields before as its method needs
		e.Key.Kind, e.Outcome = Ended, Completed
		if len(p) < 4 {
			return false, fmt.Errorf("ATTENDEDTRANSFER with %d parameters where at least 4 are expected", len(p))
		}
		if e.To, err = Field("target", strings.Join(p[:len(p)-3], "|"), MaxField); err == nil {
			err = e.talked(p[len(p)-2])
		}
	case "RINGNOANSWER", "RINGCANCELED":
		e.Key.Kind = RingFailed
		if p.at(0) != "" {
			e.Ring, err = millis(p.at(0))
		}
	case "PUNTOFIN":
		var refused bool
		e.Key.Kind = Ended
		if e.Outcome, refused = QueueStatus(table.Text(p.at(0))); refused {
			e.Told |= ToldWait // none
		}
	default:
		end, ends := queueEnds[event]
		if !ends {
			return false, nil
		}
		e.Key.Kind, e.Outcome = Ended, end.outcome
		if err = e.waited(p.at(end.wait)); err == nil && end.outcome == Withdrawn {
			e.Reason, err = Field("reason", p.at(3), MaxField)
		}
	}
	return err == nil, err
}

func (e *CallEvent) waited(s string) (err error) {
	e.Wait, err = seconds(s)
	e.Told |= ToldWait
	return err
}

// talked reads a talk time; an old log may lack it.
func (e *CallEvent) talked(s string) (err error) {
	if s == "" {
		return nil
	}
	e.Talk, err = seconds(s)
	e.Told |= ToldTalk
	return err
}

func agentRow(e CallEvent, kind EventKind, p parameters) (CallEvent, bool, error) {
	if e.Agent == "" {
		return e, false, nil
	}
	e.Key.Kind, e.Key.UniqueID = kind, e.Agent
	if e.Key.Queue == "NONE" || e.Key.Queue == "ALL" {
		e.Key.Queue = ""
	}
	if kind != AgentPaused {
		return e, true, nil
	}
	var err error
	e.Reason, err = Field("reason", p.at(0), MaxField)
	return e, err == nil, err
}
