package stream

import (
	"bytes"
	"crypto/hmac"
	"sync"
	"time"
)

const (
	codeLife     = 15 * time.Minute
	codeFailures = 10
	codeKept     = time.Hour // how long a code that is over is remembered, to say why
	codesMost    = 256
	guessers     = 1024 // addresses that are remembered for their wrong codes
)

// Codes are the join codes of a coordinator. Safe for several goroutines.
//
// Whoever joins names the code that it proves, by a name that tells nothing of it:
// wrong proofs lock that code and no other. Who names none that there is has not
// even seen one; such guesses count against the address that they come from.
type Codes struct {
	Now func() time.Time // nil = time.Now

	mu    sync.Mutex // guards what follows
	codes map[string]*code
	wrong map[string]*guesses // by address
}

// code is one that was made; taking while somebody is being taken in with it.
type code struct {
	until  time.Time
	state  string // "" = open
	taking bool
	failed int
}

// guesses are the wrong codes of one address.
type guesses struct {
	n    int
	last time.Time
}

func (c *Codes) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// New makes a code, and forgives the addresses that guessed.
func (c *Codes) New() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.codes == nil {
		c.codes = map[string]*code{}
	}
	oldest := ""
	for k, x := range c.codes {
		if c.now().Sub(x.until) > codeKept {
			delete(c.codes, k)
		} else if oldest == "" || x.until.Before(c.codes[oldest].until) {
			oldest = k
		}
	}
	if len(c.codes) >= codesMost {
		delete(c.codes, oldest)
	}
	c.wrong = nil
	s := newCode()
	clean, _ := CleanCode(s) // it always is one
	c.codes[clean] = &code{until: c.now().Add(codeLife)}
	return s
}

// nameOf is how whoever joins names a code without telling it.
func nameOf(code string) []byte { return proofOf(code, "name", nil)[:8] }

// take finds the code that is proved and reserves it; "" and why not.
func (c *Codes) take(q request, exporter []byte, address string) (string, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g := c.wrong[address]; g != nil {
		switch {
		case c.now().Sub(g.last) > codeLife:
			delete(c.wrong, address)
		case g.n >= codeFailures:
			return "", "slow"
		}
	}
	named := false
	for k, x := range c.codes {
		right := hmac.Equal(q.Proof, proofOf(k, "client", exporter))
		if !right && bytes.Equal(q.Code, nameOf(k)) {
			named = true
			if x.failed++; x.failed >= codeFailures && x.state == "" {
				x.state = "locked"
			}
		}
		if !right {
			continue
		}
		switch {
		case x.state != "":
			return "", x.state
		case x.taking:
			return "", "used"
		case c.now().After(x.until):
			x.state = "expired"
			return "", x.state
		}
		x.taking = true
		return k, ""
	}
	if !named {
		c.blame(address)
	}
	return "", "wrong"
}

// blame counts a wrong code of an address; whoever was quiet for longest is
// forgotten when there are too many. Under mu.
func (c *Codes) blame(address string) {
	if c.wrong == nil {
		c.wrong = map[string]*guesses{}
	}
	g := c.wrong[address]
	if g == nil {
		if len(c.wrong) >= guessers {
			oldest := ""
			for a, x := range c.wrong {
				if oldest == "" || x.last.Before(c.wrong[oldest].last) {
					oldest = a
				}
			}
			delete(c.wrong, oldest)
		}
		g = &guesses{}
		c.wrong[address] = g
	}
	g.n, g.last = g.n+1, c.now()
}

// settle ends a reserved code, or gives it back.
func (c *Codes) settle(k string, used bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if x := c.codes[k]; x != nil {
		if x.taking = false; used {
			x.state = "used"
		}
	}
}
