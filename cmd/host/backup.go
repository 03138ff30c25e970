package host

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/store"
	"punto/store/backup"
	"punto/store/files"
	"punto/sync/stream"
)

// Backup writes a backup into a file that must not exist. The desk works on
// meanwhile. It implements nodes.Keeper.
func (h *Host) Backup(ctx context.Context, to string) error { return h.BackupAt(ctx, to, time.Now()) }

// BackupAt is Backup at an instant that the caller takes for now.
func (h *Host) BackupAt(ctx context.Context, to string, now time.Time) error {
	own, err := stream.LoadMembership(h.dir)
	if err != nil {
		return err
	}
	if own == nil || own.Recovery == "" {
		return &app.Error{Code: app.Conflict, Msg: errNoRecovery, Form: errNoRecovery}
	}
	site, err := json.Marshal(own)
	if err != nil {
		return err
	}
	self, _ := h.db.Identity(h.db.Origin())
	m := backup.Manifest{At: now.UTC(), Desk: own.Desk.String(), Node: self.Node(), Points: h.db.Vector(), Site: site, Seed: h.db.Key().Seed()}
	if err := backup.Make(ctx, to, own.Recovery, h.dir, m, h.db, h.filesHere()); err != nil {
		return err
	}
	if _, err = h.Do(h.Owner(ctx), app.TellNode{BackupAt: now.UnixMilli()}); errors.Is(err, desk.ErrFull) {
		return nil // it is told with the next
	}
	return err
}

const errNoRecovery = "there is no recovery key to back up to: run puntod init first"

// filesHere are the files of cases that are here; others have the rest.
func (h *Host) filesHere() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		named, err := h.filesNamed()
		if err != nil {
			yield(nil, err)
			return
		}
		for _, x := range named {
			b, err := h.files.Get(x)
			if errors.Is(err, files.ErrNone) {
				continue
			}
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// Restored says what a restore brought back.
type Restored struct {
	At     time.Time `json:"at"` // of the backup
	Events uint64    `json:"events"`
	Files  int       `json:"files"`
}

// Restore makes a data folder of a backup, which the recovery key opens. The log
// is proven event by event, and the workstation begins a new incarnation: what it
// wrote after the backup it fetches from the others. What fails leaves no desk.
func Restore(ctx context.Context, from, dir, recovery string, log *slog.Logger) (r Restored, err error) {
	err = backup.Restore(from, dir, recovery, func(work string, b *backup.Backup) error {
		r.At = b.At
		return r.fill(ctx, work, b, log)
	})
	return r, err
}

// fill makes and proves the desk of a backup in a folder that is not its last.
func (r *Restored) fill(ctx context.Context, dir string, b *backup.Backup, log *slog.Logger) error {
	var own *stream.Membership
	if len(b.Site) > 0 {
		if err := json.Unmarshal(b.Site, &own); err != nil {
			return err
		}
	}
	if err := store.NewIncarnation(dir, b.Seed); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{Dir: dir, Logger: log})
	if err != nil {
		return err
	}
	if err := errors.Join(r.take(ctx, db, dir, b, own), db.Close()); err != nil {
		return err
	}
	if own != nil {
		if err := own.Save(dir); err != nil {
			return err
		}
	}
	h, err := OpenWith(ctx, dir, log, Options{homeless: true}) // derives everything
	if err != nil {
		return err
	}
	return errors.Join(h.db.Verify(ctx), h.Close())
}

// take takes the log and the files of a backup into an empty store of its node, which
// begins a new incarnation. A backup of a workstation without a site has identities
// without certificates, and takes others as they come.
func (r *Restored) take(ctx context.Context, db *store.DB, dir string, b *backup.Backup, own *stream.Membership) error {
	check := func(*desk.Identity) error { return nil }
	err := db.Update(ctx, func(tx desk.Tx) error { return tx.PutMeta("born", []byte("restored")) })
	if own != nil {
		check = own.Check
		err = errors.Join(err, db.Certify(ctx, own.Cert, own.Coordinator()))
	}
	if err != nil {
		return err
	}
	kept := files.Open(dir, func() ([][32]byte, error) { return nil, nil })
	r.Events, r.Files, err = b.Take(ctx, db, check, func(f []byte) error {
		_, err := kept.Put(f)
		return err
	})
	return err
}

// Export writes the events that another workstation lacks into a file that every
// member of the site can open, to be carried where there is no network.
func (h *Host) Export(ctx context.Context, to string, since desk.Vector) (n uint64, err error) {
	own, err := stream.LoadMembership(h.dir)
	if err != nil {
		return 0, err
	}
	if own == nil {
		return 0, errors.New("this workstation belongs to no site: run puntod init first")
	}
	return backup.Export(ctx, to, own.Carry, h.db, since)
}

// Import takes in what Export wrote on another workstation of the site: each
// event is proven and judged as if it came over the network.
func (h *Host) Import(ctx context.Context, from string) (t desk.Taken, err error) {
	own, err := stream.LoadMembership(h.dir)
	if err != nil {
		return t, err
	}
	if own == nil {
		return t, errors.New("this workstation belongs to no site: join one first")
	}
	self := h.db.Origin()
	err = backup.Import(from, own.Carry, func(id desk.Identity) error {
		if err := own.Check(&id); err != nil {
			return err
		}
		return h.db.Introduce(ctx, id)
	}, func(runs []desk.Run) error {
		x, err := h.Merge(ctx, slices.DeleteFunc(runs, func(r desk.Run) bool { return r.Origin == self }))
		t.Events, t.Refused = t.Events+x.Events, t.Refused+x.Refused
		return errors.Join(append(x.Bad, err)...)
	})
	return t, errors.Join(err, h.Settle(ctx))
}
