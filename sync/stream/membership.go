package stream

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"punto/app/desk"
)

// Membership is what a workstation knows of the site that it belongs to: its
// certificate, the keys, the addresses of others. It is kept in the data folder,
// readable by its owner alone.
type Membership struct {
	Desk     desk.ID  `json:"desk"`
	CA       []byte   `json:"ca"`            // certificate of the site key, DER
	Cert     []byte   `json:"cert"`          // of this workstation, DER
	Key      []byte   `json:"key,omitempty"` // seed of the site key: on the coordinator alone
	Ring     Ring     `json:"ring"`
	Carry    string   `json:"carry"`             // age identity that all members have: opens what is carried on a stick
	Recovery string   `json:"recovery"`          // age recipient of backups
	Peers    []string `json:"peers"`             // addresses of others, remembered
	Listen   string   `json:"listen"`            // host:port; the gossip takes the port after it
	Address  string   `json:"address,omitempty"` // under which others reach it; "" = found out
	Shut     int      `json:"shut,omitempty"`    // of the coordinator: workstations shut out when the ring was last turned
}

const membershipFile = "site.json"

// LoadMembership reads that of a data folder; nil when it belongs to no site.
func LoadMembership(dir string) (*Membership, error) {
	b, err := os.ReadFile(filepath.Join(dir, membershipFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the site: %w", err)
	}
	m := &Membership{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("read the site in %s: %w; put it back from a backup", filepath.Join(dir, membershipFile), err)
	}
	return m, nil
}

// Save writes it into a data folder, whole or not at all.
func (m *Membership) Save(dir string) error {
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".site-") // mode 0600
	if err != nil {
		return fmt.Errorf("write the site: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, membershipFile))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write the site: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// Coordinator tells whether this workstation holds the site key.
func (m *Membership) Coordinator() bool { return len(m.Key) > 0 }

// Found makes a site whose first member, and coordinator, has that key.
func Found(pub ed25519.PublicKey) (*Membership, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails
	m := &Membership{Key: seed}
	_, _ = rand.Read(m.Desk[:])
	m.turn()
	t := certificate(m.Desk, pkix.Name{CommonName: "Punto", Organization: []string{m.Desk.String()}})
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign
	key := ed25519.NewKeyFromSeed(seed)
	var err error
	if m.CA, err = x509.CreateCertificate(rand.Reader, t, t, key.Public(), key); err != nil {
		return nil, fmt.Errorf("make the certificate of the site: %w", err)
	}
	m.Cert, err = m.Certify(pub, true)
	return m, err
}

// turn gives the ring a new key in use; the one before still opens what is under
// way.
func (m *Membership) turn() {
	k := make([]byte, 32)
	_, _ = rand.Read(k) // never fails
	r := Ring{Generation: m.Ring.Generation + 1, Keys: [][]byte{k}}
	if len(m.Ring.Keys) > 0 {
		r.Keys = append(r.Keys, m.Ring.Keys[0])
	}
	r.Sign = ed25519.Sign(ed25519.NewKeyFromSeed(m.Key), r.message(m.Desk))
	m.Ring = r
}

// message is what the site key signs of a ring.
func (r *Ring) message(d desk.ID) []byte {
	b := append([]byte("punto ring 1\x00"), d[:]...)
	b = binary.BigEndian.AppendUint64(b, r.Generation)
	for _, k := range r.Keys {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(k))), k...) // 32
	}
	return b
}

// genuine tells whether the site key has signed a ring.
func (m *Membership) genuine(r *Ring) bool {
	ca, err := x509.ParseCertificate(m.CA)
	if err != nil {
		return false
	}
	pub, ok := ca.PublicKey.(ed25519.PublicKey)
	return ok && ed25519.Verify(pub, r.message(m.Desk), r.Sign)
}

// certificate is a template. No clock of a workstation decides whether it holds:
// members are shut out by revocation.
func certificate(d desk.ID, name pkix.Name) *x509.Certificate {
	serial := new(big.Int).SetBytes(func() []byte { b := make([]byte, 15); _, _ = rand.Read(b); return b }())
	return &x509.Certificate{SerialNumber: serial, Subject: name, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(253402300799, 0),
		DNSNames: []string{d.String() + ".punto"}}
}

