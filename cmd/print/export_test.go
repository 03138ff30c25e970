package print

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"punto/app"
)

// A report that is exported tells each month and each file; one that is given up begins no
// further file.
func TestAnExportTellsHowFarItIs(t *testing.T) {
	s := seat(t)
	issuedAt := time.Date(2026, 11, 2, 11, 0, 0, 0, time.UTC)
	dir := t.TempDir() + "/informes"
	var told []int
	names, err := Export(s.Owner, s.E, app.Month{Month: "2026-10"}, issuedAt, dir, []string{"html", "csv", "json"}, func(done, all int) {
		told = append(told, done)
		if all != historyMonths+3 {
			t.Errorf("of %d", all)
		}
	})
	if err != nil || len(names) != 3 {
		t.Fatal(names, err)
	}
	for _, n := range names {
		if _, err := os.Stat(n); err != nil {
			t.Error(err)
		}
	}
	want := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	if !slices.Equal(told, want) {
		t.Errorf("told %v", told)
	}
	ctx, stop := context.WithCancel(s.Owner)
	names, err = Export(ctx, s.E, app.Month{Month: "2026-10"}, issuedAt, t.TempDir(), []string{"html", "json"}, func(done, all int) {
		if done == historyMonths+1 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || len(names) != 1 {
		t.Errorf("given up, it wrote %q: %v", names, err)
	}
	if _, err := Export(s.Owner, s.E, app.Month{Month: "2026-10"}, issuedAt, dir, nil, nil); err == nil {
		t.Error("a report in no format is written")
	}
}
