package month

import (
	"context"
	"slices"
	"sync"
	"testing"

	"punto/app"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// slow is a desk that sums a month until the test lets it end or nobody waits for it.
type slow struct {
	app.Desk
	mu      sync.Mutex
	given   []string // months that were given up
	running []string
	let     chan struct{}
	rang    func() // something was noted
}

func (d *slow) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	m, ok := q.(app.Month)
	if !ok {
		return d.Desk.Ask(ctx, q)
	}
	d.note(&d.running, m.Month)
	select {
	case <-d.let:
		return d.Desk.Ask(ctx, q)
	case <-ctx.Done():
		d.note(&d.given, m.Month)
		return nil, ctx.Err()
	}
}

func (d *slow) note(list *[]string, month string) {
	d.mu.Lock()
	*list = append(*list, month)
	d.mu.Unlock()
	d.rang()
}

func (d *slow) noted(list *[]string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(slices.Values(*list))
}

// Whoever walks through the months leaves no work behind: the desk sums the one that
// stands there and no other.
func TestOnlyTheMonthThatStandsThereIsSummed(t *testing.T) {
	d := &slow{let: make(chan struct{})}
	s := stage.New(t, true, []page.Kind{Kind(nil)}, func(c *ui.Config) { d.Desk, c.Desk = c.Desk, d })
	d.rang = func() { s.Post(func() {}) }
	s.Open("admin", stage.Password)
	s.Until("the first month is summed", func() bool { return len(d.noted(&d.running)) == 1 })
	for range 3 {
		s.Press("Alt ←")
	}
	s.Until("the others are given up", func() bool { return len(d.noted(&d.given)) == 3 })
	if got := d.noted(&d.given); !slices.Equal(got, []string{"2026-09", "2026-10", "2026-11"}) {
		t.Errorf("given up: %v", got)
	}
	close(d.let)
	s.Come("the month")
	if s.Title() != "Agosto 2026 · Punto" || s.Says("error") || !s.Reads("Servicio") && !s.Reads("compromisos") {
		t.Errorf("%q says %q", s.Title(), s.Texts())
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	for lang, want := range map[string][2]string{"es": {"88,7 %", "12\u00a0345"}, "en": {"88.7%", "12,345"}, "pt": {"88,7%", "12.345"}} {
		if got := [2]string{page.Figure(lang, 0.887, "share"), page.Figure(lang, 12345, "count")}; got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
