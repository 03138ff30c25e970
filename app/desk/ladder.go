package desk

import "slices"

// Ladder is whom the desk turns to, rung by rung, as the clock of a case runs out. The
// first ladder of a contract that fits a clock and a priority holds; where none does, that
// of StandardLadder.
type Ladder struct {
	Clocks     []string `cbor:"1,keyasint,omitempty" json:"clocks,omitempty"`     // take_up, resolve, ola, supplier; none = all
	Priorities []int    `cbor:"2,keyasint,omitempty" json:"priorities,omitempty"` // none = all
	Hours      bool     `cbor:"3,keyasint,omitempty" json:"hours,omitempty"`      // times to acknowledge run in the contract's hours alone
	Rungs      []Rung   `cbor:"4,keyasint,omitempty" json:"rungs"`
}

// Rung is one instance of an escalation. It is reached when the clock has used a share of
// its target, so long before or after it falls due, or when nobody acknowledged the rung
// before it in time.
type Rung struct {
	Percent int      `cbor:"1,keyasint,omitempty" json:"percent,omitempty"`  // of the target; 0 = by Offset
	Offset  int64    `cbor:"2,keyasint,omitempty" json:"offset_s,omitempty"` // seconds of the clock's hours after it falls due; negative = before
	Unacked bool     `cbor:"3,keyasint,omitempty" json:"unacked,omitempty"`  // neither of them
	To      []string `cbor:"4,keyasint,omitempty" json:"to"`                 // supervisor, owner, group, group:CODE, agent:LOGIN
	Ack     int64    `cbor:"5,keyasint,omitempty" json:"ack_s,omitempty"`    // seconds in which it is to be acknowledged; 0 = it asks for nothing
	Move    string   `cbor:"6,keyasint,omitempty" json:"move,omitempty"`     // code of the group that gets the case
	Raise   bool     `cbor:"7,keyasint,omitempty" json:"raise,omitempty"`    // the priority by one
	Mail    bool     `cbor:"8,keyasint,omitempty" json:"mail,omitempty"`     // its receivers have a letter too
}

// MaxPercent is the latest rung that is told as a share of the target.
const MaxPercent = 1_000

// Receivers of a rung.
const (
	ToSupervisor = "supervisor"
	ToOwner      = "owner" // of the case; its group where nobody has it
	ToGroup      = "group" // that has the case
	ToGroupOf    = "group:"
	ToAgent      = "agent:"
)

// StandardLadder holds where a contract has no other: the supervisor is the first rung.
func StandardLadder() Ladder {
	return Ladder{Rungs: []Rung{{Percent: 75, To: []string{ToOwner, ToSupervisor}}, {Percent: 100, To: []string{ToOwner, ToSupervisor}}}}
}

// Ladder is the one that holds for a clock of a case of a priority.
func (k Contract) Ladder(clock string, priority int) Ladder {
	for _, l := range k.Ladders {
		if (len(l.Clocks) == 0 || slices.Contains(l.Clocks, clock)) && (len(l.Priorities) == 0 || slices.Contains(l.Priorities, priority)) {
			return l
		}
	}
	return StandardLadder()
}

// Alarm is a rung that a clock of a case has reached: whom the desk turned to, and who
// took it in hand. Its id follows from the case, the run and the rung, so that two
// workstations that see it reached write one.
type Alarm struct {
	Case    ID     `cbor:"1,keyasint" json:"case"`
	Clock   string `cbor:"2,keyasint" json:"clock"`   // id of the run, such as resolve/1
	Percent int    `cbor:"3,keyasint" json:"percent"` // of the target; 0 = see Offset
	DueAt   int64  `cbor:"4,keyasint" json:"due_at"`  // when it was reached, Unix milliseconds
	AckBy   ID     `cbor:"5,keyasint,omitempty" json:"ack_by,omitzero"`
	AckAt   int64  `cbor:"6,keyasint,omitempty" json:"ack_at,omitempty"`
	Offset  int64  `cbor:"7,keyasint,omitempty" json:"offset_s,omitempty"`
	Rung    int    `cbor:"8,keyasint,omitempty" json:"rung,omitempty"` // from 1; 0 = of an older version
	To      []ID   `cbor:"9,keyasint,omitempty" json:"to,omitempty"`   // agents
	AckDue  int64  `cbor:"10,keyasint,omitempty" json:"ack_due,omitempty"`
	Unacked bool   `cbor:"11,keyasint,omitempty" json:"unacked,omitempty"` // nobody had acknowledged the rung before it
	Move    ID     `cbor:"12,keyasint,omitempty" json:"move,omitzero"`     // the group that gets the case
	Raise   bool   `cbor:"13,keyasint,omitempty" json:"raise,omitempty"`
	DoneAt  int64  `cbor:"14,keyasint,omitempty" json:"done_at,omitempty"` // when Move and Raise were carried out, or were needless
}

// Reading is up to where an agent has read what the desk told.
type Reading struct {
	Agent ID    `cbor:"1,keyasint" json:"agent"`
	Until int64 `cbor:"2,keyasint" json:"until"` // Unix milliseconds
}

// ReadingID is the id of an agent's.
func ReadingID(agent ID) ID { return DerivedID("reading", agent.String()) }
