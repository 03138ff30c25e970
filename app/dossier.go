package app

import "punto/app/desk"

// Dossier is all that the desk knows of one user, and of those who are the same person. Of
// one who was merged into another it is that of the other.
type Dossier struct{ ID desk.ID }

// DossierDays is back to when what a user had is counted.
const DossierDays = 90

// DossierAnswer answers Dossier.
type DossierAnswer struct {
	Row      PersonRow
	Told     []DossierLine // the newest first: 200 cases and 200 calls at most
	Assets   []DossierAsset
	Returns  []DossierReturn
	Same     []PersonRow // others with a number or the name of this one, those of its address first; 5 at most
	Merged   []PersonRow // who is the same person
	Contract desk.Contract
	Hours    bool  // open now
	Until    int64 // when that changes, Unix milliseconds; 0 = never

	Cases, Calls, Lost, Open int // within DossierDays; Open = whenever it was opened
}

// DossierLine is a case or a call of a user.
type DossierLine struct {
	At   int64        // Unix milliseconds: opened, or offered
	Case *CaseRow     `json:",omitempty"`
	Call *DossierCall `json:",omitempty"`
}

// DossierCall is a call of a user; times in seconds.
type DossierCall struct {
	ID         desk.ID
	Agent      string // as the exchange calls it
	Lost       bool
	Wait, Talk int64
}

// DossierAsset is equipment of a user, with its cases within DossierDays.
type DossierAsset struct {
	ID    desk.ID
	Of    desk.Asset
	Cases int
}

// DossierReturn is a category of which a user had several cases within 30 days of the
// latest.
type DossierReturn struct {
	Code  string
	Times int
	First int64 // when the earliest was opened, Unix milliseconds
	Last  int64
	Cases []desk.ID // the newest first
}

// MergePeople says that two users are one: From is retired, and what it had counts with
// Into, which gets its numbers, its equipment and what it lacks. PartPeople takes it back.
type MergePeople struct{ From, Into desk.ID }

// PartPeople says that a user is nobody else after all; the equipment stays where it is.
type PartPeople struct{ ID desk.ID }

var _ = crosses(Dossier{}, MergePeople{}, PartPeople{})

func (Dossier) answer() Answer { return DossierAnswer{} }
func (MergePeople) command()   {}
func (PartPeople) command()    {}
