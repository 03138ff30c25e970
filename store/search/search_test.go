package search

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(damagedEnv) != "" { // parts of scorch never end over damage
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

// small is a desk's worth of documents in three languages.
var small = []Doc{
	{Ref: "c1", Kind: KindCase, Lang: "es", Title: "La impresora de la señora Ibáñez no imprime", Body: "La impresora del segundo piso hace ruido y no saca las hojas. Se cambió el tóner.", Keys: []string{"B-4217-6"}},
	{Ref: "c2", Kind: KindCase, Lang: "es", Title: "Olvidó la contraseña del correo", Body: "No puede entrar al correo electrónico. Se restableció la contraseña y funcionó.", Keys: []string{"B-4218-3"}},
	{Ref: "c3", Kind: KindCase, Lang: "es", Title: "Teléfonos sin línea", Body: "Los teléfonos del área de señalización no tienen línea desde la mañana.", Keys: []string{"C-0042-1"}},
	{Ref: "c4", Kind: KindCase, Lang: "en", Title: "Cannot print from the second floor", Body: "The printers on the second floor are offline after the switches were replaced.", Keys: []string{"B-4301-9"}},
	{Ref: "c5", Kind: KindCase, Lang: "pt_BR", Title: "Impressão não funciona", Body: "As impressoras da recepção não imprimem. As configurações estão corretas.", Keys: []string{"B-4302-5"}},
	{Ref: "a1", Kind: KindArticle, Lang: "es", Title: "Cambiar el tóner de una impresora", Body: "Abra la tapa, retire el cartucho y coloque el nuevo."},
	{Ref: "a2", Kind: KindArticle, Lang: "pt", Title: "Redefinir a senha", Body: "Abra as configurações e escolha uma senha nova. Limpe os navegadores."},
	{Ref: "a3", Kind: KindArticle, Lang: "en", Title: "Resetting a forgotten password", Body: "Open the account page and follow the policies."},
	{Ref: "p1", Kind: KindPerson, Title: "Rosa Quispe Mamani", Body: "Contabilidad, sede La Paz", Keys: []string{"+591 2 278 4471", "4471", "rosa.quispe@cliente.example"}},
	{Ref: "p2", Kind: KindPerson, Title: "Rosa Ibáñez de la Cruz", Body: "Tesorería", Keys: []string{"+591 2 278 4520", "4520", "ribanez@cliente.example"}},
	{Ref: "p3", Kind: KindPerson, Title: "João Núñez", Body: "Contabilidad", Keys: []string{"+55 11 91234 5678", "(11) 3333-4471"}},
}

func smallIndex(t *testing.T) *Index {
	t.Helper()
	x := open(t, filepath.Join(t.TempDir(), "search"))
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := x.Put(t.Context(), small...); err != nil {
		t.Fatal(err)
	}
	return x
}

func ask(t *testing.T, x *Index, q Query) []string {
	t.Helper()
	hits, err := x.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	refs := make([]string, len(hits))
	for i, h := range hits {
		refs[i] = h.Ref
	}
	return refs
}

func TestWhatPeopleTypeFindsWhatTheyMean(t *testing.T) {
	x := smallIndex(t)
	for _, c := range []struct {
		story string
		q     Query
		first string
	}{
		{"plural for singular", Query{Text: "impresoras", Kinds: []string{KindCase}, Lang: "es"}, "c1"},
		{"singular for plural", Query{Text: "teléfono", Lang: "es"}, "c3"},
		{"no accents", Query{Text: "telefono linea"}, "c3"},
		{"ñ typed as n", Query{Text: "contrasena"}, "c2"},
		{"ñ typed as ñ", Query{Text: "contraseña"}, "c2"},
		{"capitals", Query{Text: "CONTRASEÑA DEL CORREO"}, "c2"},
		{"decomposed accents, as some keyboards send them", Query{Text: "sen\u0303alizacio\u0301n"}, "c3"},
		{"English plural", Query{Text: "printer", Lang: "en"}, "c4"},
		{"English -ies", Query{Text: "policy"}, "a3"},
		{"English verb form", Query{Text: "reset password"}, "a3"},
		{"Portuguese -ões", Query{Text: "configuracao", Lang: "pt", Kinds: []string{KindArticle}}, "a2"},
		{"Portuguese -ão without its tilde", Query{Text: "impressao"}, "c5"},
		{"Portuguese -es", Query{Text: "navegador"}, "a2"},
		{"stop words do not matter", Query{Text: "el tóner de las impresoras", Kinds: []string{KindArticle}}, "a1"},
		{"a slip of the finger", Query{Text: "contraseñs correo"}, "c2"},
		{"case number as printed", Query{Text: "B-4217-6"}, "c1"},
		{"case number without dashes", Query{Text: "b42176"}, "c1"},
		{"case number, its counter only", Query{Text: "4217"}, "c1"},
		{"case number with leading zeros", Query{Text: "C-0042-1"}, "c3"},
		{"case number within a sentence", Query{Text: "llaman otra vez por el caso B-4217-6"}, "c1"},
		{"telephone with spaces", Query{Text: "+591 2 278 4471"}, "p1"},
		{"telephone without spaces", Query{Text: "59122784471"}, "p1"},
		{"telephone without country and city", Query{Text: "278 4471"}, "p1"},
		{"telephone spaced otherwise", Query{Text: "5511 9123 45678"}, "p3"},
		{"extension", Query{Text: "4520"}, "p2"},
		{"e-mail", Query{Text: "rosa.quispe@cliente.example"}, "p1"},
		{"beginning of an e-mail", Query{Text: "ribanez@"}, "p2"},
		{"name being typed", Query{Text: "rosa qui", Kinds: []string{KindPerson}, Typing: true}, "p1"},
		{"name being typed, words turned round", Query{Text: "ibanez ros", Kinds: []string{KindPerson}, Typing: true}, "p2"},
		{"name with a particle that is a stop word elsewhere", Query{Text: "de la Cruz", Kinds: []string{KindPerson}}, "p2"},
		{"extension being typed", Query{Text: "452", Kinds: []string{KindPerson}, Typing: true}, "p2"},
		{"article word being typed", Query{Text: "cambiar ton", Kinds: []string{KindArticle}, Typing: true}, "a1"},
	} {
		t.Run(c.story, func(t *testing.T) {
			got := ask(t, x, c.q)
			if len(got) == 0 || got[0] != c.first {
				t.Errorf("%q: %v, want %s first", c.q.Text, got, c.first)
			}
		})
	}
}

func TestAccentsMakeNoDifferenceToTheWholeAnswer(t *testing.T) {
	x := smallIndex(t)
	for _, q := range []string{"teléfonos sin línea en señalización", "impressão não funciona", "Núñez", "tóner", "João"} {
		typed, bare := ask(t, x, Query{Text: q}), ask(t, x, Query{Text: fold(q)})
		if len(typed) == 0 || !slices.Equal(typed, bare) {
			t.Errorf("%q finds %v, without accents %v", q, typed, bare)
		}
	}
}

func TestOnlyWhatWasAskedForIsAnswered(t *testing.T) {
	x := smallIndex(t)
	for _, c := range []struct {
		story string
		q     Query
		want  []string
	}{
		{"a whole name hides those that fit in part", Query{Text: "rosa qui", Kinds: []string{KindPerson}, Typing: true}, []string{"p1"}},
		{"one kind", Query{Text: "tóner", Kinds: []string{KindArticle}}, []string{"a1"}},
		{"one language", Query{Text: "senha configurações", Lang: "pt_BR"}, []string{"a2", "c5"}},
		{"a number of another kind", Query{Text: "4217", Kinds: []string{KindPerson}}, nil},
		{"nothing that was ever written", Query{Text: "xylophone"}, nil},
		{"no words", Query{Text: " -- "}, nil},
		{"nothing", Query{}, nil},
		{"a kind nobody has", Query{Text: "impresora", Kinds: []string{"asset"}}, nil},
	} {
		t.Run(c.story, func(t *testing.T) {
			if got := ask(t, x, c.q); !slices.Equal(got, c.want) {
				t.Errorf("%q: %v, want %v", c.q.Text, got, c.want)
			}
		})
	}
}

func TestPagesOfAnAnswerFollowEachOther(t *testing.T) {
	x := smallIndex(t)
	q := Query{Text: "impresora contraseña teléfonos tóner señora"}
	all := ask(t, x, q)
	if len(all) < 4 {
		t.Fatalf("too few hits to page through: %v", all)
	}
	var paged []string
	for off := 0; off < len(all); off += 2 {
		paged = append(paged, ask(t, x, Query{Text: q.Text, Limit: 2, Offset: off})...)
	}
	if !slices.Equal(all, paged) {
		t.Errorf("pages %v, whole %v", paged, all)
	}
}

func TestHitsShowWhereTheWordsStand(t *testing.T) {
	x := smallIndex(t)
	hits, err := x.Query(t.Context(), Query{Text: "contrasenas restablecer correos", Kinds: []string{KindCase}})
	if err != nil || len(hits) == 0 {
		t.Fatal(hits, err)
	}
	h := hits[0]
	if h.Ref != "c2" || h.Title != "Olvidó la contraseña del correo" || h.Kind != KindCase || h.Lang != Spanish {
		t.Errorf("hit %+v", h)
	}
	if len(h.Fragments) == 0 {
		t.Fatal("no fragments")
	}
	var marked []string
	for _, f := range h.Fragments {
		for _, m := range f.Marks {
			marked = append(marked, f.Text[m[0]:m[1]])
		}
	}
	if !slices.Equal(marked, []string{"correo", "restableció", "contraseña"}) {
		t.Errorf("marked %q in %+v", marked, h.Fragments)
	}
}

func TestSimilarCasesAreProposedAndOthersAreNot(t *testing.T) {
	x := smallIndex(t)
	text := "no imprime la impresora del segundo piso"
	hits, err := x.Similar(t.Context(), text, "", Query{Kinds: []string{KindCase}, Lang: "es"})
	if err != nil || len(hits) != 1 || hits[0].Ref != "c1" {
		t.Fatalf("%+v, %v", hits, err)
	}
	if hits[0].Likeness < 0.9 {
		t.Errorf("likeness %.2f of a case that holds every word", hits[0].Likeness)
	}
	for story, ask := range map[string]struct{ text, except string }{
		"itself is left out":        {text, "c1"},
		"one word says too little":  {"impresora", ""},
		"something else altogether": {"instalar proyector sala reuniones viernes", ""},
	} {
		hits, err := x.Similar(t.Context(), ask.text, ask.except, Query{Kinds: []string{KindCase}, Lang: "es"})
		if err != nil || len(hits) != 0 {
			t.Errorf("%s: %+v, %v", story, hits, err)
		}
	}
}

func TestBoostLiftsADocument(t *testing.T) {
	x := smallIndex(t)
	q := Query{Text: "rosa", Kinds: []string{KindPerson}}
	first := ask(t, x, q)[0]
	for _, d := range small {
		if d.Ref != first && (d.Ref == "p1" || d.Ref == "p2") {
			d.Boost = 10
			if err := x.Put(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	}
	if now := ask(t, x, q)[0]; now == first {
		t.Errorf("%s is still first", first)
	}
}
