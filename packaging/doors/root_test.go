package doors

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// The top level holds the rooms, and what tools expect there; what is built never stays.
func TestTheTopLevelHoldsTheRoomsAlone(t *testing.T) {
	agreed := []string{"cmd", "app", "sync", "store", "ui", "reports", "packaging", "go.mod", "go.sum", "README.md", "Makefile", "LICENSE", "CHANGELOG.md"}
	ignored, err := os.ReadFile("../../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		name := d.Name()
		if strings.HasPrefix(name, ".") || slices.Contains(agreed, name) {
			continue
		}
		built := false
		for line := range strings.Lines(string(ignored)) {
			is, err := path.Match(strings.Trim(strings.TrimSpace(line), "/"), name)
			built = built || is && err == nil
		}
		if !built {
			t.Errorf("%s stands at the top level: put it in a room, or take it out", name)
		}
	}
}
