package calls

// Indexes of calls.
const (
	IxCall    = 'k' // calls by offered
	IxLost    = 'L' // lost calls by when, and the key of the caller
	IxLostBy  = 'J' // lost calls by the key of the caller, and when
	ixBare    = 'B' // calls that were answered and of which nobody has said what they were about, by when they ended
	ixPart    = 'P' // call of an exchange, call that was told of it by hand
	ixAbout   = 'E' // case, call of which somebody has said that it was about it
	IxReached = 'K' // answered calls, and tries that reached, by the key of the caller, and when
)
