package rooms_test

import (
	"testing"

	"punto/app"
	"punto/app/desk"
)

// A login with zero bytes was looked up as the beginning of another's key.
func TestALoginWithZeroBytesIsNobodys(t *testing.T) {
	b := newBench(t)
	me := ask[app.StatusAnswer](b, app.Status{}).Me
	for _, tail := range []string{"\x00", "\x00\x00", "\x00\x01", "\x00" + string(me[:1]), "\x00" + string(me[:]), "\x00\x01" + string(me[:8])} {
		if _, err := b.Do(t.Context(), app.SignIn{Login: "admin" + tail, Password: "cobre y sal"}); app.CodeOf(err) != app.BadPassword && app.CodeOf(err) != app.Invalid {
			t.Errorf("%q signs in: %v", "admin"+tail, err)
		}
	}
}

// So was the id of an imported record.
func TestAnImportedIDWithZeroBytesReplacesNobody(t *testing.T) {
	b := newBench(t)
	b.do(app.ImportRecords{People: []desk.Person{{Ref: "7", Name: "Ana"}}})
	ana := ask[app.RecordsAnswer](b, app.Records{Type: desk.PersonType}).People[0]
	for _, tail := range []string{"\x00", "\x00" + string(ana.ID[:]), "\x00" + string(ana.ID[:3])} {
		_, _ = b.Do(b.ctx, app.ImportRecords{People: []desk.Person{{Ref: "7" + tail, Name: "Mallory"}}})
	}
	if p := ask[app.OnePersonAnswer](b, app.OnePerson{ID: ana.ID}).Row.Person; p.Name != "Ana" {
		t.Errorf("the user 7 is now %q", p.Name)
	}
}
