package host

import (
	"context"
	"errors"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/store/search"
)

// The search index is found to be damaged while the desk works: another takes its
// place, and finds all that the first one did.
func TestADamagedSearchIsMadeAnewWhileTheDeskWorks(t *testing.T) {
	h, err := Open(t.Context(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}()
	s := &seat{Host: h}
	s.do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
	s.do(t, app.OpenCase{Opened: desk.Opened{Subject: "El torno no arranca"}})
	if err := h.Fed(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := h.search.index
	_ = first.Damaged(errors.New("for the test"))
	s.do(t, app.OpenCase{Opened: desk.Opened{Subject: "El torno hace ruido"}})
	until(t, "both cases are found again", func() bool {
		a, err := h.Ask(h.Owner(context.Background()), app.Search{Text: "torno", Kind: "case", Limit: 10})
		return err == nil && len(a.(app.SearchAnswer).Hits) == 2
	})
	_ = h.search.with(func(x *search.Index) error {
		if x == first {
			t.Error("the damaged index is still asked")
		}
		return nil
	})
}
