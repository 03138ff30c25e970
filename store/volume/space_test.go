package volume

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"punto/app/desk"
)

const mb = 1 << 20

// space is that of an empty folder on a volume whose free bytes the test says.
func space(t *testing.T, all uint64) (s *Space, free *uint64) {
	t.Helper()
	free = new(uint64)
	*free = all
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	return New(Config{Dir: dir, Database: filepath.Join(dir, "db"), Used: func(string) (int64, error) { return 0, nil },
		Measure: func(string) (uint64, uint64, error) { return *free, all, nil }}), free
}

// As a volume fills, files are refused first and then commits; a volume that is freed
// again is written when a little more than the limit is free, and not at the limit.
func TestAVolumeRunsLowBeforeItIsFull(t *testing.T) {
	s, free := space(t, 100_000*mb)
	if err := s.Prepare(); err != nil { // the logs that are ready count as used
		t.Fatal(err)
	}
	var low, floor uint64
	for *free = 2000 * mb; ; *free -= mb {
		x := s.Look()
		if low == 0 && x.Low {
			low = *free
			if err := s.Attachments(1); !errors.Is(err, desk.ErrFull) || s.Commits() != nil {
				t.Errorf("%d MB free: a file %v, a commit %v", low/mb, err, s.Commits())
			}
		}
		if x.Full {
			floor = *free
			break
		}
	}
	if low != 512*mb-mb || floor >= low || floor < 200*mb {
		t.Errorf("low at %d MB, full at %d MB", low/mb, floor/mb)
	}
	if err := s.Commits(); !errors.Is(err, desk.ErrFull) || !strings.Contains(err.Error(), fmt.Sprint(floor/mb, " MB are free")) {
		t.Error(err)
	}
	*free = floor + mb
	if !s.Look().Full {
		t.Error("it flutters: full at", floor/mb, "and not a megabyte above")
	}
	if *free = s.Look().Needed; s.Look().Full || s.Commits() != nil {
		t.Error("full though all that was asked for is free:", s.Commits())
	}
}

// What is to come is counted before it is written: the logs that are still to be made,
// a large commit four times, a file over all that commits may need.
func TestRoomIsCountedForWhatIsToCome(t *testing.T) {
	s, free := space(t, 100_000*mb)
	_, with := s.limits(100 * mb)
	s.missing.Store(0)
	if _, without := s.limits(100 * mb); with != without+uint64(2*ahead*s.Memtable()) {
		t.Errorf("%d MB with the logs that are missing, %d MB without", with/mb, without/mb)
	}
	const size = 40 * mb
	*free = 1000 * mb
	needed := s.Look().Needed
	if *free = needed + 4*size; s.Fits(size) != nil {
		t.Error("a commit that fits is refused:", s.Fits(size))
	}
	if *free--; !errors.Is(s.Fits(size), desk.ErrFull) {
		t.Error("a commit goes in, whose journal, logs and tables do not")
	}
	*free = 600 * mb // not low
	if big := int(*free - s.Look().Needed); s.Attachments(big) != nil || !errors.Is(s.Attachments(big+1), desk.ErrFull) {
		t.Error("a file takes the room of commits, or is refused that does not:", s.Attachments(big), s.Attachments(big+1))
	}
}

