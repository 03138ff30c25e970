package app

import "punto/app/desk"

// Backup writes an encrypted backup into a new file of the machine that hosts the
// desk. An administrator asks for it.
type Backup struct{ To string }

// AddNode registers a workstation that joined; the coordinator does it by itself.
// A known one keeps its prefix. Number of the receipt is its prefix.
type AddNode struct {
	Key         []byte // Ed25519 public key
	Name        string
	Coordinator bool
}

// TellNode changes what this workstation tells of itself; empty fields stay.
type TellNode struct {
	Address, Version string
	BackupAt         int64
}

// Digest is a hash of all views: workstations with equal events have equal ones.
// It reads everything, and is for tests and for IT.
type Digest struct{}

// DigestAnswer answers Digest.
type DigestAnswer struct {
	Digest string // 64 hexadecimal digits
	Vector desk.Vector
}

// Nodes is the state of the desk's workstations as this one sees it.
type Nodes struct{}

// SiteAnswer answers Nodes. Times are Unix milliseconds, 0 = never.
type NodesAnswer struct {
	Joined bool // false: this workstation is the whole desk
	Me     desk.ID
	Nodes  []NodeRow // the coordinator first, then by name

	Alone        bool  // no other workstation can be reached
	AloneSince   int64 // of the present or the last isolation
	BackAt       int64 // when the last isolation ended
	ChangedAlone int   // cases that others changed during the last isolation

	Fetching, Fetched uint64  // events still to come and come, while this one catches up; both 0 when it has
	Leader            desk.ID // holds the duties done once per desk
	Term              uint64  // counts the hand-overs of the lead
	Refused           int     // events kept aside
	Conflicts         int     // fields that wait to be settled
	Service           bool    // the engine runs in the background service

	Room desk.Room // on the disk of the workstation that answers
}

// NodeRow is one workstation of Nodes.
type NodeRow struct {
	ID          desk.ID
	Name        string
	Prefix      string // of its case numbers
	Me          bool
	Coordinator bool
	Leads       bool     // holds the lease of the duties
	Agents      []string // names of those signed in there, as far as it has told
	Alive       bool
	SeenAt      int64  // last heard of
	Behind      uint64 // events that it is known to lack
	Ahead       uint64 // events of it that this one lacks
	OffsetKnown bool
	Offset      int64 // milliseconds its clock is ahead of this one's
	Version     string
	Address     string
	RevokedAt   int64
	BackupAt    int64 // last good backup
	Forked      bool  // wrote two histories: its events after the fork are frozen
}

// Invite makes a code with which one more workstation may join within 15
// minutes. Only the coordinator can, by an administrator. Secret is the code.
type Invite struct{}

// RevokeNode shuts a workstation out for good: its certificate no longer opens
// anything, and what it writes from now on counts nowhere.
type RevokeNode struct{ Node desk.ID }

// RotateKey gives the site another gossip key.
type RotateKey struct{}

// NameNode changes the name under which a workstation is listed.
type NameNode struct {
	Node desk.ID
	Name string
}

// Refused lists the newest events that were kept aside: whoever wrote them had no
// right to.
type Refused struct{ Limit int } // 0 = 50

// RefusedAnswer answers Refused.
type RefusedAnswer struct{ Rows []RefusedRow }

// RefusedRow is one event that does not count.
type RefusedRow struct {
	Origin desk.Origin
	Seq    uint64
	Node   string // name of the workstation that wrote it
	Kind   string
	Entity desk.Entity
	Writer string
	At     int64
	Reason string // revoked, role, node, absent
}

var _ = crosses(Nodes{}, Invite{}, RevokeNode{}, RotateKey{}, NameNode{}, AddNode{}, TellNode{}, Refused{}, Digest{}, Backup{})

func (Nodes) answer() Answer   { return NodesAnswer{} }
func (Invite) command()        {}
func (RevokeNode) command()    {}
func (RotateKey) command()     {}
func (NameNode) command()      {}
func (AddNode) command()       {}
func (TellNode) command()      {}
func (Refused) answer() Answer { return RefusedAnswer{} }
func (Digest) answer() Answer  { return DigestAnswer{} }
func (Backup) command()        {}
