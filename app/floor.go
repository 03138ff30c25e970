package app

import "punto/app/tally"

// Floor asks what goes on at the telephones of the whole desk now, and what the next half
// hours will take.
type Floor struct{}

// FloorAnswer answers Floor. The figures are those of today so far, of the desk's first
// contract, judged against its goals.
type FloorAnswer struct {
	Waiting []WaitingCall // who has waited longest first; MostWaiting at most
	Queued  int           // all who wait
	Talking int           // calls that are being answered
	Figures []tally.Figure
	Formula string     // index of the service level, by the contract's formula
	Within  int64      // its seconds
	Halves  []HalfHour // the last FloorPast up to the one that goes on, then the next FloorAhead
	There   int        // agents at work now, at a call or free
	Handled int64      // seconds that handling a call takes, of the last days; 0 = not known
	Aimed   float64    // share of calls that is to be answered in time
}

// How much a Floor tells.
const (
	MostWaiting = 50
	FloorPast   = 4
	FloorAhead  = 6
)

// WaitingCall is a caller who waits.
type WaitingCall struct {
	Since  int64 // Unix milliseconds, by the exchange's clock
	Number string
	Name   string      // as the exchange knows it
	People []PersonRow // whose number it is; three at most
	Queue  string
}

// HalfHour is half an hour of the day. What has passed has Calls and Lost; what comes has
// Expected and, where the handling time is known, what it takes.
type HalfHour struct {
	At       int64 // Unix milliseconds at which it begins
	Ahead    bool  // it has not begun
	Open     bool  // of what comes: the desk is open in it
	Calls    int   // offered
	Lost     int
	Expected float64
	Known    bool    // enough days have been seen to expect anything, and to say what it takes
	Need     int     // agents, by Erlang C
	Level    float64 // that those at work now would reach
}

var _ = crosses(Floor{})

func (Floor) answer() Answer { return FloorAnswer{} }
