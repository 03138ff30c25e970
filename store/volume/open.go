package volume

import (
	"os"
	"path/filepath"
)

// ToOpen refuses to open what a full volume would stop in the middle of it: Badger
// needs another log file at once, and writes the old ones out.
func (r *Space) ToOpen() error {
	need := 2*r.memtable + 2*ValueLogBytes + slackBytes/4
	logs, _ := filepath.Glob(filepath.Join(r.Database, "*.mem"))
	for _, l := range logs {
		used, err := r.Used(l)
		if err != nil {
			return err
		}
		if fi, err := os.Stat(l); err == nil {
			need += 2*used - blocksOf(fi) // it is cut to what is used, and a table is made of that
		}
	}
	for {
		x := r.Look()
		if !x.Known || int64(x.Free) >= need { // no volume is that large
			return nil
		}
		if !r.Spend() {
			x.Needed = max(x.Needed, uint64(need)) // above zero here
			return full(r.Dir, x)
		}
	}
}
