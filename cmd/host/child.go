package host

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"

	"punto/store"
	"punto/store/kv"
)

// A program that hosts a desk for long has its tables read by a process of its own: some
// damage ends whoever reads it, and what is read once would stay in the memory of the
// program.

// tablesEnv names the folder whose tables a child is to prove.
const tablesEnv = "PUNTO_CHECK_TABLES"

// damaged is how a child ends that has found damage.
const damaged = 3

// mayHaveChildren says that this program does as a child what a child is for.
var mayHaveChildren atomic.Bool

// Child does what this process was started for, when a host has started it as its
// child. A program calls it first of all, or its hosts have no children.
func Child() (done bool) {
	mayHaveChildren.Store(true)
	dir := os.Getenv(tablesEnv)
	if dir == "" {
		return false
	}
	if err := kv.CheckTables(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(damaged)
	}
	return true
}

// checkApart proves the tables of a folder in a child.
func checkApart(log *slog.Logger) func(dir string) error {
	return func(dir string) error {
		program, err := os.Executable()
		if err != nil || !mayHaveChildren.Load() {
			return kv.CheckTables(dir)
		}
		for range 2 { // one that dies may have been ended by others; one of its tables ends each
			var said bytes.Buffer
			c := exec.Command(program) //nolint:gosec // this program
			c.Env, c.Stderr = append(os.Environ(), tablesEnv+"="+dir), &said
			err = c.Run()
			var ended *exec.ExitError
			switch {
			case err == nil:
				return nil
			case !errors.As(err, &ended):
				log.Warn("the tables are read in this process, for no other can be started", "err", err)
				return kv.CheckTables(dir)
			case ended.ExitCode() == damaged:
				return fmt.Errorf("%w: %s", store.ErrDamaged, bytes.TrimSpace(said.Bytes()))
			}
			log.Warn("the process that reads the tables has died", "err", err, "said", string(bytes.TrimSpace(said.Bytes()[:min(said.Len(), 2000)])))
		}
		return fmt.Errorf("%w: whoever reads its tables dies (%w): set the folder aside and restore it from a backup or another workstation", store.ErrDamaged, err)
	}
}
