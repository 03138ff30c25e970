package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/cmd/host"
	"punto/packaging/outside"
)

// run is one command line over the desk in dir.
func run(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c := root()
	c.SetArgs(append(args, "--data", dir))
	c.SetOut(&out)
	c.SetErr(io.Discard)
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

func must(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := run(t, dir, args...)
	if err != nil {
		t.Fatalf("puntoctl %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func read[T any](t *testing.T, out string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%q is not the JSON expected: %v", out, err)
	}
	return v
}

func newDesk(t *testing.T) (dir string) { return newDeskIn(t, "America/Lima") }

func newDeskIn(t *testing.T, zone string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "desk")
	must(t, dir, "init", "--name", "Minera Los Andes", "--zone", zone, "--always-open")
	return dir
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheFirstPasswordIsShownOnceAndSignsIn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	made := read[map[string]string](t, must(t, dir, "init", "--name", "Minera", "--zone", "America/Lima", "--json"))
	t.Setenv("PUNTO_LOGIN", made["login"])
	t.Setenv("PUNTO_PASSWORD", made["password"])
	s := read[app.StatusAnswer](t, must(t, dir, "ask", "Status"))
	if s.Agent.Login != "admin" || s.Desk.Name != "Minera" {
		t.Errorf("signed in to %+v as %+v", s.Desk, s.Agent)
	}
	if _, err := run(t, dir, "ask", "Status", "--password-file", file(t, "p", "otra\n")); app.CodeOf(err) != app.BadPassword {
		t.Errorf("a wrong password gave %v", err)
	}
	if _, err := run(t, dir, "init", "--name", "Otra", "--zone", "America/Lima"); app.CodeOf(err) != app.Conflict {
		t.Errorf("a second desk in the folder gave %v", err)
	}
}

func TestAFolderThatIsNotThereIsNamedAndNotMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "no-such")
	for _, args := range [][]string{{"ask", "Status"}, {"doctor"}, {"search", "algo"}} {
		if _, err := run(t, dir, args...); err == nil || !strings.Contains(err.Error(), "puntoctl init") {
			t.Errorf("%v gave %v", args, err)
		}
	}
	if exists(dir) == nil {
		t.Error("the folder was made")
	}
}

