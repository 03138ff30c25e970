package switchboard

// Indexes of links.
const (
	IxGap = 'G' // gaps by their beginning
)
