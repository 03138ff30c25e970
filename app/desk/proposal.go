package desk

// ProposalClass is whether a proposal keeps something from happening or mends what did.
type ProposalClass uint8

// Classes.
const (
	NoClass ProposalClass = iota
	Proactive
	Corrective
)

var classNames = [...]string{"", "proactive", "corrective"}

func (c ProposalClass) String() string { return nameOf(classNames[:], int(c)) }

// Valid tells whether this version knows it; none is valid.
func (c ProposalClass) Valid() bool { return int(c) < len(classNames) }

// ProposalState is how far a proposal has come.
type ProposalState uint8

// States; the zero state is that of one that was just made.
const (
	Proposed ProposalState = iota
	Accepted
	Underway
	Done
	Dropped
)

var proposalNames = [...]string{"proposed", "accepted", "underway", "done", "dropped"}

func (s ProposalState) String() string { return nameOf(proposalNames[:], int(s)) }

// Valid tells whether this version knows it.
func (s ProposalState) Valid() bool { return int(s) < len(proposalNames) }

// ProposalRules are the rules by which the analysis proposes; a contract may give each a
// threshold of its own.
var ProposalRules = []string{"sla_missed", "at_risk", "abandon_hour", "ola_unit", "wrong_group", "rising", "repeat_user", "repeat_asset", "fcr_article", "fcr_write", "survey_low", "ageing", "busy_lost"}

// Proposal is what the analysis unit proposes about a deviation: its cause, what is to
// be done by whom until when, and which index shall be where from the day after. Days
// are civil ones of the contract's zone, such as 2026-12-11.
type Proposal struct {
	Title    string        `cbor:"1,keyasint,omitempty" json:"title"`
	Class    ProposalClass `cbor:"2,keyasint,omitempty" json:"class"`
	Contract ID            `cbor:"3,keyasint,omitempty" json:"contract,omitzero"` // zero = the first
	Cause    string        `cbor:"4,keyasint,omitempty" json:"cause,omitempty"`
	Owner    ID            `cbor:"5,keyasint,omitempty" json:"owner,omitzero"` // an agent
	Group    ID            `cbor:"6,keyasint,omitempty" json:"group,omitzero"`
	Index    string        `cbor:"7,keyasint,omitempty" json:"index"`
	To       float64       `cbor:"8,keyasint,omitempty" json:"to"` // of the index, in its unit; of a count by day
	AtLeast  bool          `cbor:"9,keyasint,omitempty" json:"at_least,omitempty"`
	Made     string        `cbor:"10,keyasint,omitempty" json:"made"` // day before which it is compared
	Due      string        `cbor:"11,keyasint,omitempty" json:"due"`  // day after which its effect is measured
	State    ProposalState `cbor:"12,keyasint,omitempty" json:"state"`
	Why      string        `cbor:"13,keyasint,omitempty" json:"why,omitempty"`     // of one that was dropped
	Rule     string        `cbor:"14,keyasint,omitempty" json:"rule,omitempty"`    // of the analysis that proposed it, with its version: ola_unit/1; "" = a person did
	Subject  string        `cbor:"15,keyasint,omitempty" json:"subject,omitempty"` // what the rule was about: a group, a category, an hour
	Cases    []ID          `cbor:"16,keyasint,omitempty" json:"cases,omitempty"`   // that were its evidence, 100 at most
}
