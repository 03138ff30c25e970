package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/kardianos/service"
	"github.com/spf13/cobra"
	"gopkg.in/natefinch/lumberjack.v2"

	"punto/app"
	"punto/app/local"
	"punto/cmd/host"
	"punto/store/backup"
)

func runCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "run", Args: cobra.NoArgs, Short: "runs the service in the foreground; the service manager calls it",
		RunE: func(c *cobra.Command, _ []string) error {
			p := &program{data: f.data, ctx: c.Context()}
			if service.Interactive() || os.Getenv("NOTIFY_SOCKET") != "" {
				return p.run(c.Context(), os.Stderr)
			}
			s, err := service.New(p, config(f.data, nil))
			if err != nil {
				return err
			}
			return errors.Join(s.Run(), p.err)
		}}
}

// program is the service as the service manager sees it.
type program struct {
	data string
	ctx  context.Context // the life of the process
	stop context.CancelFunc
	done sync.WaitGroup
	err  error
}

// Start implements service.Interface.
func (p *program) Start(s service.Service) error {
	ctx, stop := context.WithCancel(p.ctx)
	p.stop = stop
	p.done.Go(func() {
		if p.err = p.run(ctx, io.Discard); p.err != nil {
			fmt.Fprintln(os.Stderr, "puntod:", p.err)
			os.Exit(codeOf(p.err)) // the manager starts it again, or shows why not
		}
	})
	return nil
}

// Stop implements service.Interface.
func (p *program) Stop(service.Service) error {
	p.stop()
	p.done.Wait()
	return nil
}

// memoryLimit keeps the service small on a workstation: the runtime collects more
// often before it grows above.
const memoryLimit = 220 << 20

// run hosts the desk until ctx ends.
func (p *program) run(ctx context.Context, terminal io.Writer) (err error) {
	if err := host.NeedDesk(p.data); err != nil { // whose log is nobody's business either
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	log, end, err := logTo(p.data, terminal)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	log.Info("puntod begins", "version", version(), "data", p.data, "pid", os.Getpid())
	defer func() {
		if err != nil {
			log.Error("puntod ends", "err", err)
		} else {
			log.Info("puntod ends")
		}
	}()
	h, err := host.OpenWith(ctx, p.data, log, host.Options{Network: true, Service: true, Version: version()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	l, err := local.Listen(p.data)
	if err != nil {
		return err
	}
	server := &local.Server{Desk: h, Logger: log}
	if s, serves := local.Serves(p.data); serves {
		server.Allow = s.Allow
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var rooms sync.WaitGroup
	var serr error
	rooms.Go(func() { defer stop(); serr = server.Serve(ctx, l) })
	rooms.Go(func() { scheduled(ctx, h, p.data, log) })
	rooms.Go(func() { surveys(ctx, h, p.data, log, 20*time.Second) })
	rooms.Go(func() { watchdog(ctx, h, log) })
	notify("READY=1\nSTATUS=the desk is served")
	log.Info("the desk is served")
	select {
	case <-ctx.Done():
	case <-h.Ended():
		stop()
		err = h.Err()
	}
	notify("STOPPING=1")
	rooms.Wait()
	return errors.Join(err, serr)
}

// logTo writes structured lines into log/puntod.log of the data folder, ten
// megabytes and five old files, and into a terminal.
func logTo(data string, terminal io.Writer) (*slog.Logger, func() error, error) {
	dir := filepath.Join(data, "log")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the folder of the log: %w", err)
	}
	file := &lumberjack.Logger{Filename: filepath.Join(dir, "puntod.log"), MaxSize: 10, MaxBackups: 5, Compress: true}
	level := slog.LevelInfo
	if os.Getenv("PUNTO_DEBUG") != "" {
		level = slog.LevelDebug
	}
	o := &slog.HandlerOptions{Level: level}
	return slog.New(slog.NewMultiHandler(slog.NewJSONHandler(file, o), slog.NewTextHandler(terminal, o))), file.Close, nil
}

// notify tells systemd; elsewhere nobody listens.
func notify(state string) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return
	}
	c, err := net.Dial("unixgram", name) //nolint:gosec // the service manager names it
	if err != nil {
		return
	}
	_, _ = c.Write([]byte(state))
	_ = c.Close()
}

// watchdog tells systemd that the engine answers, as often as it wants to hear.
func watchdog(ctx context.Context, h *host.Host, log *slog.Logger) {
	us, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || us <= 0 {
		return
	}
	every := time.Duration(us) * time.Microsecond / 3
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		ask, stop := context.WithTimeout(ctx, every)
		_, err := h.Ask(ask, app.Status{})
		stop()
		if err != nil {
			log.Error("the engine does not answer: systemd is not told that all is well", "err", err)
			continue
		}
		notify("WATCHDOG=1")
	}
}

