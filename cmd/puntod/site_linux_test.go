package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/local"
)

const password = "una clave larga"

// station is one workstation: a process of puntod in a host of the LAN, or outside
// of all with n = 0.
type station struct {
	t    *testing.T
	n    int
	bin  string
	data string
	cmd  *exec.Cmd
	log  bytes.Buffer

	mu     sync.Mutex // guards what follows
	client *local.Client
	token  string
}

func (s *station) command(args ...string) *exec.Cmd {
	all := append([]string{s.bin, "--data", s.data}, args...)
	if s.n > 0 {
		all = append([]string{"ip", "netns", "exec", fmt.Sprintf("h%d", s.n)}, all...)
	}
	c := exec.Command(all[0], all[1:]...)
	c.Env = append(os.Environ(), "PUNTO_STATE="+filepath.Join(filepath.Dir(s.data), "state"), "PUNTO_SERVICE="+filepath.Join(filepath.Dir(s.data), "none"), "PUNTO_DEBUG=1")
	return c
}

// puntod runs a command of it to its end.
func (s *station) puntod(args ...string) string {
	s.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("host %d: puntod %s: %v\n%s", s.n, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s *station) start() {
	s.t.Helper()
	s.cmd = s.command("run")
	s.cmd.Stderr = &s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.client, s.token = nil, ""
	s.mu.Unlock()
	within(s.t, 20*time.Second, fmt.Sprintf("host %d serves", s.n), func() bool {
		c, err := local.Dial(context.Background(), s.data)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// kill ends it as a power cut does, for the process.
func (s *station) kill() {
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	_ = s.cmd.Wait()
}

// door is the desk of the station with the administrator signed in.
func (s *station) door() (context.Context, *local.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx := context.Background()
	if s.client == nil || s.client.Lost() {
		c, err := local.Dial(ctx, s.data)
		if err != nil {
			return ctx, nil, err
		}
		s.client, s.token = c, ""
	}
	if s.token == "" {
		r, err := s.client.Do(ctx, app.SignIn{Login: "admin", Password: password})
		if err != nil {
			return ctx, nil, err
		}
		s.token = r.Token
	}
	return app.WithSession(ctx, s.token), s.client, nil
}

func (s *station) do(c app.Command) (app.Receipt, error) {
	ctx, d, err := s.door()
	if err != nil {
		return app.Receipt{}, err
	}
	return d.Do(ctx, c)
}

func (s *station) must(c app.Command) app.Receipt {
	s.t.Helper()
	r, err := s.do(c)
	if err != nil {
		s.t.Fatalf("host %d: %s: %v", s.n, app.NameOf(c), err)
	}
	return r
}

func ask[A any](s *station, q app.Query) A {
	s.t.Helper()
	ctx, d, err := s.door()
	if err != nil {
		s.t.Fatalf("host %d: %v", s.n, err)
	}
	a, err := d.Ask(ctx, q)
	if err != nil {
		s.t.Fatalf("host %d: %s: %v", s.n, app.NameOf(q), err)
	}
	return a.(A)
}

func within(t *testing.T, limit time.Duration, what string, is func() bool) time.Duration {
	t.Helper()
	begin := time.Now()
	for !is() {
		if time.Since(begin) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
		time.Sleep(50 * time.Millisecond) // real processes on a real clock
	}
	return time.Since(begin)
}

// same tells whether all stations hold and fold the same.
func same(ss []*station) bool {
	first := ask[app.DigestAnswer](ss[0], app.Digest{})
	for _, s := range ss[1:] {
		d := ask[app.DigestAnswer](s, app.Digest{})
		if d.Digest != first.Digest || len(d.Vector) != len(first.Vector) {
			return false
		}
		for o, n := range first.Vector {
			if d.Vector[o] != n {
				return false
			}
		}
	}
	return true
}

// built is the program as it is installed.
func built(t *testing.T, dir string) (bin string) {
	t.Helper()
	bin = filepath.Join(dir, "puntod")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build puntod: %v\n%s", err, out)
	}
	return bin
}

// site is three stations of which the first is the coordinator.
func site(t *testing.T) []*station {
	t.Helper()
	dir := t.TempDir()
	bin := built(t, dir)
	lan(t, 3)
	var ss []*station
	for i := 1; i <= 3; i++ {
		s := &station{t: t, n: i, bin: bin, data: filepath.Join(dir, fmt.Sprintf("h%d", i), "data")}
		ss = append(ss, s)
		t.Cleanup(func() {
			if s.cmd != nil {
				s.kill()
			}
			if t.Failed() {
				t.Logf("host %d:\n%s", s.n, tail(s.log.String(), 6000))
			}
		})
	}
	first := ss[0]
	out := first.puntod("init", "--name", "Minera Los Andes", "--zone", "America/Lima", "--node", "central", "--json")
	setPassword(t, first, out)
	first.start()
	for i, s := range ss[1:] {
		code := strings.Fields(first.puntod("invite"))[0]
		s.puntod("join", code, "10.7.0.1", "--node", fmt.Sprintf("puesto %d", i+2))
		s.start()
	}
	return ss
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// setPassword gives the administrator a password that the test knows, by the way
// that IT would: the first one was shown once.
func setPassword(t *testing.T, s *station, shown string) {
	t.Helper()
	_, rest, _ := strings.Cut(shown, `"password": "`)
	old, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no password was shown:\n%s", shown)
	}
	s.start()
	c, err := local.Dial(context.Background(), s.data)
	if err == nil {
		_, err = c.Do(c.Owner(context.Background()), app.SetPassword{Agent: adminID(t, c), New: password})
		err = errors.Join(err, c.Close())
	}
	if err != nil || old == "" {
		t.Fatal(err)
	}
	s.kill()
}

func adminID(t *testing.T, c *local.Client) desk.ID {
	t.Helper()
	a, err := c.Ask(c.Owner(context.Background()), app.Records{Type: desk.AgentType})
	if err != nil {
		t.Fatal(err)
	}
	return a.(app.RecordsAnswer).Agents[0].ID
}
