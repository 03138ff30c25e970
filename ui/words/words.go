// Package words holds every text that the window shows, in Spanish, English and
// Portuguese, with plural forms. The language can be switched while the window is
// open.
//
// A capability brings its texts in one file of its own here, such as month.json:
//
//	"month.state": {"es": "Estado", "en": "State", "pt": "Estado"},
//	"%q is not a month": {"es": "«%s» no es un mes", "pt": "«%s» não é um mês"}
//
// The first is a text of the window by its id: all three languages have it, plural
// forms in the place of a text where it counts. The second is a sentence of the engine
// by its form in English, or a word that fills a place in one.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// text is one text by language.
type text map[string]forms

// forms are the plural forms of a text: "one", "many", "other"; a text that does not
// count has "other" alone.
type forms map[string]string

// UnmarshalJSON takes a text, or an object of plural forms.
func (f *forms) UnmarshalJSON(b []byte) error {
	var one string
	if err := json.Unmarshal(b, &one); err == nil {
		*f = forms{"other": one}
		return nil
	}
	return json.Unmarshal(b, (*map[string]string)(f))
}

// texts are those of all files, by id or by sentence.
var texts = sync.OnceValues(func() (map[string]text, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]text{}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		of := map[string]text{}
		if err := json.Unmarshal(b, &of); err != nil {
			return nil, fmt.Errorf("read the words in %s: %w", name, err)
		}
		for key, t := range of {
			if _, ok := all[key]; ok {
				return nil, fmt.Errorf("read the words in %s: %q is in another file too", name, key)
			}
			all[key] = t
		}
	}
	return all, nil
})

// Languages are those that are complete.
func Languages() []string { return []string{"es", "en", "pt"} }

// Words gives texts in one language. Make it with New; it is not written after.
type Words struct {
	Lang string
	loc  *i18n.Localizer
	all  map[string]text
}

// New reads the texts. "pt-BR" and the like count as their language; an unknown one
// is Spanish.
func New(lang string) (*Words, error) {
	if len(lang) > 2 {
		lang = lang[:2]
	}
	if !slices.Contains(Languages(), lang) {
		lang = "es"
	}
	all, err := texts()
	if err != nil {
		return nil, err
	}
	tag := language.Make(lang)
	b := i18n.NewBundle(tag)
	for id, t := range all {
		f := t[lang]
		if f == nil {
			continue
		}
		if err := b.AddMessages(tag, &i18n.Message{ID: id, One: f["one"], Many: f["many"], Other: f["other"]}); err != nil {
			return nil, fmt.Errorf("read the words %q: %w", id, err)
		}
	}
	return &Words{Lang: lang, loc: i18n.NewLocalizer(b, lang), all: all}, nil
}

// Failure says a sentence of the engine in this language: its form, and what
// fills its places; "" when it is not known.
func (w *Words) Failure(form string, args []string) string {
	if w.Lang == "en" {
		return ""
	}
	s := w.all[form][w.Lang]["other"]
	if s == "" {
		return ""
	}
	fill := make([]any, len(args))
	for i, a := range args {
		if said := w.all[a][w.Lang]["other"]; said != "" {
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
