package link

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"punto/app/desk"
	"punto/app/phone"
	"punto/app/phone/ami"
)

// Report is what a try has found.
type Report struct {
	Steps          desk.TrySteps // reach, cert, login, clock, stamps, queues, channels
	Cert           string        // fingerprint of the certificate that the exchange shows
	Trusted        bool          // the machine trusts it
	Version        string
	Ahead          time.Duration
	Queues, Agents []string
}

// maxNames is how many queues and agents a try names.
const maxNames = 200

// Try connects, logs in, asks what goes on, and leaves. With TLS and no Cert it goes on
// with whatever certificate is shown, which it names: whoever reads the report accepts it
// or not.
func (a AMI) Try(ctx context.Context) (r Report) {
	if a.TLS {
		der, err := Cert(ctx, a.Address)
		if !r.Steps.Did("reach", err) {
			return r
		}
		r.Cert = Fingerprint(der)
		if c, err := x509.ParseCertificate(der); err == nil {
			host, _, _ := net.SplitHostPort(a.Address)
			_, err = c.Verify(x509.VerifyOptions{DNSName: host})
			r.Trusted = err == nil
		}
		if a.Cert != "" && !strings.EqualFold(a.Cert, r.Cert) {
			r.Steps.Did("cert", errors.New("the exchange shows another certificate than the one that was accepted: "+r.Cert))
			return r
		}
		r.Steps.Did("cert", nil)
		a.Cert = r.Cert
	}
	s, err := open(ctx, a)
	var no *Refused
	if !a.TLS && (err == nil || errors.As(err, &no)) {
		r.Steps.Did("reach", nil)
	} else if !a.TLS {
		r.Steps.Did("reach", err)
		return r
	}
	if !r.Steps.Did("login", err) {
		return r
	}
	defer s.close()
	r.Version = s.version()
	if r.Ahead, err = s.clock(); !r.Steps.Did("clock", err) {
		return r
	}
	if r.Ahead.Abs() > 2*time.Second {
		r.Steps[len(r.Steps)-1].Why = "the exchange's clock and this workstation's differ by " + r.Ahead.Round(time.Millisecond).String()
	}
	r.Steps.Did("queues", s.list("QueueStatus", "QueueStatusComplete", func(m *ami.Message) {
		queue, name := clean(phone.Cut(m.Get("Queue"))), clean(phone.Cut(m.Get("Name")))
		if queue != "" && len(r.Queues) < maxNames && !slices.Contains(r.Queues, queue) {
			r.Queues = append(r.Queues, queue)
		}
		if m.Event() == "QueueMember" && name != "" && len(r.Agents) < maxNames && !slices.Contains(r.Agents, name) {
			r.Agents = append(r.Agents, name)
		}
	}))
	r.Steps.Did("channels", s.list("CoreShowChannels", "CoreShowChannelsComplete", func(*ami.Message) {}))
	_ = s.send("Action", "Logoff") // it is left either way
	return r
}

// maxList is how many messages a list may have.
const maxList = 20_000

// list asks for a list and uses its messages, up to the one that ends it.
func (s *session) list(action, last string, use func(*ami.Message)) error {
	m, err := s.ask("Action", action, "ActionID", action)
	if err != nil {
		return err
	}
	if m.Get("Response") == "Error" {
		return errors.New("the account may not ask for " + action + " (" + clean(phone.Cut(m.Get("Message"))) + "): write=reporting in manager.conf")
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(dialTimeout)) // as in ask
	for range maxList {
		m, err := s.in.Next()
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			continue
		case err != nil:
			return bare(err)
		case m.Event() == last:
			return nil
		}
		use(&m)
	}
	return errors.New("the exchange lists without end")
}

// Control is something that an exchange is asked to do with an agent's telephone.
type Control struct {
	Do      string                 // pause, unpause, dial
	Agent   func(name string) bool // tells the agent's member of a queue by its name or telephone
	Reason  string
	Phone   string // such as PJSIP/101; "" = the member's
	Number  string
	Context string
}

// ErrNoAgent says that no queue has the agent.
var ErrNoAgent = errors.New("no queue of the exchange has this agent: the agent's name or extension must be that of the queue's member")

// Do asks for it, in a conversation of its own.
func (a AMI) Do(ctx context.Context, c Control) error {
	s, err := open(ctx, a)
	if err != nil {
		return err
	}
	defer s.close()
	var phones []string
	err = s.list("QueueStatus", "QueueStatusComplete", func(m *ami.Message) {
		at := m.Get("Location")
		if m.Event() == "QueueMember" && len(phones) < maxNames && (c.Agent(m.Get("Name")) || c.Agent(at)) && !slices.Contains(phones, at) {
			phones = append(phones, at)
		}
	})
	switch {
	case err != nil:
		return err
	case len(phones) == 0 && (c.Do != "dial" || c.Phone == ""):
		return ErrNoAgent
	}
	if c.Do == "dial" {
		if c.Phone == "" {
			c.Phone = phones[0]
		}
		return s.act("Action", "Originate", "ActionID", "dial", "Channel", c.Phone, "Exten", c.Number, "Context", c.Context, "Priority", "1", "CallerID", c.Number, "Async", "true", "Timeout", "30000")
	}
	paused := "0"
	if c.Do == "pause" {
		paused = "1"
	}
	for _, p := range phones {
		if err := s.act("Action", "QueuePause", "ActionID", "pause", "Interface", p, "Paused", paused, "Reason", c.Reason); err != nil {
			return err
		}
	}
	return nil
}

// act asks for something that is done or refused.
func (s *session) act(kv ...string) error {
	m, err := s.ask(kv...)
	if err == nil && m.Get("Response") != "Success" {
		err = &Refused{clean(phone.Cut(m.Get("Message")))}
	}
	return err
}
