// Package nodes are the pages of the workstations of a desk: who is there and how far
// each has come, and the events that were kept aside.
package nodes

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// nodesPage are the workstations of the desk: who is there, how far each has
// come, and the code with which one more joins.
type nodesPage struct {
	k     *page.Kit
	list  *look.List
	nodes []app.NodeRow
	code  string // of the last invitation; "" = none is shown
	until time.Time
}

// freshFor is how old what is known of the others may be while it stands here.
const freshFor = 2 * time.Second

// inviteFor is how long a code is good.
const inviteFor = 15 * time.Minute

const nodeRowH = 50

// Kind is the page of workstations, on a tab of the board.
func Kind() page.Kind {
	return page.Kind{Name: "nodes", Word: "area.nodes", Key: "Ctrl F8", Place: page.Tab, Under: "board", Make: func(k *page.Kit) page.Page { return newNodes(k) }}
}

// Refused is the page of events that were kept aside, on a tab of the board.
func Refused() page.Kind {
	return page.Kind{Name: "refused", Word: "area.refused", Place: page.Tab, Under: "board",
		Count: func(k *page.Known) int { return k.Nodes.Refused }, Make: func(k *page.Kit) page.Page { return newRefused(k) }}
}

func newNodes(k *page.Kit) *nodesPage {
	n := &nodesPage{k: k}
	n.list = k.List(look.Column{Title: k.T("nodes.state"), Width: 256, Least: 160}, look.Column{Title: k.T("nodes.node")}, look.Column{Title: k.T("nodes.prefix"), Width: 76, Least: 60},
		look.Column{Title: k.T("nodes.role"), Width: 170, Least: 106}, look.Column{Title: k.T("nodes.data"), Width: 244, Least: 140}, look.Column{Title: k.T("nodes.clock"), Width: 112, Least: 84},
		look.Column{Title: k.T("nodes.seen"), Width: 156, Least: 100})
	n.list.RowH = nodeRowH
	n.list.Empty = [2]string{k.T("nodes.none"), k.T("nodes.noneHint")}
	n.list.Len = func() int { return len(n.nodes) }
	n.list.Row = n.row
	return n
}

// Show implements page.Page.
func (n *nodesPage) Show(any) {
	n.k.AskNodes(0)
	n.take()
}

// Changed asks how the others stand.
func (n *nodesPage) Changed() { n.k.AskNodes(0) }

// First implements page.Page.
func (n *nodesPage) First() fyne.Focusable { return n.list }

// Tick implements page.Page.
func (n *nodesPage) Tick() {
	n.k.AskNodes(freshFor)
	if n.code != "" && !n.k.Now().Before(n.until) {
		n.code = ""
	}
}

