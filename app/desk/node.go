package desk

import "crypto/sha256"

// NodeID names a workstation by its Ed25519 public key.
func NodeID(key []byte) ID {
	sum := sha256.Sum256(key)
	return ID(sum[:16])
}

// Node is one workstation of the desk, registered by the coordinator when it
// joined.
type Node struct {
	Name        string   `cbor:"1,keyasint,omitempty" json:"name"`
	Prefix      string   `cbor:"2,keyasint,omitempty" json:"prefix"`      // of its case numbers
	Key         []byte   `cbor:"3,keyasint,omitempty" json:"key"`         // Ed25519 public key
	Coordinator bool     `cbor:"4,keyasint,omitempty" json:"coordinator"` // holds the site key
	Address     string   `cbor:"5,keyasint,omitempty" json:"address"`     // host:port last heard of
	RevokedAt   int64    `cbor:"6,keyasint,omitempty" json:"revoked_at"`  // Unix milliseconds; 0 = a member
	Accepted    Vector   `cbor:"7,keyasint,omitempty" json:"accepted"`    // of a revoked node: its events that still count
	Version     string   `cbor:"8,keyasint,omitempty" json:"version"`
	BackupAt    int64    `cbor:"9,keyasint,omitempty" json:"backup_at"` // last good backup
	More        []string `cbor:"10,keyasint,omitempty" json:"more"`     // prefixes of later incarnations
}

// Fields of a Node that decide about rights, and those that a node may set of
// itself.
const (
	NodeRevoked  = 6
	NodeAccepted = 7
)

// OwnNodeFields are what a node tells of itself; all else is the coordinator's.
var OwnNodeFields = map[uint64]bool{5: true, 8: true, 9: true, 10: true}

// Fields of an Agent that decide about rights.
const (
	AgentRoleField   = 3
	AgentSecretField = 6
	AgentGoneField   = 7
	AgentKeyField    = 10
	AgentSealedField = 11
)

// Presence is the body of AgentPresent: the agent's own signature that it works
// on a workstation.
type Presence struct {
	Node ID     `cbor:"1,keyasint"`
	Sign []byte `cbor:"2,keyasint"`
}

// Vector is how far the events of each origin are held, without holes.
type Vector map[Origin]uint64

// Covers tells whether all of another vector is held.
func (v Vector) Covers(w Vector) bool {
	for o, n := range w {
		if v[o] < n {
			return false
		}
	}
	return true
}

// Offset is the body of ClockMeasured: the times At of the events of an origin
// stamped from..to were ahead of the desk's by so many milliseconds. Every
// replica takes it off when it folds.
type Offset struct {
	Origin Origin `cbor:"1,keyasint"`
	From   Stamp  `cbor:"2,keyasint"`
	To     Stamp  `cbor:"3,keyasint"`
	Ahead  int64  `cbor:"4,keyasint"` // milliseconds
	Peers  int    `cbor:"5,keyasint"` // clocks that it was measured against
}

// Step is the body of ClockStepped. Milliseconds.
type Step struct {
	By    int64 `cbor:"1,keyasint"`           // how far the wall clock jumped; negative = back
	Slept int64 `cbor:"2,keyasint,omitempty"` // of it, suspended
}