const coordinatorUnit, nodeUnit = "coordinator", "workstation"

// Certify signs the certificate of a member.
func (m *Membership) Certify(pub ed25519.PublicKey, coordinator bool) ([]byte, error) {
	if !m.Coordinator() {
		return nil, ErrNotCoordinator
	}
	unit := nodeUnit
	if coordinator {
		unit = coordinatorUnit
	}
	ca, err := x509.ParseCertificate(m.CA)
	if err != nil {
		return nil, fmt.Errorf("read the certificate of the site: %w", err)
	}
	t := certificate(m.Desk, pkix.Name{CommonName: desk.NodeID(pub).String(), Organization: []string{m.Desk.String()}, OrganizationalUnit: []string{unit}})
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	return x509.CreateCertificate(rand.Reader, t, ca, pub, ed25519.NewKeyFromSeed(m.Key))
}

// Errors of certificates.
var (
	ErrNotCoordinator = errors.New("this workstation does not hold the site key: do it on the coordinator")
	ErrNotMember      = errors.New("the certificate is not of a member of this site")
	ErrRevoked        = errors.New("the workstation was shut out of the site")
)

// Member reads the certificate of a member: whose key it is, and whether it is
// the coordinator.
func (m *Membership) Member(der []byte) (pub ed25519.PublicKey, coordinator bool, err error) {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrNotMember, err)
	}
	ca, err := x509.ParseCertificate(m.CA)
	if err != nil {
		return nil, false, fmt.Errorf("read the certificate of the site: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	if _, err := c.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: c.NotBefore.Add(time.Hour), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrNotMember, err)
	}
	pub, ok := c.PublicKey.(ed25519.PublicKey)
	units := c.Subject.OrganizationalUnit
	if !ok || c.IsCA || len(units) != 1 || c.Subject.CommonName != desk.NodeID(pub).String() {
		return nil, false, fmt.Errorf("%w: it says neither who nor what it is", ErrNotMember)
	}
	return pub, units[0] == coordinatorUnit, nil
}

// Check verifies the certificate of an identity and completes it by what it says.
func (m *Membership) Check(id *desk.Identity) error {
	pub, coordinator, err := m.Member(id.Cert)
	if err != nil {
		return err
	}
	if string(pub) != string(id.Key[:]) {
		return fmt.Errorf("%w: it is of another key", ErrNotMember)
	}
	id.Coordinator = coordinator
	return nil
}

// Protocols of a connection.
const (
	alpnSync = "punto-sync/1"
	alpnJoin = "punto-join/1"
)

// tls is the configuration of both ends of a peering: TLS 1.3, and a certificate
// of the site that nobody has revoked.
func (m *Membership) tls(key ed25519.PrivateKey, revoked func(desk.ID) bool) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnSync}, ClientAuth: tls.RequireAnyClientCert,
		Certificates:           []tls.Certificate{{Certificate: [][]byte{m.Cert}, PrivateKey: key}},
		SessionTicketsDisabled: true,
		InsecureSkipVerify:     true, //nolint:gosec // VerifyConnection proves more: the site, the key, revocation; names prove nothing here
		VerifyConnection: func(cs tls.ConnectionState) error {
			if cs.NegotiatedProtocol != alpnSync || len(cs.PeerCertificates) != 1 {
				return ErrNotMember
			}
			pub, _, err := m.Member(cs.PeerCertificates[0].Raw)
			if err != nil {
				return err
			}
			if revoked(desk.NodeID(pub)) {
				return ErrRevoked
			}
			return nil
		}}
}

// joinTLS is that of the coordinator towards one who has no certificate yet.
func (m *Membership) joinTLS(key ed25519.PrivateKey) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnJoin}, SessionTicketsDisabled: true,
		Certificates: []tls.Certificate{{Certificate: [][]byte{m.Cert}, PrivateKey: key}}}
}
