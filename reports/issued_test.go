package reports

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A report has the parts that its definition names, in their order, and says on which page
// each begins.
func TestAReportHasTheChosenParts(t *testing.T) {
	m := sample()
	m.Comments = []Comment{{Part: "follow", Text: "Redes tuvo un turno menos.", Author: "Lucía Ferrer", At: time.Date(2026, 11, 2, 5, 30, 0, 0, time.UTC)}}
	m.Changes = []Change{{ID: "offered", Name: "Llamadas ofrecidas", Was: ptr(8412.0), Is: ptr(8420.0)}, {ID: "csat", Name: "Satisfacción", Is: ptr(4.4), Unit: Score}}
	all, pages, err := Begins(m)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := Pages(m); n != pages || all["summary"] != 1 || all["annex"] <= all["comments"] || all["comments"] < all["follow"] {
		t.Errorf("%v on %d pages, and Pages says %d", all, pages, n)
	}
	for id, want := range map[string]bool{"annex": true, "cases": true, "comments": true, "indices": true, "demand": true} {
		if (all[id] > 0) != want {
			t.Errorf("%s begins on page %d", id, all[id])
		}
	}
	for _, x := range []struct {
		parts []string
		first string
		pages int
	}{{[]string{"summary"}, "summary", 2}, {[]string{"cases", "summary", "cases", "of a newer version"}, "cases", 3}, {[]string{"comments"}, "comments", 1}, {[]string{"indices", "summary"}, "indices", 3}, {[]string{"nothing"}, "summary", pages}} {
		m.Parts = x.parts
		at, n, err := Begins(m)
		if err != nil || at[x.first] != 1 || n != x.pages {
			t.Errorf("%v: %v on %d pages, %v", x.parts, at, n, err)
		}
		var a, b bytes.Buffer
		if err := WritePDF(&a, m); err != nil {
			t.Errorf("%v: %v", x.parts, err)
		}
		if _ = WritePDF(&b, m); !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%v: two files differ", x.parts)
		}
	}
}

// What an analyst says, and what a revision changed, stand on paper and in the tables.
func TestCommentsAndChangesArePrinted(t *testing.T) {
	m := sample()
	m.Revision = 2
	m.Comments = []Comment{{Part: "", Text: "Un mes con feriado.", Author: "Lucía Ferrer"}, {Part: "follow", Text: "=Redes tuvo un turno menos.", Author: "Lucía Ferrer"}}
	m.Changes = []Change{{ID: "offered", Name: "Llamadas ofrecidas", Was: ptr(8412.0), Is: ptr(8420.0)}}
	var said []string
	for _, s := range layout(m) {
		for _, o := range s.Ops {
			if o.Text != nil {
				said = append(said, o.Text.S)
			}
		}
	}
	paper := strings.Join(said, "\n")
	for _, want := range []string{"Comentarios del analista", "Todo el informe · Lucía Ferrer: Un mes con feriado.", "turno menos", "Qué cambia en la revisión 2", "8412", "8420"} {
		if !strings.Contains(paper, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	all, err := Tables(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"comments", "changes"} {
		if !slices.ContainsFunc(all, func(x Table) bool { return x.ID == id && len(x.Rows) > 0 }) {
			t.Errorf("there is no table of %s", id)
		}
	}
	var csv bytes.Buffer
	for _, x := range all {
		if x.ID == "comments" {
			_ = WriteCSV(&csv, x, "es")
		}
	}
	if !strings.Contains(csv.String(), "'=Redes") {
		t.Errorf("a comment is a formula: %s", csv.String())
	}
}

// Whatever parts a report has, in whatever order, of a month, a week or a day, no text lies
// on another, and what was said and what changes is never left out.
func TestPartsInAnyOrderDoNotOverlap(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("PUNTO_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("PUNTO_SEED=%d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	var ids []string
	for _, p := range Parts("es") {
		ids = append(ids, p.ID)
	}
	tries := [][]string{{"summary", "comments"}, {"summary", "demand", "comments"}, {"summary", "indices"}, {"demand", "indices", "comments"}, {"cases", "indices"}}
	for range 5 {
		order := rnd.Perm(len(ids))[:1+rnd.IntN(len(ids))]
		var parts []string
		for _, i := range order {
			parts = append(parts, ids[i])
		}
		tries = append(tries, parts)
	}
	for i, parts := range tries {
		m := sample()
		m.Parts, m.Span, m.Lang, m.Revision = parts, []Span{OfMonth, OfWeek, OfDay}[i%3], []string{"es", "en", "pt"}[rnd.IntN(3)], 2
		m.Comments = []Comment{{Part: "follow", Text: strings.Repeat("Redes tuvo un turno menos. ", 20), Author: "Lucía Ferrer", At: m.IssuedAt}}
		m.Changes = []Change{{ID: "offered", Name: "Llamadas ofrecidas", Was: ptr(8412.0), Is: ptr(8420.0)}}
		for n := len(m.Frequent); n < 40; n++ {
			m.Frequent = append(m.Frequent, Count{Name: "Motivo " + strconv.Itoa(n), N: 1})
		}
		said, led := false, false
		for n, s := range layout(m) {
			checkTexts(t, strings.Join(parts, " "), n, s)
			for _, op := range s.Ops {
				led = led || op.Text != nil && op.Text.S == m.language().t("whole list")
				said = said || op.Text != nil && strings.Contains(op.Text.S, "turno menos")
			}
		}
		if !said {
			t.Errorf("%v: the comment is left out", parts)
		}
		if led && !slices.Contains(parts, "reasons") {
			t.Errorf("%v: it leads to an annex that is not there", parts)
		}
	}
}
