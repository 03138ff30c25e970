package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"punto/app"
)

// linksCommand has the system open softphones' links with Punto, and opens one.
func linksCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "links", Args: cobra.NoArgs, Short: "softphones' links (tel:, punto:call): register them for this user; open one"}
	c.AddCommand(&cobra.Command{Use: "register", Args: cobra.NoArgs, Short: "has this user's system open tel: and punto: links with the window beside this program",
		RunE: func(c *cobra.Command, _ []string) error {
			self, err := os.Executable()
			if err != nil {
				return err
			}
			program := filepath.Join(filepath.Dir(self), "punto")
			if runtime.GOOS == "windows" {
				program += ".exe"
			}
			if _, err := os.Stat(program); err != nil {
				return fmt.Errorf("the window %s is not beside this program: put it there", program)
			}
			where, err := register(program)
			if err != nil {
				return err
			}
			return f.print(c.OutOrStdout(), map[string]string{"registered": where}, "%s", where)
		}},
		&cobra.Command{Use: "open URL", Args: cobra.ExactArgs(1), Short: "brings up the caller of a link in the window that is open here",
			RunE: func(c *cobra.Command, args []string) error {
				return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
					_, err := k.Do(ctx, app.PopCaller{URL: args[0]})
					return err
				})
			}})
	return c
}

// entry is what desktops of Linux read of a program that opens links.
func entry(program string) string {
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`).Replace(program) + `"`
	return "[Desktop Entry]\nType=Application\nName=Punto\nNoDisplay=true\nTerminal=false\nExec=" + strings.ReplaceAll(quoted, "%", "%%") + " %u\nMimeType=x-scheme-handler/tel;x-scheme-handler/punto;\n"
}

// registerXDG writes the entry and makes it the one that opens the links.
func registerXDG(program string) (string, error) {
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "share")
	}
	dir = filepath.Join(dir, "applications")
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // desktops read it
		return "", err
	}
	name := filepath.Join(dir, "punto-links.desktop")
	if err := os.WriteFile(name, []byte(entry(program)), 0o644); err != nil { //nolint:gosec // desktops read it
		return "", err
	}
	if tool, err := exec.LookPath("xdg-mime"); err == nil {
		for _, scheme := range []string{"tel", "punto"} {
			if out, err := exec.Command(tool, "default", filepath.Base(name), "x-scheme-handler/"+scheme).CombinedOutput(); err != nil { //nolint:gosec // the system's own tool
				return "", fmt.Errorf("make Punto open %s: links: %w: %s", scheme, err, out)
			}
		}
	}
	return name, nil
}
