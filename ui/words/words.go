// Package words holds every text that the window shows, in Spanish, English and
// Portuguese, with plural forms. Spanish is complete and stands in where another
// language lacks a text. The language can be switched while the window is open.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json errors/errors.json
var files embed.FS

// failures are the sentences of the engine, which speaks English, by form and
// language; also the few words that fill their places.
func failures() (map[string]map[string]string, error) {
	b, err := files.ReadFile("errors/errors.json")
	if err != nil {
		return nil, err
	}
	m := map[string]map[string]string{}
	return m, json.Unmarshal(b, &m)
}

// Languages are those that are complete.
func Languages() []string { return []string{"es", "en", "pt"} }

// Words gives texts in one language. Make it with New; it is not written after.
type Words struct {
	Lang string
	loc  *i18n.Localizer
	errs map[string]map[string]string
}

// New reads the catalogue. "pt-BR" and the like count as their language; an
// unknown one is Spanish.
func New(lang string) (*Words, error) {
	b := i18n.NewBundle(language.Spanish)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, l := range Languages() {
		if _, err := b.LoadMessageFileFS(files, l+".json"); err != nil {
			return nil, fmt.Errorf("read the words in %q: %w", l, err)
		}
	}
	if len(lang) > 2 {
		lang = lang[:2]
	}
	if !slices.Contains(Languages(), lang) {
		lang = "es"
	}
	errs, err := failures()
	if err != nil {
		return nil, fmt.Errorf("read the words of failures: %w", err)
	}
	return &Words{Lang: lang, loc: i18n.NewLocalizer(b, lang, "es"), errs: errs}, nil
}

// Failure says a sentence of the engine in this language: its form, and what
// fills its places; "" when it is not known.
func (w *Words) Failure(form string, args []string) string {
	if w.Lang == "en" {
		return ""
	}
	s := w.errs[form][w.Lang]
	if s == "" {
		return ""
	}
	fill := make([]any, len(args))
	for i, a := range args {
		if said := w.errs[a][w.Lang]; said != "" {
			a = said
		}
		fill[i] = a
	}
	return fmt.Sprintf(s, fill...)
}

// T is the text of an id. Pairs fill its places: T("saved", "At", "10:14").
// An id that is nowhere comes back as itself; a test refuses such a one.
func (w *Words) T(id string, pairs ...any) string {
	return w.text(&i18n.LocalizeConfig{MessageID: id, TemplateData: data(pairs)}, id)
}

// N is T with the plural form of n, which also fills the place N.
func (w *Words) N(id string, n int, pairs ...any) string {
	d := data(pairs)
	d["N"] = n
	return w.text(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: d}, id)
}

func (w *Words) text(c *i18n.LocalizeConfig, id string) string {
	s, err := w.loc.Localize(c)
	if err != nil && s == "" {
		return id
	}
	return s
}

func data(pairs []any) map[string]any {
	d := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		d[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return d
}
