package stream

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"punto/app/desk"
)

// A join code is 100 random bits in 20 Crockford letters. Whoever has it proves so
// with an HMAC over the exporter of the very TLS peering, in both directions: a
// code that is overheard, guessed at or relayed opens nothing.
const (
	codeLetters = 20
	joinTimeout = 30 * time.Second
	askTimeout  = 10 * time.Second // for whoever has shaken hands to show a code
)

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newCode is 20 letters in groups of five.
func newCode() string {
	var b [13]byte
	_, _ = rand.Read(b[:]) // never fails
	s := crockford.EncodeToString(b[:])[:codeLetters]
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:]
}

// CleanCode is a code as people type it without its dashes, spaces and misread
// letters; an error when it cannot be one.
func CleanCode(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '.':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(s))
	if len(s) != codeLetters || strings.Trim(s, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return "", ErrCodeForm
	}
	return s, nil
}

// Errors of joining. Each says what to do.
var (
	ErrCodeForm    = errors.New("that is not a join code: it has 20 letters and digits")
	ErrCodeWrong   = errors.New("the join code is not right: type it again")
	ErrCodeExpired = errors.New("the join code is older than 15 minutes: ask for another")
	ErrCodeUsed    = errors.New("the join code was used already: ask for another")
	ErrCodeLocked  = errors.New("the join code is locked after ten wrong proofs of it: ask for another")
	ErrCodeSlow    = errors.New("ten wrong join codes came from this address: wait a quarter of an hour, or ask for another code")
	ErrImpostor    = errors.New("the other side does not know the code: it is not the coordinator, or somebody is between")
	ErrJoin        = errors.New("the coordinator could not take this workstation in")
)

var joinErrors = map[string]error{"wrong": ErrCodeWrong, "expired": ErrCodeExpired, "used": ErrCodeUsed, "locked": ErrCodeLocked, "slow": ErrCodeSlow}

// proofOf shows that a side knows the code, bound to this very TLS connection by its
// exporter: whoever stands between has another one, and learns nothing to go on with.
func proofOf(code, side string, exporter []byte, more ...[]byte) []byte {
	m := hmac.New(sha256.New, []byte(code))
	m.Write([]byte("punto join " + side + "\x00"))
	m.Write(exporter)
	for _, b := range more {
		m.Write(b)
	}
	return m.Sum(nil)
}

// request is what a workstation asks to be taken in with.
type request struct {
	Proof []byte `cbor:"1,keyasint"`
	Key   []byte `cbor:"2,keyasint"` // Ed25519 public key
	Sign  []byte `cbor:"3,keyasint"` // over the exporter, by that key
	Name  string `cbor:"4,keyasint"`
	Code  []byte `cbor:"5,keyasint,omitempty"` // nameOf the code; none from versions before
}

// reply is the coordinator's.
type reply struct {
	Why   string `cbor:"1,keyasint,omitempty"`
	Proof []byte `cbor:"2,keyasint,omitempty"` // over the exporter and In
	In    []byte `cbor:"3,keyasint,omitempty"` // Admission
}

// Admission is what a workstation that is taken in gets.
type Admission struct {
	Desk     desk.ID  `cbor:"1,keyasint"`
	CA       []byte   `cbor:"2,keyasint"`
	Cert     []byte   `cbor:"3,keyasint"`
	Ring     Ring     `cbor:"4,keyasint"`
	Carry    string   `cbor:"5,keyasint"`
	Recovery string   `cbor:"6,keyasint"`
	Prefix   string   `cbor:"7,keyasint"`
	Peers    []string `cbor:"8,keyasint"`
}

// Register tells the desk of a new workstation and gives the prefix of its case
// numbers.
type Register func(ctx context.Context, key ed25519.PublicKey, name string) (prefix string, err error)

const (
	exporterLabel = "EXPORTER-punto-join"
	maxJoin       = 64 << 10
)

// exporterOf is what both ends of a connection know and nobody else; only TLS 1.3 and
// the protocol of joining have one.
func exporterOf(c *tls.Conn) ([]byte, error) {
	cs := c.ConnectionState()
	if cs.Version != tls.VersionTLS13 || cs.NegotiatedProtocol != alpnJoin {
		return nil, ErrNotMember
	}
	return cs.ExportKeyingMaterial(exporterLabel, nil, 32)
}

