package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kardianos/service"
	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/engine"
	"punto/app/local"
	"punto/cmd/host"
	"punto/store"
	"punto/store/backup"
	"punto/sync/stream"
)

// finding is one thing that doctor looked at. Level is ok, warn or bad.
type finding struct {
	About  string `json:"about"`
	Level  string `json:"level"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

// Limits of what is well.
const (
	offsetWarn  = 2 * time.Second
	backupStale = 48 * time.Hour
)

func doctorCommand(f *flags) *cobra.Command {
	return &cobra.Command{Use: "doctor", Args: cobra.NoArgs, Short: "looks at store, workstations, clocks, disk, encryption, ports and versions, and says what to do; exit code 4 when something is bad",
		RunE: func(c *cobra.Command, _ []string) error {
			d := &doctor{f: f}
			d.examine(c.Context())
			worst := "ok"
			var text strings.Builder
			for _, x := range d.findings {
				fmt.Fprintf(&text, "%-5s %-11s %s\n", x.Level, x.About, x.Found)
				if x.Advice != "" {
					fmt.Fprintf(&text, "%18s%s\n", "→ ", x.Advice)
				}
				if x.Level == "bad" || x.Level == "warn" && worst == "ok" {
					worst = x.Level
				}
			}
			if err := f.print(c.OutOrStdout(), d.findings, "%s", strings.TrimRight(text.String(), "\n")); err != nil {
				return err
			}
			if worst == "bad" {
				return coded{host.ExitDamaged, errors.New("something is bad: see above")}
			}
			return nil
		}}
}

// setAside is what to do with a damaged folder.
const setAside = "rename the folder; then restore a backup (puntod restore), or join again with a new code (puntod invite on the coordinator, puntod join here): nothing is lost that others or the backup hold"

type doctor struct {
	f        *flags
	findings []finding
}

func (d *doctor) say(about, level, advice, format string, args ...any) {
	d.findings = append(d.findings, finding{about, level, fmt.Sprintf(format, args...), advice})
}

func (d *doctor) examine(ctx context.Context) {
	d.say("version", "ok", "", "puntod %s, data format %d, fold %s", version(), store.Format, engine.FoldVersion)
	d.service()
	own, err := stream.LoadMembership(d.f.data)
	if err != nil {
		d.say("site", "bad", "put site.json back from a backup", "%v", err)
	}
	running := d.store(ctx, own)
	d.disk()
	d.say("encryption", "warn", "put the data folder on an encrypted volume (LUKS, BitLocker); backups are encrypted always", "the files in %s are not encrypted by Punto", d.f.data)
	d.ports(own, running)
	if own == nil {
		d.say("site", "ok", "puntod init makes it one, to which others can join", "this workstation is the whole desk")
	}
	d.backups(own)
}

func (d *doctor) service() {
	s, err := the(d.f)
	if err != nil {
		d.say("service", "warn", "run it under another service manager: puntod run", "this machine has no service manager that is known: %v", err)
		return
	}
	known, _ := local.Installed()
	switch st, err := s.Status(); {
	case errors.Is(err, service.ErrNotInstalled), err != nil && known == nil:
		d.say("service", "warn", "puntod install", "not installed: the desk is served only while somebody has its window open")
	case err != nil:
		d.say("service", "warn", "try as root or administrator", "the service manager does not tell: %v", err)
	case st != service.StatusRunning:
		d.say("service", "bad", "puntod start; if it stops again see "+filepath.Join(d.f.data, "log", "puntod.log"), "installed and not running")
	default:
		d.say("service", "ok", "", "running")
	}
	if x, err := local.Installed(); err != nil {
		d.say("service", "bad", "puntod uninstall and install again", "%v", err)
	} else if x != nil && x.Data != d.f.data {
		d.say("service", "warn", "say --data "+x.Data, "the installed service holds another folder: %s", x.Data)
	}
}

// store proves the folder when nobody holds it, and asks who holds it otherwise;
// it tells whether somebody does.
func (d *doctor) store(ctx context.Context, own *stream.Membership) bool {
	c, err := local.Dial(ctx, d.f.data)
	if err == nil {
		defer func() { _ = c.Close() }()
		a, err := c.Ask(c.Owner(ctx), app.Nodes{})
		if err != nil {
			d.say("store", "warn", "ask as the user who runs the service", "it is held by a program that does not tell: %v", err)
			return true
		}
		d.say("store", "ok", "stop the service and run doctor again to prove every event", "held by a running program, which checked it when it opened it")
		d.nodes(a.(app.NodesAnswer))
		return true
	}
	if !errors.Is(err, local.ErrNobody) {
		d.say("store", "warn", "try as the user who runs the service", "%v", err)
		return true
	}
	x, err := host.Examine(ctx, d.f.data)
	switch {
	case errors.Is(err, store.ErrLocked):
		d.say("store", "warn", "end that program, or ask it", "%v", err)
		return true
	case errors.Is(err, host.ErrNoDesk):
		d.say("store", "bad", "make a desk with puntod init, enter a site with puntod join, or say where it is with --data", "%v", err)
	case errors.Is(err, store.ErrNewer):
		d.say("store", "bad", "update this program", "%v", err)
	case errors.Is(err, os.ErrPermission):
		d.say("store", "bad", "run it as the user who runs the service, or as root", "%v", err)
	case err != nil:
		d.say("store", "bad", "nothing was changed: keep the folder as it is, and see what the system says", "it cannot be looked at: %v", err)
	case !x.Sound:
		d.say("store", "bad", setAside, "%s", x.Fault)
	case x.Killed:
		d.say("store", "ok", "start the service: it ends by itself what had begun", "whoever held it was killed; %d events of %d origins, every chain and signature proven", x.Events, len(x.Origins))
	default:
		d.say("store", "ok", "", "%d events of %d origins, every chain and signature proven", x.Events, len(x.Origins))
	}
	if x.Aside != "" {
		d.say("store", "warn", "nothing: it holds nothing that is needed, and is made anew when the service starts", "the file %s is damaged", x.Aside)
	}
	return false
}

func (d *doctor) nodes(a app.NodesAnswer) {
	if !a.Joined {
		return
	}
	if a.Alone {
		d.say("peers", "warn", "look at the cable, the switch, and whether ports are open", "no other workstation is reached since %s", when(a.AloneSince))
	}
	if a.Refused > 0 {
		d.say("events", "warn", "see Puestos, Rechazados in the window", "%d events were kept aside: who wrote them had no right to", a.Refused)
	}
	for _, n := range a.Nodes {
		switch off := time.Duration(n.Offset) * time.Millisecond; {
		case n.Forked:
			d.say("peers", "bad", "revoke it and join it again; both histories are kept", "%s wrote two histories", n.Name)
		case n.RevokedAt != 0 || n.Me:
			continue
		case !n.Alive:
			d.say("peers", "warn", "", "%s is not reached; last seen %s", n.Name, when(n.SeenAt))
		case n.OffsetKnown && (off > offsetWarn || off < -offsetWarn):
			d.say("clocks", "warn", "set that machine's clock; the times in the desk are corrected meanwhile", "the clock of %s is %s off", n.Name, off)
		default:
			d.say("peers", "ok", "", "%s: %d events behind, clock %s, version %s", n.Name, n.Behind, clock(n), n.Version)
		}
		if n.Alive && n.Version != version() && n.Version != "" {
			d.say("versions", "warn", "update the older one", "%s has version %s, this one %s", n.Name, n.Version, version())
		}
	}
}

func (d *doctor) disk() {
	switch x := store.Survey(d.f.data); {
	case !x.Known:
		d.say("disk", "warn", "", "how much is free is not known")
	case x.Full:
		d.say("disk", "bad", fmt.Sprintf("free some until there are %d MB: nothing is lost, and writing goes on by itself", x.Needed>>20+1), "%d MB free of %d: the desk can only be read", x.Free>>20, x.All>>20)
	case x.Low:
		d.say("disk", "warn", "free some: no files are taken, and soon no changes either", "%d MB free of %d", x.Free>>20, x.All>>20)
	default:
		d.say("disk", "ok", "", "%d MB free of %d", x.Free>>20, x.All>>20)
	}
}

// ports tells whether the site's ports can be had when nobody has them.
func (d *doctor) ports(own *stream.Membership, running bool) {
	if own == nil || running {
		return
	}
	h, p, err := net.SplitHostPort(own.Listen)
	n, perr := strconv.Atoi(p)
	if err = errors.Join(err, perr); err != nil {
		d.say("ports", "bad", "correct listen in site.json", "%q is no address: %v", own.Listen, err)
		return
	}
	for _, port := range []int{n, n + 1} {
		l, err := net.Listen("tcp", net.JoinHostPort(h, strconv.Itoa(port)))
		if err != nil {
			d.say("ports", "bad", "end the program that has it, or change listen in site.json", "TCP port %d: %v", port, err)
			continue
		}
		_ = l.Close()
	}
	u, err := net.ListenPacket("udp", net.JoinHostPort(h, strconv.Itoa(n+1)))
	if err != nil {
		d.say("ports", "warn", "TCP carries everything without it", "UDP port %d: %v", n+1, err)
		return
	}
	_ = u.Close()
	d.say("ports", "ok", "open TCP "+strconv.Itoa(n)+"-"+strconv.Itoa(n+1)+" and UDP "+strconv.Itoa(n+1)+" in the firewall between workstations", "free")
}

func (d *doctor) backups(own *stream.Membership) {
	s, err := loadSchedule(d.f.data)
	if err != nil || s.Dir == "" {
		if own != nil {
			d.say("backup", "warn", "puntod backup --to FOLDER --daily 02:30", "no daily backup is set up here")
		}
		return
	}
	const look = "look whether the service runs and may write there, and into its log"
	now := time.Now()
	d.strangers(s, now)
	for _, m := range s.whole(d.f.data, now) {
		if err := m.Check(); err != nil {
			d.say("backup", "bad", "rename it, and make another: puntod backup --to "+s.Dir, "%s: %v", m.File, err)
			continue
		}
		if now.Sub(m.At) > backupStale {
			d.say("backup", "bad", look, "the last whole one is %s", filepath.Base(m.File))
		} else {
			d.say("backup", "ok", "", "the last one is %s, %d kB, read again and whole", filepath.Base(m.File), (m.Bytes+1023)>>10)
		}
		return
	}
	d.say("backup", "bad", look, "no whole one in %s yet", s.Dir)
}

// strangers are the files among the backups that the service has not made, or not as
// they are: some program or person may take one of them for a backup.
func (d *doctor) strangers(s schedule, now time.Time) {
	all, _ := backup.List(d.f.data)
	names, _ := filepath.Glob(filepath.Join(s.Dir, "punto-*.age"))
	var odd []string
	for _, n := range names {
		if !slices.ContainsFunc(all, func(m backup.Made) bool { return m.File == n && m.There() && !m.At.After(now) }) {
			odd = append(odd, filepath.Base(n))
		}
	}
	if len(odd) > 0 {
		d.say("backup", "warn", "they are not counted: keep them elsewhere, or try one with puntod restore", "%d files in %s are not known to be whole, the last %s", len(odd), s.Dir, odd[len(odd)-1])
	}
}
