package cases

import (
	"time"

	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

// Who else has the case open: told by the workstations to each other while it lasts.

const (
	besidePace = 5 * time.Second // how often the desk is told and asked
	besideLine = 22              // of the line that tells it
)

// attend tells the desk that the case stands here, at once when that is another or
// somebody begins to write, and asks who else has it open. It says nothing when it fails.
func (c *casePage) attend() {
	k := c.k
	q := app.Beside{Case: c.id, Writing: c.note.Focused && c.note.Text != ""}
	if c.a == nil || q == c.attended && k.Now().Sub(c.toldAt) < besidePace {
		return
	}
	c.attended, c.toldAt = q, k.Now()
	ctx := k.Session()
	go func() {
		a, err := answer[app.BesideAnswer](ctx, k, q)
		if err != nil {
			return
		}
		k.Post(func() {
			if c.id == q.Case {
				c.beside = a.Rows
				k.Refresh()
			}
		})
	}()
}

// noteHeight is the height of the foot, where one writes.
func (c *casePage) noteHeight() float32 {
	if len(c.beside) > 0 {
		return noteH + besideLine
	}
	return noteH
}

// drawBeside tells who else has the case open, those who write first.
func (c *casePage) drawBeside(p *look.Painter, r page.Rect) {
	k, x := c.k, r.X
	for i, b := range c.beside {
		word, st, m := "beside.open", look.Style{Size: 12, Color: p.Muted}, look.NoteMark
		if b.Writing {
			word, st, m = "beside.writes", look.Style{Size: 12, Bold: true, Color: p.Accent}, look.NowMark
		}
		said := k.Words.T(word, "Who", b.Agent)
		if b.Node != "" {
			said += " " + k.T("beside.node", "Node", b.Node)
		}
		if i > 0 {
			x += 14
		}
		if x+60 > r.X+r.W {
			return
		}
		p.Mark(x, r.Y+r.H/2-6, 12, m)
		x = p.TextFit(x+18, r.Y, r.X+r.W-x-18, r.H, said, st)
	}
}
