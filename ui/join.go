package ui

import (
	"context"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
)

// codeLetters is the length of a code, and letterGroup how many stand together.
const (
	codeLetters = 20
	letterGroup = 5
)

// bareCode is a code as it was meant: the letters of Crockford alone, with O and
// I and L read as the digits that they look like.
func bareCode(s string) string {
	var b strings.Builder
	for _, c := range strings.ToUpper(s) {
		switch c {
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if b.Len() < codeLetters && strings.ContainsRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c) {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// grouped is a code as it is read aloud.
func grouped(s string) string {
	s = bareCode(s)
	var parts []string
	for len(s) > letterGroup {
		parts, s = append(parts, s[:letterGroup]), s[letterGroup:]
	}
	return strings.Join(append(parts, s), " ")
}

// joinPage brings this workstation into an existing desk.
type joinPage struct {
	w          *Window
	from       page
	code, host *look.Field
	cancel     context.CancelFunc // nil while nothing runs
	done, all  uint64
	said       string // why the last try failed
}

func newJoin(w *Window, from page) *joinPage {
	j := &joinPage{w: w, from: from, code: look.NewField(w.palette, w, false), host: look.NewField(w.palette, w, false)}
	j.relabel()
	j.code.OnChanged = j.typed
	j.code.OnEnter = func() { w.focus(j.host) }
	j.host.OnChanged = func(string) { j.said = "" }
	j.host.OnEnter = j.join
	for _, f := range []*look.Field{j.code, j.host} {
		f.OnFocus = func(bool) { w.Refresh() }
	}
	return j
}

func (j *joinPage) relabel() {
	j.code.SetPlaceHolder(j.w.T("join.codeHint"))
	j.host.SetPlaceHolder(j.w.T("join.hostHint"))
}

// typed sets the code in groups while it is typed; the cursor stays behind the
// letter that it was behind.
func (j *joinPage) typed(s string) {
	j.said = ""
	want := grouped(s)
	if s == want {
		return
	}
	r := []rune(s)
	before := bareCode(string(r[:min(j.code.Caret(), len(r))]))
	j.code.SetText(want)
	j.code.SetCaret(len(grouped(before)))
}

// join starts, unless the code or the host is not whole yet.
func (j *joinPage) join() {
	w := j.w
	code, host := bareCode(j.code.Text), strings.TrimSpace(j.host.Text)
	switch {
	case j.cancel != nil:
		return
	case len(code) < codeLetters:
		w.tell(w.T("join.shortCode", "N", len(code)), true)
		w.focus(j.code)
		return
	case host == "" || strings.ContainsAny(host, " /"):
		w.tell(w.T("join.noHost"), true)
		w.focus(j.host)
		return
	}
	ctx, cancel := context.WithCancel(w.ctx)
	j.cancel, j.done, j.all, j.said = cancel, 0, 0, ""
	w.toast = ""
	w.Refresh()
	go func() {
		err := w.Join(ctx, code, host, j.progress(ctx))
		w.Post(func() { j.joined(ctx, err) })
	}()
}

// progress takes the counts from whichever goroutine has them; no more than one
// painting waits at a time.
func (j *joinPage) progress(ctx context.Context) func(done, all uint64) {
	var d, a atomic.Uint64
	var waits atomic.Bool
	return func(done, all uint64) {
		d.Store(done)
		a.Store(all)
		if waits.Swap(true) {
			return
		}
		j.w.Post(func() {
			waits.Store(false)
			if ctx.Err() == nil && j.cancel != nil {
				j.done, j.all = d.Load(), a.Load()
				j.w.Refresh()
			}
		})
	}
}

// joined goes on to sign in, or says why not.
func (j *joinPage) joined(ctx context.Context, err error) {
	w := j.w
	stopped := ctx.Err() != nil
	if j.cancel != nil {
		j.cancel()
		j.cancel = nil
	}
	switch {
	case w.ctx.Err() != nil:
	case err == nil:
		poll(w, app.Status{}, func(a app.StatusAnswer, ok bool) {
			if ok {
				w.state = a
			}
			w.open(newSignIn(w))
			w.tell(w.T("join.joined"), false)
		})
	case stopped:
		w.tell(w.T("join.stopped"), false)
	default:
		j.said = j.why(err)
		w.tell(j.said, true)
	}
	w.Refresh()
}

// why is a failure in the words of somebody with a code in hand.
func (j *joinPage) why(err error) string {
	w := j.w
	switch app.CodeOf(err) {
	case app.BadPassword, app.NotAllowed:
		return w.T("join.badCode")
	case app.Unavailable:
		return w.T("join.noAnswer")
	case app.Internal:
		return w.T("join.failed")
	}
	return w.sentence(err)
}

// back stops what runs, then leaves the page.
func (j *joinPage) back() {
	if j.cancel != nil {
		j.cancel() // joined tells the rest
		return
	}
	j.w.open(j.from)
}

func (j *joinPage) called() string        { return j.w.T("join.title") }
func (j *joinPage) first() fyne.Focusable { return j.code }
func (j *joinPage) tick()                 {}
func (j *joinPage) show()                 {}
func (j *joinPage) status() string        { return j.said }

func (j *joinPage) actions() []action {
	w := j.w
	if j.cancel != nil {
		return []action{{key: "Esc", word: w.T("join.stop"), do: j.back}}
	}
	return []action{{key: "F9", word: w.T("join.join"), primary: true, do: j.join}, {key: "Esc", word: w.T("do.back"), do: j.back},
		{key: "Ctrl F9", word: w.T("do.look"), right: true, do: w.nextPalette}}
}

func (j *joinPage) draw(p *look.Painter, r rect) {
	w := j.w
	x, y := float32(64), r.y+48
	if folds(p) {
		x, y = 32, r.y+16
	}
	p.Text(x, y, 36, w.T("join.title"), look.Style{Size: 26, Bold: true, Color: p.Ink})
	p.TextFit(x, y+38, r.w-2*x, 22, w.T("join.lead1"), look.Style{Color: p.Muted})
	p.TextFit(x, y+60, r.w-2*x, 22, w.T("join.lead2"), look.Style{Color: p.Muted})
	y += 104
	for _, f := range []struct {
		label string
		field *look.Field
	}{{w.T("join.code"), j.code}, {w.T("join.host"), j.host}} {
		p.Text(x, y, rowH, f.label, look.Style{Color: p.Muted})
		p.FieldBox(x+140, y, 560, rowH, f.field.Focused)
		p.Place(f.field, x+142, y, 556, rowH)
		if n := len(bareCode(f.field.Text)); f.field == j.code && n > 0 && n < codeLetters {
			p.Text(x+712, y, rowH, w.T("join.letters", "N", n, "All", codeLetters), look.Style{Size: 12, Color: p.Muted})
		}
		y += rowH + rowGap
	}
	if j.cancel == nil {
		return
	}
	word, used := w.T("join.calling"), 0.0
	if j.all > 0 {
		word, used = w.T("join.fetching", "N", w.count(j.done), "All", w.count(j.all)), float64(j.done)/float64(j.all)
	}
	p.Mark(x+140, y+8, 14, look.NowMark)
	p.TextFit(x+160, y+4, 540, 22, word, look.Style{Bold: true})
	p.Track(x+140, y+38, 560, used, 1, p.Accent)
}
