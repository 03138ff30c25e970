// Package doors enforces who may import whom: the folder tree is the
// architecture, and this table is its doors.
package doors

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport lists for each room the rooms of ours that it may import. A room
// covers its sub-folders, the longest name counts; cmd and packaging wire
// everything and are not listed.
var mayImport = map[string][]string{
	"app/desk":      {},
	"app/rights":    {"app/desk", "app/phone", "app/sla"},
	"app/sla":       {"app/desk"},
	"app/phone":     {"app/desk", "app/table"},
	"app/table":     {},
	"app/tally":     {"app/desk", "app/sla"},
	"app/model":     {"app/desk", "app/sla"},
	"app":           {"app/desk", "app/sla", "app/phone", "app/tally"},
	"app/engine":    {"app", "app/desk", "app/rights"},
	"app/records":   {"app", "app/desk", "app/engine", "app/sla"},
	"app/access":    {"app", "app/desk", "app/engine", "app/rights", "app/records"},
	"app/promises":  {"app", "app/desk", "app/engine", "app/sla", "app/records"},
	"app/cases":     {"app", "app/desk", "app/engine", "app/rights", "app/sla", "app/records", "app/promises"},
	"app/calls":     {"app", "app/desk", "app/engine", "app/phone"},
	"app/people":    {"app", "app/desk", "app/engine", "app/records", "app/promises", "app/cases"},
	"app/conflicts": {"app", "app/desk", "app/engine", "app/records", "app/cases"},
	"app/alarms":    {"app", "app/desk", "app/engine", "app/sla", "app/records", "app/promises", "app/cases"},
	"app/imports":   {"app", "app/desk", "app/engine", "app/records", "app/cases"},
	"app/month":     {"app", "app/desk", "app/engine", "app/sla", "app/phone", "app/tally", "app/records", "app/promises", "app/cases", "app/calls"},
	"app/nodes":     {"app", "app/desk", "app/engine", "app/records", "app/conflicts"},
	"app/setup":     {"app", "app/desk", "app/engine", "app/sla", "app/model", "app/records", "app/access", "app/cases", "app/calls"},
	"app/rooms":     {"app/engine", "app/records", "app/access", "app/promises", "app/cases", "app/calls", "app/people", "app/conflicts", "app/alarms", "app/imports", "app/month", "app/nodes", "app/setup"},
	"app/local":     {"app", "app/desk"},
	"app/caselog":   {"app", "app/desk", "app/table"},
	"app/demo":      {"app", "app/desk", "app/sla", "app/phone", "app/model"},
	"app/desktest":  {"app", "app/desk", "app/sla", "app/phone", "app/model"},
	"app/oracle":    {},
	"store":         {"app/desk"},
	"store/search":  {},
	"sync/gossip":   {"app/desk"},
	"sync/stream":   {"app/desk"},
	"sync/site":     {"app/desk", "sync/gossip", "sync/stream"},
	"sync/simnet":   {},
	"reports":       {"app/desk", "app/tally"},
	"ui":            {"app", "app/desk", "app/sla", "app/phone", "app/tally", "reports", "ui/look", "ui/words"},
	"ui/look":       {},
	"ui/words":      {},
}

// onlyIn names the rooms that may import a module from outside.
var onlyIn = map[string][]string{
	"fyne.io/fyne/v2/app":             {"cmd/punto"},
	"fyne.io/fyne/v2":                 {"ui", "cmd/punto"},
	"github.com/go-gl/glfw":           {"cmd/punto"},
	"github.com/dgraph-io/badger":     {"store", "packaging/yardstick"},
	"github.com/blevesearch/bleve":    {"store/search"},
	"github.com/jung-kurt/gofpdf":     {"reports"},
	"github.com/Microsoft/go-winio":   {"app/local"},
	"github.com/spf13/cobra":          {"cmd/puntoctl", "cmd/puntod"},
	"github.com/hashicorp/memberlist": {"sync/gossip"},
	"github.com/kardianos/service":    {"cmd/puntod"},
	"filippo.io/age":                  {"cmd/host"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) (ps []pkg) {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "migrated_fynedo", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

// within tells whether a path is a room or lies in it.
func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

// roomOf is the longest room of the table that holds a package; "" is none.
func roomOf(path string) (room string) {
	for r := range mayImport {
		if within(path, r) && len(r) > len(room) {
			room = r
		}
	}
	return room
}

func TestEveryRoomImportsOnlyWhatItMay(t *testing.T) {
	ps := list(t)
	if len(ps) < 5 {
		t.Fatalf("only %d packages seen: the listing is broken", len(ps))
	}
	for _, p := range ps {
		path := strings.TrimPrefix(p.ImportPath, "punto/")
		if within(path, "cmd") || within(path, "packaging") {
			continue
		}
		room := roomOf(path)
		if room == "" {
			t.Errorf("%s is in no room: add it to the table, with what it may import", path)
			continue
		}
		for _, imp := range p.Imports {
			other, ours := strings.CutPrefix(imp, "punto/")
			if ours && roomOf(other) != room && !slices.Contains(mayImport[room], roomOf(other)) {
				t.Errorf("%s imports %s: %s may import only %v", path, other, room, mayImport[room])
			}
		}
	}
}

func TestModulesFromOutsideStayInTheirRoom(t *testing.T) {
	for _, p := range list(t) {
		path := strings.TrimPrefix(p.ImportPath, "punto/")
		for _, imp := range p.Imports {
			best := ""
			for m := range onlyIn {
				if within(imp, m) || strings.HasPrefix(imp, m+"/v") {
					if len(m) > len(best) {
						best = m
					}
				}
			}
			if best != "" && !slices.ContainsFunc(onlyIn[best], func(r string) bool { return within(path, r) }) {
				t.Errorf("%s imports %s, which belongs to %v", path, imp, onlyIn[best])
			}
		}
	}
}

// The oracle judges the figures of the engine: it may share nothing with it, not
// even a library, and nothing of the product may lean on it.
func TestTheOracleSharesNothing(t *testing.T) {
	const oracle = "punto/app/oracle"
	seen := false
	for _, p := range list(t) {
		seen = seen || p.ImportPath == oracle
		for _, imp := range p.Imports {
			first, _, _ := strings.Cut(imp, "/")
			if p.ImportPath == oracle && (first == "punto" || strings.Contains(first, ".")) {
				t.Errorf("the oracle imports %s: it may use the standard library only", imp)
			}
			if imp == oracle {
				t.Errorf("%s imports the oracle, which is there for tests only", p.ImportPath)
			}
		}
	}
	if !seen {
		t.Error("there is no oracle")
	}
}
