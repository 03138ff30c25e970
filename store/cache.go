package store

import (
	"sync"

	"punto/app/desk"
)

// blockCache keeps the last blocks read, unpacked; safe for many goroutines.
type blockCache struct {
	mu    sync.Mutex
	items map[blockID]*cached
	tick  uint64
}

// A block is known by its origin and the number of its first event.
type (
	blockID struct {
		origin desk.Origin
		first  uint64
	}
	cached struct {
		frames [][]byte
		used   uint64
	}
)

const cachedBlocks = 256 // about 20 MB

func (c *blockCache) find(o desk.Origin, first uint64) ([][]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.items[blockID{o, first}]
	if !ok {
		return nil, false
	}
	c.tick++
	b.used = c.tick
	return b.frames, true
}

func (c *blockCache) forget(o desk.Origin, first uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.items, blockID{o, first})
}

func (c *blockCache) add(o desk.Origin, first uint64, frames [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items == nil {
		c.items = map[blockID]*cached{}
	}
	if len(c.items) >= cachedBlocks {
		var oldest blockID
		least := ^uint64(0)
		for id, b := range c.items {
			if b.used < least {
				oldest, least = id, b.used
			}
		}
		delete(c.items, oldest)
	}
	c.tick++
	c.items[blockID{o, first}] = &cached{frames, c.tick}
}
