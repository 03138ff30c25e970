package mail

// Indexes of letters.
const (
	ixWaiting = 'v' // those that wait, by when they are tried next
	ixLetter  = 'V' // state, when it was written
	ixWritten = 'N' // when it was written
)
