package surveys

// Indexes of invitations.
const (
	ixCase   = 'y' // case
	ixPerson = 'Y' // person, invited
	ixToken  = 'z' // hash of a token
	ixSolved = 'Z' // when the case was solved
	ixOpen   = 'e' // not answered: when it expires
)
