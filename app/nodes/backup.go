package nodes

import (
	"context"
	"path/filepath"
	"sync/atomic"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// Whoever opened the folder makes the backups; the desk only asks for one.

// Keeper makes backups of the folder that the engine works in.
type Keeper interface {
	Backup(ctx context.Context, to string) error
}

// keeper is who makes backups; nil = nobody.
type keeper struct{ atomic.Pointer[Keeper] }

// SetKeeper tells an engine who makes backups.
func SetKeeper(e *engine.Engine, k Keeper) { engine.StateOf[keeper](e).Store(&k) }

func backUp(ctx context.Context, e *engine.Engine, s engine.Session, c app.Backup) (app.Receipt, error) {
	if s.Role != desk.AdministratorRole {
		return app.Receipt{}, app.Fail(app.NotAllowed, "only an administrator makes backups: ask one")
	}
	k := engine.StateOf[keeper](e).Load()
	if k == nil {
		return app.Receipt{}, app.Fail(app.Unavailable, "this desk makes no backups")
	}
	if !filepath.IsAbs(c.To) {
		return app.Receipt{}, app.Fail(app.Invalid, "%q is not the whole path of a file: begin at the root", c.To)
	}
	return app.Receipt{}, (*k).Backup(ctx, c.To)
}
