package phones

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Call is what sipp's callers do.
type Call struct {
	Server string // host:port
	Number string // that they call
	Calls  int    // at once; 0 = one
	Expect int    // the code of the answer; 0 = 200
	Stay   int    // milliseconds until they hang up; 0 = until they are told goodbye
	Mute   bool   // after the answer nothing comes of them, no acknowledgement either
}

// Callers starts sipp's callers; the function that it gives waits until all are done, and
// fails when it went otherwise than they expect.
func Callers(t testing.TB, c Call) (done func()) {
	t.Helper()
	Need(t, "sipp")
	host, dir := Host(), t.TempDir()
	code := max(c.Expect, 200)
	if c.Expect == 0 {
		code = 200
	}
	const req = `%s sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Rosa Quispe" <sip:4471@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>%s
Call-ID: [call_id]
CSeq: %d %s
Contact: <sip:4471@[local_ip]:[local_port]>
Max-Forwards: 70
`
	msg := func(method, to string, seq int, body string) string {
		m := fmt.Sprintf(req, method, to, seq, method)
		if body != "" {
			m += "Content-Type: application/sdp\n"
		}
		return "<send><![CDATA[\n\n" + m + "Content-Length: [len]\n\n" + body + "]]></send>\n"
	}
	x := `<?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="caller">` + "\n"
	x += msg("INVITE", "", 1, "v=0\no=u 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio [media_port] RTP/AVP 8 0\na=rtpmap:8 PCMA/8000\n")
	x += `<recv response="100" optional="true"/><recv response="180" optional="true"/>` + fmt.Sprintf(`<recv response="%d" timeout="30000"/>`, code) + "\n"
	ack := msg("ACK", "[peer_tag_param]", 1, "")
	switch {
	case c.Mute:
		x += `<pause milliseconds="1000"/>`
	case code != 200:
		x += ack
	case c.Stay == 0:
		x += ack + `<recv request="BYE" timeout="60000"/><send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>`
	default:
		x += ack + fmt.Sprintf(`<pause milliseconds="%d"/>`, c.Stay) + msg("BYE", "[peer_tag_param]", 2, "") + `<recv response="200" timeout="30000"/>`
	}
	x += "</scenario>\n"
	file := filepath.Join(dir, "caller.xml")
	if err := os.WriteFile(file, []byte(x), 0o600); err != nil {
		t.Fatal(err)
	}
	n := max(1, c.Calls)
	args := []string{c.Server, "-sf", file, "-s", c.Number, "-i", host, "-mi", host, "-p", "5060", "-m", fmt.Sprint(n), "-l", fmt.Sprint(n), "-r", fmt.Sprint(n), "-rp", "100",
		"-mp", "6000", "-nostdin", "-timeout", "120", "-trace_err", "-error_file", filepath.Join(dir, "errors")}
	cmd := exec.Command("sipp", args...) //nolint:gosec // what the test says
	cmd.Dir = dir
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may have ended
	return func() {
		t.Helper()
		if err := <-ended; err != nil {
			b, _ := os.ReadFile(filepath.Join(dir, "errors")) // there may be none
			out := said.String()
			t.Fatalf("the callers did not get what they expect: %v\n%s\n%s", err, b, out[max(0, len(out)-1500):])
		}
	}
}
