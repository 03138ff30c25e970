package page

import (
	"errors"
	"unicode"
	"unicode/utf8"

	"punto/app"
	"punto/ui/words"
)

// Sentence is a failure in a language, as people write one.
func Sentence(w *words.Words, err error) string {
	switch code := app.CodeOf(err); code {
	case app.BadPassword, app.NotAllowed, app.NotSignedIn, app.Internal:
		return w.T("err." + string(code))
	}
	if known := (*app.Error)(nil); errors.As(err, &known) {
		if known.Code == app.Unavailable && known.Form == "" {
			return w.T("err.unavailable")
		}
		if said := w.Failure(known.Form, known.Args); said != "" {
			return capital(said)
		}
	}
	return capital(err.Error())
}

// capital begins a sentence as people write one; the engine's begin small.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
