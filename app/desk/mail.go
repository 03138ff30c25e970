package desk

// MailSecurity is how the way to a mail server is kept private.
type MailSecurity uint8

// Ways.
const (
	StartTLS   MailSecurity = iota // it begins plain and must turn private before anything is told
	DirectTLS                      // private from the first byte, usually on port 465
	NoSecurity                     // plain: for a server of the local network that asks for no password
)

var securityNames = [...]string{"starttls", "tls", "none"}

func (s MailSecurity) String() string { return nameOf(securityNames[:], int(s)) }

// Valid tells whether this version knows it.
func (s MailSecurity) Valid() bool { return int(s) < len(securityNames) }

// ParseMailSecurity reads what String writes.
func ParseMailSecurity(s string) (MailSecurity, bool) {
	for i, name := range securityNames {
		if s == name {
			return MailSecurity(i), true // there are three of them
		}
	}
	return StartTLS, false
}

// MailAccount is by which server the desk sends its mail. There is one, under MailAccountID.
type MailAccount struct {
	Host     string       `cbor:"1,keyasint,omitempty" json:"host"`
	Port     int          `cbor:"2,keyasint,omitempty" json:"port"`
	Security MailSecurity `cbor:"3,keyasint,omitempty" json:"security"`
	Cert     string       `cbor:"4,keyasint,omitempty" json:"cert,omitempty"` // SHA-256 of its certificate in hex; "" = one that the machine trusts
	User     string       `cbor:"5,keyasint,omitempty" json:"user,omitempty"` // "" = it asks for none
	Secret   []byte       `cbor:"6,keyasint,omitempty" json:"-"`              // sealed for the workstations of the site
	For      []ID         `cbor:"7,keyasint,omitempty" json:"sealed_for,omitempty"`
	From     string       `cbor:"8,keyasint,omitempty" json:"from"` // address
	Name     string       `cbor:"9,keyasint,omitempty" json:"name,omitempty"`
	Node     ID           `cbor:"10,keyasint,omitempty" json:"node,omitzero"` // the one that sends
	Off      bool         `cbor:"11,keyasint,omitempty" json:"off,omitempty"`
}

// MailAccountID is the id of the desk's account.
func MailAccountID() ID { return DerivedID("mail account") }

// LetterState is what has become of a letter. The numbers are part of the format.
type LetterState uint8

// States.
const (
	LetterWaiting LetterState = iota // to be sent, or sent again
	LetterSent                       // a server has taken it
	LetterDead                       // no server takes it
	LetterDropped                    // somebody took it out
)

var letterNames = [...]string{"waiting", "sent", "dead", "dropped"}

func (s LetterState) String() string { return nameOf(letterNames[:], int(s)) }

// Valid tells whether this version knows it.
func (s LetterState) Valid() bool { return int(s) < len(letterNames) }

// ParseLetterState reads what String writes.
func ParseLetterState(s string) (LetterState, bool) {
	for i, name := range letterNames {
		if s == name {
			return LetterState(i), true // there are four of them
		}
	}
	return LetterWaiting, false
}

// Letter is a mail to one address: what is to be sent, and what became of it. Its id
// follows from what it tells and to whom, so that nobody is told twice; the id of its
// message follows from that, so that a letter that is sent twice can be told as one.
type Letter struct {
	To      string      `cbor:"1,keyasint,omitempty" json:"to"` // address
	Subject string      `cbor:"2,keyasint,omitempty" json:"subject"`
	Text    string      `cbor:"3,keyasint,omitempty" json:"text"`
	Lang    string      `cbor:"4,keyasint,omitempty" json:"lang,omitempty"`
	Thread  string      `cbor:"5,keyasint,omitempty" json:"thread,omitempty"` // letters of one thread stand together
	About   Entity      `cbor:"6,keyasint,omitempty" json:"about"`
	Files   []File      `cbor:"7,keyasint,omitempty" json:"files,omitempty"`
	State   LetterState `cbor:"8,keyasint,omitempty" json:"state"`
	Tries   int         `cbor:"9,keyasint,omitempty" json:"tries"`           // that a server answered
	WriteAt int64       `cbor:"10,keyasint,omitempty" json:"written"`        // Unix milliseconds
	NextAt  int64       `cbor:"11,keyasint,omitempty" json:"next,omitempty"` // of one that waits: not before
	SentAt  int64       `cbor:"12,keyasint,omitempty" json:"sent,omitempty"`
	Reply   string      `cbor:"13,keyasint,omitempty" json:"reply,omitempty"` // what the server said last
	Node    ID          `cbor:"14,keyasint,omitempty" json:"node,omitzero"`   // that sent it
}
