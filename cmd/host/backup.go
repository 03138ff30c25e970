package host

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/store"
	"punto/sync/stream"
)

// A backup is a tar inside an age file to the recovery key of the site: what the
// node is, the log in parts, and the files of cases.
type manifest struct {
	Version int                `json:"version"`
	At      time.Time          `json:"at"`
	Desk    string             `json:"desk"`
	Node    desk.ID            `json:"node"`
	Points  desk.Vector        `json:"points"`
	Site    *stream.Membership `json:"site,omitempty"`
	Seed    []byte             `json:"seed"` // of the node's key
}

const (
	manifestName = "punto.json"
	logPart      = "log/"
	filePart     = "files/"
	partBytes    = 8 << 20
)

// Backup writes a backup into a file that must not exist. The desk works on
// meanwhile. It implements nodes.Keeper.
func (h *Host) Backup(ctx context.Context, to string) error { return h.BackupAt(ctx, to, time.Now()) }

// BackupAt is Backup at an instant that the caller takes for now.
func (h *Host) BackupAt(ctx context.Context, to string, now time.Time) (err error) {
	site, err := stream.LoadMembership(h.dir)
	if err != nil {
		return err
	}
	if site == nil || site.Recovery == "" {
		return &app.Error{Code: app.Conflict, Msg: "there is no recovery key to back up to: run puntod init first", Form: "there is no recovery key to back up to: run puntod init first"}
	}
	recipient, err := age.ParseX25519Recipient(site.Recovery)
	if err != nil {
		return fmt.Errorf("read the recovery key: %w", err)
	}
	half := to + ".part"
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(half))
		}
	}()
	if _, err := os.Stat(to); err == nil {
		return errors.Join(fmt.Errorf("the file %s is there already: name another", to), f.Close())
	}
	m := Made{File: to, At: now}
	sum := sha256.New()
	err = h.backup(ctx, io.MultiWriter(f, sum), recipient, site)
	if fi, serr := f.Stat(); serr == nil {
		m.Bytes, m.Sum = fi.Size(), hex.EncodeToString(sum.Sum(nil))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := errors.Join(os.Rename(half, to), store.SyncDir(filepath.Dir(to)), note(h.dir, m)); err != nil {
		return err
	}
	if _, err = h.Do(h.Owner(ctx), app.TellNode{BackupAt: now.UnixMilli()}); errors.Is(err, desk.ErrFull) {
		return nil // it is told with the next
	}
	return err
}

func (h *Host) backup(ctx context.Context, w io.Writer, to age.Recipient, site *stream.Membership) error {
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return err
	}
	out := tar.NewWriter(sealed)
	self, _ := h.db.Identity(h.db.Origin())
	m := manifest{Version: 1, At: time.Now().UTC(), Desk: site.Desk.String(), Node: self.Node(), Points: h.db.Vector(), Site: site, Seed: h.db.Key().Seed()}
	b, err := json.Marshal(m)
	if err == nil {
		err = entry(out, manifestName, b)
	}
	if err != nil {
		return err
	}
	parts := &parted{out: out}
	if _, err := h.db.Carry(ctx, parts, nil); err != nil {
		return err
	}
	if err := parts.flush(); err != nil {
		return err
	}
	named, err := cases.FilesNamed(h.Engine)
	if err != nil {
		return err
	}
	for _, x := range named {
		b, err := h.files.Get(x)
		if errors.Is(err, store.ErrNoFile) {
			continue // not here yet: others have it
		}
		if err == nil {
			err = entry(out, fmt.Sprintf("%s%x", filePart, x), b)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), sealed.Close())
}

func entry(out *tar.Writer, name string, b []byte) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := out.Write(b)
	return err
}

// parted cuts a stream into entries.
type parted struct {
	out *tar.Writer
	b   bytes.Buffer
	n   int
}