// take brings the rows of the last answer in; the selection stays on its
// workstation wherever it stands now.
func (n *nodesPage) take() {
	was, had := n.selected()
	n.nodes = n.k.Nodes.Nodes
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

func (n *nodesPage) admin() bool { return n.k.State.Agent.Role == desk.AdministratorRole }

// Status implements page.Page.
func (n *nodesPage) Status() string {
	switch {
	case !n.admin():
		return n.k.T("nodes.adminOnly")
	case n.k.NodesAt.IsZero():
		return n.k.T("wait.loading")
	}
	return n.k.T("nodes.at", "At", n.k.NodesAt.In(n.k.Zone()).Format("15:04:05"))
}

// Back closes the code that is shown.
func (n *nodesPage) Back() bool {
	was := n.code
	n.code = ""
	return was != ""
}

// Actions implements page.Page.
func (n *nodesPage) Actions() (as []page.Action) {
	k := n.k
	if n.code != "" {
		as = append(as, page.Action{Key: "Esc", Word: k.T("nodes.closeCode"), Right: true, Do: func() { n.Back() }})
	}
	if n.admin() {
		r, ok := n.selected()
		gone, shut := "", ""
		switch {
		case !ok:
			gone = k.T("nodes.none")
			shut = gone
		case r.Me:
			shut = k.T("nodes.notMe")
		case r.RevokedAt != 0:
			shut = k.T("nodes.isGone", "Node", r.Name)
		}
		as = append(as, page.Action{Key: "F9", Word: k.T("nodes.invite"), Primary: true, Do: n.invite, Off: n.cannotInvite()},
			page.Action{Key: "F3", Word: k.T("nodes.rename"), Do: n.rename, Off: gone}, page.Action{Key: "F4", Word: k.T("nodes.revoke"), Do: n.revoke, Off: shut},
			page.Action{Key: "F7", Word: k.T("nodes.rotate"), Do: n.rotate, Off: n.alone()})
	}
	return append(as, page.Action{Key: "F6", Word: k.T("nodes.refused"), Do: func() { k.Go("refused", nil) }},
		page.Action{Key: "F5", Word: k.T("do.refresh"), Hidden: n.admin(), Do: func() { n.Show(nil) }})
}

// alone says that there is no site yet; "" when there is.
func (n *nodesPage) alone() string {
	if n.k.Nodes.Joined {
		return ""
	}
	return n.k.T("nodes.notJoined")
}

// cannotInvite is why no code can be had here; "" when it can.
func (n *nodesPage) cannotInvite() string {
	if s := n.alone(); s != "" || n.me().Coordinator {
		return s
	}
	for _, x := range n.nodes {
		if x.Coordinator {
			return n.k.T("nodes.inviteAt", "Node", x.Name)
		}
	}
	return ""
}

func (n *nodesPage) invite() {
	n.k.Do(app.Invite{}, func(r app.Receipt) {
		n.code, n.until = r.Secret, n.k.Now().Add(inviteFor)
	}, nil)
}

func (n *nodesPage) rename() {
	r, _ := n.selected()
	k := n.k
	k.Question(k.T("nodes.askName", "Node", r.Name), nil, 0, k.T("nodes.nameHint"), r.Name, func(_ int, text string) {
		if text = strings.TrimSpace(text); text == "" || text == r.Name {
			return
		}
		k.Do(app.NameNode{Node: r.ID, Name: text}, func(app.Receipt) {
			k.Tell(k.T("nodes.renamed", "Node", r.Name, "Name", text), false)
			k.AskNodes(0)
		}, nil)
	})
}

func (n *nodesPage) revoke() {
	r, _ := n.selected()
	k := n.k
	k.Question(k.T("nodes.askRevoke", "Node", r.Name), []string{k.T("nodes.keep"), k.T("nodes.revoke")}, 1, "", "", func(i int, _ string) {
		if i == 2 {
			k.Do(app.RevokeNode{Node: r.ID}, func(app.Receipt) {
				k.Tell(k.T("nodes.revoked", "Node", r.Name), false)
				k.AskNodes(0)
			}, nil)
		}
	})
}

func (n *nodesPage) rotate() {
	k := n.k
	k.Question(k.T("nodes.askRotate"), []string{k.T("word.no"), k.T("nodes.rotate")}, 1, "", "", func(i int, _ string) {
		if i == 2 {
			k.Do(app.RotateKey{}, func(app.Receipt) { k.Tell(k.T("nodes.rotated"), false) }, nil)
		}
	})
}

// newRefusedList are the events that were kept aside, the newest first.
func newRefused(k *page.Kit) *page.Table[app.RefusedRow] {
	t := page.NewTable(k, k.T("refused.title"), [2]string{k.T("refused.none"), k.T("refused.noneHint")},
		func(p *look.Painter, r app.RefusedRow, y, h float32, xs []float32) {
			who := r.Writer
			if who == "" {
				who = k.T("case.system")
			}
			p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, k.At(time.UnixMilli(r.At)), look.Style{})
			p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, r.Node, look.Style{Bold: true})
			p.Spans(xs[2], y, xs[3]-xs[2]-8, h, look.Span{S: k.Words.T("event." + r.Kind)}, look.Span{S: "  " + who, Style: look.Style{Size: 12, Color: p.Muted}})
			p.TextFit(xs[3], y, xs[4]-xs[3]-8, h, k.Words.T("type."+r.Entity.Type.String()), look.Style{Color: p.Muted})
			p.Chip(xs[4], y+h/2, look.WatchMark, look.Fit(k.Words.T("refused."+r.Reason), xs[5]-xs[4]-37, look.Style{Size: 12, Bold: true}))
		},
		look.Column{Title: k.T("calls.at"), Width: 150, Least: 104}, look.Column{Title: k.T("nodes.node"), Width: 210, Least: 120}, look.Column{Title: k.T("refused.what")},
		look.Column{Title: k.T("refused.about"), Width: 130, Least: 86}, look.Column{Title: k.T("refused.why"), Width: 330, Least: 300})
	t.Fetch = func(_ []byte, use func([]app.RefusedRow, []byte)) {
		page.Ask(k, app.Refused{Limit: 200}, func(a app.RefusedAnswer) { use(a.Rows, nil) })
	}
	t.Extra = []page.Action{{Key: "F6", Word: k.T("area.nodes"), Do: func() { k.Go("nodes", nil) }}}
	return t
}
