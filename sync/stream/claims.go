package stream

import (
	"maps"
	"sync"

	"punto/app/desk"
)

// Claims keeps the peerings of one workstation from pulling the same origin
// twice. The zero Claims is ready; it is safe for several goroutines.
type Claims struct {
	mu sync.Mutex
	by map[desk.Origin]*Peering
}

// claim gives an origin to a peering; false while another has it.
func (c *Claims) claim(o desk.Origin, s *Peering) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[desk.Origin]*Peering{}
	}
	if who, taken := c.by[o]; taken && who != s {
		return false
	}
	c.by[o] = s
	return true
}

// release gives back all that a peering has claimed.
func (c *Claims) release(s *Peering) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.by, func(_ desk.Origin, who *Peering) bool { return who == s })
}
