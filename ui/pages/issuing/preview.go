package issuing

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2/canvas"

	"punto/app"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// preview is the report as it would be issued now. It is made beside the window's goroutine,
// and what is asked for meanwhile takes its place.
type preview struct {
	of     string // definition and period of which it is
	stop   context.CancelFunc
	month  *reports.Month
	begins map[string]int
	pages  int
	at     int // page, from 0
	image  *canvas.Image
	drawn  int // page that the image is of
	wrong  string
}

const previewWidth = 760 // pixels

// look makes the preview anew.
func (b *builder) look() {
	k, v := b.k, &b.preview
	if b.x.tools.Model == nil || b.period == "" {
		return
	}
	if v.stop != nil {
		v.stop()
	}
	ctx, stop := context.WithCancel(k.Session())
	v.stop, v.of, v.wrong = stop, b.id.String()+b.period, ""
	d, of, at := copied(b.of), b.reportOf(), v.at
	go func() {
		defer stop()
		var said []app.ReportComment
		if x, err := k.Desk.Ask(ctx, app.OneReport{ReportOf: of}); err == nil {
			a, _ := x.(app.OneReportAnswer)
			said = a.Comments
		}
		m, err := b.x.tools.Model(ctx, d, of.Contract, of.Period, said)
		var begins map[string]int
		var pages int
		var img image.Image
		if err == nil {
			begins, pages, err = reports.Begins(m)
		}
		if err == nil {
			at = max(0, min(at, pages-1))
			img, err = reports.Page(m, at, previewWidth)
		}
		if ctx.Err() != nil {
			return
		}
		k.Post(func() {
			if ctx.Err() != nil && v.stop == nil {
				return
			}
			if err != nil {
				v.month, v.image, v.wrong = nil, nil, k.Words.T("reports.noPreview")
				k.Refresh()
				return
			}
			v.month, v.begins, v.pages, v.at = &m, begins, pages, at
			v.show(img)
			b.blocks.Refresh()
			k.Refresh()
		})
	}()
}

func (v *preview) show(img image.Image) {
	v.image, v.drawn = canvas.NewImageFromImage(img), v.at
	v.image.FillMode = canvas.ImageFillContain
}

// leaf turns the page of the preview.
func (b *builder) leaf(n int) { b.turnTo(b.preview.at + n) }

// follow shows the page on which the marked part begins.
func (b *builder) follow() {
	if m := b.marked(); m != nil && b.preview.begins[m.Part] > 0 {
		b.turnTo(b.preview.begins[m.Part] - 1)
	}
}

func (b *builder) turnTo(at int) {
	v := &b.preview
	if v.month == nil || at < 0 || at >= v.pages || at == v.at {
		return
	}
	v.at = at
	m := v.month
	go func() {
		img, err := reports.Page(*m, at, previewWidth)
		b.k.Post(func() {
			if err == nil && v.month == m && v.at == at {
				v.show(img)
				b.k.Refresh()
			}
		})
	}()
}

// noPaper is why the paper cannot be shown; "" = it can.
func (b *builder) noPaper() string {
	if b.preview.month == nil || b.x.tools.Open == nil {
		return b.k.T("reports.noPreview")
	}
	return ""
}

// paper shows the report as it would be issued, in the system's program for it.
func (b *builder) paper() {
	m := b.preview.month
	if m == nil {
		return
	}
	k := b.k
	go func() {
		var out bytes.Buffer
		err := reports.WritePDF(&out, *m)
		k.Post(func() {
			if err != nil {
				k.Failed(err)
				return
			}
			b.x.show("vista-"+b.period+".pdf", out.Bytes())
		})
	}()
}

// drawPreview is the page in its card.
func (b *builder) drawPreview(p *look.Painter, r page.Rect) {
	k, v := b.k, &b.preview
	word := k.T("reports.preview")
	if v.month != nil {
		word = k.T("reports.pageOf", "N", v.at+1, "Of", v.pages)
	}
	in := title(p, r, word, "")
	x := r.X + r.W - 16
	for _, key := range []string{"Alt →", "Alt ←"} {
		x -= look.KeyWidth(key)
		p.Key(x, r.Y+22, key)
		x -= 6
	}
	p.Rect(r.X+1, r.Y+43, r.W-2, r.H-44, 0, p.Ground, nil, 0)
	switch {
	case v.wrong != "":
		p.Empty(in.X, in.Y+8, in.W, v.wrong, k.T("reports.noPreviewHint"))
	case v.image == nil:
		p.Text(in.X, in.Y+8, 24, k.T("wait.loading"), look.Style{Color: p.Muted})
	default:
		h := in.H
		w := h * 210 / 297
		if w > in.W {
			w, h = in.W, in.W*297/210
		}
		at := in.X + (in.W-w)/2
		p.Rect(at-1, in.Y-1, w+2, h+2, 0, nil, p.Palette.Line, 1)
		p.Place(v.image, at, in.Y, w, h)
	}
}

