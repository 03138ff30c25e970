package desk

// Liveness is what is known of the site only while it runs. Times in Unix
// milliseconds.
type Liveness struct {
	Nodes             map[ID]LiveNode
	Alone             bool
	AloneSince        int64 // of the present or the last isolation; 0 = none yet
	BackAt            int64 // when the last one ended
	Fetching, Fetched uint64
	Leader            ID
	Term              uint64
	Leads             bool // this workstation is the leader
	Service           bool
}

// LiveNode is one workstation of Liveness.
type LiveNode struct {
	Agents      []ID // signed in there
	Alive       bool
	SeenAt      int64
	Vector      Vector // what it told that it holds; nil = nothing yet
	OffsetKnown bool
	Offset      int64 // milliseconds ahead of this workstation
	Address     string
	Version     string
}
