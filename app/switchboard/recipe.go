package switchboard

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// What the client's IT writes into the exchange's files, with the site's names in it.

func askRecipe(l *engine.Look, q app.SwitchboardRecipe) (a app.SwitchboardRecipeAnswer, err error) {
	s := q.Switchboard
	if err := fits(s); err != nil {
		return a, err
	}
	if s.Kind != desk.AsteriskAMI {
		return a, app.Fail(app.Invalid, "only a link to a manager interface asks for lines in the exchange's files")
	}
	for _, name := range q.Queues {
		if name == "" || strings.ContainsAny(name, ",()\r\n;\"$") {
			return a, app.About("queues", app.Fail(app.Invalid, "%q is no name of a queue: write it as in queues.conf", name))
		}
	}
	hosts, err := hostsOf(l)
	if err != nil {
		return a, err
	}
	a.Manager, a.Dialplan = manager(s, hosts), dialplan(q.Queues)
	return a, nil
}

// hostsOf are the addresses of the workstations that may hold the link.
func hostsOf(l *engine.Look) (out []string, err error) {
	for n, err := range records.Each[desk.Node](l.Names, desk.NodeType) {
		if err != nil {
			return nil, err
		}
		if host, _, err := net.SplitHostPort(n.Of.Address); err == nil && n.Of.RevokedAt == 0 && net.ParseIP(host) != nil {
			out = append(out, host)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// manager is what manager.conf says: as little as the link needs, from the workstations
// alone, with the instant of each event.
func manager(s desk.Switchboard, hosts []string) string {
	host, port, _ := net.SplitHostPort(s.Address)
	var b strings.Builder
	fmt.Fprintf(&b, "; manager.conf\n[general]\nenabled = yes\ntimestampevents = yes\n")
	if s.TLS {
		fmt.Fprintf(&b, "tlsenable = yes\ntlsbindaddr = %s:%s\ntlscertfile = /etc/asterisk/keys/asterisk.pem\n", host, port)
	} else {
		fmt.Fprintf(&b, "bindaddr = %s\nport = %s\n", host, port)
	}
	fmt.Fprintf(&b, "\n[%s]\nsecret = ********\ndeny = 0.0.0.0/0.0.0.0\n", s.User)
	if len(hosts) == 0 {
		hosts = []string{"10.0.0.0"}
		fmt.Fprintf(&b, "; permit: the address of each workstation of Punto\n;")
	}
	for _, h := range hosts {
		mask := "/255.255.255.255"
		if strings.Contains(h, ":") {
			mask = "/128"
		}
		fmt.Fprintf(&b, "permit = %s%s\n", h, mask)
	}
	write := "agent,reporting,user"
	if s.Dials {
		write += ",originate"
	}
	fmt.Fprintf(&b, "read = call,agent,user,cdr\nwrite = %s\n", write)
	return b.String()
}

// dialplan is what extensions.conf says behind each queue: a call that a full queue
// refuses, or that leaves it for elsewhere, is told of by nothing else.
func dialplan(queues []string) string {
	var b strings.Builder
	b.WriteString("; extensions.conf\n")
	if len(queues) == 0 {
		queues = []string{"mesa"}
	}
	for _, q := range queues {
		const left = `ExecIf($["${QUEUESTATUS}"!="" & "${QUEUESTATUS}"!="CONTINUE"]?`
		fmt.Fprintf(&b, "same => n,Queue(%s)\n", q)
		fmt.Fprintf(&b, "same => n,%sUserEvent(PuntoFin,Queue: %s,Uniqueid: ${UNIQUEID},Estado: ${QUEUESTATUS}))\n", left, q)
		fmt.Fprintf(&b, "same => n,%sQueueLog(%s,${UNIQUEID},NONE,PUNTOFIN,${QUEUESTATUS}))\n", left, q)
		fmt.Fprintf(&b, "; out of hours\nsame => n,UserEvent(PuntoFin,Queue: %s,Uniqueid: ${UNIQUEID},Estado: CERRADO)\n\n", q)
	}
	return strings.TrimSpace(b.String()) + "\n"
}