// schedule is when backups are made by themselves.
type schedule struct {
	Dir  string `json:"dir"`
	At   string `json:"at"` // HH:MM, local time
	Keep int    `json:"keep"`
}

func scheduleFile(data string) string { return filepath.Join(data, "backup.json") }

func loadSchedule(data string) (s schedule, err error) {
	b, err := os.ReadFile(scheduleFile(data))
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	return s, err
}

// scheduled makes a backup a day, and one that was missed as soon as it can.
func scheduled(ctx context.Context, h *host.Host, data string, log *slog.Logger) {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		pause := 1
		if err := backupDue(ctx, h, data, time.Now()); err != nil && ctx.Err() == nil {
			log.Error("the daily backup was not made: it is tried again in some minutes; see puntod doctor", "err", err)
			pause = 20
		}
		for range pause {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}
}

// backupDue makes today's backup when its time has come and none was made since,
// by what this workstation has noted: names and dates of files say nothing.
func backupDue(ctx context.Context, h *host.Host, data string, now time.Time) error {
	s, err := loadSchedule(data)
	if err != nil || s.Dir == "" {
		return err
	}
	at, err := time.Parse("15:04", s.At)
	if err != nil {
		return err
	}
	due := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if due.After(now) {
		due = due.AddDate(0, 0, -1)
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	if last, ok := s.last(data, now); ok && !last.At.Before(due) {
		return nil
	}
	name := backup.Name(s.Dir, now)
	if _, err := os.Stat(name); err == nil { // what lies there under its name is not one of ours
		if err := os.Rename(name, name+".unknown"); err != nil {
			return err
		}
	}
	if err := h.BackupAt(ctx, name, now); err != nil {
		return err
	}
	return s.tidy(data, now)
}

// whole are the backups in the folder of the schedule that were written to their end
// and are there, newest first. What a clock that was ahead has dated is left out.
func (s schedule) whole(data string, now time.Time) (ms []backup.Made) {
	all, _ := backup.List(data) // a list that cannot be read is begun anew with the next
	for _, m := range all {
		if filepath.Dir(m.File) == filepath.Clean(s.Dir) && !m.At.After(now) && m.There() {
			ms = append(ms, m)
		}
	}
	return ms
}

func (s schedule) last(data string, now time.Time) (m backup.Made, ok bool) {
	if ms := s.whole(data, now); len(ms) > 0 {
		return ms[0], true
	}
	return m, false
}

// tidy removes what is older than the backups that are kept.
func (s schedule) tidy(data string, now time.Time) error {
	ms := s.whole(data, now)
	if s.Keep < 1 || len(ms) <= s.Keep {
		return nil
	}
	oldest := ms[s.Keep-1].At
	old, err := filepath.Glob(filepath.Join(s.Dir, "punto-*.age"))
	if err != nil {
		return err
	}
	for _, name := range old {
		at, err := time.ParseInLocation(backup.Form, filepath.Base(name), now.Location())
		if err == nil && at.Before(oldest.Truncate(time.Second)) {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}
