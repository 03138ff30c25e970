package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"punto/app"
	"punto/app/desk"
)

// rejected are the rows of the file beside the desk: line and reason.
func rejected(t *testing.T, a account) (rows [][]string) {
	t.Helper()
	f, err := os.Open(a.File)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	if rows, err = r.ReadAll(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestABadRowOfUsersTakesNoOtherWithIt(t *testing.T) {
	dir := newDesk(t)
	var text strings.Builder
	text.WriteString("id,name,area\n1,Ana,Caja\n\n\r\n")                                                      // lines 1 to 4
	fmt.Fprintf(&text, "2,\"%s\",Caja\n", strings.Repeat("x", 10<<20))                                        // 5: a cell of 10 MB
	text.WriteString("3,\"Eva,Caja\n4,Leo,Caja\n")                                                            // 6: a quote that is not closed
	text.WriteString("5\x00,Luz,Caja\n=6,@Sol,Caja\n")                                                        // 8: a zero byte
	fmt.Fprintf(&text, "7,%s,Caja\n8,%s,Caja\n", strings.Repeat("y", desk.MaxLine), strings.Repeat("z", 501)) // 11: too long
	text.WriteString("9,Ivo,Caja")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(text.String())); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	a := read[account](t, must(t, dir, "import", "people", file(t, "u.csv.gz", packed.String()), "--json"))
	if a.Rows != 9 || a.Imported != 5 || a.Rejected != 4 {
		t.Errorf("the import gave %+v", a)
	}
	var lines []string
	for _, r := range rejected(t, a) {
		lines = append(lines, r[0])
		if len(r) != 2 || len(r[1]) < 10 || len(r[1]) > 300 {
			t.Errorf("the reason is %.300q", r)
		}
	}
	if got := strings.Join(lines, " "); got != "5 6 8 11" {
		t.Errorf("rejected are the lines %s", got)
	}
}

func TestAFileOfEmptyLinesHasNoRows(t *testing.T) {
	dir := newDesk(t)
	a := read[account](t, must(t, dir, "import", "people", file(t, "u.csv", "name\n"+strings.Repeat("\r\n\n", 100_000)), "--json"))
	if a.Rows != 0 || a.Imported != 0 || a.Rejected != 0 {
		t.Errorf("the import gave %+v", a)
	}
}

func TestAFileOfExcelInUTF16IsRead(t *testing.T) {
	dir := newDesk(t)
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("id\tname\r\n1\tÑusta\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := read[account](t, must(t, dir, "import", "people", "--map", file(t, "m.yaml", "separator: \"\\t\"\n"), file(t, "u.txt", string(b)), "--json"))
	if a.Rows != 1 || a.Imported != 1 {
		t.Errorf("the import gave %+v", a)
	}
}

func TestReasonsAreNoFormulas(t *testing.T) {
	dir := newDesk(t)
	a := read[account](t, must(t, dir, "import", "calls", "--zone", "America/Lima", file(t, "q", "=1+1|x|q|a|ENTERQUEUE\n4102444800|1|q|NONE|ENTERQUEUE||1\n9999999999|2|q|NONE|ENTERQUEUE||1\n"), "--json"))
	if a.Rows != 3 || a.Imported != 1 || a.Rejected != 2 {
		t.Errorf("the import gave %+v", a)
	}
	for _, r := range rejected(t, a) {
		if strings.ContainsAny(r[1][:1], "=+-@\t") {
			t.Errorf("%q", r)
		}
	}
}

func TestABadArticleTakesNoOtherWithIt(t *testing.T) {
	dir := newDesk(t)
	long := `{"id":"3","title":"x","body":"` + strings.Repeat("a", desk.MaxBody+1) + "\"}\n"
	huge := `{"id":"4","title":"x","body":"` + strings.Repeat("a", 10<<20) + "\"}\n"
	a := read[account](t, must(t, dir, "import", "articles", file(t, "a.jsonl", `{"id":"1","title":"Uno","body":"b"}`+"\n\nno JSON\n"+long+huge+`{"id":"2","title":"Dos","body":"b"}`), "--json"))
	if a.Rows != 5 || a.Imported != 2 || a.Rejected != 3 {
		t.Errorf("the import gave %+v", a)
	}
	var lines []string
	for _, r := range rejected(t, a) {
		lines = append(lines, r[0])
	}
	if got := strings.Join(lines, " "); got != "3 5 4" && got != "3 4 5" {
		t.Errorf("rejected are the lines %s", got)
	}
}

func TestCasesOfAnotherAgeAreRejectedWithTheirLine(t *testing.T) {
	dir := newDesk(t)
	m := file(t, "m.yaml", "layouts: [\"2006-01-02 15:04\"]\ncase: id\ntime: at\nactivity: [what]\nsubject: about\nmeans: {new: opened, done: resolved}\n")
	log := file(t, "c.csv", "id,at,what,about\n1,2026-11-02 09:00,new,a\n2,2900-01-01 00:00,new,b\n3,1800-01-01 00:00,new,c\n4,2026-11-02 09:00,new,"+strings.Repeat("x", 501)+"\n1,2026-11-02 10:00,done,a\n")
	a := read[account](t, must(t, dir, "import", "cases", "--map", m, "--zone", "America/Lima", log, "--json"))
	if a.Rows != 5 || a.Imported != 2 || a.Rejected != 3 || a.Cases != 1 {
		t.Errorf("the import gave %+v", a)
	}
	if c := read[app.CasesAnswer](t, must(t, dir, "ask", "Cases", "--json-in", file(t, "q.json", `{"By":"opened"}`))); len(c.Rows) != 1 {
		t.Errorf("%d cases are listed", len(c.Rows))
	}
}
