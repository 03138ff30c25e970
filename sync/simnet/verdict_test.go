package simnet_test

import (
	"errors"
	"fmt"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
)

// holds tells whether a node has what was acknowledged.
func (x *node) holds() func(ack) bool {
	shown := map[desk.ID]map[string]bool{} // texts of the cases that were looked at; nil = not shown
	return func(a ack) bool {
		texts, looked := shown[a.kase]
		if !looked {
			if ans, err := x.eng.Ask(x.eng.Owner(ctx), app.OneCase{ID: a.kase}); err == nil {
				texts = map[string]bool{"": true}
				for _, e := range ans.(app.OneCaseAnswer).Timeline {
					texts[e.Text] = true
				}
			}
			shown[a.kase] = texts
		}
		return texts[a.text] || x.aside(a)
	}
}

// aside tells whether what was acknowledged was refused later, and is listed:
// while the node was alone, its writer had lost the right on another.
func (x *node) aside(a ack) bool {
	ans, err := x.eng.Ask(x.eng.Owner(ctx), app.Refused{Limit: 1000})
	if err != nil || !x.s.plan.roles {
		return false
	}
	kind := desk.CaseNoted
	if a.text == "" {
		kind = desk.CaseOpened
	}
	for _, r := range ans.(app.RefusedAnswer).Rows {
		if r.Entity.ID == a.kase && (r.Kind == kind.String() || r.Kind == desk.CaseOpened.String()) {
			return true
		}
	}
	return false
}

// verdict is everything that is wrong with a site at rest; "" when all is well.
func (s *world) verdict() string {
	if len(s.bad) > 0 {
		return s.bad[0]
	}
	if !s.same() {
		return fmt.Sprintf("divergent: the nodes do not hold the same events: %v", s.points())
	}
	var first [32]byte
	for i, x := range s.nodes {
		err := x.eng.Settle(ctx)
		sum, err2 := x.db.Checksum()
		if err := errors.Join(err, err2); err != nil {
			return err.Error()
		}
		if i == 0 {
			first = sum
		} else if sum != first {
			return fmt.Sprintf("divergent: nodes 0 and %d fold the same events into other views", i)
		}
		if len(x.db.Frozen()) > 0 {
			return fmt.Sprintf("forked: node %d has frozen %x", i, x.db.Frozen())
		}
	}
	for _, x := range s.nodes {
		if v := x.sound(); v != "" {
			return v
		}
	}
	if v := s.nodes[s.told%len(s.nodes)].joined(); v != "" {
		return v
	}
	for _, x := range s.nodes {
		holds := x.holds()
		for _, a := range s.acked {
			if !holds(a) {
				return fmt.Sprintf("lost: node %d has not %q of case %s, which node %d acknowledged", x.n, a.text, a.kase, a.node)
			}
		}
	}
	return s.alarms()
}

func (s *world) points() (out []string) {
	for _, x := range s.nodes {
		out = append(out, fmt.Sprint(x.db.Vector()))
	}
	return out
}

// alarms tells whether each threshold that was reached has one alarm.
func (s *world) alarms() string {
	x := s.nodes[0]
	a, err := x.eng.Ask(x.eng.Owner(ctx), app.Alarms{Limit: 100_000})
	if err != nil {
		return err.Error()
	}
	seen := map[string]bool{}
	for _, r := range a.(app.AlarmsAnswer).Rows {
		k := sla.ThresholdID(r.Alarm.Case.String(), r.Alarm.Clock, r.Alarm.Percent)
		if seen[k] {
			return "doubled: two alarms of " + k
		}
		seen[k] = true
	}
	for _, k := range s.reached {
		if !seen[k] {
			return "lost: no alarm of " + k
		}
	}
	return ""
}
