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

//go:embed *.json
var files embed.FS

// Languages are those that are complete.
func Languages() []string { return []string{"es", "en", "pt"} }

// Words gives texts in one language. Make it with New; it is not written after.
type Words struct {
	Lang string
	loc  *i18n.Localizer
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
	return &Words{Lang: lang, loc: i18n.NewLocalizer(b, lang, "es")}, nil
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
