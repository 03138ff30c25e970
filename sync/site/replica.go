package site

import (
	"bytes"
	"context"

	"punto/app/desk"
	"punto/sync/stream"
)

// Log is what the site needs of the log of its workstation, which is safe for
// several goroutines. Package store has it.
type Log interface {
	Origin() desk.Origin
	Vector() desk.Vector
	Points() map[desk.Origin]desk.Point
	PointAt(desk.Origin, uint64) (desk.Point, error)
	Pull(from map[desk.Origin]uint64, limit int, one bool) ([]desk.Run, error)
	Identity(desk.Origin) (desk.Identity, bool)
	Identities() map[desk.Origin]desk.Identity
	Introduce(context.Context, ...desk.Identity) error
	Recent(o desk.Origin, from uint64) (desk.Run, bool)
	Prove([]desk.Run) []desk.Run
	IsFrozen(desk.Origin) bool
	Proves(desk.Run) bool
	Room() desk.Room
}

// Judge takes events of others into the log, each judged by the rights of who
// wrote it. The engine is one.
type Judge interface {
	// Merge takes runs in as one: an error means that nothing was taken.
	Merge(context.Context, []desk.Run) (desk.Taken, error)
	// Reborn begins a new incarnation: what this workstation wrote after keep is
	// written again under it.
	Reborn(ctx context.Context, keep uint64) error
}

// Replica fits a log and the judge over it to what a peering of package stream
// needs.
type Replica struct {
	Log
	Judge
	// Check verifies the certificate of an identity and completes it by what the
	// certificate says; nil takes every identity as it comes.
	Check func(*desk.Identity) error
}

var _ stream.Log = (*Replica)(nil)

// Introduce implements stream.Log.
func (r *Replica) Introduce(ctx context.Context, ids []desk.Identity) error {
	var fresh []desk.Identity
	for _, id := range ids {
		if was, met := r.Identity(id.Origin()); met && bytes.Equal(was.Cert, id.Cert) && was.Cert != nil {
			continue // verified when it was met
		}
		if r.Check != nil {
			if err := r.Check(&id); err != nil {
				return err
			}
		}
		fresh = append(fresh, id)
	}
	return r.Log.Introduce(ctx, fresh...)
}

// Frozen implements stream.Log.
func (r *Replica) Frozen(o desk.Origin) bool { return r.IsFrozen(o) }
