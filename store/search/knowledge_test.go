package search

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"punto/packaging/outside"
)

type helpPage struct{ ID, Lang, Title, Body string }

type judged struct {
	Q      string
	Expect []string
}

func jsonLines[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var out []T
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// helpIndex holds the Spanish pages of one project's help as articles.
func helpIndex(t *testing.T, path string) *Index {
	t.Helper()
	x := open(t, filepath.Join(t.TempDir(), "search"))
	t.Cleanup(func() { x.Close() })
	var docs []Doc
	for _, p := range jsonLines[helpPage](t, path) {
		if p.Lang == Spanish {
			docs = append(docs, Doc{Ref: p.ID, Kind: KindArticle, Lang: p.Lang, Title: p.Title, Body: p.Body})
		}
	}
	if err := x.Put(t.Context(), docs...); err != nil {
		t.Fatal(err)
	}
	return x
}

// hitAt is the share of questions with an expected page among the first 1 and
// 5 hits.
func hitAt(t *testing.T, x *Index, questions []judged) (at1, at5 float64) {
	t.Helper()
	for _, q := range questions {
		hits, err := x.Query(t.Context(), Query{Text: q.Q, Kinds: []string{KindArticle}, Lang: Spanish, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		expected := make(map[string]bool)
		for _, e := range q.Expect {
			expected[e] = true
		}
		for i, h := range hits {
			if expected[h.Ref] {
				at5++
				if i == 0 {
					at1++
				}
				break
			}
		}
	}
	n := float64(len(questions))
	return at1 / n, at5 / n
}

func TestRealHelpPagesAreFoundBetterThanByPlainBM25(t *testing.T) {
	dir := outside.Path(t, "knowledge-search")
	for _, c := range []struct {
		name, docs, questions string
		floor                 float64 // hit@5 of a plain BM25
	}{
		{"GNOME", "gnome_help.jsonl.gz", "queries_gnome.jsonl", 0.920},
		{"LibreOffice", "libreoffice_help.jsonl.gz", "queries_libreoffice.jsonl", 0.759},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := helpIndex(t, dir+"/"+c.docs)
			questions := jsonLines[judged](t, dir+"/"+c.questions)
			at1, at5 := hitAt(t, x, questions)
			t.Logf("%d questions: hit@1 %.4f, hit@5 %.4f (plain BM25 %.3f)", len(questions), at1, at5, c.floor)
			if at5 <= c.floor {
				t.Errorf("hit@5 %.4f is not above %.3f", at5, c.floor)
			}
			for i, half := range halves(questions) {
				_, h5 := hitAt(t, x, half)
				t.Logf("half %d (%d questions): hit@5 %.4f", i+1, len(half), h5)
			}
			bare := make([]judged, len(questions))
			for i, q := range questions {
				bare[i] = judged{fold(q.Q), q.Expect}
			}
			b1, b5 := hitAt(t, x, bare)
			if b1 != at1 || b5 != at5 {
				t.Errorf("typed without accents: hit@1 %.4f, hit@5 %.4f differ from %.4f, %.4f", b1, b5, at1, at5)
			}
		})
	}
}

// halves deals the questions alternately.
func halves(q []judged) (out [2][]judged) {
	for i, v := range q {
		out[i%2] = append(out[i%2], v)
	}
	return out
}

// A cross-check that needs no judged questions: the title of each page, asked
// of an index of the bodies alone, is to find its page, and to find it better
// with stems than without, in each language.
func TestTitlesFindTheirPagesBetterWithStems(t *testing.T) {
	dir := outside.Path(t, "knowledge-search")
	pages := jsonLines[helpPage](t, dir+"/gnome_help.jsonl.gz")
	for lang, code := range map[string]string{"es": Spanish, "en": English, "pt_BR": Portuguese} {
		stemmed := titlesFound(t, pages, lang, nil)
		bare := titlesFound(t, pages, lang, func(x *Index) {
			x.langs.of(code).stem = func(w string) string { return w }
		})
		t.Logf("%s: hit@5 %.4f with stems, %.4f without", lang, stemmed, bare)
		if stemmed <= bare {
			t.Errorf("%s: stems do not help: hit@5 %.4f with, %.4f without", lang, stemmed, bare)
		}
	}
}

func titlesFound(t *testing.T, pages []helpPage, lang string, change func(*Index)) float64 {
	t.Helper()
	x := open(t, filepath.Join(t.TempDir(), "search"))
	defer x.Close()
	if change != nil {
		change(x)
	}
	var bodies []Doc
	for _, p := range pages {
		if p.Lang == lang {
			bodies = append(bodies, Doc{Ref: p.ID, Kind: KindArticle, Lang: lang, Body: p.Body})
		}
	}
	if err := x.Put(t.Context(), bodies...); err != nil {
		t.Fatal(err)
	}
	var n, found float64
	for _, p := range pages {
		if p.Lang != lang {
			continue
		}
		n++
		hits, err := x.Query(t.Context(), Query{Text: p.Title, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			if h.Ref == p.ID {
				found++
			}
		}
	}
	return found / n
}