// A folder is closed where there is room for the tables that closing makes of the logs;
// the reserve is given up for them, once.
func TestAFolderIsClosedIntoRoomThatThereIs(t *testing.T) {
	s, free := space(t, 1600*mb)
	s.Used = func(string) (int64, error) { return 10 * mb, nil }
	if err := os.WriteFile(s.log(1), []byte("in use"), 0o600); err != nil {
		t.Fatal(err)
	}
	const need = 10*mb + slackBytes/4
	if *free = need; !s.Closable() {
		t.Error("it is not closed into the room that it needs")
	}
	if *free = need - 1; s.Closable() {
		t.Error("it is closed into less room than it needs")
	}
	if err := os.WriteFile(s.reserve(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	measure := s.Measure
	s.Measure = func(dir string) (uint64, uint64, error) {
		n, all, err := measure(dir)
		if _, serr := os.Stat(s.reserve()); errors.Is(serr, os.ErrNotExist) {
			n += reserveBytes
		}
		return n, all, err
	}
	if *free = 0; !s.Closable() {
		t.Error("the reserve was not given up for closing")
	}
}

// Who cannot measure must not refuse, and no Space is no limit.
func TestNothingIsRefusedWhereNothingIsKnown(t *testing.T) {
	s, _ := space(t, 0)
	var none *Space
	for _, err := range []error{s.Commits(), s.Fits(1 << 30), s.Attachments(1 << 30), s.ToOpen(), none.Commits(), none.Fits(1 << 30), none.Attachments(1 << 30), none.Prepare()} {
		if err != nil {
			t.Error(err)
		}
	}
	if none.Spend() {
		t.Error("no Space has a reserve")
	}
}

// The reserve is made while there is plenty, and given up for the opening of a folder
// that a full volume would stop.
func TestTheReserveOpensAFolderOnAFullVolume(t *testing.T) {
	s, free := space(t, 1600*mb)
	*free = s.Look().Needed + 2*reserveBytes - 1
	s.Tend()
	if _, err := os.Stat(s.reserve()); !errors.Is(err, os.ErrNotExist) {
		t.Error("a reserve is made of the last that there is:", err)
	}
	*free, s.at = 1600*mb, time.Time{}
	s.Tend()
	fi, err := os.Stat(s.reserve())
	if err != nil || fi.Size() != reserveBytes {
		t.Fatal(fi, err)
	}
	needed := uint64(2*s.Memtable() + 2*ValueLogBytes + slackBytes/4)
	*free = needed - mb
	all := s.Measure
	s.Measure = func(dir string) (uint64, uint64, error) {
		n, of, err := all(dir)
		if _, serr := os.Stat(s.reserve()); errors.Is(serr, os.ErrNotExist) {
			n += reserveBytes
		}
		return n, of, err
	}
	if err := s.ToOpen(); err != nil {
		t.Error("the reserve was not given up:", err)
	}
	*free = needed - reserveBytes - mb
	if err := s.ToOpen(); !errors.Is(err, desk.ErrFull) {
		t.Error("it is opened where it does not fit:", err)
	}
}

// Empty logs wait for the memtables to come, and are gone when the database is opened.
func TestLogsAreReadyBeforeTheyAreNeeded(t *testing.T) {
	s, _ := space(t, 100_000*mb)
	if can, err := reserve(filepath.Join(s.Dir, "probe"), mb); err != nil || !can {
		t.Skip("this volume gives no file its blocks ahead:", err)
	}
	if err := os.WriteFile(s.log(7), []byte("in use"), 0o600); err != nil {
		t.Fatal(err)
	}
	names := func() (out []string) {
		es, err := os.ReadDir(s.Database)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			out = append(out, e.Name())
		}
		return out
	}
	if err := s.Prepare(); err != nil || fmt.Sprint(names()) != "[00007.mem 00008.mem 00009.mem]" {
		t.Error(names(), err)
	}
	if err := os.WriteFile(s.log(8), []byte("taken"), 0o600); err != nil { // as the database takes one
		t.Fatal(err)
	}
	if err := s.Prepare(); err != nil || fmt.Sprint(names()) != "[00007.mem 00008.mem 00009.mem 00010.mem]" {
		t.Error(names(), err)
	}
	if err := s.Tidy(); err != nil || fmt.Sprint(names()) != "[00007.mem 00008.mem]" {
		t.Error(names(), err)
	}
}

func TestAFullVolumeIsKnownByItsErrors(t *testing.T) {
	s, _ := space(t, 100_000*mb)
	for err, want := range map[error]bool{
		nil: false, errors.New("write: permission denied"): false,
		fmt.Errorf("sync: %w", syscall.ENOSPC):                           true,
		errors.New("while flushing: write x: " + syscall.ENOSPC.Error()): true, // as Badger wraps some
		s.Full(): true,
	} {
		if NoRoom(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
}
