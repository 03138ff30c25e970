package switchboard

// Indexes of links.
const (
	IxGap = 'y' // gaps by their beginning
)
