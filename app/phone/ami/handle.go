package ami

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"punto/app/phone"
)

// handlers are the events that tell of calls and agents.
var handlers = map[string]func(*Calls, *Message, time.Time) error{
	"Newchannel": newChannel, "Newexten": newExten, "VarSet": varSet, "UserEvent": userEvent,
	"QueueCallerJoin": join, "QueueCallerAbandon": abandon, "HangupRequest": hangupRequest, "Hangup": hangup,
	"AgentCalled": agentCalled, "AgentRingNoAnswer": ringNoAnswer, "AgentConnect": connect, "AgentComplete": complete,
	"Hold": hold, "Unhold": hold, "BlindTransfer": transfer, "AttendedTransfer": transfer,
	"QueueMemberPause": memberPause, "QueueMemberAdded": member, "QueueMemberRemoved": member,
	"QueueEntry": queueEntry, "QueueMember": listedMember, "QueueStatusComplete": listedAll,
	"CoreShowChannel": showChannel, "CoreShowChannelsComplete": shownAll,
}

var errNoID = errors.New("it has no Uniqueid")

// id reads the Uniqueid of a message.
func id(m *Message) (string, error) {
	s, err := phone.Field("Uniqueid", m.Get("Uniqueid"), phone.MaxID)
	if err == nil && s == "" {
		err = errNoID
	}
	return s, err
}

// text reads a short text; <unknown> is none. It is not kept with its message.
func text(m *Message, key string, most int) (string, error) {
	s, err := phone.Field(key, m.get(key), most)
	if s == "<unknown>" || s == "<none>" {
		s = ""
	}
	return strings.Clone(s), err
}

// agent is the member's name, or its interface where it has none.
func agent(m *Message) (string, error) {
	s, err := text(m, "MemberName", phone.MaxID)
	if err == nil && s == "" {
		s, err = text(m, "Interface", phone.MaxID)
	}
	return s, err
}