func (p *parted) Write(b []byte) (int, error) {
	p.b.Write(b)
	if p.b.Len() < partBytes {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *parted) flush() error {
	if p.b.Len() == 0 {
		return nil
	}
	p.n++
	err := entry(p.out, fmt.Sprintf("%s%06d", logPart, p.n), p.b.Bytes())
	p.b.Reset()
	return err
}

// Restored says what a restore brought back.
type Restored struct {
	At     time.Time `json:"at"` // of the backup
	Events uint64    `json:"events"`
	Files  int       `json:"files"`
}

// Restore makes a data folder of a backup, which the recovery key opens. The log
// is proven event by event, and the workstation begins a new incarnation: what it
// wrote after the backup it fetches from the others. All of it is made and proven in
// a folder inside dir, and moved to its place last: what fails leaves no desk.
func Restore(ctx context.Context, from, dir, recovery string, log *slog.Logger) (r Restored, err error) {
	key, err := age.ParseX25519Identity(strings.TrimSpace(recovery))
	if err != nil {
		return r, errors.New("that is not a recovery key: it begins with AGE-SECRET-KEY-1")
	}
	if err := emptied(dir); err != nil {
		return r, err
	}
	f, err := os.Open(from)
	if err != nil {
		return r, err
	}
	defer func() { _ = f.Close() }()
	plain, err := age.Decrypt(f, key)
	if err != nil {
		return r, fmt.Errorf("the backup %s does not open with this key: %w", from, err)
	}
	in := tar.NewReader(plain)
	m, err := readManifest(in)
	if err != nil {
		return r, err
	}
	r.At = m.At
	_, there := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return r, err
	}
	work, err := os.MkdirTemp(dir, halfRestored)
	if err != nil {
		return r, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("restore %s: %w", from, err), os.RemoveAll(work))
			if errors.Is(there, fs.ErrNotExist) {
				err = errors.Join(err, os.Remove(dir))
			}
		}
	}()
	if err := r.restore(ctx, work, in, m, log); err != nil {
		return r, err
	}
	return r, settle(work, dir)
}

// halfRestored begins the name of the folder in which a restore works.
const halfRestored = ".restoring-"

