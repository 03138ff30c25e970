package app

import "punto/app/desk"

// SaveMailAccount sets by which server the desk sends its mail; an administrator does.
// Password is kept sealed for the workstations of the site; "" keeps the one that there
// is. With no Node the workstation that coordinates sends.
type SaveMailAccount struct {
	Account  desk.MailAccount
	Password string
}

// MailAccount asks by which server mail is sent, and how that goes.
type MailAccount struct{}

// MailAccountAnswer answers MailAccount. What the account does now is known where it
// sends.
type MailAccountAnswer struct {
	Of       desk.MailAccount
	Password bool   // there is one
	Opens    bool   // and this workstation can open it
	Sender   string // name of the workstation that sends; "" = this one is the whole desk
	Here     bool   // this one sends
	Since    int64  // Unix milliseconds; since when it goes as it goes; 0 = nothing was sent here yet
	Err      string // why nothing is sent now
	Waiting  int    // letters
	Oldest   int64  // of those that wait: when it was written
	Dead     int
}

// TryMail tries an account as it is set, from this workstation, within half a minute: it
// connects, turns private, logs in and leaves; with To it sends a letter there. An
// administrator asks.
type TryMail struct {
	Account  desk.MailAccount
	Password string // "" = the one that there is
	To       string
}

// TryMailAnswer answers TryMail, step by step up to the one that failed. Steps are reach,
// cert, login, send.
type TryMailAnswer struct {
	Steps   desk.TrySteps
	Cert    string // fingerprint of the certificate that the server shows
	Trusted bool   // the machine trusts it
}

// Letters lists what was to be sent by mail, the newest first; a supervisor, an analyst
// or an administrator asks.
type Letters struct {
	State string // waiting, sent, dead, dropped; "" = all
	After []byte // of the page before
	Limit int
}

// LettersAnswer answers Letters.
type LettersAnswer struct {
	Rows []Named[desk.Letter]
	Next []byte // nil = there are no more
}

// SendAgain has a letter that no server took sent again.
type SendAgain struct{ ID desk.ID }

// DropLetter takes out a letter that was not sent.
type DropLetter struct{ ID desk.ID }

var _ = crosses(SaveMailAccount{}, MailAccount{}, TryMail{}, Letters{}, SendAgain{}, DropLetter{})

func (SaveMailAccount) command()   {}
func (SendAgain) command()         {}
func (DropLetter) command()        {}
func (MailAccount) answer() Answer { return MailAccountAnswer{} }
func (TryMail) answer() Answer     { return TryMailAnswer{} }
func (Letters) answer() Answer     { return LettersAnswer{} }
