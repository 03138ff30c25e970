package records

import (
	"bytes"
	"iter"
	"strings"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// Looking records up: there is one desk and one service model, under the zero id; of
// contracts the first is that of whoever has none.

// Folded is a text without case and accents, for sorting and looking up.
func Folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == 0 {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// Digits leaves of a phone number what is dialled.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Name is what people call a record: its name, the title of an article, the client of
// a contract. It is "" when there is none, or it cannot be read.
func Name(n *engine.Names, t desk.Type, id desk.ID) string {
	if id.IsZero() {
		return ""
	}
	r, err := n.Record(t, id)
	if err != nil {
		return ""
	}
	var s struct { // the name is field 1 of every noun, and the title of an article field 2
		One, Two string
	}
	_ = desk.Decode(r.Fields[1], &s.One)
	_ = desk.Decode(r.Fields[2], &s.Two)
	if t == desk.ArticleType || t == desk.ContractType {
		return s.Two
	}
	return s.One
}

// ByRef finds what was imported under a reference.
func ByRef(n *engine.Names, t desk.Type, ref string) (desk.ID, bool, error) {
	return engine.First(n.Reader, engine.Prefix(IxRef, t, ref))
}

// Desk there is one of: the desk and its service model are entities with
// the zero id.
func Desk(n *engine.Names) (desk.Organisation, error) {
	return engine.Noun[desk.Organisation](n, desk.OrganisationType, desk.ID{})
}

// Model is the service model. Decoding it is most of a command's work, so the
// last one decoded is kept with its bytes and serves while they are the same.
func Model(n *engine.Names) (m desk.Model, err error) {
	ent := desk.Entity{Type: desk.ModelType}
	if n.Written != nil {
		if r, ok := n.Written(ent); ok {
			return desk.As[desk.Model](r)
		}
	}
	b, err := n.Reader.View(ent)
	if err != nil || b == nil {
		return m, err
	}
	if d := engine.StateOf[lastModel](n.Engine).Load(); d != nil && bytes.Equal(d.raw, b) {
		return d.model, nil
	}
	if m, err = engine.Noun[desk.Model](n, desk.ModelType, desk.ID{}); err == nil {
		engine.StateOf[lastModel](n.Engine).Store(&decodedModel{b, m})
	}
	return m, err
}

// lastModel is the service model that was decoded last.
type lastModel struct{ atomic.Pointer[decodedModel] }

// decodedModel is a service model and the bytes that it was read from. It is
// never written.
type decodedModel struct {
	raw   []byte
	model desk.Model
}

// ContractOf is the contract with that id, else the first of the desk.
func ContractOf(n *engine.Names, id desk.ID) (desk.ID, desk.Contract, error) {
	if id.IsZero() {
		var err error
		if id, _, err = engine.First(n.Reader, engine.Prefix(IxRecord, desk.ContractType)); err != nil {
			return id, desk.Contract{}, err
		}
	}
	c, err := engine.Noun[desk.Contract](n, desk.ContractType, id)
	return id, c, err
}

// Each gives the records of a type in the order of their names; an error ends it.
func Each[T any](n *engine.Names, t desk.Type) iter.Seq2[app.Named[T], error] {
	return func(yield func(app.Named[T], error) bool) {
		for k, err := range n.Reader.Scan(engine.Prefix(IxRecord, t), nil, false) {
			x := app.Named[T]{}
			if err == nil {
				x.ID = engine.IDOf(k.Key)
				x.Of, err = engine.Noun[T](n, t, x.ID)
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

// Coordinator is the workstation that holds the site key, the first by name; this one
// where there is no site.
func Coordinator(n *engine.Names) (desk.ID, error) {
	for x, err := range Each[desk.Node](n, desk.NodeType) {
		if err != nil || x.Of.Coordinator && x.Of.RevokedAt == 0 {
			return x.ID, err
		}
	}
	me, _ := n.Engine.Log.Signer(n.Engine.Log.Origin())
	return me.Node, nil
}

// Coordinates tells whether this workstation is the coordinator, which alone may write
// anything with nobody signed in.
func Coordinates(n *engine.Names) (bool, error) {
	me, _ := n.Engine.Log.Signer(n.Engine.Log.Origin())
	id, err := Coordinator(n)
	return id == me.Node, err
}
