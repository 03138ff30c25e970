package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// nodesPage are the workstations of the desk: who is there, how far each has
// come, and the code with which one more joins.
type nodesPage struct {
	w     *Window
	list  *look.List
	nodes []app.NodeRow
	code  string // of the last invitation; "" = none is shown
	until time.Time
}

// inviteFor is how long a code is good.
const inviteFor = 15 * time.Minute

const nodeRowH = 50

func newNodesPage(w *Window) *nodesPage {
	n := &nodesPage{w: w}
	n.list = look.NewList(w.palette, w, look.Column{Title: w.T("nodes.state"), Width: 256, Least: 160}, look.Column{Title: w.T("nodes.node")}, look.Column{Title: w.T("nodes.prefix"), Width: 76, Least: 60},
		look.Column{Title: w.T("nodes.role"), Width: 170, Least: 106}, look.Column{Title: w.T("nodes.data"), Width: 244, Least: 140}, look.Column{Title: w.T("nodes.clock"), Width: 112, Least: 84},
		look.Column{Title: w.T("nodes.seen"), Width: 156, Least: 100})
	n.list.RowH = nodeRowH
	n.list.Empty = [2]string{w.T("nodes.none"), w.T("nodes.noneHint")}
	n.list.Len = func() int { return len(n.nodes) }
	n.list.Row = n.row
	return n
}

func (n *nodesPage) show()                 { n.w.askSite(0); n.take() }
func (n *nodesPage) changed()              { n.w.askSite(0) }
func (n *nodesPage) first() fyne.Focusable { return n.list }

func (n *nodesPage) tick() {
	n.w.askSite(retryEvery)
	if n.code != "" && !n.w.Now().Before(n.until) {
		n.code = ""
	}
}

// take brings the rows of the last answer in; the selection stays on its
// workstation wherever it stands now.
func (n *nodesPage) take() {
	was, had := n.selected()
	n.nodes = n.w.site.Nodes
	for i, r := range n.nodes {
		if had && r.ID == was.ID {
			n.list.Selected = i
		}
	}
}

func (n *nodesPage) selected() (app.NodeRow, bool) {
	if n.list.Selected >= len(n.nodes) {
		return app.NodeRow{}, false
	}
	return n.nodes[n.list.Selected], true
}

// me is the row of this workstation.
func (n *nodesPage) me() (r app.NodeRow) {
	for _, x := range n.nodes {
		if x.Me {
			r = x
		}
	}
	return r
}

func (n *nodesPage) admin() bool { return n.w.state.Agent.Role == desk.AdministratorRole }

func (n *nodesPage) status() string {
	switch {
	case !n.admin():
		return n.w.T("nodes.adminOnly")
	case n.w.got.IsZero():
		return n.w.T("wait.loading")
	}
	return n.w.T("nodes.at", "At", n.w.got.In(n.w.zone()).Format("15:04:05"))
}

func (n *nodesPage) back() { n.code = "" }

func (n *nodesPage) actions() (as []action) {
	w := n.w
	if n.code != "" {
		as = append(as, action{key: "Esc", word: w.T("nodes.closeCode"), right: true, do: n.back})
	}
	if n.admin() {
		r, ok := n.selected()
		gone, shut := "", ""
		switch {
		case !ok:
			gone = w.T("nodes.none")
			shut = gone
		case r.Me:
			shut = w.T("nodes.notMe")
		case r.RevokedAt != 0:
			shut = w.T("nodes.isGone", "Node", r.Name)
		}
		as = append(as, action{key: "F9", word: w.T("nodes.invite"), primary: true, do: n.invite, off: n.cannotInvite()},
			action{key: "F3", word: w.T("nodes.rename"), do: n.rename, off: gone}, action{key: "F4", word: w.T("nodes.revoke"), do: n.revoke, off: shut},
			action{key: "F7", word: w.T("nodes.rotate"), do: n.rotate, off: n.alone()})
	}
	return append(as, action{key: "F6", word: w.T("nodes.refused"), do: func() { w.goTo(refused) }},
		action{key: "F5", word: w.T("do.refresh"), hidden: n.admin(), do: n.show})
}

