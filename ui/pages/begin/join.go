package begin

import (
	"context"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

// joinPage brings this workstation into an existing desk.
type joinPage struct {
	k          *page.Kit
	call       Joiner
	code, host *look.Field
	cancel     context.CancelFunc // nil while nothing runs
	done, all  uint64
	said       string // why the last try failed
}

// Joiner brings this workstation into the desk of another: code is page.CodeLetters
// of Crockford's, host a name or address with or without a port. It returns once
// this one has caught up, or when ctx ends; progress may be called by any goroutine.
type Joiner func(ctx context.Context, code, host string, progress func(done, all uint64)) error

// Join is the page on which a workstation without a desk enters that of another.
func Join(call Joiner) page.Kind {
	return page.Kind{Name: "join", Word: "join.title", Place: page.Gate, Make: func(k *page.Kit) page.Page { return newJoin(k, call) }}
}

func newJoin(k *page.Kit, call Joiner) *joinPage {
	j := &joinPage{k: k, call: call, code: k.Field(), host: k.Field()}
	j.Relabel()
	j.code.OnChanged = j.typed
	j.code.OnEnter = func() { k.Focus(j.host) }
	j.host.OnChanged = func(string) { j.said = "" }
	j.host.OnEnter = j.join
	return j
}

// Relabel sets the words of the fields.
func (j *joinPage) Relabel() {
	j.code.SetPlaceHolder(j.k.T("join.codeHint"))
	j.host.SetPlaceHolder(j.k.T("join.hostHint"))
}

// typed sets the code in groups while it is typed; the cursor stays behind the
// letter that it was behind.
func (j *joinPage) typed(s string) {
	j.said = ""
	want := page.Grouped(s)
	if s == want {
		return
	}
	r := []rune(s)
	before := page.Code(string(r[:min(j.code.Caret(), len(r))]))
	j.code.SetText(want)
	j.code.SetCaret(len(page.Grouped(before)))
}

// join starts, unless the code or the host is not whole yet.
func (j *joinPage) join() {
	k := j.k
	code, host := page.Code(j.code.Text), strings.TrimSpace(j.host.Text)
	switch {
	case j.cancel != nil:
		return
	case len(code) < page.CodeLetters:
		k.Tell(k.T("join.shortCode", "N", len(code)), true)
		k.Focus(j.code)
		return
	case host == "" || strings.ContainsAny(host, " /"):
		k.Tell(k.T("join.noHost"), true)
		k.Focus(j.host)
		return
	}
	ctx, cancel := context.WithCancel(k.Session())
	j.cancel, j.done, j.all, j.said = cancel, 0, 0, ""
	k.Tell("", false)
	go func() {
		err := j.call(ctx, code, host, j.progress(ctx))
		k.Post(func() { j.joined(ctx, err) })
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
		j.k.Post(func() {
			waits.Store(false)
			if ctx.Err() == nil && j.cancel != nil {
				j.done, j.all = d.Load(), a.Load()
				j.k.Refresh()
			}
		})
	}
}

// joined goes on to sign in, or says why not.
func (j *joinPage) joined(ctx context.Context, err error) {
	k := j.k
	stopped := ctx.Err() != nil
	if j.cancel != nil {
		j.cancel()
		j.cancel = nil
	}
	switch {
	case k.Session().Err() != nil:
	case err == nil:
		gateOf(k).Begin()
		k.Tell(k.T("join.joined"), false)
	case stopped:
		k.Tell(k.T("join.stopped"), false)
	default:
		j.said = j.why(err)
		k.Tell(j.said, true)
	}
	k.Refresh()
}

// why is a failure in the words of somebody with a code in hand.
func (j *joinPage) why(err error) string {
	k := j.k
	switch app.CodeOf(err) {
	case app.BadPassword, app.NotAllowed:
		return k.T("join.badCode")
	case app.Unavailable:
		return k.T("join.noAnswer")
	case app.Internal:
		return k.T("join.failed")
	}
	return page.Sentence(k.Words, err)
}

// Back stops what runs, before the page is left.
func (j *joinPage) Back() bool {
	if j.cancel == nil {
		return false
	}
	j.cancel() // joined tells the rest
	return true
}

// First implements page.Page.
func (j *joinPage) First() fyne.Focusable { return j.code }

// Tick implements page.Page.
func (j *joinPage) Tick() {}

// Show implements page.Page.
func (j *joinPage) Show(any) {}

// Status implements page.Page.
func (j *joinPage) Status() string { return j.said }

// Actions implements page.Page.
func (j *joinPage) Actions() []page.Action {
	k := j.k
	if j.cancel != nil {
		return []page.Action{{Key: "Esc", Word: k.T("join.stop")}}
	}
	return []page.Action{{Key: "F9", Word: k.T("join.join"), Primary: true, Do: j.join}, {Key: "Esc", Word: k.T("do.back")},
		{Key: "Ctrl F9", Word: k.T("do.look"), Right: true}}
}

// Draw implements page.Page.
func (j *joinPage) Draw(p *look.Painter, r page.Rect) {
	k := j.k
	x, y := float32(64), r.Y+48
	if p.Small() {
		x, y = 32, r.Y+16
	}
	p.Text(x, y, 36, k.T("join.title"), look.Style{Size: 26, Bold: true, Color: p.Ink})
	p.TextFit(x, y+38, r.W-2*x, 22, k.T("join.lead1"), look.Style{Color: p.Muted})
	p.TextFit(x, y+60, r.W-2*x, 22, k.T("join.lead2"), look.Style{Color: p.Muted})
	y += 104
	for _, f := range []struct {
		label string
		field *look.Field
	}{{k.T("join.code"), j.code}, {k.T("join.host"), j.host}} {
		p.Text(x, y, page.RowH, f.label, look.Style{Color: p.Muted})
		p.FieldBox(x+140, y, 560, page.RowH, f.field.Focused)
		p.Place(f.field, x+142, y, 556, page.RowH)
		if n := len(page.Code(f.field.Text)); f.field == j.code && n > 0 && n < page.CodeLetters {
			p.Text(x+712, y, page.RowH, k.T("join.letters", "N", n, "All", page.CodeLetters), look.Style{Size: 12, Color: p.Muted})
		}
		y += page.RowH + page.RowGap
	}
	if j.cancel == nil {
		return
	}
	word, used := k.T("join.calling"), 0.0
	if j.all > 0 {
		word, used = k.T("join.fetching", "N", k.Count(j.done), "All", k.Count(j.all)), float64(j.done)/float64(j.all)
	}
	p.Mark(x+140, y+8, 14, look.NowMark)
	p.TextFit(x+160, y+4, 540, 22, word, look.Style{Bold: true})
	p.Track(x+140, y+38, 560, used, 1, p.Accent)
}
