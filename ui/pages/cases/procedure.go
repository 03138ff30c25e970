package cases

import (
	"fmt"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// The procedure that a case follows, as a checklist: its next step is done or skipped by
// a key, and each step tells who stamped it, when, and how long it took.

const (
	stepH     = 26
	nextStepH = 46 // with what should come out under it
	stepsHead = 36
)

// procedure is the one that the case follows; nil = none.
func (c *casePage) procedure() *desk.Procedure { return c.k.Model.ProcedureOf(c.a.Case.Category) }

// stepActions are what may be done with its next step.
func (c *casePage) stepActions() []page.Action {
	p := c.procedure()
	if p == nil || !c.a.Case.Status.Open() || p.Next(&c.a.Case) == nil {
		return nil
	}
	return []page.Action{{Key: "Alt P", Word: c.k.T("do.step"), Hidden: true, Do: c.step}, {Key: "Alt S", Word: c.k.T("do.skip"), Hidden: true, Do: c.skip}}
}

// step asks for the result of the next step: one of its choices, or a line.
func (c *casePage) step() {
	k, p := c.k, c.procedure()
	next := p.Next(&c.a.Case)
	title := next.Title(k.Words.Lang)
	done := func(result string) {
		c.do(app.DoStep{Case: c.id, Step: next.Code, Result: result})
	}
	if len(next.Choices) > 0 {
		k.Question(title, next.Choices, 0, "", "", func(i int, _ string) {
			if i >= 1 && i <= len(next.Choices) {
				done(next.Choices[i-1])
			}
		})
		return
	}
	k.Question(title, nil, 0, k.T("ask.result"), "", func(_ int, s string) { done(s) })
}

// skip asks why the next step is left out.
func (c *casePage) skip() {
	k := c.k
	next := c.procedure().Next(&c.a.Case)
	q := k.Question(k.T("ask.skip", "Step", next.Title(k.Words.Lang)), nil, 0, k.T("ask.reason"), "", func(_ int, why string) {
		c.do(app.DoStep{Case: c.id, Step: next.Code, Skip: true, Reason: why})
	})
	q.Check = func(_ int, why string) string {
		if why == "" {
			return k.T("err.reason")
		}
		return ""
	}
}

// mayResolve tells whether nothing keeps the case from being solved, and says what does.
func (c *casePage) mayResolve() bool {
	p, next := c.k.Model.Unmet(&c.a.Case)
	if p != nil {
		lang := c.k.Words.Lang
		c.k.Tell(c.k.T("step.first", "Procedure", p.Title(lang), "Step", next.Title(lang)), true)
	}
	return p == nil
}

// stepsHeight is how much of a place the checklist wants; 0 where there is none.
func (c *casePage) stepsHeight(room float32) float32 {
	p := c.procedure()
	if p == nil {
		return 0
	}
	return min(stepsHead+stepH*float32(len(p.Steps))+(c.nextHeight(p)-stepH)+8, room/2)
}

// nextHeight is the height of the next step: more where it says what should come out.
func (c *casePage) nextHeight(p *desk.Procedure) float32 {
	if next := p.Next(&c.a.Case); next != nil && c.a.Case.Status.Open() && c.expected(next) != "" {
		return nextStepH
	}
	return stepH
}

// expected is what should come out of a step, and what may.
func (c *casePage) expected(s *desk.ProcedureStep) string {
	return joined(" · ", s.Expected(c.k.Words.Lang), joined(" / ", s.Choices...))
}

func (c *casePage) drawSteps(p *look.Painter, r page.Rect) {
	k, of, proc := c.k, &c.a.Case, c.procedure()
	small := look.Style{Size: 12, Color: p.Muted}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	next, at, done := proc.Next(of), len(proc.Steps), 0
	for i := range proc.Steps {
		if of.Done(proc.Code, proc.Steps[i].Code) != nil {
			done++
		} else if at == len(proc.Steps) {
			at = i
		}
	}
	right := r.X + r.W - 16
	if next != nil && of.Status.Open() {
		for _, a := range []page.Action{{Key: "Alt S", Word: k.T("do.skip")}, {Key: "Alt P", Word: k.T("do.step")}} {
			right -= look.KeyWidth(a.Key)
			p.Key(right, r.Y+19, a.Key)
			right = p.Right(right-6, r.Y+4, stepsHead-6, a.Word, small) - 10
		}
	}
	count := fmt.Sprintf("%d/%d", done, len(proc.Steps))
	right = p.Right(right, r.Y+4, stepsHead-6, count, small) - 8
	m := look.NoMark
	if proc.Mandatory && next != nil {
		m = look.WatchMark
	}
	x := r.X + 16
	if m != look.NoMark {
		p.Mark(x, r.Y+13, 12, m)
		x += 18
	}
	p.TextFit(x, r.Y+4, right-x, stepsHead-6, proc.Title(k.Words.Lang), look.Style{Size: 12, Bold: true, Color: p.Muted})
	shown := int((r.H - stepsHead - c.nextHeight(proc) + stepH) / stepH)
	from := max(0, min(at-2, len(proc.Steps)-shown)) // the next one is always seen, with what was before it
	y := r.Y + stepsHead
	for i := from; i < len(proc.Steps); i++ {
		h := float32(stepH)
		if i == at && of.Status.Open() {
			h = c.nextHeight(proc)
		}
		if y+h > r.Y+r.H {
			break
		}
		c.drawStep(p, page.At(r.X, y, r.W, h), proc, i, i == at && of.Status.Open())
		y += h
	}
}

func (c *casePage) drawStep(p *look.Painter, r page.Rect, proc *desk.Procedure, i int, now bool) {
	k, s := c.k, &proc.Steps[i]
	x, st := r.X+16, look.Style{}
	title := fmt.Sprintf("%d %s", i+1, s.Title(k.Words.Lang))
	d := c.a.Case.Done(proc.Code, s.Code)
	switch {
	case now:
		p.Selected(r.X+1, r.Y, r.W-2, r.H, false)
		p.Mark(x, r.Y+6, 14, look.TodoMark)
		st.Bold = true
		if said := c.expected(s); said != "" {
			p.TextFit(x+24, r.Y+24, r.W-56, 18, said, look.Style{Size: 12, Color: p.Muted})
		}
	case d == nil:
		p.Mark(x, r.Y+6, 14, look.TodoMark)
		st.Color = p.Muted
	case d.Skipped:
		p.Mark(x, r.Y+6, 14, look.PassMark)
	default:
		p.Mark(x, r.Y+6, 14, look.FineMark)
	}
	right := r.X + r.W - 16
	if d != nil {
		said := d.Result
		if d.Skipped {
			said = k.T("step.skipped")
		}
		took := ""
		if n := c.took(proc, i, d); n >= time.Minute && r.W > 400 {
			took = page.Span(n)
		}
		who, _, _ := strings.Cut(c.a.Names[d.By], " ")
		stamp := joined(" · ", said, who, c.when(time.UnixMilli(d.At).In(k.Zone())), took)
		right = p.Right(right, r.Y, stepH, look.Fit(stamp, r.W*0.42, look.Style{Size: 12}), look.Style{Size: 12, Color: p.Muted}) - 8
	}
	p.TextFit(x+24, r.Y, right-x-24, stepH, title, st)
}

// took is how long a step took: since the one before it was stamped, or since the case
// was taken.
func (c *casePage) took(proc *desk.Procedure, i int, d *desk.StepDone) time.Duration {
	since := c.a.Case.TakenAt
	if i > 0 {
		if before := c.a.Case.Done(proc.Code, proc.Steps[i-1].Code); before != nil {
			since = before.At
		}
	}
	if since == 0 || since > d.At {
		return 0
	}
	return time.Duration(d.At-since) * time.Millisecond
}
