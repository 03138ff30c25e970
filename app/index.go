package app

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
)

// Indexes: one byte that names the index, what it sorts by, and the entity's id.
// The keys of an entity are a function of its view alone.
const (
	ixDue      = 'd' // open cases by next deadline
	ixGroup    = 'g' // group, deadline: open
	ixAgent    = 'a' // agent, deadline: open
	ixPerson   = 'p' // person, opened
	ixAsset    = 's' // asset, opened
	ixCategory = 'c' // category, opened
	ixOpened   = 'o' // opened
	ixTurn     = 'r' // what happened to a case that figures count: opened, handed off, resolved, reopened, ended
	ixHeld     = 'H' // left, entered: a stay of a case among the open ones
	ixSolved   = 'q' // person, category, resolved
	ixNumber   = 'n' // number
	ixRef      = 'f' // type, reference of the source
	ixRecord   = 'R' // type, folded name
	ixLogin    = 'l' // login of an agent
	ixPhone    = 't' // extension or phone number of a person, digits only
	ixCall     = 'k' // calls by offered
	ixParent   = 'h' // parent, child
	ixOwner    = 'w' // person, asset
	ixWake     = 'W' // pending cases by when they wake
	ixAlarm    = 'm' // alarms by case
	ixFired    = 'M' // alarms by when they were due
	ixConflict = 'x' // type of an entity that has conflicts
	ixFile     = 'b' // hash of a file, case

	ixRuling  = 'U' // stamp, origin, sequence: events that rights depend on
	ixRefused = 'X' // stamp, origin, sequence: events that do not count
)

const never = int64(1<<62 - 1) // sorts a case with no deadline last

func key(ix byte, id desk.ID, parts ...any) []byte {
	k := []byte{ix}
	for _, p := range parts {
		switch v := p.(type) {
		case int64:
			k = binary.BigEndian.AppendUint64(k, uint64(v)^1<<63) //nolint:gosec // order-preserving
		case desk.ID:
			k = append(k, v[:]...)
		case string:
			k = appendText(k, v)
		case desk.Type:
			k = append(k, byte(v))
		}
	}
	return append(k, id[:]...)
}

// longestText is how many bytes of a text stand in a key; the hash of all of it
// stands for the rest.
const longestText = 256

// appendText appends a text so that no two texts, whatever follows them, begin
// alike: a zero byte is escaped, and an end is set that no text can have. Keys
// sort as the texts do.
func appendText(k []byte, text string) []byte {
	shown := text[:min(len(text), longestText)]
	for i := range len(shown) {
		if k = append(k, shown[i]); shown[i] == 0 {
			k = append(k, 0xff)
		}
	}
	if len(shown) == len(text) {
		return append(k, 0, 1)
	}
	sum := sha256.Sum256([]byte(text))
	return append(append(k, 0, 2), sum[:]...)
}

func prefix(ix byte, parts ...any) []byte {
	k := key(ix, desk.ID{}, parts...)
	return k[:len(k)-16]
}

// idOf is the entity that an index key ends with.
func idOf(k []byte) (id desk.ID) {
	if len(k) >= 16 {
		copy(id[:], k[len(k)-16:])
	}
	return id
}

// instantOf is the time of an index that sorts by one alone, in Unix milliseconds.
func instantOf(k []byte) int64 {
	if len(k) < 9 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k[1:9]) ^ 1<<63) //nolint:gosec // as key wrote it
}

// folded is a text without case and accents, for sorting and looking up.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == 0 {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// digits leaves of a phone number what is dialled.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// caseView is what is stored of a case: its fold, and what the clocks make of
// it, so that lists and months need not run them again.
type caseView struct {
	Case desk.Case `cbor:"1,keyasint"`
	Due  int64     `cbor:"2,keyasint"` // next deadline, Unix milliseconds; never when none runs
	Sums clockSums `cbor:"3,keyasint"`

	Next   sla.Run    `cbor:"4,keyasint"` // falls due first, as of the last event; zero = none goes on
	Pinned desk.Stamp `cbor:"5,keyasint"` // whose versions of contract and calendar hold
	Armed  []armed    `cbor:"6,keyasint,omitempty"`

	// Times are set where the fold does not tell what the case was before, for
	// something of it was undone or its contract changed: the instants of all events.
	Times []int64 `cbor:"7,keyasint,omitempty"`
	Once  []topic `cbor:"8,keyasint,omitempty"` // whose and what it has been, when that changed

	Cut bool `cbor:"9,keyasint,omitempty"` // not all of it is here: what comes next is folded from its events
}

// topic is whose a case is and what it is about: a repeat is of the same.
type topic struct {
	Person   desk.ID `cbor:"1,keyasint"`
	Category string  `cbor:"2,keyasint"`
}

