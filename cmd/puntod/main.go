// Command puntod is Punto's background service: it holds the desk of this
// workstation, speaks with the other workstations, and keeps timers, escalations
// and backups going with nobody signed in. IT installs and looks after it with
// this same command.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/kardianos/service"
	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/local"
	"punto/cmd/host"
)

// Exit codes beyond those of host.ExitCode.
const (
	exitNotRunning = 8 // of status: installed and not running
	exitNoService  = 9 // of status: not installed
)

func main() {
	if host.Child() {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "puntod:", err)
		os.Exit(codeOf(err))
	}
}

// coded is an error with an exit code of its own.
type coded struct {
	code int
	error
}

func codeOf(err error) int {
	var c coded
	if errors.As(err, &c) {
		return c.code
	}
	return host.ExitCode(err)
}

// flags are those of every command.
type flags struct {
	data string
	json bool
}

func root() *cobra.Command {
	f := &flags{}
	c := &cobra.Command{Use: "puntod", Short: "Punto's background service", SilenceUsage: true, SilenceErrors: true, Version: version(), PersistentPreRunE: f.who}
	c.PersistentFlags().StringVar(&f.data, "data", host.DefaultData(machineData()), "folder of the desk (PUNTO_DATA)")
	c.PersistentFlags().BoolVar(&f.json, "json", false, "print JSON")
	c.AddCommand(runCommand(f), installCommand(f), controlCommand(f, "uninstall", "removes the service; the data stays"),
		controlCommand(f, "start", "starts the service"), controlCommand(f, "stop", "stops the service"),
		controlCommand(f, "restart", "stops and starts the service"), statusCommand(f),
		initCommand(f), inviteCommand(f), joinCommand(f), nodesCommand(f), revokeCommand(f), rotateCommand(f),
		doctorCommand(f), backupCommand(f), restoreCommand(f), exportCommand(f), importCommand(f), surveysCommand(f))
	return c
}

// who has root leave nothing in another user's folder that its owner cannot open.
// What manages the service stays root; it and doctor write nothing there.
func (f *flags) who(c *cobra.Command, _ []string) error {
	switch c.Name() {
	case "run", "install":
		return host.NotAnothers(f.data)
	case "uninstall", "start", "stop", "restart", "status", "doctor":
		return nil
	}
	return host.AsOwner(f.data)
}

// version is that of the build.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := b.Main.Version
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") && len(s.Value) >= 12 {
			v = s.Value[:12]
		}
	}
	return v
}

// machineData is where the service of this machine keeps its desk; "" for a user
// who is not its administrator.
func machineData() string {
	switch {
	case runtime.GOOS == "windows":
		return filepath.Join(os.Getenv("ProgramData"), "Punto", "data")
	case os.Geteuid() == 0:
		return "/var/lib/punto"
	}
	return ""
}

// print writes a value as JSON, or as text.
func (f *flags) print(w io.Writer, v any, text string, args ...any) error {
	if f.json || text == "" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(v)
	}
	_, err := fmt.Fprintf(w, text+"\n", args...)
	return err
}

// running reaches the desk of the service that runs, as its owner.
func (f *flags) running(ctx context.Context, use func(context.Context, app.Desk) error) error {
	c, err := local.Dial(ctx, f.data)
	if errors.Is(err, local.ErrNobody) {
		return coded{exitNotRunning, fmt.Errorf("nobody serves the desk in %s: start the service with puntod start, or puntod run", f.data)}
	}
	if err != nil {
		return err
	}
	return errors.Join(use(c.Owner(ctx), c), c.Close())
}

// with reaches the desk, whoever hosts it, as its owner.
func (f *flags) with(ctx context.Context, use func(context.Context, app.Desk) error) (err error) {
	if err := host.NeedDesk(f.data); err != nil {
		return err
	}
	return f.make(ctx, use)
}

// make is with also where there is no desk yet.
func (f *flags) make(ctx context.Context, use func(context.Context, app.Desk) error) (err error) {
	d, err := host.Attach(ctx, f.data, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return use(d.Owner(ctx), d)
}

var _ service.Interface = (*program)(nil)
