package desk

// LinkKind is how calls come from a telephone exchange. The numbers are part of the
// format.
type LinkKind uint8

// Kinds of link.
const (
	NoLink      LinkKind = iota
	AsteriskAMI          // its manager interface, live
	AsteriskLog          // its queue_log, followed as it is written
	SMDRDial             // lines that the exchange prints, on a TCP port of it
	SMDRListen           // the same, which the exchange sends to a TCP port of the workstation
	BuiltIn              // no exchange: the workstation itself is that of telephones that speak SIP
)

var linkNames = [...]string{"", "ami", "queue_log", "smdr_dial", "smdr_listen", "sip"}

func (k LinkKind) String() string {
	if int(k) < len(linkNames) {
		return linkNames[k]
	}
	return ""
}

// Valid tells whether this version knows the kind; none is valid.
func (k LinkKind) Valid() bool { return int(k) < len(linkNames) }

// ParseLinkKind reads what String writes.
func ParseLinkKind(s string) (LinkKind, bool) {
	for k, name := range linkNames {
		if s == name && s != "" {
			return LinkKind(k), true // there are six of them
		}
	}
	return NoLink, false
}

// Switchboard is a link to a telephone exchange. Name is the exchange's, which is part
// of the identity of its calls: several links of one name are one set of calls.
type Switchboard struct {
	Name    string   `cbor:"1,keyasint,omitempty" json:"name"`
	Kind    LinkKind `cbor:"2,keyasint,omitempty" json:"kind"`
	Address string   `cbor:"3,keyasint,omitempty" json:"address,omitempty"` // host:port, or :port where it listens
	TLS     bool     `cbor:"4,keyasint,omitempty" json:"tls,omitempty"`
	Cert    string   `cbor:"5,keyasint,omitempty" json:"cert,omitempty"` // SHA-256 of its certificate in hex; "" = one that the machine trusts
	User    string   `cbor:"6,keyasint,omitempty" json:"user,omitempty"`
	Secret  []byte   `cbor:"7,keyasint,omitempty" json:"-"`              // sealed for the workstations of the site
	Log     string   `cbor:"8,keyasint,omitempty" json:"log,omitempty"`  // path of the queue_log where the workstation reads it
	Map     string   `cbor:"9,keyasint,omitempty" json:"map,omitempty"`  // of SMDR: the name of one that comes with the product
	Node    ID       `cbor:"10,keyasint,omitempty" json:"node,omitzero"` // that holds it; zero = the one that leads
	Off     bool     `cbor:"11,keyasint,omitempty" json:"off,omitempty"`
	Dials   bool     `cbor:"12,keyasint,omitempty" json:"dials,omitempty"`      // agents may have it call
	Tech    string   `cbor:"13,keyasint,omitempty" json:"tech,omitempty"`       // of the agents' telephones: PJSIP, SIP; "" = PJSIP
	Context string   `cbor:"14,keyasint,omitempty" json:"context,omitempty"`    // in which it dials; "" = from-internal
	For     []ID     `cbor:"15,keyasint,omitempty" json:"sealed_for,omitempty"` // workstations that can open Secret
	Peer    string   `cbor:"16,keyasint,omitempty" json:"peer,omitempty"`       // of SMDRListen: the exchange's address, which alone may send; of BuiltIn: the gateway's, which alone may call with no telephone of the desk's

	// Of BuiltIn.
	Queues []PhoneQueue `cbor:"17,keyasint,omitempty" json:"queues,omitempty"`
	Phones []Phone      `cbor:"18,keyasint,omitempty" json:"phones,omitempty"`
}

// PhoneQueue is a queue that the desk runs by itself. Zero limits are the usual ones.
type PhoneQueue struct {
	Name     string `cbor:"1,keyasint,omitempty" json:"name"`
	Number   string `cbor:"2,keyasint,omitempty" json:"number"`              // that callers dial
	Calendar ID     `cbor:"3,keyasint,omitempty" json:"calendar,omitzero"`   // zero = always open
	Limit    int    `cbor:"4,keyasint,omitempty" json:"limit,omitempty"`     // of callers who wait
	MostWait int64  `cbor:"5,keyasint,omitempty" json:"most_wait,omitempty"` // seconds
	Ring     int64  `cbor:"6,keyasint,omitempty" json:"ring,omitempty"`      // seconds, at one agent
	WrapUp   int64  `cbor:"7,keyasint,omitempty" json:"wrap_up,omitempty"`   // seconds
	Overflow string `cbor:"8,keyasint,omitempty" json:"overflow,omitempty"`  // name of the queue that takes who is one too many, or waits too long
	Lang     string `cbor:"9,keyasint,omitempty" json:"lang,omitempty"`      // that an agent speaks
	Group    ID     `cbor:"10,keyasint,omitempty" json:"group,omitzero"`     // that an agent is of
	Greeting string `cbor:"11,keyasint,omitempty" json:"greeting,omitempty"` // these are paths of WAV files on the workstation that holds it
	Wait     string `cbor:"12,keyasint,omitempty" json:"wait,omitempty"`
	Closed   string `cbor:"13,keyasint,omitempty" json:"closed,omitempty"`
}

// Phone is a telephone that may register. Its password follows from the link's secret, its
// extension and Turn: with another turn it is another one.
type Phone struct {
	Extension string `cbor:"1,keyasint,omitempty" json:"extension"`
	Turn      int    `cbor:"2,keyasint,omitempty" json:"turn,omitempty"`
}

// Gap is a time in which nobody listened to an exchange, and that no log has filled.
// Its id follows from the exchange and From.
type Gap struct {
	PBX  string `cbor:"1,keyasint,omitempty" json:"pbx"`
	From int64  `cbor:"2,keyasint,omitempty" json:"from"`         // Unix milliseconds
	To   int64  `cbor:"3,keyasint,omitempty" json:"to,omitempty"` // 0 = it goes on
	Open int    `cbor:"4,keyasint,omitempty" json:"open"`         // calls that went on when it began
}