// emptied removes what a restore that was killed has left, and refuses a folder that
// holds anything else.
func emptied(dir string) error {
	es, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range es {
		if !strings.HasPrefix(e.Name(), halfRestored) {
			return fmt.Errorf("the folder %s is not empty: restore into another, or set it aside first", dir)
		}
	}
	for _, e := range es {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// restore makes and proves the desk of a backup in a folder that is not its last.
func (r *Restored) restore(ctx context.Context, dir string, in *tar.Reader, m manifest, log *slog.Logger) error {
	db, err := beginRestore(ctx, dir, m, log)
	if err != nil {
		return err
	}
	r.Events, r.Files, err = fill(ctx, db, dir, in, m)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if m.Site != nil {
		if err := m.Site.Save(dir); err != nil {
			return err
		}
	}
	h, err := OpenWith(ctx, dir, log, Options{homeless: true}) // derives everything
	if err != nil {
		return err
	}
	return errors.Join(h.db.Verify(ctx), h.Close())
}

// settle moves what is in a folder into the one that it lies in, the database last:
// with it the folder holds a desk.
func settle(work, dir string) error {
	es, err := os.ReadDir(work)
	if err != nil {
		return err
	}
	slices.SortStableFunc(es, func(a, b fs.DirEntry) int {
		last := func(e fs.DirEntry) int {
			if e.Name() == "db" {
				return 1
			}
			return 0
		}
		return last(a) - last(b)
	})
	for _, e := range es {
		if err := os.Rename(filepath.Join(work, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(os.Remove(work), store.SyncDir(dir))
}

func readManifest(in *tar.Reader) (m manifest, err error) {
	e, err := in.Next()
	if err != nil || e.Name != manifestName {
		return m, errors.Join(errors.New("the file is not a backup of a desk"), err)
	}
	if err := json.NewDecoder(io.LimitReader(in, 16<<20)).Decode(&m); err != nil {
		return m, fmt.Errorf("read what the backup is of: %w", err)
	}
	if m.Version != 1 || len(m.Seed) != 32 {
		return m, errors.New("the backup needs a newer version of the program: update it")
	}
	return m, nil
}

// beginRestore opens a store that has the node's key and a new incarnation.
func beginRestore(ctx context.Context, dir string, m manifest, log *slog.Logger) (*store.DB, error) {
	if err := store.NewIncarnation(dir, m.Seed); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Dir: dir, Logger: log})
	if err != nil {
		return nil, err
	}
	err = db.Update(ctx, func(tx desk.Tx) error { return tx.PutMeta("born", []byte("restored")) })
	if m.Site != nil && err == nil {
		err = db.Certify(ctx, m.Site.Cert, m.Site.Coordinator())
	}
	if err != nil {
		err = errors.Join(err, db.Close())
	}
	return db, err
}

// fill takes log and files out of a backup.
func fill(ctx context.Context, db *store.DB, dir string, in *tar.Reader, m manifest) (events uint64, n int, err error) {
	files := store.OpenFiles(dir, func() ([][32]byte, error) { return nil, nil })
	pr, pw := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := take(ctx, db, pr, m.Site)
		pr.CloseWithError(errors.Join(err, io.ErrClosedPipe))
		done <- err
	}()
	for {
		var e *tar.Header
		if e, err = in.Next(); err != nil {
			break
		}
		switch {
		case strings.HasPrefix(e.Name, logPart):
			_, err = io.Copy(pw, in)
		case strings.HasPrefix(e.Name, filePart):
			var b []byte
			if b, err = io.ReadAll(io.LimitReader(in, store.MaxFileBytes+1)); err == nil {
				_, err = files.Put(b)
				n++
			}
		}
		if err != nil {
			break
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	_ = pw.CloseWithError(io.EOF)
	err = errors.Join(<-done, err)
	held := db.Vector()
	for _, seq := range held {
		events += seq
	}
	for o, seq := range m.Points {
		if err == nil && held[o] < seq {
			err = fmt.Errorf("%w: origin %016x goes to %d and not to %d", store.ErrCarried, uint64(o), held[o], seq)
		}
	}
	return events, n, err
}

// take puts a carried log into a store whose views are derived later.
func take(ctx context.Context, db *store.DB, in io.Reader, site *stream.Membership) error {
	var batch []desk.Run
	flush := func() error {
		t, err := db.Bulk(ctx, batch)
		batch = batch[:0]
		return errors.Join(append(t.Bad, err)...)
	}
	err := store.Carried(in, func(id desk.Identity) error {
		if site != nil && id.Cert != nil {
			if err := site.Check(&id); err != nil {
				return err
			}
		}
		return db.Introduce(ctx, id)
	}, func(r desk.Run) error {
		if batch = append(batch, r); len(batch) < 32 {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// Export writes the events that another workstation lacks into a file that every
// member of the site can open, to be carried where there is no network.
func (h *Host) Export(ctx context.Context, to string, since desk.Vector) (n uint64, err error) {
	site, err := stream.LoadMembership(h.dir)
	if err != nil {
		return 0, err
	}
	if site == nil {
		return 0, errors.New("this workstation belongs to no site: run puntod init first")
	}
	key, err := age.ParseX25519Identity(site.Carry)
	if err != nil {
		return 0, fmt.Errorf("read the key of what is carried: %w", err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("write what is carried: %w", err)
	}
	w, err := age.Encrypt(f, key.Recipient())
	if err == nil {
		n, err = h.db.Carry(ctx, w, since)
		err = errors.Join(err, w.Close())
	}
	return n, errors.Join(err, f.Sync(), f.Close())
}

// Import takes in what Export wrote on another workstation of the site: each
// event is proven and judged as if it came over the network.
func (h *Host) Import(ctx context.Context, from string) (t desk.Taken, err error) {
	site, err := stream.LoadMembership(h.dir)
	if err != nil {
		return t, err
	}
	if site == nil {
		return t, errors.New("this workstation belongs to no site: join one first")
	}
	key, err := age.ParseX25519Identity(site.Carry)
	if err != nil {
		return t, fmt.Errorf("read the key of what is carried: %w", err)
	}
	f, err := os.Open(from)
	if err != nil {
		return t, err
	}
	defer func() { _ = f.Close() }()
	plain, err := age.Decrypt(f, key)
	if err != nil {
		return t, fmt.Errorf("%s is not of this site: %w", from, err)
	}
	var batch []desk.Run
	flush := func() error {
		x, err := h.Merge(ctx, batch)
		batch = batch[:0]
		t.Events, t.Refused = t.Events+x.Events, t.Refused+x.Refused
		return errors.Join(append(x.Bad, err)...)
	}
	own := h.db.Origin()
	err = store.Carried(plain, func(id desk.Identity) error {
		if err := site.Check(&id); err != nil {
			return err
		}
		return h.db.Introduce(ctx, id)
	}, func(r desk.Run) error {
		if r.Origin == own {
			return nil
		}
		if batch = append(batch, r); len(batch) < 16 {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return t, err
}

// BackupForm is the form of the names of BackupName.
const BackupForm = "punto-20060102-150405.age"

// BackupName is a file name for a backup made now.
func BackupName(dir string, now time.Time) string { return filepath.Join(dir, now.Format(BackupForm)) }
