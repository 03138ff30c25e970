package desk

// Tried is the body of CallerTried: somebody called back who had been lost.
type Tried struct {
	Number  string `cbor:"1,keyasint"`           // as it was dialled
	Reached bool   `cbor:"2,keyasint,omitempty"` // and talked to; false = nobody answered
	Text    string `cbor:"3,keyasint,omitempty"`
}
