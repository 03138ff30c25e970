package calls

// Indexes of calls.
const (
	IxCall = 'k' // calls by offered
)
