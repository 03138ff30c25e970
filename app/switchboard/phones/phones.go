// Package phones works real telephones of others, baresip and sipp, on the loopback
// interface: for tests of the queue. Where they are not installed the tests are skipped
// and say so.
package phones

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long anything may take that is waited for.
const patience = time.Minute

// Need skips a test, out loud, where a telephone is not installed.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("SKIPPED: %s is not installed: packaging/deps.sh installs it", p)
		}
	}
}

var hosts atomic.Int32

// Host is an address of the loopback interface that nobody else of this test has.
func Host() string {
	n := hosts.Add(1)
	return fmt.Sprintf("127.%d.%d.%d", 20+os.Getpid()%200, n/250, 1+n%250)
}

// Phone is a baresip that runs.
type Phone struct {
	t       testing.TB
	dir     string
	control net.Conn
	process *os.Process
	ended   chan struct{}

	mu     sync.Mutex // guards what follows
	events []Event
	said   bytes.Buffer
}

// Event is what a telephone tells of itself.
type Event struct {
	Type      string `json:"type"`
	Direction string `json:"direction"`
	Peer      string `json:"peeruri"`
	Param     string `json:"param"`
}

// Setup is how a telephone is set.
type Setup struct {
	Server    string // host:port
	Extension string
	Password  string // "" = it does not register
	Auto      bool   // it answers by itself
	Says      string // a WAV file that it says; "" = silence
}

const modules = `module_path %s
module g711.so
module menu.so
module aufile.so
module sndfile.so
module ctrl_tcp.so
module account.so
`

// New starts a telephone; it ends with the test.
func New(t testing.TB, s Setup) *Phone {
	t.Helper()
	Need(t, "baresip")
	p := &Phone{t: t, dir: t.TempDir()}
	where := "/usr/lib/baresip/modules"
	if out, err := exec.Command("dpkg", "-L", "baresip-core").Output(); err == nil {
		for line := range strings.Lines(string(out)) {
			if strings.HasSuffix(strings.TrimSpace(line), "/aufile.so") {
				where = filepath.Dir(strings.TrimSpace(line))
			}
		}
	}
	says := s.Says
	port, control := freePort(t, "udp"), freePort(t, "tcp") // its sound comes from 127.0.0.1 in any case
	if says == "" {
		says = filepath.Join(p.dir, "silence.wav")
		WriteTone(t, says, 0, 60)
	}
	config := fmt.Sprintf(modules, where) + fmt.Sprintf(`sip_listen 127.0.0.1:%d
rtp_ports 20000-30000
snd_path %s
audio_source aufile,%s
audio_alert aufile,/dev/null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
call_max_calls 4
ctrl_tcp_listen 127.0.0.1:%d
net_interface 127.0.0.1
`, port, p.dir, says, control)
	reg, auto := 0, "manual"
	if s.Password != "" {
		reg = 60
	}
	if s.Auto {
		auto = "auto"
	}
	account := fmt.Sprintf("<sip:%s@%s;transport=udp>;auth_user=%s;auth_pass=%s;regint=%d;answermode=%s;audio_codecs=PCMA,PCMU\n", s.Extension, s.Server, s.Extension, s.Password, reg, auto)
	for name, text := range map[string]string{"config": config, "accounts": account, "contacts": ""} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("baresip", "-f", p.dir) //nolint:gosec // a folder of the test
	c.Stdout, c.Stderr = &writer{p}, &writer{p}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p.process, p.ended = c.Process, make(chan struct{})
	go func() { _ = c.Wait(); close(p.ended) }() // it is ended below
	t.Cleanup(func() {
		_ = c.Process.Kill() // it may have ended
		<-p.ended
		if t.Failed() {
			p.mu.Lock()
			defer p.mu.Unlock()
			t.Logf("telephone %s said:\n%s\n%v", s.Extension, p.said.String(), p.events)
		}
	})
	Until(t, "the telephone "+s.Extension, func() bool {
		x, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", control))
		if err == nil {
			p.control = x
		}
		return err == nil
	})
	t.Cleanup(func() { _ = p.control.Close() }) // the test is over
	go p.listen()
	return p
}

type writer struct{ p *Phone }

func (w *writer) Write(b []byte) (int, error) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	return w.p.said.Write(b)
}

// listen reads the netstrings of the telephone's control.
func (p *Phone) listen() {
	var buf []byte
	b := make([]byte, 4<<10)
	for {
		n, err := p.control.Read(b)
		if err != nil {
			return
		}
		buf = append(buf, b[:n]...)
		for {
			i := bytes.IndexByte(buf, ':')
			size := 0
			if i < 0 {
				break
			}
			if _, err := fmt.Sscan(string(buf[:i]), &size); err != nil || len(buf) < i+size+2 {
				break
			}
			var e Event
			if json.Unmarshal(buf[i+1:i+1+size], &e) == nil && e.Type != "" {
				p.mu.Lock()
				p.events = append(p.events, e)
				p.mu.Unlock()
			}
			buf = buf[i+size+2:]
		}
	}
}

// Do has the telephone do something: dial, accept, hangup, hold, resume, transfer.
func (p *Phone) Do(command string, params string) {
	p.t.Helper()
	b, err := json.Marshal(map[string]string{"command": command, "params": params, "token": "x"})
	if err == nil {
		_, err = fmt.Fprintf(p.control, "%d:%s,", len(b), b)
	}
	if err != nil {
		p.t.Fatalf("the telephone does not %s: %v", command, err)
	}
}

// Cut ends the telephone as a cable that is pulled does: it says nothing more.
func (p *Phone) Cut() {
	p.t.Helper()
	if err := p.process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.ended
}

// Told is how often the telephone told an event.
func (p *Phone) Told(kind string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if e.Type == kind {
			n++
		}
	}
	return n
}

// Await waits until the telephone has told an event so often; what it told before it was
// listened to, as that it has registered, is not among them.
func (p *Phone) Await(kind string, times int) {
	p.t.Helper()
	Until(p.t, kind, func() bool { return p.Told(kind) >= times })
}

// Heard is the file of what the telephone heard in its last call; "" = there was none.
func (p *Phone) Heard() string {
	files, _ := filepath.Glob(filepath.Join(p.dir, "dump-*-dec.wav")) // the pattern is a good one
	if len(files) == 0 {
		return ""
	}
	return files[len(files)-1]
}

// Until waits for a state.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(patience); ; {
		if ok() {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("it never came to %s", what)
		}
	}
}

// freePort is a port of 127.0.0.1 that nobody has now.
func freePort(t testing.TB, network string) int {
	t.Helper()
	if network == "udp" {
		c, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }() // it was only to find a port
		return c.LocalAddr().(*net.UDPAddr).Port
	}
	c, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() // the same
	return c.Addr().(*net.TCPAddr).Port
}
