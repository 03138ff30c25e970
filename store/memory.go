package store

import (
	"io"

	"punto/store/kv"
)

// Memory is a folder in memory: a simulation restarts, copies and restores nodes with
// it. The zero Memory is empty.
type Memory struct {
	Rand io.Reader // of keys and incarnations; nil = crypto/rand

	disk   kv.Memory
	secret []byte // the node's key; nil = made at the first opening
}

// Clone is a copy of all of it, the node's key included, as a restored backup or
// a copied folder is.
func (m *Memory) Clone() *Memory {
	c := &Memory{Rand: m.Rand, secret: m.secret}
	m.disk.CopyTo(&c.disk)
	return c
}
