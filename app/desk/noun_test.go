package desk_test

import (
	"bytes"
	"strings"
	"testing"

	"punto/app/desk"
)

func TestTheMatrixIsReadByImpactAndUrgency(t *testing.T) {
	m := desk.Model{Matrix: [4][4]int{{1, 2}, {3, 4}}, Categories: []desk.Category{{Code: "a", Path: map[string]string{"es": "uno", "en": "one"}}, {Code: "b"}}}
	for _, x := range [][3]int{{1, 2, 2}, {2, 1, 3}, {2, 2, 4}, {4, 4, 0}, {0, 1, 0}, {1, 0, 0}, {5, 1, 0}, {1, 5, 0}} {
		if got := m.Priority(x[0], x[1]); got != x[2] {
			t.Errorf("impact %d and urgency %d give %d and not %d", x[0], x[1], got, x[2])
		}
	}
	c, ok := m.Category("a")
	if !ok || c.Name("en") != "one" || c.Name("pt") != "uno" {
		t.Errorf("%+v %t", c, ok)
	}
	if _, ok := m.Category("c"); ok {
		t.Error("a category that is not there was found")
	}
}

func TestNamesAreReadBack(t *testing.T) {
	if k, ok := desk.ParseName("request", desk.Incident, desk.Request); !ok || k != desk.Request {
		t.Error("a request is no kind of case")
	}
	if _, ok := desk.ParseName("request", desk.Incident); ok {
		t.Error("a kind that was not to be tried was found")
	}
	said := map[string]bool{}
	for k := desk.NoKind; k.Known() || k == desk.NoKind; k++ {
		if said[k.String()] {
			t.Errorf("two kinds are called %q", k)
		}
		said[k.String()] = true
	}
	if desk.AgentPresent.String() != "agent-present" || desk.Kind(999).String() != "kind-999" || desk.NoKind.Known() || !desk.AgentPresent.Known() || desk.Kind(len(said)).Known() {
		t.Error("a kind is called otherwise")
	}
	if desk.AlarmType.String() != "alarm" || desk.Type(99).String() != "type-99" || desk.ByWeb.String() != "web" || desk.Merged.String() != "merged" || desk.Role(99).String() != "" || desk.Status(99).String() != "" {
		t.Error("a type, a modality, a status or a role is called otherwise")
	}
}

