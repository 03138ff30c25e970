package phone

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

// RowError is one row that could not be read.
type RowError struct {
	Line   int
	Reason string
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// maxLine is the longest row that is read, in bytes.
const maxLine = 64 << 10

// lines gives the rows of a text with their numbers, from 1. A row longer than
// maxLine is given cut, with long set.
func lines(r io.Reader) iter.Seq2[int, row] {
	return func(yield func(int, row) bool) {
		in := bufio.NewReaderSize(r, maxLine)
		for n := 1; ; n++ {
			b, err := in.ReadSlice('\n')
			text := row{text: strings.TrimRight(string(b), "\r\n")}
			for err == bufio.ErrBufferFull {
				text.long = true
				_, err = in.ReadSlice('\n')
			}
			if err != nil && err != io.EOF {
				text.err = err
			}
			if (len(b) > 0 || text.err != nil) && !yield(n, text) || err != nil {
				return
			}
		}
	}
}

type row struct {
	text string
	long bool
	err  error
}

// ReadQueueLog reads Asterisk's queue_log, epoch|callid|queue|agent|event|p1|…,
// as call events; epochs are UTC. A row that tells nothing of a call (members,
// pauses, reloads) gives neither an event nor an error and is counted by skip,
// which may be nil. A row that cannot be read gives a *RowError and the rest
// goes on; any other error ends the reading.
func ReadQueueLog(r io.Reader, pbx string, skip func(line int)) iter.Seq2[CallEvent, error] {
	return func(yield func(CallEvent, error) bool) {
		type place struct{ id, queue string }
		entries := map[string]int{}
		rings := map[place]int{}
		for n, text := range lines(r) {
			if text.err != nil {
				yield(CallEvent{}, fmt.Errorf("read the queue log at line %d: %w", n, text.err))
				return
			}
			e, use, err := parseQueueLog(text)
			if err != nil {
				if !yield(CallEvent{}, &RowError{n, err.Error()}) {
					return
				}
				continue
			}
			if !use {
				if skip != nil {
					skip(n)
				}
				continue
			}
			e.Key.PBX, e.Line = pbx, n
			if e.Key.Kind == Queued {
				entries[e.Key.UniqueID]++
			}
			e.Key.Entry = max(1, entries[e.Key.UniqueID])
			if e.Key.Kind == RingFailed {
				p := place{e.Key.UniqueID, e.Key.Queue}
				rings[p]++
				e.Key.Attempt = rings[p]
			}
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

// dialplanEnds are the states that the site's dialplan writes with PUNTOFIN.
var dialplanEnds = map[string]Outcome{"FULL": Busy, "CLOSED": Closed, "CERRADO": Closed, "JOINEMPTY": Overflow, "LEAVEEMPTY": Overflow,
	"JOINUNAVAIL": Overflow, "LEAVEUNAVAIL": Overflow, "TIMEOUT": Overflow, "WITHDRAW": Withdrawn, "UNKNOWN": Unknown}

func parseQueueLog(text row) (e CallEvent, use bool, err error) {
	if text.long {
		return e, false, fmt.Errorf("the row is longer than %d bytes", maxLine)
	}
	f := strings.Split(text.text, "|")
	if len(f) < 5 {
		return e, false, fmt.Errorf("%d fields where at least 5 are expected", len(f))
	}
	sec, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil || sec < 0 || sec > 1<<40 {
		return e, false, fmt.Errorf("%q is no epoch", f[0])
	}
	p := f[5:]
	at := func(i int) string {
		if i < len(p) {
			return p[i]
		}
		return ""
	}
	e = CallEvent{At: time.Unix(sec, 0).UTC(), Key: Key{UniqueID: f[1], Queue: f[2]}, Rank: 1}
	if f[3] != "NONE" {
		e.Agent = f[3]
	}
	end, ends := queueEnds[f[4]]
	switch event := f[4]; {
	case event == "ENTERQUEUE":
		e.Key.Kind, e.Caller, e.Name = Queued, at(1), at(3)
	case event == "CONNECT":
		e.Key.Kind = Answered
		e.Wait, err = seconds(at(0))
	case event == "COMPLETECALLER" || event == "COMPLETEAGENT":
		e.Key.Kind, e.Outcome = Ended, Completed
	case event == "BLINDTRANSFER" || event == "ATTENDEDTRANSFER":
		e.Key.Kind, e.Outcome = Ended, Completed
	case event == "RINGNOANSWER" || event == "RINGCANCELED":
		e.Key.Kind = RingFailed
	case ends:
		e.Key.Kind, e.Outcome = Ended, end.outcome
		e.Wait, err = seconds(at(end.wait))
	case event == "PUNTOFIN":
		e.Key.Kind, e.Outcome = Ended, dialplanEnds[at(0)]
		if e.Outcome == NoOutcome {
			e.Outcome = Unknown
		}
	default:
		return e, false, nil
	}
	if e.Key.UniqueID == "" || e.Key.UniqueID == "NONE" {
		return e, false, fmt.Errorf("%s without the id of a call", f[4])
	}
	return e, true, err
}

func seconds(s string) (time.Duration, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 10*86_400 {
		return 0, fmt.Errorf("%q is no number of seconds", s)
	}
	return time.Duration(n) * time.Second, nil
}
