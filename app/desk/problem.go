package desk

// ProblemState is how far the search for a cause has come. The numbers are part of the
// format.
type ProblemState uint8

// States; the zero state is that of one whose cause is looked for, or mended.
const (
	ProblemOpen ProblemState = iota
	ProblemSolved
	ProblemDropped
)

var problemNames = [...]string{"open", "solved", "dropped"}

func (s ProblemState) String() string { return nameOf(problemNames[:], int(s)) }

// Valid tells whether this version knows it.
func (s ProblemState) Valid() bool { return int(s) < len(problemNames) }

// Problem is the cause behind cases that come back. Its cases name it (see Case.Problem).
type Problem struct {
	Title      string       `cbor:"1,keyasint,omitempty" json:"title"`
	Text       string       `cbor:"2,keyasint,omitempty" json:"text,omitempty"`       // what is seen
	Cause      string       `cbor:"3,keyasint,omitempty" json:"cause,omitempty"`      // "" = not known yet
	Workaround string       `cbor:"4,keyasint,omitempty" json:"workaround,omitempty"` // how a user goes on meanwhile
	Article    ID           `cbor:"5,keyasint,omitempty" json:"article,omitzero"`     // solution document of the workaround
	Owner      ID           `cbor:"6,keyasint,omitempty" json:"owner,omitzero"`       // an agent
	Group      ID           `cbor:"7,keyasint,omitempty" json:"group,omitzero"`
	State      ProblemState `cbor:"8,keyasint,omitempty" json:"state"`
	MadeAt     int64        `cbor:"9,keyasint,omitempty" json:"made"`              // Unix milliseconds
	SolvedAt   int64        `cbor:"10,keyasint,omitempty" json:"solved,omitempty"` // 0 = not yet
	Solution   string       `cbor:"11,keyasint,omitempty" json:"solution,omitempty"`
}

// Known tells whether it is a known error: its cause stands, and there is a way around it.
func (p Problem) Known() bool { return p.Workaround != "" || !p.Article.IsZero() }

// Caused is the body of CaseCaused: the problem behind the case; zero = none any more.
type Caused struct {
	Problem ID `cbor:"1,keyasint,omitempty"`
}
