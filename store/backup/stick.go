package backup

import (
	"context"
	"errors"
	"fmt"
	"os"

	"filippo.io/age"

	"punto/app/desk"
)

// Export writes the events after a vector into a file that must not exist, sealed
// with a key that every member of the site has, to be carried where there is no
// network.
func Export(ctx context.Context, to, key string, log Log, since desk.Vector) (events uint64, err error) {
	id, err := age.ParseX25519Identity(key)
	if err != nil {
		return 0, fmt.Errorf("read the key of what is carried: %w", err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // the administrator names it
	if err != nil {
		return 0, fmt.Errorf("write what is carried: %w", err)
	}
	w, err := age.Encrypt(f, id.Recipient())
	if err == nil {
		events, err = Carry(ctx, w, log, since)
		err = errors.Join(err, w.Close())
	}
	return events, errors.Join(err, f.Sync(), f.Close())
}

// importRuns is how many runs are taken in at once, each time by one commit.
const importRuns = 16

// Import reads what Export wrote: who writes, and then the runs, some at a time. What
// the two functions give ends it.
func Import(from, key string, who func(desk.Identity) error, take func([]desk.Run) error) error {
	id, err := age.ParseX25519Identity(key)
	if err != nil {
		return fmt.Errorf("read the key of what is carried: %w", err)
	}
	f, err := os.Open(from) // the administrator names it
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	plain, err := age.Decrypt(f, id)
	if err != nil {
		return fmt.Errorf("%s is not of this site: %w", from, err)
	}
	return batched(plain, importRuns, who, take)
}
