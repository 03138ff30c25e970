package app

import (
	"punto/app/desk"
	"punto/app/sla"
)

// CreateDesk makes a desk in an empty folder: organisation, contract with the
// hours, service model, groups and the administrator. Answers with the
// administrator's id and, when Password is empty, a first password in Secret.
type CreateDesk struct {
	Name, Zone, Lang string
	AlwaysOpen       bool
	Hours            *sla.Calendar // nil = Monday to Friday 8 to 18
	Prefix           string        // of case numbers; "" = A
	AdminName, Login string        // "" = Administrador, admin
	Password         string
	Demo             bool
}

// Status tells what this desk and session are, before and after signing in.
type Status struct{}

// StatusAnswer answers Status. Desk.Name is "" while no desk has been made.
type StatusAnswer struct {
	Desk    desk.Organisation
	Node    string // prefix of this workstation's case numbers
	Me      desk.ID
	Agent   desk.Agent
	Cases   int // open
	Mine    int // open and assigned to me
	Calls   int // offered today
	Asking  int // alarms that wait for me to acknowledge them
	Unread  int // alarms that I was told and have not read
	Origins map[desk.Origin]uint64
	Room    desk.Room // on the disk of the workstation that answers
	Owed    int       // events of others that are still to be derived: lists are of before them
}

var _ = crosses(CreateDesk{}, Status{})

func (CreateDesk) command()   {}
func (Status) answer() Answer { return StatusAnswer{} }
