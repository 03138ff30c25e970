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
