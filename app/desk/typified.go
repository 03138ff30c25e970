package desk

// Typified is the body of CallTypified: what a call was about. Each event says what it
// holds; of a reason and of who called the last one stands.
type Typified struct {
	Case   ID     `cbor:"1,keyasint,omitempty"` // that it was about; a call may be about several
	Off    bool   `cbor:"2,keyasint,omitempty"` // it was not about Case after all
	Reason string `cbor:"3,keyasint,omitempty"` // why it needs no case: one of CallReasons, or in words
	Person ID     `cbor:"4,keyasint,omitempty"` // who called

	// Of a call that was told by hand.
	Same  ID `cbor:"5,keyasint,omitempty"` // it is this call of an exchange, told a second time
	Apart ID `cbor:"6,keyasint,omitempty"` // it is not this one
}

// CallReasons are why a call needs no case, as they are proposed.
var CallReasons = []string{"question", "status", "wrong", "cut", "elsewhere"}
