package sla

import (
	"fmt"
	"time"
)

// Kind is which promise a clock counts.
type Kind uint8

// Kinds of clock.
const (
	NoKind Kind = iota
	TakeUp
	Resolve
	NextAnswer
	OLA
	Supplier
)

var kindNames = [...]string{"", "take_up", "resolve", "next_answer", "ola", "supplier"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind-%d", uint8(k))
}

// State is how a run stands.
type State uint8

// States. A breach never disappears; Void is a run whose promise no longer
// matches, got another target, or whose case was cancelled or merged, before any
// breach.
const (
	NoState State = iota
	Running
	Paused
	Met
	Breached
	Void
)

var stateNames = [...]string{"", "running", "paused", "met", "breached", "void"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state-%d", uint8(s))
}

// FactKind is what happened to a case, as far as clocks care.
type FactKind uint8

// Facts.
const (
	Opened     FactKind = iota + 1
	TakenUp             // counts when a person did it; it ends a pause
	HandedOff           // to Group, with its own Promise; Outside for a supplier; it ends a pause
	Suspended           // for Reason
	Resumed             //
	Contacted           // the user wrote or called again
	Answered            // the desk answered the user; counts when a person did it
	Resolved            //
	Reopened            //
	Ended               // cancelled or merged: nothing is promised any more
	Retargeted          // priority, category or contract changed: Promises hold from here
	Excused             // the run named Clock
	Released            // the group gave the case back, or the supplier answered: work again, which ends a pause
)

// Fact is one entry of a case's history. Promises is set on Opened and
// Retargeted (the SLA), and on HandedOff (OLA or Supplier of that group). ByRule
// marks what no person did: an assignment by a rule, an automatic reply. Units,
// on Retargeted, is what the group that has the case promises from here; nil
// leaves its runs alone.
type Fact struct {
	At       time.Time
	Kind     FactKind
	Group    string
	Outside  bool
	ByRule   bool
	Reason   string
	Clock    string
	Promises []Promise
	Units    []Promise
}

// Promise is one target: an amount of business time, or WorkingDays when it is
// not 0. Hours is the calendar version in force; Pauses are the reasons that
// stop the clock. A promise without Hours or without an amount promises nothing.
type Promise struct {
	Kind        Kind
	Target      time.Duration
	WorkingDays int
	Hours       *Hours
	Pauses      []string
	// CountResolved counts the time between resolution and reopening too; most
	// contracts do not.
	CountResolved bool
}

// Run is one run of one promise over one case.
type Run struct {
	ID      string        `cbor:"1,keyasint" json:"id"` // kind and its ordinal within the case: "resolve/1"
	Kind    Kind          `cbor:"2,keyasint" json:"kind"`
	Group   string        `cbor:"3,keyasint,omitempty" json:"group,omitempty"`
	Target  time.Duration `cbor:"4,keyasint" json:"target"`
	Start   time.Time     `cbor:"5,keyasint" json:"start"`
	Stop    time.Time     `cbor:"6,keyasint,omitempty" json:"stop,omitzero"` // zero = still going
	Elapsed time.Duration `cbor:"7,keyasint" json:"elapsed"`
	Due     time.Time     `cbor:"8,keyasint,omitempty" json:"due,omitzero"` // zero while paused or when never
	State   State         `cbor:"9,keyasint" json:"state"`
	Reason  string        `cbor:"10,keyasint,omitempty" json:"reason,omitempty"` // of the pause, or why it is void: ended, no promise, retargeted
	Since   time.Time     `cbor:"11,keyasint,omitempty" json:"since,omitzero"`   // of the pause
	Excused bool          `cbor:"12,keyasint,omitempty" json:"excused,omitempty"`
	Late    bool          `cbor:"13,keyasint,omitempty" json:"late,omitempty"` // breached so far, also while paused
	Pauses  []Span        `cbor:"14,keyasint,omitempty" json:"pauses,omitempty"`
	Was     []Run         `cbor:"15,keyasint,omitempty" json:"was,omitempty"` // the runs under earlier targets, as they stood when it changed; a breach among them stays one

	legs    []leg
	ended   bool // with its promise or its case, not by being kept
	opening bool // working days that end at an opening, not at the closing before
}
