package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
	"punto/store/backup"
)

func backupCommand(f *flags) *cobra.Command {
	var to, at string
	var keep int
	c := &cobra.Command{Use: "backup --to FILE|FOLDER [--daily HH:MM --keep N]", Args: cobra.NoArgs,
		Short: "writes an encrypted backup; the desk works on meanwhile. With --daily the service makes one each day",
		RunE: func(c *cobra.Command, _ []string) error {
			to, err := filepath.Abs(to)
			if err != nil {
				return err
			}
			if at != "" {
				return f.daily(c, schedule{Dir: to, At: at, Keep: keep})
			}
			if fi, err := os.Stat(to); err == nil && fi.IsDir() {
				to = backup.Name(to, time.Now())
			}
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				if _, err := k.Do(ctx, app.Backup{To: to}); err != nil {
					return err
				}
				return f.print(c.OutOrStdout(), map[string]string{"backup": to}, "The backup is in %s. Only the recovery key opens it.", to)
			})
		}}
	c.Flags().StringVar(&to, "to", "", "file, or folder in which a file is named by the time")
	c.Flags().StringVar(&at, "daily", "", "time of day at which the service makes one by itself")
	c.Flags().IntVar(&keep, "keep", 14, "how many daily backups are kept")
	_ = c.MarkFlagRequired("to") // the flag exists
	return c
}

func (f *flags) daily(c *cobra.Command, s schedule) error {
	if _, err := time.Parse("15:04", s.At); err != nil || s.Keep < 1 {
		return fmt.Errorf("%q is not a time of day such as 02:30, or %d no number of backups", s.At, s.Keep)
	}
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(scheduleFile(f.data), b, 0o600); err != nil {
		return err
	}
	return f.print(c.OutOrStdout(), s, "The service makes a backup each day at %s in %s and keeps %d.", s.At, s.Dir, s.Keep)
}

func restoreCommand(f *flags) *cobra.Command {
	var file, bare string
	c := &cobra.Command{Use: "restore BACKUP --key-file FILE|-", Args: cobra.ExactArgs(1), Short: "makes the data folder, which must be empty, of a backup; what came after it is fetched from the other workstations",
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("key") {
				return errKeyShown
			}
			k, err := readKey(c.InOrStdin(), file)
			if err != nil {
				return err
			}
			r, err := host.Restore(c.Context(), args[0], f.data, k, nil)
			if err != nil {
				return err
			}
			return f.print(c.OutOrStdout(), r, "Restored: %d events and %d files as of %s. Start the service: what is newer comes from the other workstations.",
				r.Events, r.Files, r.At.Local().Format("2006-01-02 15:04"))
		}}
	c.Flags().StringVar(&file, "key-file", "", "file with the recovery key; - reads it from standard input")
	c.Flags().StringVar(&bare, "key", "", "")
	_ = c.Flags().MarkHidden("key") // the flag exists; it says why it is refused
	return c
}

// errKeyShown answers whoever gives the recovery key as an argument.
var errKeyShown = errors.New("the recovery key is not taken from the command line, where every user of this machine and the history of the shell can see it: " +
	"put it in a file that only you can read and say --key-file FILE, or --key-file - and give it on standard input")

const longestKeyFile = 4096

// readKey reads the recovery key from a file, or from standard input; empty lines
// and lines that begin with # are passed over.
func readKey(stdin io.Reader, name string) (string, error) {
	in, from := stdin, "standard input"
	switch {
	case name == "":
		return "", errors.New("say where the recovery key is: --key-file FILE, or --key-file - to give it on standard input")
	case strings.HasPrefix(strings.ToUpper(strings.TrimSpace(name)), "AGE-SECRET-KEY-"):
		return "", errKeyShown
	case name != "-":
		file, err := os.Open(name)
		if err != nil {
			return "", fmt.Errorf("read the recovery key: %w", err)
		}
		defer func() { _ = file.Close() }()
		in, from = file, name
	}
	b, err := io.ReadAll(io.LimitReader(in, longestKeyFile))
	if err != nil {
		return "", fmt.Errorf("read the recovery key from %s: %w", from, err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line, nil
		}
	}
	return "", fmt.Errorf("there is no recovery key in %s: it is the line that begins with AGE-SECRET-KEY-1, shown once by puntod init", from)
}

func exportCommand(f *flags) *cobra.Command {
	var since string
	c := &cobra.Command{Use: "export-events FILE [--since FILE]", Args: cobra.ExactArgs(1), Short: "writes the events into a file to be carried to another workstation of the site; the service must be stopped",
		RunE: func(c *cobra.Command, args []string) error {
			var v desk.Vector
			if since != "" {
				b, err := os.ReadFile(since)
				if err == nil {
					err = json.Unmarshal(b, &v)
				}
				if err != nil {
					return fmt.Errorf("read %s, which puntod import-events has written on the other workstation: %w", since, err)
				}
			}
			return f.hosted(c.Context(), func(h *host.Host) error {
				n, err := h.Export(c.Context(), args[0], v)
				if err != nil {
					return err
				}
				return f.print(c.OutOrStdout(), map[string]any{"events": n, "file": args[0]}, "%d events are in %s. Carry it to the other workstation: puntod import-events %s", n, args[0], args[0])
			})
		}}
	c.Flags().StringVar(&since, "since", "", "what the other workstation holds, as its import-events wrote it; none = everything")
	return c
}

func importCommand(f *flags) *cobra.Command {
	var have string
	c := &cobra.Command{Use: "import-events FILE [--have FILE]", Args: cobra.ExactArgs(1), Short: "takes in what export-events wrote on another workstation of the site; the service must be stopped",
		RunE: func(c *cobra.Command, args []string) error {
			return f.hosted(c.Context(), func(h *host.Host) error {
				t, err := h.Import(c.Context(), args[0])
				if err != nil {
					return err
				}
				if have != "" {
					b, err := json.Marshal(h.Held())
					if err == nil {
						err = os.WriteFile(have, b, 0o600)
					}
					if err != nil {
						return err
					}
				}
				return f.print(c.OutOrStdout(), map[string]int{"events": t.Events, "refused": t.Refused}, "%d new events, %d of them kept aside.", t.Events, t.Refused)
			})
		}}
	c.Flags().StringVar(&have, "have", "", "file to write what this workstation holds now, for export-events --since on the other")
	return c
}

// hosted opens the folder in this process.
func (f *flags) hosted(ctx context.Context, use func(*host.Host) error) error {
	if err := host.NeedDesk(f.data); err != nil {
		return err
	}
	h, err := host.Open(ctx, f.data, nil)
	if err != nil {
		return err
	}
	return errors.Join(use(h), h.Close())
}
