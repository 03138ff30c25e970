// Package doors enforces who may import whom: the folder tree is the
// architecture, and this table is its doors.
package doors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// door says what a room may import of ours. A room covers its sub-folders, the
// longest name counts. What lets a room in lets its tests in too.
type door struct {
	may   []string // the product: these arrows form no circle
	tests []string // its tests besides: who must build a world to ask it anything
}

// anything is for those who only wire.
var anything = []string{""}

var doors = map[string]door{
	"app/desk":           {},
	"app/rights":         {may: []string{"app/desk", "app/sla", "app/phone"}},
	"app/sla":            {},
	"app/spc":            {},
	"app/recur":          {may: []string{"app/spc"}},
	"app/table":          {},
	"app/phone":          {may: []string{"app/desk", "app/table"}},
	"app/tally":          {may: []string{"app/desk", "app/sla"}, tests: []string{"app/phone", "app/vectors"}},
	"app/model":          {may: []string{"app/desk", "app/sla"}},
	"app/draft":          {may: []string{"app/desk", "app/sla", "app/tally", "app/route"}, tests: []string{"app/model"}},
	"app/vectors":        {may: []string{"app/sla", "app/spc", "app/tally"}},
	"app":                {may: []string{"app/desk", "app/sla", "app/phone", "app/tally"}},
	"app/engine":         {may: []string{"app/desk", "app/rights", "app"}},
	"app/records":        {may: []string{"app/desk", "app/sla", "app/phone/number", "app", "app/engine"}},
	"app/access":         {may: []string{"app/desk", "app/rights", "app", "app/engine", "app/records"}, tests: []string{"app/rooms", "store"}},
	"app/promises":       {may: []string{"app/desk", "app/sla", "app", "app/engine", "app/records"}},
	"app/cases":          {may: []string{"app/desk", "app/rights", "app/sla", "app", "app/engine", "app/records", "app/promises", "app/route"}},
	"app/calls":          {may: []string{"app/desk", "app/phone", "app/phone/number", "app", "app/engine", "app/records", "app/cases", "app/people"}},
	"app/route":          {may: []string{"app/desk"}},
	"app/procedures":     {may: []string{"app/desk", "app", "app/engine", "app/records", "app/cases"}},
	"app/callbacks":      {may: []string{"app/desk", "app/phone", "app", "app/engine", "app/people", "app/calls"}},
	"app/floor":          {may: []string{"app/desk", "app/phone", "app/spc", "app/tally", "app", "app/engine", "app/records", "app/analysis", "app/calls", "app/month", "app/people", "app/shifts"}},
	"app/shifts":         {may: []string{"app/desk", "app/phone", "app", "app/engine", "app/records", "app/calls"}},
	"app/people":         {may: []string{"app/desk", "app/phone/number", "app", "app/engine", "app/records", "app/promises", "app/cases"}},
	"app/conflicts":      {may: []string{"app/desk", "app", "app/engine", "app/records", "app/cases"}},
	"app/alarms":         {may: []string{"app/desk", "app/sla", "app", "app/engine", "app/records", "app/promises", "app/cases", "app/mail"}},
	"app/imports":        {may: []string{"app/desk", "app", "app/engine", "app/records", "app/cases"}},
	"app/month":          {may: []string{"app/desk", "app/sla", "app/phone", "app/tally", "app", "app/engine", "app/records", "app/promises", "app/cases", "app/calls", "app/callbacks", "app/publish", "app/surveys", "app/shifts", "app/people", "app/switchboard"}},
	"app/poll":           {may: []string{"app/desk"}},
	"app/surveys":        {may: []string{"app/desk", "app/poll", "app/tally", "app", "app/engine", "app/records", "app/promises", "app/cases", "app/mail"}},
	"app/analysis":       {may: []string{"app/desk", "app/phone", "app/spc", "app/recur", "app/tally", "app", "app/engine", "app/records", "app/calls", "app/month"}},
	"app/dossier":        {may: []string{"app/desk", "app", "app/engine", "app/records", "app/cases", "app/calls", "app/promises"}, tests: []string{"app/phone"}},
	"app/problems":       {may: []string{"app/desk", "app/rights", "app", "app/engine", "app/records", "app/cases", "app/mail"}},
	"app/issuing":        {may: []string{"app/desk", "app/tally", "app", "app/engine", "app/records", "app/mail"}},
	"app/web":            {may: []string{"app/desk", "app/poll", "app"}, tests: []string{"app/engine", "app/rooms", "store"}},
	"app/publish":        {may: []string{"app/desk", "app/sla", "app/draft", "app", "app/engine", "app/records"}},
	"app/trial":          {may: []string{"app/desk", "app/sla", "app/draft", "app"}, tests: []string{"app/engine", "app/rooms", "store"}},
	"app/nodes":          {may: []string{"app/desk", "app", "app/engine", "app/records", "app/conflicts"}},
	"app/setup":          {may: []string{"app/desk", "app/sla", "app/model", "app", "app/engine", "app/records", "app/access", "app/cases", "app/calls", "app/alarms"}},
	"app/rooms":          {may: []string{"app/dossier", "app/problems", "app/floor", "app/issuing", "app/engine", "app/records", "app/access", "app/promises", "app/procedures", "app/cases", "app/calls", "app/callbacks", "app/shifts", "app/people", "app/conflicts", "app/alarms", "app/imports", "app/month", "app/nodes", "app/setup", "app/publish", "app/surveys", "app/switchboard", "app/mail", "app/analysis"}, tests: []string{"app/desk", "app/keyring", "app/sla", "app/phone", "app/tally", "app", "store", "store/files"}},
	"app/rooms/roomtest": {may: []string{"app/desk", "app", "app/engine", "app/rooms", "store"}},
	"app/local":          {may: []string{"app", "app/desk"}, tests: []string{"app/phone", "app/tally"}},
	"app/caselog":        {may: []string{"app/desk", "app/table", "app"}, tests: []string{"app/tally", "app/engine", "app/rooms", "store"}},
	"app/demo":           {may: []string{"app/desk", "app/sla", "app/phone", "app/model", "app"}},
	"app/desktest":       {may: []string{"app/desk", "app/sla", "app/phone", "app"}},
	"app/oracle":         {tests: []string{"app/desk", "app/sla", "app/phone", "app/tally", "app/model", "app", "app/engine", "app/nodes", "app/rooms", "app/draft", "app/caselog", "store", "sync/stream"}},
	"store":              {may: []string{"app/desk", "store/chain", "store/kv", "store/volume"}},
	"store/backup":       {may: []string{"app/desk", "store/volume"}, tests: []string{"store"}},
	"store/chain":        {may: []string{"app/desk"}},
	"store/files":        {may: []string{"app/desk", "store/volume"}},
	"store/kv":           {may: []string{"app/desk", "store/volume"}},
	"store/volume":       {may: []string{"app/desk"}},
	"store/search":       {},
	"sync/gossip":        {may: []string{"app/desk"}},
	"sync/stream":        {may: []string{"app/desk"}, tests: []string{"app", "app/engine", "app/rooms", "store", "sync/site"}},
	"sync/site":          {may: []string{"app/desk", "sync/gossip", "sync/stream"}, tests: []string{"app", "app/engine", "app/nodes", "app/rooms", "store", "packaging/yardstick"}},
	"sync/simnet":        {tests: []string{"app/desk", "app/sla", "app", "app/engine", "app/alarms", "app/nodes", "app/rooms", "store", "sync/stream", "sync/site"}},
	"reports":            {may: []string{"reports/chart", "reports/scene"}, tests: []string{"app/tally"}},
	"reports/chart":      {may: []string{"reports/scene"}},
	"reports/scene":      {may: []string{"reports/fonts"}},
	"reports/fonts":      {},
	"reports/sheet":      {may: []string{"reports"}},
	"reports/slip":       {may: []string{"reports/scene"}},
	"ui":                 {may: []string{"app/desk", "app", "ui/keep", "ui/look", "ui/page", "ui/words"}, tests: []string{"ui/stage"}},
	"ui/keep":            {may: []string{"app/desk"}},
	"ui/look":            {},
	"ui/page":            {may: []string{"app/desk", "app/sla", "app", "reports", "ui/keep", "ui/look", "ui/words"}, tests: []string{"ui/stage"}},
	"ui/pages":           {may: []string{"app/desk", "app/sla", "app/phone", "app/tally", "app/draft", "app/poll", "app", "reports", "ui/keep", "ui/look", "ui/page"}, tests: []string{"ui", "ui/stage", "ui/words"}},
	"ui/stage":           {may: []string{"app/desk", "app", "app/engine", "app/rooms", "store", "store/files", "ui", "ui/look", "ui/page"}},
	"ui/words":           {tests: []string{"app/desk"}},

	"app/phone/ami":           {may: []string{"app/desk", "app/phone"}},
	"app/phone/number":        {},
	"app/secret":              {},
	"app/keyring":             {may: []string{"app/desk", "app/secret", "app", "app/engine", "app/records"}},
	"app/mail":                {may: []string{"app/desk", "app", "app/engine", "app/records", "app/keyring", "app/mail/post"}},
	"app/mail/post":           {may: []string{"app/desk"}},
	"app/switchboard":         {may: []string{"app/desk", "app/phone", "app/phone/smdr", "app/keyring", "app", "app/engine", "app/records", "app/calls", "app/people", "app/sla", "app/hunt", "app/shifts", "app/switchboard/link", "app/switchboard/sip"}, tests: []string{"app/switchboard/fakepbx"}},
	"app/switchboard/fakepbx": {may: []string{"app/phone/ami"}},
	"app/switchboard/phones":  {},
	"app/switchboard/sip":     {may: []string{"app/phone", "app/hunt", "app/switchboard/link"}},
	"app/hunt":                {may: []string{"app/desk", "app/phone"}},
	"app/switchboard/link":    {may: []string{"app/desk", "app/phone", "app/phone/ami", "app/phone/smdr"}, tests: []string{"app/switchboard/fakepbx"}},
	"app/phone/smdr":          {may: []string{"app/desk", "app/table", "app/phone"}},

	"cmd":                  {may: anything},
	"packaging/counts":     {},
	"packaging/doors":      {},
	"packaging/drive":      {},
	"packaging/faults":     {},
	"packaging/golden":     {},
	"packaging/outside":    {},
	"packaging/postoffice": {},
	"packaging/smalldisk":  {},
	"packaging/tour":       {may: []string{"app/demo", "packaging/drive"}},
	"packaging/yardstick":  {may: []string{"app/desk", "store"}},
}

