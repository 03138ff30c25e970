package calls

// Indexes of calls.
const (
	IxCall    = 'k' // calls by offered
	IxLost    = 'L' // lost calls by when, and the key of the caller
	IxLostBy  = 'J' // lost calls by the key of the caller, and when
	IxReached = 'K' // answered calls, and tries that reached, by the key of the caller, and when
)
