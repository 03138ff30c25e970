package mail

import (
	"strconv"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// server is the form of the server by which mail goes, and a test of it step by step.
type server struct {
	b      *box
	k      *page.Kit
	form   *page.Form
	of     desk.MailAccount // as it is typed
	word   string           // the password as it is typed; never shown
	to     string           // to whom a test sends a letter; "" = it sends none
	nodes  []app.NodeRow
	dirty  bool
	trying bool
	tried  *app.TryMailAnswer
}

func newServer(b *box) *server {
	s := &server{b: b, k: b.k, of: b.now.Of}
	if s.of.Host == "" {
		s.of.Port, s.of.Security = 587, desk.StartTLS
	}
	page.Ask(s.k, app.Nodes{}, func(a app.NodesAnswer) { s.nodes = a.Nodes; s.fill() })
	s.fill()
	return s
}

var securities = []desk.MailSecurity{desk.StartTLS, desk.DirectTLS, desk.NoSecurity}

// fill makes the form anew.
func (s *server) fill() {
	k := s.k
	text := func(word, hint string, at *string) page.Input {
		return page.Input{Word: k.T(word), Hint: hint, Get: func() string { return *at }, Set: func(t string) error { *at = strings.TrimSpace(t); return nil }}
	}
	var names []string
	for _, x := range securities {
		names = append(names, k.T("mailsecurity."+x.String()))
	}
	hint := ""
	if s.b.now.Password {
		hint = k.T("link.kept")
	}
	nodes := []string{k.T("mail.coordinator")}
	at := 1
	for i, n := range s.nodes {
		if nodes = append(nodes, n.Name); n.ID == s.of.Node {
			at = i + 2
		}
	}
	const secret = 4
	inputs := []page.Input{text("mail.host", "correo.organizacion.cl", &s.of.Host),
		{Word: k.T("mail.port"), Get: func() string { return strconv.Itoa(s.of.Port) }, Set: func(t string) error {
			n, err := strconv.Atoi(strings.TrimSpace(t))
			if err != nil {
				return app.Fail(app.Invalid, "%q is no port: 587 is usual with STARTTLS, 465 with TLS", t)
			}
			s.of.Port = n
			return nil
		}},
		{Word: k.T("mail.security"), Options: names, Get: func() string { return strconv.Itoa(int(s.of.Security) + 1) }, Set: func(t string) error {
			if n, err := strconv.Atoi(t); err == nil && n >= 1 && n <= len(securities) {
				s.of.Security = securities[n-1]
			}
			return nil
		}},
		text("link.user", "mesa@organizacion.cl", &s.of.User),
		{Word: k.T("link.password"), Hint: hint, Get: func() string { return s.word }, Set: func(t string) error { s.word = t; return nil }},
		text("mail.from", "mesa@organizacion.cl", &s.of.From), text("mail.name", "Mesa de ayuda", &s.of.Name),
		{Word: k.T("mail.node"), Options: nodes, Get: func() string { return strconv.Itoa(at) }, Set: func(t string) error {
			n, err := strconv.Atoi(t)
			if err != nil || n < 1 || n > len(nodes) {
				return nil
			}
			if at, s.of.Node = n, (desk.ID{}); n > 1 {
				s.of.Node = s.nodes[n-2].ID
			}
			return nil
		}},
		{Word: k.T("link.off"), Options: []string{k.T("word.no"), k.T("word.yes")}, Get: func() string {
			if s.of.Off {
				return "2"
			}
			return "1"
		}, Set: func(t string) error { s.of.Off = t == "2"; return nil }},
		text("mail.tryTo", "ana@organizacion.cl", &s.to)}
	old := s.form
	s.form = page.NewForm(k, inputs, func() { s.dirty, s.tried = true, nil; k.Refresh() })
	s.form.Texts[secret].Password = true
	if k.Up(s.b) {
		s.form.Follow(old)
	}
	k.Refresh()
}

func (s *server) actions() []page.Action {
	k := s.k
	as := []page.Action{{Key: "F9", Word: k.T("link.save"), Primary: true, Do: s.save}, {Key: "F4", Word: k.T("link.try"), Do: s.try}}
	if t := s.tried; t != nil && t.Cert != "" && !t.Trusted && s.of.Cert != t.Cert {
		as = append(as, page.Action{Key: "F8", Word: k.T("link.accept"), Do: func() { s.of.Cert, s.dirty = t.Cert, true; k.Tell(k.T("link.accepted"), false) }})
	}
	return append(as, page.Action{Key: "Esc", Word: k.T("mail.back"), Do: func() { s.b.Back() }})
}

func (s *server) save() {
	k := s.k
	k.Do(app.SaveMailAccount{Account: s.of, Password: s.word}, func(app.Receipt) {
		k.Tell(k.T("mail.saved", "Host", s.of.Host), false)
		if s.b.server == s {
			s.b.Back()
		}
		s.b.Changed()
	}, nil)
}

func (s *server) try() {
	if s.trying {
		return
	}
	s.trying, s.tried = true, nil
	page.AskElse(s.k, app.TryMail{Account: s.of, Password: s.word, To: s.to}, func(a app.TryMailAnswer) {
		s.trying, s.tried = false, &a
		s.k.Refresh()
	}, func() { s.trying = false })
}

func (s *server) draw(p *look.Painter, r page.Rect) {
	k := s.k
	left := min(620, r.W*0.5)
	s.form.Draw(p, page.At(page.Margin, r.Y+12, left-page.Margin, r.H-24), k.T("mail.server"), k.T("mail.serverSub"))
	x := left + 12
	in := page.At(x, r.Y+12, r.W-x-page.Margin, r.H-24)
	p.CardBox(in.X, in.Y, in.W, in.H, false)
	in = page.At(in.X+16, in.Y+10, in.W-32, in.H-20)
	p.TextFit(in.X, in.Y, in.W, 24, k.T("link.tryTitle"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	y := in.Y + 34
	if s.tried == nil {
		p.Empty(in.X, y+24, in.W, k.T("mail.untried"), k.T("mail.untriedHint"))
		return
	}
	for _, step := range s.tried.Steps {
		m := look.FineMark
		if !step.OK {
			m = look.FailMark
		}
		p.Mark(in.X, y+8, 14, m)
		p.TextFit(in.X+24, y, in.W-24, 30, k.T("mailstep."+step.Name), look.Style{Bold: !step.OK, Color: p.Ink})
		if y += 28; step.Why != "" {
			p.Paragraph(in.X+24, y, in.W-24, 60, sentence(k, step.Why), look.Style{Size: 12, Color: p.Failure})
			y += 62
		}
	}
	if c := s.tried.Cert; c != "" {
		p.TextFit(in.X, y+6, in.W, 22, k.T("link.cert", "Sum", c[:min(16, len(c))]), look.Style{Size: 12, Color: p.Muted})
	}
}