func TestACaseIsOpenedAskedForAndExplained(t *testing.T) {
	dir := newDesk(t)
	in := file(t, "case.json", `{"Opened":{"Subject":"No imprime","Category":"impresoras.cola","Impact":2,"Urgency":2}}`)
	r := read[app.Receipt](t, must(t, dir, "do", "OpenCase", "--json-in", in))
	a := read[app.CasesAnswer](t, must(t, dir, "ask", "Cases"))
	if len(a.Rows) != 1 || a.Rows[0].ID != r.ID || a.Rows[0].Number != r.Number {
		t.Errorf("the list is %+v", a.Rows)
	}
	if out := must(t, dir, "clock", "explain", string(r.Number)); !strings.Contains(out, "resolve/1: running") {
		t.Errorf("the explanation is %q", out)
	}
	for _, bad := range []string{`{"Opened":{"Subjekt":"x"}}`, `[`} {
		if _, err := run(t, dir, "do", "OpenCase", "--json-in", file(t, "bad.json", bad)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	if _, err := run(t, dir, "do", "NoSuch"); err == nil || !strings.Contains(err.Error(), "OpenCase") {
		t.Errorf("an unknown command gave %v", err)
	}
}

func TestWhatTheRoleMayNotTheCommandLineMayNot(t *testing.T) {
	dir := newDesk(t)
	must(t, dir, "do", "SaveAgent", "--json-in", file(t, "a.json", fmt.Sprintf(`{"Agent":{"name":"Vera","login":"vera","role":%d},"Password":"mirar y no tocar"}`, desk.ViewerRole)))
	t.Setenv("PUNTO_PASSWORD", "mirar y no tocar")
	_, err := run(t, dir, "import", "articles", file(t, "a.jsonl", `{"id":"1","title":"a","body":"b","lang":"es"}`), "--login", "vera")
	if app.CodeOf(err) != app.NotAllowed {
		t.Errorf("a viewer's import gave %v", err)
	}
}

const smallLog = `918284800|1|banca|NONE|ENTERQUEUE||5551
918284809|1|banca|ana|CONNECT|9|1
918284900|1|banca|ana|COMPLETECALLER|9|91|1
not a row
918284950|2|banca|NONE|ENTERQUEUE||5552
918285000|2|banca|NONE|ABANDON|1|1|50
`

func TestAnImportAccountsForEveryRowAndTwiceIsOnce(t *testing.T) {
	dir := newDesk(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, smallLog)
	_ = z.Close()
	log := file(t, "queue_log.gz", packed.String())
	args := []string{"import", "calls", "--format", "queue_log", "--zone", "Asia/Jerusalem", log, "--json"}
	a := read[account](t, must(t, dir, args...))
	if a.Rows != 6 || a.Imported != 2 || a.Known != 0 || a.Rejected != 1 {
		t.Errorf("the import gave %+v", a)
	}
	b, err := os.ReadFile(a.File)
	if err != nil || !strings.HasPrefix(string(b), "4\t") {
		t.Errorf("the file of rejected rows is %q, %v", b, err)
	}
	if again := read[account](t, must(t, dir, args...)); again.Imported != 0 || again.Known != 2 || again.Rejected != 1 {
		t.Errorf("the second import gave %+v", again)
	}
	for _, format := range []string{"cdr", "smdr", "tsv", "csv"} { // local times
		if _, err := run(t, dir, "import", "calls", "--format", format, log); err == nil || !strings.Contains(err.Error(), "zone") {
			t.Errorf("without a zone the import of %s gave %v", format, err)
		}
	}
}

// stopper is a desk that is interrupted after its first command.
type stopper struct {
	app.Desk
	stop context.CancelFunc
}

func (s stopper) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	defer s.stop()
	return s.Desk.Do(ctx, c)
}

func TestAnInterruptedImportKeepsWhatWentInAndGoesOnLater(t *testing.T) {
	d, err := host.Attach(t.Context(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	own := d.Owner(t.Context())
	if _, err := d.Do(own, app.CreateDesk{Name: "Minera", Zone: "America/Lima"}); err != nil {
		t.Fatal(err)
	}
	const calls = 2*perCommand + 10
	var log strings.Builder
	for i := range calls {
		fmt.Fprintf(&log, "%d|%d|q|NONE|ENTERQUEUE||5\n%d|%d|q|NONE|ABANDON|1|1|9\n", 918284800+i, i, 918284809+i, i)
	}
	ctx, stop := context.WithCancel(own)
	err = importEvents(ctx, stopper{d, stop}, phone.ReadQueueLog(strings.NewReader(log.String()), "q", nil), &account{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the interrupted import gave %v", err)
	}
	a := &account{}
	if err := importEvents(own, d, phone.ReadQueueLog(strings.NewReader(log.String()), "q", nil), a); err != nil || a.Known != perCommand || a.Imported != calls-perCommand {
		t.Errorf("the next import gave %+v, %v", a, err)
	}
}

func TestUsersComeInFromADirtyFile(t *testing.T) {
	dir := newDesk(t)
	users := file(t, "usuarios.csv", "\ufeffLegajo;Nombre completo;Sector;phones;vip\n"+
		"17;Rosa Quispe;Despacho;+51 1 555-4471, 4471;sí\n"+
		"18;Mu\xf1oz, Jos\xe9;Caja;;\n"+ // Windows-1252
		"19;;Caja;;\n"+
		"20;Sobra;Caja;;;;\n")
	m := file(t, "map.yaml", "separator: \";\"\ncolumns: {id: legajo, name: Nombre completo, area: Sector}\n")
	a := read[account](t, must(t, dir, "import", "people", "--map", m, users, "--json"))
	if a.Rows != 4 || a.Imported != 2 || a.Rejected != 2 {
		t.Errorf("the import gave %+v", a)
	}
	if b, _ := os.ReadFile(a.File); !strings.Contains(string(b), "4\t") || !strings.Contains(string(b), "5\t") {
		t.Errorf("the rejected rows are %q", b)
	}
	who := read[app.WhoAnswer](t, must(t, dir, "ask", "Who", "--json-in", file(t, "q.json", `{"Text":"4471"}`)))
	if len(who.People) != 1 || who.People[0].Area != "Despacho" || !who.People[0].Person.VIP || len(who.People[0].Person.Phones) != 2 {
		t.Errorf("4471 is %+v", who.People)
	}
	if out := must(t, dir, "search", "--kind", "person", "munoz"); !strings.Contains(out, "Muñoz, José") {
		t.Errorf("munoz is %q", out)
	}
	if again := read[account](t, must(t, dir, "import", "people", "--map", m, users, "--json")); again.Imported != 0 || again.Known != 2 {
		t.Errorf("the second import gave %+v", again)
	}
	for _, bad := range []string{"columns: {nombre: x}", "columns: {name: No hay}", "separator: '::'", "colums: {}"} {
		if _, err := run(t, dir, "import", "people", "--map", file(t, "m.yaml", bad), users); err == nil {
			t.Errorf("the map %q was taken", bad)
		}
	}
}

func TestAssetsComeInWithTheirSite(t *testing.T) {
	dir := newDesk(t)
	a := read[account](t, must(t, dir, "import", "assets", file(t, "a.csv", "tag,name,site\nPC-0042,Portátil,Planta norte\n,sin rótulo,\n"), "--json"))
	if a.Rows != 2 || a.Imported != 1 || a.Rejected != 1 {
		t.Errorf("the import gave %+v", a)
	}
	r := read[app.RecordsAnswer](t, must(t, dir, "ask", "Records", "--json-in", file(t, "q.json", fmt.Sprintf(`{"Type":%d}`, desk.SiteType))))
	if len(r.Sites) != 1 || r.Sites[0].Of.Name != "Planta norte" {
		t.Errorf("the sites are %+v", r.Sites)
	}
}

func TestArticlesAreFoundInABatchWithoutAccents(t *testing.T) {
	dir := newDesk(t)
	must(t, dir, "import", "articles", file(t, "a.jsonl", `{"id":"kb-1","title":"La impresión sale en blanco","body":"Cambie el tóner.","lang":"es"}
{"id":"kb-2","title":"Clave vencida","body":"Pida una nueva.","lang":"es"}
`))
	out := must(t, dir, "search", "--kind", "article", "--batch", file(t, "q.jsonl", `{"q":"impresion toner"}`))
	row := read[struct {
		Q    string
		Hits []app.Hit
	}](t, out)
	if row.Q != "impresion toner" || len(row.Hits) != 1 || row.Hits[0].Ref != "kb-1" {
		t.Errorf("the batch answered %s", out)
	}
	if out := must(t, dir, "search", "clave"); !strings.Contains(out, "kb-2") {
		t.Errorf("the search answered %q", out)
	}
}

func TestTheDoctorFindsAFolderSoundOrDamaged(t *testing.T) {
	dir := newDesk(t)
	must(t, dir, "import", "calls", "--zone", "Asia/Jerusalem", file(t, "queue_log", smallLog))
	d := read[host.Diagnosis](t, must(t, dir, "doctor", "--rebuild", "--json"))
	if !d.Sound || d.Events == 0 || len(d.Digest) != 64 || d.Rebuilt != "same" {
		t.Errorf("a sound folder gave %+v", d)
	}
	tables, err := filepath.Glob(filepath.Join(dir, "db", "MANIFEST"))
	if err != nil || len(tables) != 1 {
		t.Fatal(tables, err)
	}
	if err := os.Remove(tables[0]); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, dir, "doctor", "--json")
	if d := read[host.Diagnosis](t, out); err == nil || d.Sound || d.Fault == "" {
		t.Errorf("a folder without its MANIFEST gave %+v, %v", d, err)
	}
}

func TestTheDoctorWaitsForNobodyWhoHoldsTheFolder(t *testing.T) {
	dir := newDesk(t)
	d, err := host.Attach(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := run(t, dir, "doctor"); err == nil || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("a held folder gave %v: the process is to be named", err)
	}
	if out := must(t, dir, "ask", "Status"); !strings.Contains(out, "Minera Los Andes") {
		t.Errorf("the command line did not attach: %s", out)
	}
}

func TestTheBenchMeasuresAndLeavesNothing(t *testing.T) {
	dir := newDesk(t)
	ms := read[[]measure](t, must(t, dir, "bench", "--calls", "300", "--cases", "100", "--json"))
	for _, m := range ms {
		if m.N == 0 || m.P99 < m.P50 || m.P50 <= 0 && m.PerSecond <= 0 {
			t.Errorf("%+v is no measure", m)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "punto-bench-*")); len(ms) < 6 || left != nil {
		t.Errorf("%d measures; left behind: %v", len(ms), left)
	}
}

func TestTheFormatOfArticlesMayBeSaid(t *testing.T) {
	dir := newDesk(t)
	lines := file(t, "a.jsonl", `{"id":"kb-1","title":"Clave vencida","body":"Pida una nueva.","lang":"es"}`+"\n")
	if a := read[account](t, must(t, dir, "import", "articles", "--format", "jsonl", lines, "--json")); a.Imported != 1 {
		t.Errorf("the import gave %+v", a)
	}
	if _, err := run(t, dir, "import", "articles", "--format", "xml", lines); err == nil || !strings.Contains(err.Error(), "jsonl") {
		t.Errorf("another format gave %v", err)
	}
}

func TestAContractNamesTheCallsThatAreIts(t *testing.T) {
	dir := newDesk(t)
	if out := must(t, dir, "contract"); !strings.HasPrefix(out, "C-001  Minera Los Andes") {
		t.Errorf("the contracts are %q", out)
	}
	must(t, dir, "contract", "C-001", "--queues", "banca, mesa", "--numbers", "+56 2 555 0101")
	type contracts = []app.Named[desk.Contract]
	if c := read[contracts](t, must(t, dir, "contract", "C-001", "--json"))[0].Of; strings.Join(c.Queues, "|") != "banca|mesa" || len(c.Numbers) != 1 || len(c.Targets) == 0 {
		t.Errorf("the contract is %+v", c)
	}
	must(t, dir, "contract", "C-001", "--queues", "")
	if c := read[contracts](t, must(t, dir, "contract", "--json"))[0].Of; len(c.Queues) != 0 || len(c.Numbers) != 1 {
		t.Errorf("without queues the contract is %+v", c)
	}
	if _, err := run(t, dir, "contract", "C-009", "--queues", "x"); err == nil || !strings.Contains(err.Error(), "C-009") {
		t.Errorf("a contract that is none gave %v", err)
	}
}

// A call whose wait is not known was lost all the same, and after no short wait.
func TestTheLostCallsOfARealMonthAreLost(t *testing.T) {
	dir := newDeskIn(t, "UTC")
	must(t, dir, "import", "calls", "--format", "csv", "--map", "survey-calls", "--zone", "UTC", outside.Path(t, "survey-calls/2021-01.csv"))
	n := map[string]float64{}
	for _, x := range read[app.MonthAnswer](t, must(t, dir, "index", "--month", "2021-01", "--json")).Indices {
		n[x.ID] = x.Num
	}
	if n["offered"] != 1772 || n["abandoned"] != 317 || n["lost"] != 317 || n["short_abandon"] != 0 || n["wait_unknown"] != 317 {
		t.Errorf("of %v offered %v abandoned, %v short, %v waits unknown", n["offered"], n["abandoned"], n["short_abandon"], n["wait_unknown"])
	}
	if a := read[app.IndexRowsAnswer](t, must(t, dir, "index", "--month", "2021-01", "--rows", "offered", "--json")); len(a.Rows) != 1772 || a.Total != 1772 || a.Figure.Num != 1772 {
		t.Errorf("%d of %d rows are behind %v calls offered", len(a.Rows), a.Total, a.Figure.Num)
	}
	lines := strings.Split(strings.TrimSpace(must(t, dir, "index", "--month", "2021-01", "--rows", "abandoned", "--by", "weekday", "--key", "1")), "\n")
	if last := strings.Fields(lines[len(lines)-1]); last[0] != fmt.Sprint(len(lines)-2) || last[3] != last[0] {
		t.Errorf("%d lines end with %q", len(lines), last)
	}
	if out := must(t, dir, "index", "--month", "2021-01", "--by", "half_hour", "--index", "offered,backlog,wait_unknown"); !strings.Contains(out, "all        1772   0       0         1772     0        317") {
		t.Error(out)
	}
}

func TestTheVectorsOfBusinessTimePass(t *testing.T) {
	out := must(t, t.TempDir(), "clock", "vectors", outside.Path(t, "business-time/vectors.json"))
	if !strings.HasSuffix(strings.TrimSpace(out), " passed, 0 failed") || strings.Contains(out, "\n0 passed") {
		t.Error(out)
	}
}

func TestTheVectorsOfCallStatisticsPassOrAreListed(t *testing.T) {
	out := must(t, t.TempDir(), "calls", "vectors", outside.Path(t, "wazo-queue-stats/vectors.json"))
	if !strings.HasSuffix(strings.TrimSpace(out), " passed, 0 failed") || strings.Contains(out, "\n0 passed") {
		t.Error(out)
	}
}

func TestARealMonthGivesItsPublishedFigures(t *testing.T) {
	log := outside.Path(t, "technion-bank/1999-02.queue_log.gz")
	b, err := os.ReadFile(outside.Path(t, "technion-bank/figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := read[struct {
		Answered int                            `json:"answered"`
		InQueue  int                            `json:"hung_up_in_queue"`
		Offered  int                            `json:"offered_to_agents"`
		Wait     struct{ Mean, Median float64 } `json:"wait_answered"`
		Service  struct{ Mean float64 }         `json:"service"`
	}](t, string(b))
	dir := newDeskIn(t, "Asia/Jerusalem")
	args := []string{"import", "calls", "--format", "queue_log", "--zone", "Asia/Jerusalem", log, "--json"}
	if a := read[account](t, must(t, dir, args...)); a.Imported != want.Offered || a.Rejected != 0 {
		t.Errorf("the import gave %+v, want %d", a, want.Offered)
	}
	first := must(t, dir, "index", "--month", "1999-02", "--json")
	if a := read[account](t, must(t, dir, args...)); a.Imported != 0 || a.Known != want.Offered {
		t.Errorf("the second import gave %+v", a)
	}
	if second := must(t, dir, "index", "--month", "1999-02", "--json"); second != first {
		t.Error("importing twice changed the indices")
	}
	got := map[string]float64{}
	for _, x := range read[app.MonthAnswer](t, first).Indices {
		if x.Value != nil {
			got[x.ID] = *x.Value
		}
	}
	near := func(id string, have, want, within float64) {
		if math.Abs(have-want) > within {
			t.Errorf("%s is %v, want %v", id, have, want)
		}
	}
	near("established", got["established"], float64(want.Answered), 0)
	near("abandoned and short", got["abandoned"]+got["short_abandon"], float64(want.InQueue), 0)
	near("offered and short", got["offered"]+got["short_abandon"], float64(want.Offered), 0)
	near("asa", got["asa"], want.Wait.Mean, 0.00005)
	near("average_call_time", got["average_call_time"], want.Service.Mean, 0.0005)
}

func TestTheModelIsAFileThatIsCheckedTestedPublishedAndRolledBack(t *testing.T) {
	dir := newDeskIn(t, "America/Santiago")
	text := must(t, dir, "model", "export")
	was := file(t, "was.yaml", text)
	if out := must(t, dir, "model", "check", was); !strings.Contains(out, "0 wrong") {
		t.Errorf("the model in force is told to be wrong:\n%s", out)
	}
	bad := file(t, "bad.yaml", strings.Replace(text, "group: redes", "group: redez", 1))
	if out, err := run(t, dir, "model", "check", bad); err == nil || !strings.Contains(out, "redez") || !strings.Contains(out, "wrong  line") {
		t.Errorf("a bad model is checked as %q, %v", out, err)
	}
	if _, err := run(t, dir, "model", "import", bad); app.CodeOf(err) != app.Invalid {
		t.Errorf("a bad model is published: %v", err)
	}
	next := file(t, "next.yaml", strings.Replace(text, "reopen_days: 7", "reopen_days: 3", 1))
	if out := must(t, dir, "model", "diff", next); !strings.Contains(out, "~ contracts › C-001 › reopen_days: 7 → 3") {
		t.Errorf("the difference is\n%s", out)
	}
	must(t, dir, "model", "import", next)
	if out := must(t, dir, "model", "versions"); strings.Count(out, "\n") != 2 {
		t.Errorf("the versions are\n%s", out)
	}
	must(t, dir, "model", "import", file(t, "old.yaml", must(t, dir, "model", "export", "--version", "1")))
	if now := must(t, dir, "model", "export"); now != text {
		t.Errorf("rolled back it says\n%s", now)
	}
	one := file(t, "one.yaml", "punto: 1\nscenarios:\n  - name: uno\n    begin: 2026-03-02 09:00\n    steps:\n      - open: {category: red.enlace}\n        expect: {priority: 1, resolve_due: 2026-03-02 13:00}\n")
	if out := must(t, dir, "model", "test", one); !strings.Contains(out, "1 passed, 0 failed") {
		t.Errorf("the scenario ends with\n%s", out)
	}
	late := file(t, "late.yaml", strings.Replace(text, "resolve: 4h", "resolve: 6h", 1))
	if out, err := run(t, dir, "model", "test", one, "--model", late); err == nil || !strings.Contains(out, "15:00") {
		t.Errorf("the scenario of another model ends with %q, %v", out, err)
	}
	if out := must(t, dir, "model", "replay", late, "--month", "2026-01"); !strings.Contains(out, "0 cases") || !strings.Contains(out, "0 clocks end otherwise") {
		t.Errorf("an empty month is replayed as\n%s", out)
	}
}

func TestReportsOfTwoContractsStandSideBySide(t *testing.T) {
	dir, out := newDesk(t), t.TempDir()
	first := read[app.RecordsAnswer](t, must(t, dir, "ask", "Records", "--json-in", file(t, "q", `{"Type":9}`), "--json")).Contracts[0].Of
	second := first
	second.Code, second.Client, second.Queues, second.Ladders = "C-002", "Pesquera del Sur", []string{"sur"}, nil
	b, err := json.Marshal(app.SaveContract{Contract: second})
	if err != nil {
		t.Fatal(err)
	}
	must(t, dir, "do", "SaveContract", "--json-in", file(t, "c", string(b)))
	written := map[string]string{}
	for _, c := range []desk.Contract{first, second} {
		files := read[map[string]string](t, must(t, dir, "report", "--month", "2026-10", "--contract", c.Code, "--out", out, "--format", "html,csv", "--json"))
		written[c.Client] = files["html"]
	}
	for client, name := range written {
		if page, err := os.ReadFile(name); err != nil || !strings.Contains(string(page), client) {
			t.Errorf("%s is not the report of %s: %v", name, client, err)
		}
	}
	if all, _ := filepath.Glob(out + "/*"); len(all) != 4 {
		t.Errorf("two reports of two forms are %q", all)
	}
}
