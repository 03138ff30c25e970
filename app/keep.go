package app

import (
	"context"
	"path/filepath"

	"punto/app/desk"
)

// Keeper makes backups of the folder that the engine works in.
type Keeper interface {
	Backup(ctx context.Context, to string) error
}

// Backup writes an encrypted backup into a new file of the machine that hosts the
// desk. An administrator asks for it.
type Backup struct{ To string }

// SetKeeper tells the engine who makes backups.
func (e *Engine) SetKeeper(k Keeper) { e.keeper.Store(&k) }

func (c Backup) do(*op) (Receipt, error) { return Receipt{}, errAlone }

func (c Backup) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	if s.role != desk.AdministratorRole {
		return Receipt{}, fail(NotAllowed, "only an administrator makes backups: ask one")
	}
	k := e.keeper.Load()
	if k == nil {
		return Receipt{}, fail(Unavailable, "this desk makes no backups")
	}
	if !filepath.IsAbs(c.To) {
		return Receipt{}, fail(Invalid, "%q is not the whole path of a file: begin at the root", c.To)
	}
	return Receipt{}, (*k).Backup(ctx, c.To)
}