func (v *caseView) keys(id desk.ID) [][]byte {
	c := &v.Case
	if c.Status == desk.NoStatus {
		return nil
	}
	k := [][]byte{key(ixOpened, id, c.OpenedAt), key(ixNumber, id, string(c.Number)), key(ixCategory, id, c.Category, c.OpenedAt)}
	if !c.Person.IsZero() {
		k = append(k, key(ixPerson, id, c.Person, c.OpenedAt))
	}
	if !c.Asset.IsZero() {
		k = append(k, key(ixAsset, id, c.Asset, c.OpenedAt))
	}
	if c.Ref != "" {
		k = append(k, key(ixRef, id, desk.CaseType, c.Ref))
	}
	for _, at := range v.turned() {
		k = append(k, key(ixTurn, id, at))
	}
	k = append(k, v.past(id)...)
	if !c.Parent.IsZero() {
		k = append(k, key(ixParent, id, c.Parent))
	}
	if c.Status == desk.Pending && c.Wake != 0 {
		k = append(k, key(ixWake, id, c.Wake))
	}
	if len(c.Conflicts) > 0 {
		k = append(k, conflictKey(caseEntity(id)))
	}
	for _, f := range c.Files {
		k = append(k, key(ixFile, id, desk.ID(f.Hash[:16]), desk.ID(f.Hash[16:])))
	}
	if c.Status.Open() {
		k = append(k, key(ixDue, id, v.Due), key(ixGroup, id, c.Group, v.Due), key(ixAgent, id, c.Agent, v.Due))
	}
	return k
}

// turned are the instants at which a case did what figures count, each once.
func (v *caseView) turned() []int64 {
	at := v.Times
	if at == nil {
		for _, t := range v.Case.Turns {
			at = append(at, t.At)
		}
		for _, m := range v.Case.Moves() {
			at = append(at, m.At)
		}
		slices.Sort(at)
	}
	return slices.Compact(at)
}

// past are the keys of what was: when the case was open, and when it was solved
// for its user. Of a bent case all is there that may have been.
func (v *caseView) past(id desk.ID) (k [][]byte) {
	entered := int64(0)
	var solved []int64
	for _, t := range v.Case.Turns {
		if t.To.Open() {
			entered = t.At
			continue
		}
		k = append(k, key(ixHeld, id, t.At, entered))
		if t.To == desk.Resolved {
			solved = append(solved, t.At)
		}
	}
	if v.Case.Status.Open() {
		k = append(k, key(ixHeld, id, never, entered))
	}
	if v.Times != nil {
		if !v.Case.Status.Open() || entered != v.Times[0] {
			k = append(k, key(ixHeld, id, never, v.Times[0]))
		}
		solved = v.Times
	}
	topics := v.Once
	if now := (topic{v.Case.Person, v.Case.Category}); !slices.Contains(topics, now) {
		topics = append(slices.Clip(topics), now)
	}
	for _, x := range topics {
		for _, at := range solved {
			if !x.Person.IsZero() && x.Category != "" {
				k = append(k, key(ixSolved, id, x.Person, x.Category, at))
			}
		}
	}
	return k
}

// callView is what is stored of a call.
type callView struct {
	Call phone.Call `cbor:"1,keyasint"`
	Case desk.ID    `cbor:"2,keyasint,omitempty"`
}

func (v *callView) keys(id desk.ID) [][]byte {
	if v.Call.UniqueID == "" {
		return nil
	}
	return [][]byte{key(ixCall, id, v.Call.OfferedAt.UnixMilli())}
}

// recordKeys are those of every other entity.
func recordKeys(ent desk.Entity, r desk.Record) [][]byte {
	if len(r.Fields) == 0 {
		return nil
	}
	var name, ref string
	var k [][]byte
	if len(r.Conflicts) > 0 {
		k = append(k, conflictKey(ent))
	}
	switch ent.Type {
	case desk.NodeType:
		n, _ := desk.As[desk.Node](r)
		name = n.Name
	case desk.AlarmType:
		a, _ := desk.As[desk.Alarm](r)
		return append(k, key(ixAlarm, ent.ID, a.Case, a.DueAt), key(ixFired, ent.ID, a.DueAt))
	case desk.PersonType:
		p, _ := desk.As[desk.Person](r)
		name, ref = p.Name, p.Ref
		for _, n := range append(p.Phones[:len(p.Phones):len(p.Phones)], p.Extension) {
			if d := digits(n); d != "" {
				k = append(k, key(ixPhone, ent.ID, d))
			}
		}
	case desk.AgentType:
		a, _ := desk.As[desk.Agent](r)
		name, ref = a.Name, a.Ref
		if a.Login != "" && !a.Gone {
			k = append(k, key(ixLogin, ent.ID, strings.ToLower(a.Login)))
		}
	case desk.AreaType:
		a, _ := desk.As[desk.Area](r)
		name, ref = a.Name, a.Name
	case desk.SiteType:
		s, _ := desk.As[desk.Site](r)
		name, ref = s.Name, s.Name
	case desk.AssetType:
		a, _ := desk.As[desk.Asset](r)
		name, ref = a.Tag, a.Ref
		if !a.Person.IsZero() {
			k = append(k, key(ixOwner, ent.ID, a.Person))
		}
	case desk.GroupType:
		g, _ := desk.As[desk.Group](r)
		name, ref = g.Name, cmp.Or(g.Ref, g.Name) // an import names it so
	case desk.ContractType:
		c, _ := desk.As[desk.Contract](r)
		name, ref = c.Code, c.Code
	case desk.ArticleType:
		a, _ := desk.As[desk.Article](r)
		name, ref = a.Title, articleRef(a)
	}
	if ref != "" {
		k = append(k, key(ixRef, ent.ID, ent.Type, ref))
	}
	return append(k, key(ixRecord, ent.ID, ent.Type, folded(name)))
}
