package issuing

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"punto/app/desk"
	"punto/app/engine"
)

// What one report may hold; what is more was written to that end and counts nowhere.
const (
	mostRevisions = 60
	mostTwins     = 20
	mostComments  = 200
	mostComment   = 5_000 // characters
	mostFigures   = 2_000
	mostChanges   = 500
	mostFiles     = 8
	mostFile      = 25 << 20 // bytes
)

// View is a report: what is said of it, and its revisions. No event takes back what was
// issued: an undo of it says nothing.
type View struct {
	Definition desk.ID   `cbor:"1,keyasint"`
	Contract   desk.ID   `cbor:"2,keyasint"`
	Period     string    `cbor:"3,keyasint"`
	Comments   []comment `cbor:"4,keyasint,omitempty"` // in the order in which they were written
	Issues     []issue   `cbor:"5,keyasint,omitempty"` // by revision
	Twins      []issue   `cbor:"6,keyasint,omitempty"` // revisions that two issued who did not know of each other: the first counts
}

type comment struct {
	Part string  `cbor:"1,keyasint"`
	Text string  `cbor:"2,keyasint"`
	By   desk.ID `cbor:"3,keyasint"`
	At   int64   `cbor:"4,keyasint"`
}

type issue struct {
	desk.Issued
	At int64   `cbor:"101,keyasint"`
	By desk.ID `cbor:"102,keyasint"` // zero = its schedule
}

// Stored implements engine.View.
func (v *View) Stored() any { return v }

// Fold implements engine.View.
func (v *View) Fold(events []desk.Event) {
	*v = View{}
	es := slices.Clone(events)
	slices.SortFunc(es, func(a, b desk.Event) int { return desk.Compare(&a, &b) })
	es = slices.CompactFunc(es, func(a, b desk.Event) bool { return a.Origin == b.Origin && a.Seq == b.Seq })
	for i := range es {
		v.Apply(&es[i])
	}
}

// Apply implements engine.View.
func (v *View) Apply(e *desk.Event) bool {
	switch e.Kind {
	case desk.ReportCommented:
		var b desk.Commented
		if desk.Decode(e.Body, &b) == nil && e.Entity.ID == desk.ReportID(b.Definition, b.Contract, b.Period) && utf8.RuneCountInString(b.Text) <= mostComment {
			v.Definition, v.Contract, v.Period = b.Definition, b.Contract, b.Period
			v.comment(comment{b.Part, b.Text, e.Actor, e.At})
		}
	case desk.ReportIssued:
		var b desk.Issued
		if desk.Decode(e.Body, &b) == nil && e.Entity.ID == desk.ReportID(b.Definition, b.Contract, b.Period) && sound(&b) {
			v.Definition, v.Contract, v.Period = b.Definition, b.Contract, b.Period
			v.issue(issue{b, e.At, e.Actor})
		}
	}
	return true
}

// sound tells whether an issue is one that a workstation writes.
func sound(b *desk.Issued) bool {
	if b.Revision < 1 || b.Revision > mostRevisions || len(b.Files) == 0 || len(b.Files) > mostFiles || len(b.Figures) > mostFigures || len(b.Changes) > mostChanges {
		return false
	}
	return !slices.ContainsFunc(b.Files, func(f desk.File) bool {
		return f.Hash == [32]byte{} || f.Size < 1 || f.Size > mostFile || !named(f.Name)
	})
}

// named tells whether a text can be the name of a file, and leads to no other folder.
func named(s string) bool {
	return s != "" && s[0] != '.' && len(s) <= 200 && !slices.ContainsFunc([]rune(s), func(r rune) bool {
		return r < ' ' || r == '/' || r == '\\' || r == ':' || r == '"' || r == '*' || r == '?' || r == '<' || r == '>' || r == '|'
	})
}

func (v *View) comment(c comment) {
	v.Comments = slices.DeleteFunc(slices.Clone(v.Comments), func(x comment) bool { return x.Part == c.Part && x.By == c.By })
	if c.Text != "" && len(v.Comments) < mostComments {
		v.Comments = append(v.Comments, c)
	}
}

func (v *View) issue(x issue) {
	if slices.ContainsFunc(v.Issues, func(y issue) bool { return y.Revision == x.Revision }) {
		if len(v.Twins) < mostTwins {
			v.Twins = append(slices.Clip(v.Twins), x)
		}
		return
	}
	v.Issues = append(slices.Clip(v.Issues), x)
	slices.SortStableFunc(v.Issues, func(a, b issue) int { return cmp.Compare(a.Revision, b.Revision) })
}

// last is the last revision; nil when none was issued.
func (v *View) last() *issue {
	if len(v.Issues) == 0 {
		return nil
	}
	return &v.Issues[len(v.Issues)-1]
}

// all are the revisions and their twins.
func (v *View) all() []issue { return slices.Concat(v.Issues, v.Twins) }

// Complete implements engine.View.
func (v *View) Complete(*engine.Names) error { return nil }

// Keys implements engine.View.
func (v *View) Keys(ent desk.Entity) (keys [][]byte) {
	last := v.last()
	if last == nil {
		return nil
	}
	keys = append(keys, engine.Key(ixIssued, ent.ID, last.At, v.Period))
	for _, x := range v.all() {
		for _, f := range x.Files {
			keys = append(keys, engine.Key(ixFile, ent.ID, desk.ID(f.Hash[:16]), desk.ID(f.Hash[16:])))
		}
	}
	slices.SortFunc(keys, slices.Compare)
	return slices.CompactFunc(keys, slices.Equal)
}

// Shrink implements engine.View: the figures of old revisions go first, then what is said;
// the files stay.
func (v *View) Shrink(step int) bool {
	if step < len(v.Issues)-1 {
		v.Issues = slices.Clone(v.Issues)
		v.Issues[step].Figures, v.Issues[step].Changes = nil, nil
		return true
	}
	switch {
	case len(v.Twins) > 0:
		v.Twins = nil
	case len(v.Comments) > 0:
		v.Comments = nil
	case len(v.Issues) > 0:
		v.Issues = v.Issues[1:]
	default:
		return false
	}
	return true
}

func entity(id desk.ID) desk.Entity { return desk.Entity{Type: desk.ReportType, ID: id} }

// read is a report in a snapshot; one that is not known is zero.
func read(r desk.Reader, id desk.ID) (v View, err error) {
	b, err := r.View(entity(id))
	if err == nil {
		err = engine.DecodeView(b, &v)
	}
	return v, err
}
