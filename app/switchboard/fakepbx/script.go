package fakepbx

import (
	"fmt"
	"strings"
	"time"
)

// Script writes a transcript. The zero Script is empty.
type Script struct{ strings.Builder }

// Say adds one message of an instant: its event, then keys and values in turn.
func (s *Script) Say(at time.Time, event string, kv ...string) {
	fmt.Fprintf(s, "Event: %s\r\nPrivilege: call,all\r\nTimestamp: %d.%06d\r\n", event, at.Unix(), at.Nanosecond()/1000)
	for i := 0; i+1 < len(kv); i += 2 {
		fmt.Fprintf(s, "%s: %s\r\n", kv[i], kv[i+1])
	}
	s.WriteString("\r\n")
}

// Call is one that a queue gets, that rings at an agent, and is answered and talked.
type Call struct {
	ID, Queue, Caller, Name string
	Agent, Phone            string
	At                      time.Time
	Wait, Talk              time.Duration
}

// Messages of a Call, in the order of Ring.
const (
	RingMessages = 3 // up to where it rings
	CallMessages = 7
)

// Call adds the messages of a call.
func (s *Script) Call(c Call) {
	of := []string{"Uniqueid", c.ID, "Linkedid", c.ID, "CallerIDNum", c.Caller, "CallerIDName", c.Name}
	queue := append([]string{"Queue", c.Queue}, of...)
	agent := append([]string{"MemberName", c.Agent, "Interface", c.Phone}, queue...)
	answered := c.At.Add(c.Wait)
	ended := answered.Add(c.Talk)
	s.Say(c.At, "Newchannel", append([]string{"Exten", "600"}, of...)...)
	s.Say(c.At, "QueueCallerJoin", append([]string{"Position", "1", "Count", "1"}, queue...)...)
	s.Say(c.At.Add(c.Wait/2), "AgentCalled", agent...)
	s.Say(answered, "QueueCallerLeave", queue...)
	s.Say(answered, "AgentConnect", append([]string{"HoldTime", fmt.Sprint(int(c.Wait.Seconds()))}, agent...)...)
	s.Say(ended, "AgentComplete", append([]string{"HoldTime", fmt.Sprint(int(c.Wait.Seconds())), "TalkTime", fmt.Sprint(int(c.Talk.Seconds())), "Reason", "agent"}, agent...)...)
	s.Say(ended, "Hangup", of...)
}
