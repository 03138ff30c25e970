package desk

// Follow is that an agent follows a case: its id is derived from both.
type Follow struct {
	Case  ID   `cbor:"1,keyasint,omitempty" json:"case"`
	Agent ID   `cbor:"2,keyasint,omitempty" json:"agent"`
	On    bool `cbor:"3,keyasint,omitempty" json:"on"`
}
