package desk

import "bytes"

// Follow is that an agent follows a case. It has the id FollowID.
type Follow struct {
	Case  ID   `cbor:"1,keyasint,omitempty" json:"case"`
	Agent ID   `cbor:"2,keyasint,omitempty" json:"agent"`
	On    bool `cbor:"3,keyasint,omitempty" json:"on"`
}

// FollowID is the id of what an agent has said of following a case: half of it follows from
// either, so that whose it is shows without what it says.
func FollowID(agent, kase ID) (id ID) {
	whose, of := DerivedID("follower", agent.String()), DerivedID("followed", kase.String())
	copy(id[:8], whose[:])
	copy(id[8:], of[:])
	return id
}

// FollowedBy tells whether an id is that of what an agent follows.
func FollowedBy(id, agent ID) bool {
	own := FollowID(agent, ID{})
	return bytes.Equal(id[:8], own[:8])
}
