package page

import (
	"context"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/words"
)

// Host is the window, as far as a page may know of it.
type Host interface {
	Asker
	Navigator
	Line
	Screen
	Liker
}

// Asker puts questions and commands to the desk as whoever is signed in. It never
// waits: the functions that it is given run later, on Fyne's goroutine.
type Asker interface {
	// Ask gives use the answer; where there is none it says so in the action bar
	// and runs failed. Both may be nil. ctx is Session or made of it; when it has
	// ended nobody waits for the answer any more, and neither runs.
	Ask(ctx context.Context, q app.Query, use func(app.Answer), failed func())
	// Do carries a command out; where it was not done it runs failed and says so.
	// Both may be nil.
	Do(c app.Command, use func(app.Receipt), failed func(error))
	// Session carries who is signed in, for a page that calls the Desk on a
	// goroutine of its own; it ends with the program.
	Session() context.Context
	// AskNodes brings Known.Nodes up to date, unless that was done within age.
	AskNodes(age time.Duration)
}

// Navigator leads from page to page.
type Navigator interface {
	// Go brings up the page of a name; arg is for its Show. An unknown name, or one
	// that is not for whoever is signed in, does nothing.
	Go(name string, arg any)
	// Over puts a page of the caller's own over the one that stands there.
	Over(p Page)
	// Leave goes back to what stands under the present page.
	Leave()
	// Up tells that a page stands there and nothing is asked over it.
	Up(p Page) bool
}

// Line is the action bar, as it speaks.
type Line interface {
	// Put asks a question in the place of the actions; nil takes it away and gives
	// the keys back to the page.
	Put(q *Question)
	// Tell shows a sentence for five seconds; bad = it tells of a failure.
	Tell(said string, bad bool)
	// Failed tells a failure in the user's language; who is no longer signed in
	// goes to the first page.
	Failed(err error)
}

// Liker knows how whoever is signed in likes the window.
type Liker interface {
	Liking() keep.Liking
	// Like changes it, and keeps it for the next time; what change is given is never
	// changed in place.
	Like(change func(*keep.Liking))
}

// Screen is what stands before the user's eyes and hands.
type Screen interface {
	look.Keys
	// Focus gives the keys to f, now or as soon as it is drawn; nil takes them from
	// everything, so that the page's own keys hold.
	Focus(f fyne.Focusable)
	// Refresh draws the window again.
	Refresh()
}

// Kit is what a page works with: one for all pages of a window. The shell writes it
// and pages read it.
type Kit struct {
	Host
	Known
	Desk   app.Desk
	Post   func(func()) // runs on Fyne's goroutine
	Now    func() time.Time
	Words  *words.Words
	Look   *look.Palette
	Roomy  bool // rows of a table are 44 high and not 34
	Drafts *keep.Drafts
	Pages  []Kind
	Here   string // id of the word of the bar under which the present page stands

	zone struct { // of Zone
		name string
		at   *time.Location
	}
}

// Known is what the window knows of the desk without asking. All of it is zero
// until somebody has signed in and the desk has answered.
type Known struct {
	State   app.StatusAnswer // who is signed in, and the live counts
	Model   desk.Model
	Groups  []app.Named[desk.Group]
	Agents  []app.Named[desk.Agent]
	Nodes   app.NodesAnswer
	NodesAt time.Time // when Nodes came
}

// Ask puts a query to the desk; use gets the answer.
func Ask[A any](k *Kit, q app.Query, use func(A)) { AskElse(k, q, use, nil) }

// AskElse is Ask that also says when there is no answer; failed may be nil.
func AskElse[A any](k *Kit, q app.Query, use func(A), failed func()) {
	put(k.Session(), k, q, use, failed)
}

func put[A any](ctx context.Context, k *Kit, q app.Query, use func(A), failed func()) {
	k.Ask(ctx, q, func(x app.Answer) {
		if a, ok := x.(A); ok {
			use(a)
		} else if failed != nil {
			failed()
		}
	}, failed)
}

// Latest is a question of which only the last is of use, such as one that is asked
// anew with each letter: each gives up the one before it, and with it the work that
// the desk would still do for it. The zero value is ready.
type Latest struct{ drop context.CancelFunc }

// AskLatest is Ask that gives up what was asked by the same Latest before.
func AskLatest[A any](k *Kit, l *Latest, q app.Query, use func(A)) {
	l.Drop()
	ctx, drop := context.WithCancel(k.Session())
	l.drop = drop
	put(ctx, k, q, func(a A) {
		drop()
		use(a)
	}, drop)
}

// Drop gives up what was asked last; its answer is not used.
func (l *Latest) Drop() {
	if l.drop != nil {
		l.drop()
	}
}

// KeyTo is the key of a page; "" = it has none, or there is no such page here.
func (k *Kit) KeyTo(name string) string {
	for _, p := range k.Pages {
		if p.Name == name {
			return p.Key
		}
	}
	return ""
}

// Has tells that there is a page of a name in this window.
func (k *Kit) Has(name string) bool {
	return slices.ContainsFunc(k.Pages, func(p Kind) bool { return p.Name == name })
}

// Field makes a field of one line; its page is drawn again when it gets or loses the
// keys.
func (k *Kit) Field() *look.Field { return k.watched(look.NewField(k.palette, k, false)) }

// Lines makes a field of many lines.
func (k *Kit) Lines() *look.Field { return k.watched(look.NewField(k.palette, k, true)) }

// Secret makes a field that hides what is typed.
func (k *Kit) Secret() *look.Field { return k.watched(look.NewSecret(k.palette, k)) }

func (k *Kit) watched(f *look.Field) *look.Field {
	f.OnFocus = func(bool) { k.Refresh() }
	return f
}

// Choice makes a row of segments.
func (k *Kit) Choice(words ...string) *look.Choice { return look.NewChoice(k.palette, k, words) }

// List makes a list.
func (k *Kit) List(columns ...look.Column) *look.List {
	return look.NewList(k.palette, k, columns...)
}

func (k *Kit) palette() *look.Palette { return k.Look }

// RowHeight is the height of a row of a table.
func (k *Kit) RowHeight() float32 {
	if k.Roomy {
		return 44
	}
	return 34
}

// Count is a large count as people of the window's language read it.
func (k *Kit) Count(n uint64) string { return reports.Digits(k.Words.Lang, float64(n), 0) }

// Size is a number of bytes as people read one: "412 kB", "1,2 MB".
func (k *Kit) Size(bytes int64) string {
	switch {
	case bytes < 1000:
		return k.Count(uint64(max(0, bytes))) + " B"
	case bytes < 1_000_000:
		return k.Count(uint64(bytes+500)/1000) + " kB"
	}
	return reports.Digits(k.Words.Lang, float64(bytes)/1e6, 1) + " MB"
}

// Figure is an index as people of a language read it, by its unit.
func Figure(lang string, v float64, unit string) string {
	switch unit {
	case "share":
		return reports.Percent(lang, v, 1)
	case "seconds":
		return Duration(time.Duration(math.Round(v)) * time.Second)
	}
	return reports.Digits(lang, v, 0)
}
