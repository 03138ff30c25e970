package kv

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"punto/app/desk"
	"punto/store/volume"
)

// Options say which folder is opened. Dir, Space and Packer are required; whoever opens
// it holds its lock.
type Options struct {
	Dir      string // there already
	ReadOnly bool
	Space    *volume.Space // of Dir, as NewSpace gives it
	Packer   Packer
	Logger   *slog.Logger
	// Check proves the tables of the folder; nil is CheckTables, in this process.
	Check func(dir string) error
}

// NewSpace measures the volume of a folder; measure nil asks the system.
func NewSpace(dir string, measure func(dir string) (free, all uint64, err error)) *volume.Space {
	return volume.New(volume.Config{Dir: dir, Database: dataDir(dir), Used: usedLog, Measure: measure})
}

// Open opens or makes the database of a folder, and ends what a kill has interrupted.
// Errors: volume.ErrLocked, desk.ErrDamaged, desk.ErrFull.
func Open(o Options) (_ *Folder, err error) {
	if o.Check == nil {
		o.Check = CheckTables
	}
	d := &Folder{room: o.Space, voice: newVoice(o.Logger), dir: o.Dir, look: o.Check, pack: o.Packer}
	bo := BadgerOptions(o.Dir, o.Space.Memtable()).WithReadOnly(o.ReadOnly)
	defer func() {
		if err != nil && d.db == nil && d.temp != "" {
			err = errors.Join(err, os.RemoveAll(d.temp))
		}
	}()
	if o.ReadOnly {
		err = halfRenewed(o.Dir)
	} else {
		err = settleRenewal(o.Dir)
	}
	if err != nil {
		return nil, err
	}
	if err := guardManifest(o.Dir, bo); err != nil {
		return nil, err
	}
	if o.ReadOnly {
		var at string
		if at, d.temp, d.Killed, err = settled(o.Dir); err != nil {
			return nil, err
		}
		bo = bo.WithDir(at).WithValueDir(at)
		d.Registry = !registrySound(dataDir(o.Dir))
	} else if err := errors.Join(o.Space.Tidy(), o.Space.ToOpen(), guardRegistry(o.Dir, o.Logger)); err != nil {
		return nil, err
	}
	volume.MapBlocks()
	b, err := openBadger(bo, o.Space, d.voice)
	if err != nil && strings.Contains(err.Error(), "Cannot acquire directory lock") { // by a version that knew no other lock
		err = fmt.Errorf("%w: %w", volume.ErrLocked, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", o.Dir, namedDamage(err))
	}
	d.db = b
	if !o.ReadOnly {
		if err := o.Space.Prepare(); err != nil && !volume.NoRoom(err) {
			return nil, errors.Join(fmt.Errorf("open %s: %w", o.Dir, err), d.close())
		}
	}
	if err := d.recoverJournal(o.ReadOnly); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// namedDamage is damage where Badger does not open its files for another reason
// than what the system says.
func namedDamage(err error) error {
	var system *os.PathError
	if volume.NoRoom(err) || errors.Is(err, volume.ErrLocked) || errors.Is(err, desk.ErrDamaged) || errors.Is(err, os.ErrPermission) || errors.As(err, &system) {
		return err
	}
	return desk.Damaged("the database does not open: %v", err)
}