// admit is the coordinator's side of joining. known is called once the other side
// has shown a code.
func (m *Membership) admit(ctx context.Context, c *tls.Conn, codes *Codes, register Register, peers []string, known func()) error {
	exporter, err := exporterOf(c)
	if err != nil {
		return err
	}
	_ = c.SetDeadline(time.Now().Add(askTimeout))
	said, err := readMessage(c, maxJoin)
	if err != nil {
		return err
	}
	q, err := decode[request](said)
	if err != nil {
		return err
	}
	answer := func(r reply) error { return writeMessage(c, encode(Hello, r)) }
	k, why := codes.take(q, exporter, addressOf(c))
	if why != "" {
		return errors.Join(joinErrors[why], answer(reply{Why: why}))
	}
	known()
	_ = c.SetDeadline(time.Now().Add(joinTimeout))
	in, err := m.admission(ctx, q, exporter, register, peers)
	codes.settle(k, err == nil)
	if err != nil {
		return errors.Join(err, answer(reply{Why: err.Error()}))
	}
	return answer(reply{Proof: proofOf(k, "server", exporter, in), In: in})
}

// admission registers a workstation, which has shown that it holds its key, and makes
// what it gets. Registering comes first: a certificate of which the desk knows nothing
// must not exist.
func (m *Membership) admission(ctx context.Context, q request, exporter []byte, register Register, peers []string) ([]byte, error) {
	if len(q.Key) != ed25519.PublicKeySize || !ed25519.Verify(q.Key, exporter, q.Sign) {
		return nil, ErrNotMember
	}
	prefix, err := register(ctx, q.Key, q.Name)
	if err != nil {
		return nil, err
	}
	cert, err := m.Certify(q.Key, false)
	if err != nil {
		return nil, err
	}
	return encode(Hello, Admission{Desk: m.Desk, CA: m.CA, Cert: cert, Ring: m.Ring, Carry: m.Carry, Recovery: m.Recovery, Prefix: prefix, Peers: peers}).Body, nil
}

// Join asks the coordinator at an address to take this workstation in, and gives
// the site that it then belongs to and the prefix of its case numbers.
func Join(ctx context.Context, address, typed, name string, key ed25519.PrivateKey) (*Membership, string, error) {
	code, err := CleanCode(typed)
	if err != nil {
		return nil, "", err
	}
	ctx, stop := context.WithTimeout(ctx, joinTimeout)
	defer stop()
	d := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnJoin},
		InsecureSkipVerify: true}} //nolint:gosec // the proof over the exporter shows who is there
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, "", fmt.Errorf("reach the coordinator at %s: %w", address, err)
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c := conn.(*tls.Conn)
	exporter, err := exporterOf(c)
	if err != nil {
		return nil, "", err
	}
	pub := key.Public().(ed25519.PublicKey)
	err = writeMessage(c, encode(Hello, request{Proof: proofOf(code, "client", exporter), Key: pub, Sign: ed25519.Sign(key, exporter), Name: name, Code: nameOf(code)}))
	if err != nil {
		return nil, "", err
	}
	m, err := readMessage(c, maxJoin)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrJoin, err)
	}
	r, err := decode[reply](m)
	if err != nil {
		return nil, "", err
	}
	if r.Why != "" {
		if err := joinErrors[r.Why]; err != nil {
			return nil, "", err
		}
		return nil, "", fmt.Errorf("%w: %s", ErrJoin, r.Why)
	}
	if !hmac.Equal(r.Proof, proofOf(code, "server", exporter, r.In)) {
		return nil, "", ErrImpostor
	}
	return accept(address, r.In, pub)
}

// accept makes a membership of what the coordinator sent. The certificate must be of
// the own key, and of the authority that came along.
func accept(address string, in []byte, pub ed25519.PublicKey) (*Membership, string, error) {
	a, err := decode[Admission](Message{Hello, in})
	if err != nil {
		return nil, "", err
	}
	m := &Membership{Desk: a.Desk, CA: a.CA, Cert: a.Cert, Ring: a.Ring, Carry: a.Carry, Recovery: a.Recovery, Peers: append([]string{address}, a.Peers...)}
	got, _, err := m.Member(a.Cert)
	if err != nil {
		return nil, "", err
	}
	if !got.Equal(pub) {
		return nil, "", fmt.Errorf("%w: it is of another key", ErrNotMember)
	}
	return m, a.Prefix, nil
}
