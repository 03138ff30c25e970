package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/kardianos/service"
	"github.com/spf13/cobra"

	"punto/app/local"
	"punto/cmd/host"
)

// unit is the systemd unit: ready when the desk is served, watched, started again
// when it fails, and with no more of the machine than it needs.
const unit = `[Unit]
Description={{Description}}
After=network.target
ConditionFileIsExecutable={{Path | cmdEscape}}

[Service]
Type=notify
NotifyAccess=main
ExecStart={{Path | cmdEscape}}{{range Arguments}} {{. | cmd}}{{end}}
{{if UserName}}User={{UserName}}
{{end}}Restart=on-failure
RestartSec=5
RestartPreventExitStatus=4 5 11
WatchdogSec=60
TimeoutStartSec=15min
TimeoutStopSec=60
UMask=0077
NoNewPrivileges=yes
ProtectSystem=full
PrivateTmp=yes
LimitNOFILE=8192

[Install]
WantedBy=multi-user.target
`

// config is the service as it is installed.
func config(data string, users []string) *service.Config {
	if abs, err := filepath.Abs(data); err == nil {
		data = abs
	}
	return &service.Config{Name: "punto", DisplayName: "Punto", Description: "Punto, mesa de ayuda: el servicio de este puesto",
		Arguments: []string{"run", "--data", data},
		Option:    service.KeyValue{"SystemdScript": unit, "OnFailure": "restart", "OnFailureDelayDuration": "5s", "LogOutput": false}}
}

// the is the service of this machine.
func the(f *flags) (service.Service, error) {
	return service.New(&program{data: f.data}, config(f.data, nil))
}

func installCommand(f *flags) *cobra.Command {
	var users []string
	c := &cobra.Command{Use: "install [--user NAME|GROUP]...", Args: cobra.NoArgs, Short: "installs and starts the service; as root or administrator",
		RunE: func(c *cobra.Command, _ []string) error {
			if len(users) == 0 && os.Getenv("SUDO_USER") != "" {
				users = []string{os.Getenv("SUDO_USER")}
			}
			data, err := filepath.Abs(f.data)
			if err != nil {
				return err
			}
			s, err := the(f)
			if err != nil {
				return err
			}
			if err := host.NeedDesk(data); err != nil {
				return err
			}
			what := local.Service{Data: data, Users: users}
			if runtime.GOOS != "windows" {
				what.Socket = "/run/punto/desk.sock"
			}
			if err := s.Install(); err != nil {
				return fmt.Errorf("install the service: %w; it is done as root or administrator, and once", err)
			}
			if err := what.Write(); err != nil {
				return errors.Join(err, s.Uninstall())
			}
			if err := s.Start(); err != nil {
				return fmt.Errorf("the service is installed and did not start: %w; see puntod doctor", err)
			}
			return f.print(c.OutOrStdout(), what, "The service is installed and started. It holds the desk in %s.\nMay connect: %v. Windows of Punto on this machine use it from now on.", data, users)
		}}
	c.Flags().StringSliceVar(&users, "user", nil, "user or group of this machine whose programs may connect; again for more")
	return c
}

func controlCommand(f *flags, action, short string) *cobra.Command {
	return &cobra.Command{Use: action, Args: cobra.NoArgs, Short: short + "; as root or administrator",
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := the(f)
			if err != nil {
				return err
			}
			if action == "uninstall" {
				_ = s.Stop() // it may not be running
			}
			if err := service.Control(s, action); err != nil {
				return fmt.Errorf("%s the service: %w; it is done as root or administrator", action, err)
			}
			if action == "uninstall" {
				if err := os.Remove(local.ServiceFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
					return err
				}
			}
			return f.print(c.OutOrStdout(), map[string]string{"done": action}, "Done: %s.", action)
		}}
}

func statusCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "status", Args: cobra.NoArgs, Short: "tells whether the service runs; exit code 0, 8 not running, 9 not installed",
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := the(f)
			if err != nil {
				return err
			}
			st, err := s.Status()
			known, _ := local.Installed()
			switch {
			case errors.Is(err, service.ErrNotInstalled), err != nil && known == nil:
				return coded{exitNoService, errors.New("the service is not installed: install it with puntod install")}
			case err != nil || st != service.StatusRunning:
				return coded{exitNotRunning, errors.New("the service is installed and does not run: start it with puntod start")}
			}
			return f.print(c.OutOrStdout(), map[string]string{"status": "running", "data": f.data}, "The service runs. It holds the desk in %s.", f.data)
		}}
}
