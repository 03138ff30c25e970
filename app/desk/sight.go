package desk

// Sight is what a workstation sees of the others while it runs. Times in Unix
// milliseconds.
type Sight struct {
	Nodes             map[ID]Seen
	Alone             bool
	AloneSince        int64 // of the present or the last isolation; 0 = none yet
	BackAt            int64 // when the last one ended
	Fetching, Fetched uint64
	Leader            ID
	Term              uint64
	Leads             bool // this workstation is the leader
	Service           bool
}

// Seen is one workstation of a Sight.
type Seen struct {
	Agents      []ID // signed in there
	Attends     []Attention
	Alive       bool
	SeenAt      int64
	Vector      Vector // what it told that it holds; nil = nothing yet
	OffsetKnown bool
	Offset      int64 // milliseconds ahead of this workstation
	Address     string
	Version     string
}

// Attention is what an agent looks at while it lasts, and whether they write about it.
type Attention struct {
	Agent   ID
	Of      Entity
	Writing bool
}
