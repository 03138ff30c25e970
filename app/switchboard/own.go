package switchboard

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/hunt"
	"punto/app/keyring"
	"punto/app/phone"
	"punto/app/records"
	"punto/app/shifts"
	"punto/app/sla"
	"punto/app/switchboard/link"
	"punto/app/switchboard/sip"
)

// The desk's own exchange: a queue for a site that has none.

// Limits of it.
const (
	maxQueues   = 20
	maxPhones   = 200
	maxWaiting  = 200
	maxOwnWait  = 4 * 3600 // seconds
	maxOwnRing  = 120
	maxOwnRests = 3600
)

// ofLAN tells whether an address and port is of the local network, as the queue listens.
func ofLAN(address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err == nil && at.Port() > 0 && at.Addr().Is4() && sip.Local(at.Addr())
}

// ownFits refuses queues and telephones that cannot work.
func ownFits(n *engine.Names, s desk.Switchboard) error {
	if s.Kind != desk.BuiltIn && len(s.Queues)+len(s.Phones) > 0 {
		return app.About("queues", app.Fail(app.Invalid, "only the desk's own exchange has queues and telephones here: those of another one are set there"))
	}
	if len(s.Queues) > maxQueues || len(s.Phones) > maxPhones {
		return app.About("queues", app.Fail(app.Invalid, "there are more than %d queues or %d telephones: take some out", maxQueues, maxPhones))
	}
	numbers, names := map[string]bool{}, map[string]bool{}
	taken := func(number string) error {
		if number == "" || len(number) > 16 || strings.Trim(number, "0123456789*#") != "" {
			return app.About("number", app.Fail(app.Invalid, "%q is no extension or number of a queue: write digits alone", number))
		}
		if numbers[number] {
			return app.About("number", app.Fail(app.Conflict, "%q is of two queues or telephones: change one", number))
		}
		numbers[number] = true
		return nil
	}
	for _, q := range s.Queues {
		names[q.Name] = true
	}
	if len(names) < len(s.Queues) {
		return app.About("name", app.Fail(app.Conflict, "two queues have one name: change one"))
	}
	for _, q := range s.Queues {
		if err := queueFits(n, q, names); err != nil {
			return err
		}
		if err := taken(q.Number); err != nil {
			return err
		}
	}
	for _, p := range s.Phones {
		if err := taken(p.Extension); err != nil {
			return err
		}
	}
	return nil
}

func queueFits(n *engine.Names, q desk.PhoneQueue, names map[string]bool) error {
	if err := records.Named("queue", q.Name); err != nil {
		return app.About("name", err)
	}
	outside := func(v, most int64) bool { return v < 0 || v > most }
	switch {
	case len(q.Name) > phone.MaxID:
		return app.About("name", app.Fail(app.Invalid, "the name of the queue is longer than %d bytes: shorten it", phone.MaxID))
	case outside(int64(q.Limit), maxWaiting), outside(q.MostWait, maxOwnWait), outside(q.Ring, maxOwnRing), outside(q.WrapUp, maxOwnRests):
		return app.About("limit", app.Fail(app.Invalid, "the queue %q lets wait at most %d callers for %d seconds, rings for %d and rests for %d: correct it", q.Name, maxWaiting, maxOwnWait, maxOwnRing, maxOwnRests))
	case q.Overflow != "" && (!names[q.Overflow] || q.Overflow == q.Name):
		return app.About("overflow", app.Fail(app.Invalid, "the queue %q overflows into %q, which is no other queue: choose one", q.Name, q.Overflow))
	}
	for _, path := range []string{q.Greeting, q.Wait, q.Closed} {
		if path != "" && !filepath.IsAbs(path) {
			return app.About("greeting", app.Fail(app.Invalid, "%q is not the whole path of a WAV file: begin at the root", path))
		}
	}
	if !q.Calendar.IsZero() {
		if c, err := engine.Noun[sla.Calendar](n, desk.CalendarType, q.Calendar); err != nil || c.Zone == "" {
			return app.About("calendar", app.Fail(app.NotFound, "the calendar of the queue %q is not there: choose another", q.Name))
		}
	}
	return nil
}

// phonePassword is that of a telephone: 80 bits of what the link's secret makes of its
// extension and turn.
func phonePassword(secret string, p desk.Phone) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(p.Extension + " " + strconv.Itoa(p.Turn)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(m.Sum(nil)[:10]))
}

func askPasswords(l *engine.Look, q app.PhonePasswords) (a app.PhonePasswordsAnswer, err error) {
	if l.Session.Role != desk.AdministratorRole {
		return a, app.Fail(app.NotAllowed, "only an administrator sees the passwords of telephones: ask one")
	}
	s, err := engine.Noun[desk.Switchboard](l.Names, desk.SwitchboardType, q.ID)
	if err != nil {
		return a, err
	}
	if s.Kind != desk.BuiltIn {
		return a, app.Fail(app.NotFound, "there is no such link to an exchange: look at the list again")
	}
	secret, err := keyring.Open(l.Engine, s.Secret)
	if err != nil {
		return a, app.Fail(app.Conflict, "the password of the exchange was not sealed for this workstation: an administrator writes it again")
	}
	for _, p := range s.Phones {
		a.Rows = append(a.Rows, app.PhonePassword{Extension: p.Extension, Password: phonePassword(secret, p)})
	}
	return a, nil
}

