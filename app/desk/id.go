package desk

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
)

// ID is a 16-byte identity: time-ordered and random when new, or derived from a
// fact when two workstations may record the same one. The zero ID is nobody.
type ID [16]byte

// Type is the sort of entity an ID names. The numbers are part of the format.
type Type uint8

// Types of entity.
const (
	NoType Type = iota
	CaseType
	CallType
	PersonType
	AreaType
	SiteType
	AssetType
	AgentType
	GroupType
	ContractType
	CalendarType
	ModelType
	ArticleType
	OrganisationType
	NodeType
	AlarmType
	SurveyType
	InvitationType
	SwitchboardType
	GapType
	CallerType // who has to be called back, by the number
	ProposalType
	MailAccountType
	LetterType
	FollowType // who follows a case
	ReadingType
	ShiftType      // an agent's day at the telephone
	DefinitionType // what a report has
	ReportType     // of a definition and a period, with its revisions
	ProblemType    // the cause behind cases that come back
)

var typeNames = [...]string{"none", "case", "call", "person", "area", "site", "asset", "agent", "group", "contract", "calendar", "model", "article", "desk", "node", "alarm", "survey", "invitation", "switchboard", "gap", "caller", "proposal", "mail_account", "letter", "follow", "reading", "shift", "definition", "report", "problem"}

func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("type-%d", uint8(t))
}

// Valid tells whether this version knows the type; none is valid.
func (t Type) Valid() bool { return int(t) < len(typeNames) }

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewID makes a time-ordered id from Unix milliseconds and 10 random bytes.
func NewID(ms int64, random [10]byte) (id ID) {
	binary.BigEndian.PutUint64(id[:8], uint64(ms)<<16) // milliseconds since 1970 fit in 48 bits
	copy(id[6:], random[:])
	return id
}

// DerivedID is the id of a fact that two workstations may both record: the same
// parts give the same id everywhere.
func DerivedID(parts ...string) (id ID) {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	copy(id[:], h.Sum(nil))
	return id
}

// IsZero tells whether the id names nobody.
func (id ID) IsZero() bool { return id == ID{} }

// String is the id in 26 Crockford letters; the zero id is "".
func (id ID) String() string {
	if id.IsZero() {
		return ""
	}
	return crockford.EncodeToString(id[:])
}

// ParseID reads what String writes; "" is the zero id.
func ParseID(s string) (id ID, err error) {
	if s == "" {
		return id, nil
	}
	b, err := crockford.DecodeString(strings.ToUpper(s))
	if err != nil || len(b) != len(id) {
		return id, fmt.Errorf("%q is not an id: 26 letters and digits are expected", s)
	}
	copy(id[:], b)
	return id, nil
}

// MarshalText writes the id as String does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the id as ParseID does.
func (id *ID) UnmarshalText(b []byte) (err error) { *id, err = ParseID(string(b)); return err }