// alone says that there is no site yet; "" when there is.
func (n *nodesPage) alone() string {
	if n.w.site.Joined {
		return ""
	}
	return n.w.T("nodes.notJoined")
}

// cannotInvite is why no code can be had here; "" when it can.
func (n *nodesPage) cannotInvite() string {
	if s := n.alone(); s != "" || n.me().Coordinator {
		return s
	}
	for _, x := range n.nodes {
		if x.Coordinator {
			return n.w.T("nodes.inviteAt", "Node", x.Name)
		}
	}
	return ""
}

func (n *nodesPage) invite() {
	n.w.do(app.Invite{}, func(r app.Receipt) {
		n.code, n.until = r.Secret, n.w.Now().Add(inviteFor)
	})
}

func (n *nodesPage) rename() {
	r, _ := n.selected()
	w := n.w
	w.question(w.T("nodes.askName", "Node", r.Name), nil, 0, w.T("nodes.nameHint"), r.Name, func(_ int, text string) {
		if text = strings.TrimSpace(text); text == "" || text == r.Name {
			return
		}
		w.do(app.NameNode{Node: r.ID, Name: text}, func(app.Receipt) {
			w.tell(w.T("nodes.renamed", "Node", r.Name, "Name", text), false)
			w.askSite(0)
		})
	})
}

func (n *nodesPage) revoke() {
	r, _ := n.selected()
	w := n.w
	w.question(w.T("nodes.askRevoke", "Node", r.Name), []string{w.T("nodes.keep"), w.T("nodes.revoke")}, 1, "", "", func(i int, _ string) {
		if i == 2 {
			w.do(app.RevokeNode{Node: r.ID}, func(app.Receipt) {
				w.tell(w.T("nodes.revoked", "Node", r.Name), false)
				w.askSite(0)
			})
		}
	})
}

func (n *nodesPage) rotate() {
	w := n.w
	w.question(w.T("nodes.askRotate"), []string{w.T("word.no"), w.T("nodes.rotate")}, 1, "", "", func(i int, _ string) {
		if i == 2 {
			w.do(app.RotateKey{}, func(app.Receipt) { w.tell(w.T("nodes.rotated"), false) })
		}
	})
}

// newRefusedList are the events that were kept aside, the newest first.
func newRefusedList(w *Window) *table[app.RefusedRow] {
	t := newTable(w, w.T("refused.title"), [2]string{w.T("refused.none"), w.T("refused.noneHint")},
		func(p *look.Painter, r app.RefusedRow, y, h, _ float32, xs []float32) {
			who := r.Writer
			if who == "" {
				who = w.T("case.system")
			}
			p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, w.at(time.UnixMilli(r.At)), look.Style{})
			p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, r.Node, look.Style{Bold: true})
			p.Spans(xs[2], y, xs[3]-xs[2]-8, h, look.Span{S: w.words.T("event." + r.Kind)}, look.Span{S: "  " + who, Style: look.Style{Size: 12, Color: p.Muted}})
			p.TextFit(xs[3], y, xs[4]-xs[3]-8, h, w.words.T("type."+r.Entity.Type.String()), look.Style{Color: p.Muted})
			p.Chip(xs[4], y+h/2, look.WatchMark, look.Fit(w.words.T("refused."+r.Reason), xs[5]-xs[4]-37, look.Style{Size: 12, Bold: true}))
		},
		look.Column{Title: w.T("calls.at"), Width: 150, Least: 104}, look.Column{Title: w.T("nodes.node"), Width: 210, Least: 120}, look.Column{Title: w.T("refused.what")},
		look.Column{Title: w.T("refused.about"), Width: 130, Least: 86}, look.Column{Title: w.T("refused.why"), Width: 330, Least: 300})
	t.over = func(p *look.Painter, r rect) rect { return w.boardTabs(p, r, refused) }
	t.fetch = func(_ *table[app.RefusedRow], _ []byte, use func([]app.RefusedRow, []byte)) {
		ask(w, app.Refused{Limit: 200}, func(a app.RefusedAnswer) { use(a.Rows, nil) })
	}
	t.extra = []action{{key: "F6", word: w.T("area.nodes"), do: func() { w.goTo(nodes) }}}
	return t
}