// runOwn runs the desk's own exchange until ctx ends or it cannot work as it is set.
func (h *hold) runOwn(ctx context.Context, known []phone.CallEvent) error {
	secret, err := keyring.Open(h.e, h.of.Secret)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	settings := make(chan sip.Settings)
	files := sounds{}
	beside.Go(func() {
		h.e.Repeat(ctx, app.Interest{Types: []desk.Type{desk.SwitchboardType, desk.AgentType, desk.ShiftType, desk.CalendarType}}, func(ctx context.Context) time.Duration {
			set, err := h.ownSettings(ctx, secret, files)
			if err != nil {
				if ctx.Err() == nil {
					h.log.Error("read how the queue is set", "err", err)
				}
				return looks
			}
			select {
			case settings <- set:
			case <-ctx.Done():
			}
			return time.Minute
		})
	})
	return sip.Exchange{PBX: h.of.Name, Address: h.of.Address, Gateway: h.of.Peer, Known: known, Settings: settings, Log: h.log}.Run(ctx, h)
}

// sounds are the files that were read, by their paths.
type sounds map[string]sip.Sound

// read reads a file once; one that cannot be read is tried again the next time, and the
// usual sound is heard instead.
func (s sounds) read(h *hold, path string) sip.Sound {
	if path == "" || len(s[path]) > 0 {
		return s[path]
	}
	x, err := sip.ReadSound(path)
	if err != nil {
		h.log.Warn("a sound of the queue is not played", "err", err)
		h.lines.on(h.id, func(l *line) { l.log = link.State{Err: err} })
		return nil
	}
	s[path] = x
	return x
}

// ownSettings are the queues, telephones and agents as they are now.
func (h *hold) ownSettings(ctx context.Context, secret string, files sounds) (out sip.Settings, err error) {
	var s desk.Switchboard
	hours := map[string]*sla.Hours{}
	err = h.e.Look(ctx, engine.AsDesk(), func(l *engine.Look) error {
		if s, err = engine.Noun[desk.Switchboard](l.Names, desk.SwitchboardType, h.id); err != nil {
			return err
		}
		for _, q := range s.Queues {
			if q.Calendar.IsZero() {
				continue
			}
			c, err := engine.Noun[sla.Calendar](l.Names, desk.CalendarType, q.Calendar)
			if err != nil {
				return err
			}
			if hours[q.Name], err = sla.Compile(c); err != nil {
				return fmt.Errorf("the hours of the queue %s: %w", q.Name, err)
			}
		}
		out.Staff, err = staff(l)
		return err
	})
	if err != nil {
		return out, err
	}
	h.lines.on(h.id, func(l *line) { l.log = link.State{} })
	out.Sounds, out.Phones = map[string]sip.Sounds{}, map[string]string{}
	for _, q := range s.Queues {
		seconds := func(n int64) time.Duration { return time.Duration(n) * time.Second }
		out.Queues = append(out.Queues, hunt.Queue{Name: q.Name, Number: q.Number, Limit: q.Limit, MostWait: seconds(q.MostWait), Ring: seconds(q.Ring), WrapUp: seconds(q.WrapUp), Overflow: q.Overflow, Lang: q.Lang, Group: q.Group})
		out.Sounds[q.Name] = sip.Sounds{Greeting: files.read(h, q.Greeting), Wait: files.read(h, q.Wait), Closed: files.read(h, q.Closed)}
	}
	for _, p := range s.Phones {
		out.Phones[p.Extension] = phonePassword(secret, p)
	}
	out.Open = func(queue string, at time.Time) bool {
		x := hours[queue]
		if x == nil {
			return true
		}
		open, _ := x.Open(at)
		return open
	}
	return out, nil
}

// staff are the agents who are at work and not on a break, as the window and exchanges
// tell it.
func staff(l *engine.Look) (out []hunt.Agent, err error) {
	now := l.Engine.Now()
	events, err := shifts.Events(l.Reader, now, now.Add(time.Minute))
	if err != nil {
		return nil, err
	}
	for x, err := range records.Each[desk.Agent](l.Names, desk.AgentType) {
		if err != nil {
			return nil, err
		}
		if a := x.Of; a.Extension != "" && !a.Gone {
			if is, since := shifts.Available(events, x.ID, a, now); is {
				out = append(out, hunt.Agent{Extension: a.Extension, Name: a.Name, Langs: a.Langs, Groups: a.Groups, Since: since})
			}
		}
	}
	return out, nil
}