// conclusion is the second line of the builder.
func (b *builder) conclusion() string {
	k, v := b.k, &b.preview
	if v.month == nil {
		return k.T("reports.parts", "Parts", len(b.of.Blocks), "Period", b.period)
	}
	return k.T("reports.makes", "Parts", len(b.of.Blocks), "Pages", v.pages, "Period", b.period)
}

// draw is the builder.
func (b *builder) draw(p *look.Painter, r page.Rect) {
	k := b.k
	if b.x.defs == nil {
		p.Text(page.Margin, r.Y+12, 24, k.T("wait.loading"), look.Style{})
		return
	}
	x := p.TextFit(page.Margin, r.Y+8, r.W*0.5, 30, b.of.Name(k.Words.Lang), look.Style{Size: 20, Bold: true, Color: p.Ink}) + 12
	right := r.W - page.Margin
	for _, key := range []string{"F7", "F6"} {
		right -= look.KeyWidth(key)
		p.Key(right, r.Y+24, key)
		right -= 6
	}
	right = p.Right(right, r.Y+10, 28, b.period, look.Style{Bold: true}) - 12
	what := k.T("cycle."+b.of.Cycle.String()) + " · " + b.speaks()
	if u := named(k.Groups, b.of.Unit); u != "" {
		what += " · " + u
	}
	p.TextFit(x, r.Y+10, right-x, 28, what, look.Style{Color: p.Muted})
	p.TextFit(page.Margin, r.Y+36, r.W-2*page.Margin, 24, b.conclusion(), look.Style{Size: 16, Bold: true, Color: p.Ink})
	y := r.Y + 68
	b.x.fold(p, page.At(page.Margin, y, r.W-2*page.Margin, r.Y+r.H-y-12), []string{k.T("reports.blocks"), k.T("reports.properties"), k.T("reports.preview")}, []float32{292, 0, 402},
		b.drawBlocks, b.drawMiddle, b.drawPreview)
}

func (b *builder) speaks() string {
	if b.of.Lang == "" {
		return b.k.T("reports.langOfContract")
	}
	return b.k.T("language." + b.of.Lang)
}

// row is a block, with the page on which it begins.
func (b *builder) row(p *look.Painter, i int, x, y, w, h float32, _ []float32) {
	m := b.of.Blocks[i]
	right := x + w
	p.Right(x+16, y, h, fmt.Sprint(i+1), look.Style{Color: p.Muted})
	n := ""
	if at := b.preview.begins[m.Part]; at > 0 {
		n = fmt.Sprint(at)
	}
	left := p.Right(right, y, h, n, look.Style{Color: p.Muted})
	p.TextFit(x+26, y, left-x-34, h, b.x.partName(m.Part), look.Style{Bold: true})
}

func (b *builder) drawBlocks(p *look.Painter, r page.Rect) {
	k := b.k
	const foot = float32(64)
	title(p, r, k.T("reports.blocks"), k.T("reports.page"))
	p.Place(b.blocks, r.X+1, r.Y+43, r.W-2, r.H-44-foot)
	y := r.Y + r.H - foot
	p.Line(r.X, y, r.X+r.W, y, 1, p.Palette.Line)
	st := look.Style{Size: 12, Color: p.Muted}
	for i, a := range []struct{ word, key string }{{"reports.add", "Ctrl N"}, {"reports.drop", "F8"}, {"reports.up", "Alt ↑"}, {"reports.down", "Alt ↓"}} {
		x := r.X + 16 + float32(i%2)*(r.W-32)/2
		at := y + 6 + float32(i/2)*26
		at2 := p.Text(x, at, 24, k.T(a.word), st) + 8
		p.Key(at2, at+12, a.key)
	}
}

// drawMiddle is the properties over the delivery.
func (b *builder) drawMiddle(p *look.Painter, r page.Rect) {
	k := b.k
	if b.delivery != nil {
		b.delivery.Draw(p, r, k.T("reports.delivery"), k.T("reports.deliverySub", "Zone", b.x.defs.Zone))
		return
	}
	const low = float32(190)
	of := ""
	if m := b.marked(); m != nil {
		of = b.x.partName(m.Part)
	}
	b.form.Draw(p, page.At(r.X, r.Y, r.W, r.H-low-12), k.T("reports.properties"), of)
	b.drawDelivery(p, page.At(r.X, r.Y+r.H-low, r.W, low))
}
