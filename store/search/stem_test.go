package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestFormsOfAWordHaveOneStem(t *testing.T) {
	langs, err := newLanguages()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang  string
		forms string
	}{
		{"es", "impresora impresoras"},
		{"es", "teléfono teléfonos Telefono TELÉFONOS"},
		{"es", "luz luces"},
		{"es", "mes meses"},
		{"es", "imprimir imprime imprimen imprimió imprimiendo imprimido"},
		{"es", "configurar configuración configuraciones configurado configurada configurando"},
		{"es", "bloquear bloqueado bloqueada bloqueos"},
		{"es", "contraseña contraseñas contrasena"},
		{"pt", "impressora impressoras"},
		{"pt", "configuração configurações configurar configurado configurando configuracao"},
		{"pt", "navegador navegadores"},
		{"pt", "imprimir imprime imprimem imprimiu imprimindo"},
		{"pt", "papel papéis"},
		{"en", "printer printers"},
		{"en", "policy policies"},
		{"en", "box boxes"},
		{"en", "install installed installing installs"},
		{"en", "stop stopped stopping stops"},
		{"en", "save saved saving saves"},
	} {
		l := langs.of(c.lang)
		var stems []string
		for _, f := range strings.Fields(c.forms) {
			stems = append(stems, l.stem(fold(f)))
		}
		slices.Sort(stems)
		if got := slices.Compact(stems); len(got) != 1 {
			t.Errorf("%s: %s have the stems %v", c.lang, c.forms, got)
		}
	}
}

func TestWordsOfDifferentMeaningKeepTheirStems(t *testing.T) {
	langs, err := newLanguages()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, a, b string }{
		{"es", "correo", "correcto"}, {"es", "red", "rueda"}, {"es", "monitor", "monto"}, {"es", "pantalla", "planta"},
		{"es", "impresora", "impresion"}, {"pt", "senha", "senhor"}, {"pt", "papel", "papelaria"},
		{"en", "word", "work"}, {"en", "access", "accent"},
	} {
		if l := langs.of(c.lang); l.stem(c.a) == l.stem(c.b) {
			t.Errorf("%s: %q and %q have one stem, %q", c.lang, c.a, c.b, l.stem(c.a))
		}
	}
}

func TestKeysHaveTheFormsInWhichTheyAreAsked(t *testing.T) {
	for _, c := range []struct {
		key, forms string
	}{
		{"B-4217-6", "2176 4217 42176 b42176"},
		{"4471", "4471"},
		{"Ana.Pérez@x.org", "ana anaperezxorg org perez"},
		{" - ", ""},
		{"", ""},
	} {
		got := keyForms(c.key)
		slices.Sort(got)
		if strings.Join(got, " ") != c.forms {
			t.Errorf("%q has the forms %v, want %s", c.key, got, c.forms)
		}
	}
}

func TestLanguageIsGuessedFromTheCommonestWords(t *testing.T) {
	langs, err := newLanguages()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"No puedo entrar al correo desde la mañana, y el teléfono tampoco":         Spanish,
		"The printer on the second floor is not working and it will not turn on":   English,
		"Não consigo entrar no sistema e a impressora também não está funcionando": Portuguese,
		"": Spanish,
	} {
		if got := langs.guess(split(text)).code; got != want {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}

// Folding, cutting into words and stemming hold whatever is typed. rapid
// prints the seed of a failure.
func TestAnalysisHoldsForAnyText(t *testing.T) {
	langs, err := newLanguages()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zñáéíóúüãõç' .@0-9-]{0,60}`)).Draw(t, "text")
		if f := fold(s); fold(f) != f {
			t.Fatalf("fold is not settled: %q, %q", f, fold(f))
		}
		end := 0
		for _, w := range split(s) {
			if w.start < end || w.end <= w.start || w.end > len(s) || w.text == "" || len(w.text) > longestWord {
				t.Fatalf("word %+v of %q", w, s)
			}
			end = w.end
			for _, l := range []*language{langs.es, langs.en, langs.pt} {
				if st := l.stem(w.text); st == "" {
					t.Fatalf("%s: %q has no stem", l.code, w.text)
				}
			}
		}
		keyForms(s)
		for _, k := range askedKeys(s, true) {
			if strings.ContainsFunc(k.text, unicode.IsSpace) {
				t.Fatalf("key %q of %q", k.text, s)
			}
		}
	})
}

func TestTogetherCountsNeighbours(t *testing.T) {
	for _, c := range []struct {
		a, b          []uint64
		ordered, near uint64
	}{
		{[]uint64{1}, []uint64{2}, 1, 1},
		{[]uint64{2}, []uint64{1}, 0, 1},
		{[]uint64{1}, []uint64{8}, 0, 1},
		{[]uint64{1}, []uint64{9}, 0, 0},
		{[]uint64{9}, []uint64{1}, 0, 0},
		{[]uint64{1, 20}, []uint64{2, 21}, 2, 2},
		{[]uint64{3}, nil, 0, 0},
		{nil, []uint64{3}, 0, 0},
		{[]uint64{1, 5, 50}, []uint64{3, 6, 51}, 2, 3},
	} {
		if o, n := together(c.a, c.b, 8); o != c.ordered || n != c.near {
			t.Errorf("%v, %v: %d in order, %d near; want %d, %d", c.a, c.b, o, n, c.ordered, c.near)
		}
	}
}