// seconds reads a duration that the exchange states; false when it states none.
func seconds(m *Message, key string, unit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseInt(m.Get(key), 10, 64)
	if err != nil || n < 0 || n > int64(phone.MaxDuration/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

func newChannel(c *Calls, m *Message, at time.Time) error {
	id, err := id(m)
	if err != nil {
		return err
	}
	to, err := text(m, "Exten", phone.MaxID)
	if err != nil {
		return err
	}
	l := c.lines.at(id)
	l.since, l.seen = at, at
	if to != "s" && to != "h" {
		l.dialled = to
	}
	return nil
}

// newExten remembers which queue a channel tries to get into.
func newExten(c *Calls, m *Message, at time.Time) error {
	if m.Get("Application") != "Queue" {
		return nil
	}
	id, err := id(m)
	if err != nil {
		return err
	}
	queue, _, _ := strings.Cut(m.get("AppData"), ",")
	if queue, err = phone.Field("queue", queue, phone.MaxID); err != nil {
		return err
	}
	l := c.lines.at(id)
	l.queue, l.status, l.seen = strings.Clone(queue), "", at
	return nil
}

func join(c *Calls, m *Message, at time.Time) error {
	id, err := id(m)
	if err != nil {
		return err
	}
	queue, err := text(m, "Queue", phone.MaxID)
	if err != nil {
		return err
	}
	e, err := caller(m)
	if err != nil {
		return err
	}
	e.At, e.Key.Kind = at, phone.Queued
	l := c.lines.at(id)
	l.queue, l.joined, l.answered, l.seen, l.missed = queue, at, time.Time{}, at, false
	l.waiting, l.left, l.status, l.round = true, false, "", c.round
	c.lines.hush(l)
	linked, err := text(m, "Linkedid", phone.MaxID)
	if err != nil {
		return err
	}
	if c.lines.link(l, linked); linked != l.id {
		e.Linked = linked
	}
	c.offer(l)
	c.tell(l, e)
	return nil
}

// caller begins an event with who calls.
func caller(m *Message) (e phone.CallEvent, err error) {
	if e.Caller, err = text(m, "CallerIDNum", phone.MaxField); err == nil {
		e.Name, err = text(m, "CallerIDName", phone.MaxField)
	}
	return e, err
}

// queueCall is the call that a message of a queue is about; of a message without an
// id, the one that the agent talks in. Nil when it is not known.
func (c *Calls) queueCall(m *Message) (*channel, string, error) {
	name, err := agent(m)
	if err != nil {
		return nil, "", err
	}
	queue, err := text(m, "Queue", phone.MaxID)
	if err != nil {
		return nil, "", err
	}
	uid, err := id(m)
	if errors.Is(err, errNoID) {
		return c.lines.of[c.lines.talking[who{queue, name}]], name, nil
	}
	if err != nil {
		return nil, "", err
	}
	l := c.lines.at(uid)
	if queue != "" {
		l.queue = queue
	}
	return l, name, nil
}

func agentCalled(c *Calls, m *Message, at time.Time) error {
	l, name, err := c.queueCall(m)
	if err != nil || l == nil {
		return err
	}
	c.lines.ring(l, name, at)
	c.tell(l, phone.CallEvent{At: at, Agent: name, Key: phone.Key{Kind: phone.Ringing}})
	return nil
}

func ringNoAnswer(c *Calls, m *Message, at time.Time) error {
	l, name, err := c.queueCall(m)
	if err != nil || l == nil {
		return err
	}
	c.lines.rung(l, name)
	e := phone.CallEvent{At: at, Agent: name, Key: phone.Key{Kind: phone.RingFailed}}
	e.Ring, _ = seconds(m, "RingTime", time.Millisecond)
	c.tell(l, e)
	return nil
}

func connect(c *Calls, m *Message, at time.Time) error {
	l, name, err := c.queueCall(m)
	if err != nil || l == nil {
		return err
	}
	e := phone.CallEvent{At: at, Agent: name, Key: phone.Key{Kind: phone.Answered}}
	if rang := c.lines.rung(l, name); !rang.IsZero() {
		e.Ring = max(0, at.Sub(rang))
	} else {
		e.Ring, _ = seconds(m, "RingTime", time.Second)
	}
	if !l.joined.IsZero() {
		e.Wait, e.Told = max(0, at.Sub(l.joined)), phone.ToldWait
	} else if wait, ok := seconds(m, "HoldTime", time.Second); ok {
		e.Wait, e.Told = wait, phone.ToldWait
	}
	l.waiting, l.answered, l.seen, l.missed = false, at, at, false
	c.lines.hush(l)
	c.lines.talk(l, name)
	c.tell(l, e)
	return nil
}

// complete is the end of the talk. It may come when the channel is gone, and then
// does not name it.
func complete(c *Calls, m *Message, at time.Time) error {
	l, name, err := c.queueCall(m)
	if err != nil || l == nil {
		return err
	}
	e := phone.CallEvent{Outcome: phone.Completed}
	switch {
	case !l.answered.IsZero():
		c.end(l, at, e)
	case l.waiting || l.left || l.joined.IsZero(): // the answer was not seen: it is told by the end
		e.At, e.Key.Kind = at, phone.Ended
		if talk, ok := seconds(m, "TalkTime", time.Second); ok {
			e.Talk, e.Told = talk, phone.ToldTalk
			a := phone.CallEvent{At: at.Add(-talk), Agent: name, Rank: phone.FromLog, Key: phone.Key{Kind: phone.Answered}}
			if wait, ok := seconds(m, "HoldTime", time.Second); ok {
				a.Wait, a.Told = wait, phone.ToldWait
			}
			c.tell(l, a)
		}
		l.waiting, l.left = false, false
		c.tell(l, e)
	}
	return nil
}

// abandon comes for whoever leaves the queue without an answer: the caller who
// hangs up, and the one whom the exchange takes out of it. Which of them it was is
// certain only when the dialplan goes on.
func abandon(c *Calls, m *Message, at time.Time) error {
	l, _, err := c.queueCall(m)
	if err != nil || l == nil {
		return err
	}
	e := phone.CallEvent{Likely: phone.Overflow}
	switch {
	case l.hung:
		e.Likely = phone.Abandoned
	case at.Sub(c.since) < certain: // its hanging up may have been missed
		e.Likely = phone.Unknown
	}
	if l.joined.IsZero() {
		if wait, ok := seconds(m, "HoldTime", time.Second); ok {
			e.Wait, e.Told = wait, phone.ToldWait
		}
	}
	for _, r := range l.rings {
		c.tell(l, phone.CallEvent{At: at, Agent: r.agent, Ring: max(0, at.Sub(r.since)), Key: phone.Key{Kind: phone.RingFailed}})
	}
	c.lines.hush(l)
	c.end(l, at, e)
	return nil
}

func hangupRequest(c *Calls, m *Message, at time.Time) error {
	if l := c.lines.of[m.Get("Uniqueid")]; l != nil {
		l.hung, l.seen = true, at
	}
	return nil
}

// hangup ends what the messages before it left open.
func hangup(c *Calls, m *Message, at time.Time) error {
	l := c.lines.of[m.Get("Uniqueid")]
	if l == nil {
		return nil
	}
	switch {
	case !l.answered.IsZero() && l.missed: // a log that saw it pass on is believed before
		c.gone(l, phone.CallEvent{At: at, Agent: l.talks.agent, Outcome: phone.Completed, Rank: phone.FromRecord, Key: phone.Key{Kind: phone.Ended}})
	case !l.answered.IsZero():
		c.end(l, at, phone.CallEvent{Outcome: phone.Completed})
	case l.left:
		c.end(l, at, phone.CallEvent{Likely: phone.Unknown})
	case l.waiting:
		c.end(l, at, phone.CallEvent{Likely: phone.Abandoned})
	}
	c.lines.drop(l.id)
	return nil
}

func hold(c *Calls, m *Message, at time.Time) error {
	l := c.lines.call(m.Get("Uniqueid"), m.Get("Linkedid"))
	if l == nil || l.answered.IsZero() {
		return nil
	}
	kind := phone.Held
	if m.Event() == "Unhold" {
		kind = phone.Resumed
	}
	c.tell(l, phone.CallEvent{At: at, Key: phone.Key{Kind: kind}})
	return nil
}

// transfer ends a call for the queue: it goes on elsewhere.
func transfer(c *Calls, m *Message, at time.Time) error {
	if m.Get("Result") != "" && m.Get("Result") != "Success" {
		return nil
	}
	l := c.lines.call(m.Get("TransfereeUniqueid"), m.Get("TransfereeLinkedid"))
	if l == nil || l.answered.IsZero() {
		return nil
	}
	key := "Extension"
	if m.Event() == "AttendedTransfer" {
		if key = "TransferTargetCallerIDNum"; m.Get(key) == "" {
			key = "SecondTransfererExten"
		}
	}
	to, err := text(m, key, phone.MaxField)
	if err != nil {
		return err
	}
	c.tell(l, phone.CallEvent{At: at, Agent: l.talks.agent, To: to, Key: phone.Key{Kind: phone.Transferred}})
	c.end(l, at, phone.CallEvent{Outcome: phone.Completed, To: to})
	return nil
}

// varSet sees how the dialplan was told that a call left a queue.
func varSet(c *Calls, m *Message, at time.Time) error {
	if m.Get("Variable") != "QUEUESTATUS" {
		return nil
	}
	uid, err := id(m)
	if err != nil {
		return err
	}
	return c.left(m, uid, m.get("Value"), at)
}

// left takes QUEUESTATUS, from wherever it comes, once for each stay in a queue.
func (c *Calls) left(m *Message, uid, status string, at time.Time) error {
	status, err := phone.Field("status", status, phone.MaxID)
	if err != nil || status == "" || status == "CONTINUE" {
		return err
	}
	l := c.lines.at(uid)
	if l.status == status {
		return nil
	}
	l.status, l.seen = strings.Clone(status), at
	o, refused := phone.QueueStatus(status)
	e, err := caller(m)
	if err != nil {
		return err
	}
	e.Outcome = o
	switch {
	case refused:
		c.offer(l)
		e.Told = phone.ToldWait // none
	case o == phone.Unknown:
		e.Outcome, e.Likely = phone.NoOutcome, phone.Unknown
	}
	c.end(l, at, e)
	return nil
}

// words are what the names of sites' own events have in them, in the product's
// languages.
var words = []struct {
	part string
	says phone.Outcome
}{{"cerrad", phone.Closed}, {"fechad", phone.Closed}, {"closed", phone.Closed}, {"desborde", phone.Overflow}, {"transbord", phone.Overflow}, {"overflow", phone.Overflow}}

// userEvent is what the site's dialplan says of a call: PuntoFin, or an event of its
// own.
func userEvent(c *Calls, m *Message, at time.Time) error {
	name := m.Get("UserEvent")
	o, ours := c.Marks[name]
	status := ""
	switch {
	case ours:
	case strings.EqualFold(name, "PuntoFin"):
		status = m.get("Estado")
	default:
		low := strings.ToLower(name)
		for _, w := range words {
			if o == phone.NoOutcome && strings.Contains(low, w.part) {
				o = w.says
			}
		}
		if o == phone.NoOutcome {
			return nil
		}
	}
	uid, err := id(m)
	if errors.Is(err, errNoID) {
		return nil // of no call
	}
	if err != nil {
		return err
	}
	queue, err := text(m, "Queue", phone.MaxID)
	if err != nil {
		return err
	}
	l := c.lines.at(uid)
	if queue != "" {
		l.queue = queue
	}
	if status != "" {
		return c.left(m, uid, status, at)
	}
	if l.status != "" {
		return nil // it is told already
	}
	l.status = o.String()
	e, err := caller(m)
	if err != nil {
		return err
	}
	c.offer(l)
	if e.Outcome = o; !l.waiting && o == phone.Closed {
		e.Told = phone.ToldWait // none
	}
	c.end(l, at, e)
	return nil
}

func memberPause(c *Calls, m *Message, at time.Time) error {
	e := phone.CallEvent{At: at, Key: phone.Key{Kind: phone.AgentBack}}
	if m.Get("Paused") == "1" {
		var err error
		e.Key.Kind = phone.AgentPaused
		if e.Reason, err = text(m, "PausedReason", phone.MaxField); err != nil {
			return err
		}
	}
	return c.ofAgent(m, e)
}

func member(c *Calls, m *Message, at time.Time) error {
	kind := phone.AgentSignedIn
	if m.Event() == "QueueMemberRemoved" {
		kind = phone.AgentSignedOut
	}
	return c.ofAgent(m, phone.CallEvent{At: at, Key: phone.Key{Kind: kind}})
}

func (c *Calls) ofAgent(m *Message, e phone.CallEvent) error {
	name, err := agent(m)
	if err != nil || name == "" {
		return err
	}
	queue, err := text(m, "Queue", phone.MaxID)
	if err != nil {
		return err
	}
	c.note(who{queue, name}, e)
	e.Agent, e.Rank, e.Key.PBX, e.Key.UniqueID, e.Key.Queue = name, phone.FromLive, c.pbx, name, queue
	c.numbers.Number(&e)
	c.out = append(c.out, e)
	return nil
}

// note remembers an agent of a queue as it was told, of at most maxAllRings.
func (c *Calls) note(of who, e phone.CallEvent) {
	_, known := c.members[of]
	switch {
	case e.Key.Kind == phone.AgentSignedOut:
		delete(c.members, of)
	case known || len(c.members) < maxAllRings:
		c.members[of] = state{e.Key.Kind == phone.AgentPaused, e.Reason}
	}
}