// forTests are the rooms that any test may use, and nothing else.
var forTests = []string{"app/rooms/roomtest", "packaging/golden", "packaging/outside", "packaging/smalldisk", "packaging/postoffice", "app/switchboard/phones"}

// onlyIn names the rooms that may import a module from outside.
var onlyIn = map[string][]string{
	"fyne.io/fyne/v2/app":             {"cmd/punto"},
	"fyne.io/fyne/v2":                 {"ui", "cmd/punto"},
	"github.com/go-gl/glfw":           {"cmd/punto"},
	"github.com/dgraph-io/badger":     {"store", "packaging/yardstick"},
	"github.com/blevesearch/bleve":    {"store/search"},
	"github.com/jung-kurt/gofpdf":     {"reports"},
	"github.com/xuri/excelize":        {"reports/sheet"},
	"github.com/skip2/go-qrcode":      {"reports/slip"},
	"gonum.org/v1/gonum":              {"app/spc"},
	"github.com/Microsoft/go-winio":   {"app/local"},
	"github.com/spf13/cobra":          {"cmd/puntoctl", "cmd/puntod"},
	"github.com/hashicorp/memberlist": {"sync/gossip"},
	"github.com/kardianos/service":    {"cmd/puntod"},
	"filippo.io/age":                  {"store/backup", "app/secret"},
	"github.com/wneessen/go-mail":     {"app/mail/post"},
	"github.com/emiago/sipgo":         {"app/switchboard/sip"},
	"github.com/icholy/digest":        {"app/switchboard/sip"},
}