func TestIDs(t *testing.T) {
	id := desk.NewID(1_764_000_000_000, [10]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	later := desk.NewID(1_764_000_000_001, [10]byte{})
	if bytes.Compare(id[:], later[:]) >= 0 {
		t.Error("an id of a later instant is not the greater")
	}
	if id[6] != 1 || id[15] != 10 {
		t.Errorf("the random bytes of %x are cut", id)
	}
	for _, s := range []string{id.String(), strings.ToLower(id.String())} {
		if got, err := desk.ParseID(s); err != nil || got != id {
			t.Errorf("%q is read as %v, %v", s, got, err)
		}
	}
	if len(id.String()) != 26 || (desk.ID{}).String() != "" || !(desk.ID{}).IsZero() || id.IsZero() {
		t.Error("an id is not 26 letters, or the zero one is not empty")
	}
	for _, bad := range []string{"x", id.String() + "0", strings.Repeat("U", 26)} {
		if _, err := desk.ParseID(bad); err == nil {
			t.Errorf("%q was read as an id", bad)
		}
	}
	var back desk.ID
	if b, err := id.MarshalText(); err != nil || back.UnmarshalText(b) != nil || back != id {
		t.Errorf("%v comes back as %v", id, back)
	}
	a, again := desk.DerivedID("a"), desk.DerivedID("a")
	if a != again || desk.DerivedID("ab", "c") == desk.DerivedID("a", "bc") || desk.DerivedID("a", "") == a {
		t.Error("a derived id does not tell its parts apart")
	}
}

func TestANumberIsReadAsPeopleTypeIt(t *testing.T) {
	want := desk.NewNumber("ab", 42)
	for _, s := range []string{string(want), strings.ToLower(string(want)), strings.ReplaceAll(string(want), "-", ""), strings.ReplaceAll(string(want), "-", " "), strings.ReplaceAll(string(want), "-", ".")} {
		if got, err := desk.ParseNumber(s); err != nil || got != want {
			t.Errorf("%q is read as %q, %v", s, got, err)
		}
	}
	for _, bad := range []string{"", "A", "12345", "A-", "A5", "A-99999999999999999999999-1"} {
		if n, err := desk.ParseNumber(bad); err == nil || !strings.Contains(err.Error(), "is not a case number") {
			t.Errorf("%q is read as %q, %v", bad, n, err)
		}
	}
	other := "9"
	if strings.HasSuffix(string(want), "9") {
		other = "8"
	}
	if _, err := desk.ParseNumber(string(want[:len(want)-1]) + other); err == nil || !strings.Contains(err.Error(), "misheard") {
		t.Errorf("a wrong check digit gives %v", err)
	}
}

func TestVectorsCoverEachOther(t *testing.T) {
	v := desk.Vector{1: 5, 2: 3}
	for _, x := range []struct {
		w    desk.Vector
		want bool
	}{{nil, true}, {desk.Vector{1: 5}, true}, {desk.Vector{1: 5, 2: 3}, true}, {desk.Vector{1: 6}, false}, {desk.Vector{3: 1}, false}, {desk.Vector{3: 0}, true}} {
		if v.Covers(x.w) != x.want {
			t.Errorf("%v covers %v: %t", v, x.w, !x.want)
		}
	}
}

func TestRuns(t *testing.T) {
	frames := func(n int) (fs [][]byte) {
		for i := range n {
			fs = append(fs, bytes.Repeat([]byte{byte(i)}, 50+i))
		}
		return fs
	}
	r := desk.Run{Origin: 7, First: 3, Frames: frames(3), Sig: [64]byte{1, 63: 9}}
	if r.Last() != 5 || (&desk.Run{First: 257, Block: []byte{1}}).Last() != 512 || r.Size() < 150 {
		t.Errorf("it ends at %d and travels as %d bytes", r.Last(), r.Size())
	}
	b := r.Append(nil)
	got, ok := desk.ParseRun(b, false)
	if !ok || got.Origin != 7 || got.First != 3 || got.Sig != r.Sig || len(got.Frames) != 3 || !bytes.Equal(got.Frames[2], r.Frames[2]) {
		t.Errorf("%+v %t", got, ok)
	}
	full := desk.Run{Origin: 7, First: 1, Frames: frames(desk.BlockEvents)}
	if _, ok := desk.ParseRun(full.Append(nil), false); !ok {
		t.Error("a run of a whole block is not read")
	}
	full.Frames = frames(desk.BlockEvents + 1)
	if _, ok := desk.ParseRun(full.Append(nil), false); ok {
		t.Error("a run of one event more than a block is read")
	}
	ends := map[int]bool{} // where a frame ends it is whole, only shorter
	for n, f := 80, r.Frames; len(f) > 0; f = f[1:] {
		n += 4 + len(f[0])
		ends[n] = true
	}
	for n := range b {
		if _, ok := desk.ParseRun(b[:n], false); ok != ends[n] {
			t.Errorf("a run that is cut after %d of %d bytes is read: %t", n, len(b), ok)
		}
	}
	short := desk.Run{Origin: 7, First: 1, Frames: [][]byte{make([]byte, 42)}}
	if _, ok := desk.ParseRun(short.Append(nil), false); ok {
		t.Error("a frame without a body is read")
	}
	block := desk.Run{Origin: 7, First: 1, Block: []byte{1, 2}}
	if got, ok := desk.ParseRun(block.Append(nil), true); !ok || !bytes.Equal(got.Block, block.Block) {
		t.Errorf("%+v %t", got, ok)
	}
	if _, ok := desk.ParseRun(block.Append(nil)[:16], true); ok {
		t.Error("an empty block is read")
	}
	id := desk.Identity{Key: [32]byte{1}, Incarnation: [16]byte{2}}
	again := id
	again.Incarnation[0]++
	if id.Origin() == again.Origin() || id.Node() != again.Node() || id.Node() != desk.NodeID(id.Key[:]) {
		t.Error("another incarnation is not another origin of the same node")
	}
}
