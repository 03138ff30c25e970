package main

import (
	"strings"
	"testing"

	"punto/app/switchboard/fakepbx"
)

// A link is set, tried and shown, and the lines for the exchange are printed, with the
// password nowhere.
func TestALinkToAnExchangeIsSetAndTried(t *testing.T) {
	p, err := fakepbx.New([]byte("Event: QueueMemberAdded\r\nTimestamp: 1795388550.5\r\nQueue: mesa\r\nMemberName: Ana Perez\r\nInterface: PJSIP/101\r\nPaused: 0\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.Play(1)
	dir, secret := newDesk(t), file(t, "secret", fakepbx.Secret+"\n")
	if out := must(t, dir, "switchboard"); !strings.Contains(out, "no link") {
		t.Errorf("with none it says %q", out)
	}
	outs := []string{must(t, dir, "switchboard", "set", "central", "--kind", "ami", "--address", p.Address(), "--user", fakepbx.User, "--password-file", secret),
		must(t, dir, "switchboard", "set", "central", "--dials"), must(t, dir, "switchboard", "try", "central"), must(t, dir, "switchboard", "recipe", "central", "--queues", "mesa,vip"), must(t, dir, "switchboard", "--json")}
	for i, says := range [][]string{{"central  ami  " + p.Address()}, {"central"}, {"channels  ok", "interface 9.0.0, queues: mesa, agents: Ana Perez"},
		{"[punto]", "timestampevents = yes", "write = agent,reporting,user,originate", "UserEvent(PuntoFin,Queue: vip,", "QueueLog(mesa,${UNIQUEID}"}, {`"dials":true`}} {
		for _, s := range says {
			if !strings.Contains(outs[i], s) {
				t.Errorf("it says %q, without %q", outs[i], s)
			}
		}
		if strings.Contains(outs[i], fakepbx.Secret) {
			t.Errorf("the password stands in %q", outs[i])
		}
	}
	p.Close()
	if out, err := run(t, dir, "switchboard", "try", "central"); err == nil || !strings.Contains(out, "reach     failed") {
		t.Errorf("of an exchange that is gone it says %q, %v", out, err)
	}
	for _, bad := range [][]string{{"set", "x", "--kind", "fax"}, {"set", "x", "--kind", "ami", "--address", "nowhere", "--user", "u", "--password-file", secret}, {"try", "nadie"}, {"recipe", "central", "--queues", "a)\nb"}} {
		if out, err := run(t, dir, append([]string{"switchboard"}, bad...)...); err == nil {
			t.Errorf("%q was taken: %q", bad, out)
		}
	}
}

// The desk's own exchange is set by lines: its queues, and telephones with their passwords.
func TestAnOwnQueueIsSetByLines(t *testing.T) {
	dir := newDesk(t)
	must(t, dir, "switchboard", "set", "propia", "--kind", "sip", "--listen", "127.0.0.1:5060")
	for i, x := range [][]string{
		{"queue", "propia", "vip", "--number", "701"},
		{"queue", "propia", "mesa", "--number", "700", "--limit", "5", "--most-wait", "5m", "--ring", "15s", "--wrap-up", "30s", "--overflow", "vip"},
		{"phone", "propia", "101"}} {
		out := must(t, dir, append([]string{"switchboard"}, x...)...)
		if says := []string{"queue 701 vip", "queue 700 mesa, limit 5, most wait 300, ring 15, wrap-up 30, overflow vip", "server 127.0.0.1:5060 (UDP), user 101, password "}[i]; !strings.Contains(out, says) {
			t.Errorf("it says %q, without %q", out, says)
		}
	}
	password := func(args ...string) string {
		_, word, _ := strings.Cut(must(t, dir, append([]string{"switchboard", "phone", "propia", "101"}, args...)...), "password ")
		return strings.TrimSpace(word)
	}
	if a, b, c := password(), password(), password("--renew"); a != b || a == c || len(a) != 16 {
		t.Errorf("the passwords are %q, %q and renewed %q", a, b, c)
	}
	if out := must(t, dir, "switchboard"); !strings.Contains(out, "telephones: 101") || strings.Contains(out, password()) {
		t.Errorf("it says %q", out)
	}
	must(t, dir, "switchboard", "queue", "propia", "mesa", "--overflow", "")
	must(t, dir, "switchboard", "queue", "propia", "vip", "--remove")
	must(t, dir, "switchboard", "phone", "propia", "101", "--remove")
	if out := must(t, dir, "switchboard"); strings.Contains(out, "vip") || strings.Contains(out, "101") {
		t.Errorf("what was taken out is there: %q", out)
	}
	for _, bad := range [][]string{{"set", "otra", "--kind", "sip", "--listen", "0.0.0.0:5060"}, {"queue", "nadie", "mesa", "--number", "1"}, {"queue", "propia", "x"}, {"queue", "propia", "x", "--number", "9", "--calendar", "ninguno"}, {"phone", "propia", "ana"}, {"phone", "propia", "555", "--remove"}} {
		if out, err := run(t, dir, append([]string{"switchboard"}, bad...)...); err == nil {
			t.Errorf("%q was taken: %q", bad, out)
		}
	}
}