// pkg is a package of ours as it is built on some system, with its tests.
type pkg struct {
	ImportPath, ForOS                  string
	Imports, TestImports, XTestImports []string
}

func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, "punto/") }

func (p pkg) ofTests() []string { return slices.Concat(p.TestImports, p.XTestImports) }

// packages are those of each system that we build for.
var packages = sync.OnceValues(func() (ps []pkg, err error) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		cmd := exec.Command("go", "list", "-tags", "migrated_fynedo gles sqlite", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
		cmd.Dir, cmd.Env = "../..", append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1")
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			p := pkg{ForOS: system}
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
			ps = append(ps, p)
		}
	}
	return ps, nil
})

func list(t *testing.T) []pkg {
	t.Helper()
	ps, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	if len(ps) < 3*len(doors)/2 {
		t.Fatalf("only %d packages seen: the listing is broken", len(ps))
	}
	return ps
}

// within tells whether a path is a room or lies in it.
func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

// roomOf is the longest room of the table that holds a package; "" is none.
func roomOf(path string) (room string) {
	for r := range doors {
		if within(path, r) && len(r) > len(room) {
			room = r
		}
	}
	return room
}

// ours are the rooms other than its own that a room imports.
func ours(room string, imports []string) (rooms []string) {
	for _, imp := range imports {
		if path, ok := strings.CutPrefix(imp, "punto/"); ok && roomOf(path) != room {
			rooms = append(rooms, roomOf(path))
		}
	}
	return rooms
}

