// Package postoffice runs a real mail server (Debian's exim) on loopback for tests, and
// reads what it has taken. Where there is none, or the test does not run as root, the test
// skips out loud.
package postoffice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Office is a mail server that asks for STARTTLS and a password, and takes mail for
// anybody but nobody@ (refused for ever), later@ (refused for now).
type Office struct {
	Port           int
	Cert           string // fingerprint of its certificate, which names localhost and which no machine trusts
	User, Password string

	t    testing.TB
	dir  string
	exim string
	run  *exec.Cmd
}

const config = `
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
keep_environment =
smtp_accept_queue_per_connection = 0
spool_directory = %[1]s/spool
log_file_path = %[1]s/spool/%%slog
pid_file_path = %[1]s/spool/pid
primary_hostname = localhost
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[2]d
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/key.pem
tls_advertise_hosts = *
acl_smtp_rcpt = rcpt
acl_smtp_mail = from
begin acl
from:
  require message = turn private first
          encrypted = *
  require message = sign in first
          authenticated = *
  accept
rcpt:
  deny message = there is no such user
       local_parts = nobody
  defer message = the box is full
       local_parts = later
  accept
begin routers
all:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  directory = %[1]s/mail
  maildir_format
  user = Debian-exim
  create_directory
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${if and{{eq{$auth2}{punto}}{eq{$auth3}{una clave larga}}}}
  server_set_id = $auth2
  server_advertise_condition = ${if def:tls_in_cipher}
`

// Open starts one; it ends with the test.
func Open(t testing.TB) *Office {
	t.Helper()
	o := &Office{t: t, User: "punto", Password: "una clave larga"} //nolint:gosec // of a server that lives for one test
	var err error
	if o.exim, err = exec.LookPath("exim4"); err != nil {
		if o.exim = "/usr/sbin/exim4"; exec.Command(o.exim, "-bV").Run() != nil { //nolint:gosec // the server itself
			t.Skip("SKIPPED: there is no exim4 (Debian: exim4-daemon-light): no real mail server was tried")
		}
	}
	box, err := user.Lookup("Debian-exim")
	if err != nil || os.Geteuid() != 0 {
		t.Skip("SKIPPED: a mail server is run by root alone: no real one was tried")
	}
	uid, _ := strconv.Atoi(box.Uid)
	gid, _ := strconv.Atoi(box.Gid)
	if o.dir, err = os.MkdirTemp("", "postoffice"); err != nil { // t.TempDir's path is closed to other users
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(o.dir) })
	for _, d := range []string{"", "spool", "mail"} {
		d = filepath.Join(o.dir, d)
		if err := os.MkdirAll(d, 0o755); err != nil { //nolint:gosec // another user writes there
			t.Fatal(err)
		}
		own(t, d, uid, gid, 0o755)
	}
	o.certify(uid, gid)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.Port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	if err := os.WriteFile(o.path("exim.conf"), fmt.Appendf(nil, config, o.dir, o.Port), 0o600); err != nil {
		t.Fatal(err)
	}
	own(t, o.path("exim.conf"), 0, 0, 0o644)
	o.Start()
	t.Cleanup(o.Stop)
	return o
}

func (o *Office) path(name string) string { return filepath.Join(o.dir, name) }

func own(t testing.TB, path string, uid, gid int, mode os.FileMode) {
	t.Helper()
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func (o *Office) certify(uid, gid int) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	now := time.Now()
	c := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		o.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		o.t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	o.Cert = hex.EncodeToString(sum[:])
	for name, b := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(o.path(name), pem.EncodeToMemory(b), 0o600); err != nil {
			o.t.Fatal(err)
		}
		own(o.t, o.path(name), uid, gid, 0o600)
	}
}

// Start starts it (again).
func (o *Office) Start() {
	o.t.Helper()
	o.run = exec.Command(o.exim, "-C", o.path("exim.conf"), "-bdf") //nolint:gosec // the server itself
	o.run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := o.run.Start(); err != nil {
		o.t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)))
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(end) {
			log, _ := os.ReadFile(o.path("spool/paniclog"))
			o.t.Fatalf("the mail server does not answer: %v\n%s", err, log)
		}
	}
}

// Stop stops it; what it has taken stays.
func (o *Office) Stop() {
	if o.run == nil {
		return
	}
	_ = syscall.Kill(-o.run.Process.Pid, syscall.SIGKILL)
	_ = o.run.Wait()
	o.run = nil
}

// Mail is one that was taken.
type Mail struct {
	*mail.Message
	Body string
}

// Mails are those that were taken, in no order. It waits until there are so many.
func (o *Office) Mails(n int) (all []Mail) {
	o.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		names, err := filepath.Glob(o.path("mail/new/*"))
		if err != nil {
			o.t.Fatal(err)
		}
		if len(names) < n && time.Now().Before(end) {
			continue
		}
		for _, name := range names {
			f, err := os.Open(name)
			if err != nil {
				o.t.Fatal(err)
			}
			m, err := mail.ReadMessage(f)
			if err != nil {
				o.t.Fatal(err)
			}
			b, err := io.ReadAll(m.Body)
			if err != nil {
				o.t.Fatal(err)
			}
			_ = f.Close()
			all = append(all, Mail{m, strings.ReplaceAll(string(b), "\r\n", "\n")})
		}
		if len(all) < n {
			o.t.Fatalf("the mail server has taken %d letters, not %d", len(all), n)
		}
		return all
	}
}