// lets tells whether a list of rooms holds a room: "" lets all in.
func lets(list []string, room string) bool {
	return slices.Contains(list, room) || slices.Contains(list, "")
}

func TestEveryRoomImportsOnlyWhatItMay(t *testing.T) {
	for _, p := range list(t) {
		room := roomOf(p.path())
		if room == "" {
			t.Errorf("%s is in no room: add it to the table, with what it may import", p.path())
			continue
		}
		d := doors[room]
		for _, other := range ours(room, p.Imports) {
			if !lets(d.may, other) {
				t.Errorf("%s imports %s: %s may import only %v", p.path(), other, room, d.may)
			}
		}
		if within(room, "packaging") {
			d.tests = anything
		}
		for _, other := range ours(room, p.ofTests()) {
			if !lets(d.may, other) && !lets(d.tests, other) && !slices.Contains(forTests, other) {
				t.Errorf("a test of %s imports %s: those of %s may import only %v and %v", p.path(), other, room, d.may, d.tests)
			}
		}
	}
}

// An arrow that nothing uses is a door left open.
func TestEveryArrowOfTheTableIsUsed(t *testing.T) {
	used, usedByTests := map[string]bool{}, map[string]bool{}
	for _, p := range list(t) {
		room := roomOf(p.path())
		for _, other := range ours(room, p.Imports) {
			used[room+" -> "+other] = true
		}
		for _, other := range ours(room, p.ofTests()) {
			usedByTests[room+" -> "+other] = true
		}
	}
	for room, d := range doors {
		for _, other := range d.may {
			if other != "" && !used[room+" -> "+other] {
				t.Errorf("%s may import %s and does not: take it out", room, other)
			}
		}
		for _, other := range d.tests {
			if !usedByTests[room+" -> "+other] {
				t.Errorf("tests of %s may import %s and do not: take it out", room, other)
			}
		}
	}
}

// Rooms know only what is below them. Tests do not count: they stand outside.
func TestTheArrowsFormNoCircle(t *testing.T) {
	const begun, done = 1, 2
	state := map[string]int{}
	var visit func(path []string)
	visit = func(path []string) {
		room := path[len(path)-1]
		switch state[room] {
		case begun:
			t.Fatalf("a circle: %s", strings.Join(path[slices.Index(path, room):], " -> "))
		case done:
			return
		}
		state[room] = begun
		for _, other := range doors[room].may {
			if other != "" {
				visit(append(slices.Clip(path), other))
			}
		}
		state[room] = done
	}
	for room := range doors {
		visit([]string{room})
	}
}

// A page knows no other page, not even in its tests: it names it. Only the list of
// them imports them.
func TestAPageKnowsNoOtherPage(t *testing.T) {
	const all = "punto/ui/pages"
	seen := 0
	for _, p := range list(t) {
		if !strings.HasPrefix(p.ImportPath, all+"/") {
			continue
		}
		seen++
		for _, imp := range slices.Concat(p.Imports, p.ofTests()) {
			if within(imp, all) {
				t.Errorf("%s imports %s", p.path(), imp)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d pages seen", seen)
	}
}

// The README shows the rooms of the table: each by itself or by the one around it.
func TestTheReadmeShowsTheRooms(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "| room | holds |")
	if !ok {
		t.Fatal("the README has no table of rooms")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	var shown []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 2 && !strings.Contains(cells[1], "---") {
			for name := range strings.SplitSeq(cells[1], ",") {
				shown = append(shown, strings.TrimSpace(name))
			}
		}
	}
	for room := range doors {
		if !slices.ContainsFunc(shown, func(s string) bool { return within(room, s) }) {
			t.Errorf("the README does not show %s", room)
		}
	}
	for _, s := range shown {
		if !slices.ContainsFunc(list(t), func(p pkg) bool { return within(p.path(), s) }) {
			t.Errorf("the README shows %s, where nothing is", s)
		}
	}
}

func TestModulesFromOutsideStayInTheirRoom(t *testing.T) {
	for _, p := range list(t) {
		for _, imp := range slices.Concat(p.Imports, p.ofTests()) {
			best := ""
			for m := range onlyIn {
				if within(imp, m) || strings.HasPrefix(imp, m+"/v") {
					if len(m) > len(best) {
						best = m
					}
				}
			}
			if best != "" && !slices.ContainsFunc(onlyIn[best], func(r string) bool { return within(p.path(), r) }) {
				t.Errorf("%s imports %s, which belongs to %v", p.path(), imp, onlyIn[best])
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
