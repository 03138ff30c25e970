// Package fakepbx is an Asterisk's manager interface for tests: on a port of this
// machine it serves a transcript, message by message, to whoever logs in, and answers
// what a link asks by what the transcript has told so far. Messages that are played
// while nobody listens are missed, as they are in life.
package fakepbx

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // the manager interface's own way of logging in
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"punto/app/phone/ami"
)

// User and Secret log in.
const (
	User   = "punto"
	Secret = "secreto de prueba" //nolint:gosec // of a fake
)

// PBX is one exchange. Close it.
type PBX struct {
	listener net.Listener
	messages []block
	serving  sync.WaitGroup

	mu      sync.Mutex // guards what follows
	heard   *sync.Cond
	next    int // message to be played
	clients map[*client]bool
	dead    bool // it answers nothing
	actions []string
	state
}

// state is what goes on at the exchange.
type state struct {
	now      string // of its clock, as it writes it
	channels map[string]bool
	waiting  []ami.Message
	members  []ami.Message
}

// block is one message, as it is sent and as it is read.
type block struct {
	raw []byte
	ami.Message
}

type client struct {
	conn   net.Conn
	on     bool // events are sent
	listed bool // it has heard both lists
}

// New opens an exchange on this machine that plays the events of a transcript.
func New(text []byte) (*PBX, error) { return At("127.0.0.1:0", text) }

// At is New at an address.
func At(address string, text []byte) (*PBX, error) {
	p := &PBX{clients: map[*client]bool{}, state: state{channels: map[string]bool{}}}
	p.heard = sync.NewCond(&p.mu)
	for _, raw := range bytes.SplitAfter(text, []byte("\r\n\r\n")) {
		m, err := ami.NewReader(bytes.NewReader(raw)).Next()
		if err == nil && m.Event() != "" && m.Get("EventList") == "" {
			p.messages = append(p.messages, block{raw, m})
		}
	}
	var err error
	if p.listener, err = net.Listen("tcp", address); err != nil {
		return nil, err
	}
	p.serving.Go(p.serve)
	return p, nil
}

// Address is where it listens.
func (p *PBX) Address() string { return p.listener.Addr().String() }

// Len is how many messages it can play, Message one of them.
func (p *PBX) Len() int { return len(p.messages) }

// Message is one of those that it plays.
func (p *PBX) Message(i int) *ami.Message { return &p.messages[i].Message }

// Close ends it.
func (p *PBX) Close() {
	_ = p.listener.Close()
	p.Cut()
	p.serving.Wait()
}

func (p *PBX) serve() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		k := &client{conn: c}
		p.mu.Lock()
		p.clients[k] = true
		p.mu.Unlock()
		p.serving.Go(func() {
			p.talk(k)
			_ = c.Close()
			p.mu.Lock()
			delete(p.clients, k)
			p.heard.Broadcast()
			p.mu.Unlock()
		})
	}
}

// Play plays so many messages to whoever listens.
func (p *PBX) Play(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ; n > 0 && p.next < len(p.messages); n-- {
		b := &p.messages[p.next]
		p.next++
		p.sees(&b.Message)
		for c := range p.clients {
			if c.on && !p.dead {
				_, _ = c.conn.Write(b.raw) // who has gone is noticed by its reader
			}
		}
	}
}

// Say sends a message that is not in the transcript.
func (p *PBX) Say(raw string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.clients {
		if c.on {
			_, _ = c.conn.Write([]byte(raw)) // as in Play
		}
	}
}

// Cut ends all links, as a cable does.
func (p *PBX) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.clients {
		_ = c.conn.Close()
		c.on, c.listed = false, false
	}
}

// Hang has it answer nothing and say nothing, with its links open.
func (p *PBX) Hang(dead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = dead
}

// Wait waits until so many links, and no more, have heard what goes on.
func (p *PBX) Wait(ctx context.Context, links int) error {
	stop := context.AfterFunc(ctx, p.heard.Broadcast)
	defer stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		n := 0
		for c := range p.clients {
			if c.listed {
				n++
			}
		}
		if n == links {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%d links listen, not %d: %w", n, links, ctx.Err())
		}
		p.heard.Wait()
	}
}

// Actions are what it was asked to do, but for logging in, lists and keeping alive.
func (p *PBX) Actions() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.actions...)
}

// sees follows what goes on.
func (s *state) sees(m *ami.Message) {
	if t := m.Get("Timestamp"); t != "" {
		s.now = t
	}
	gone := func(list []ami.Message, key, value, queue string) []ami.Message {
		var kept []ami.Message
		for _, x := range list {
			if x.Get(key) != value || queue != "" && x.Get("Queue") != queue {
				kept = append(kept, x)
			}
		}
		return kept
	}
	uid := m.Get("Uniqueid")
	switch m.Event() {
	case "Newchannel":
		s.channels[uid] = true
	case "Hangup":
		delete(s.channels, uid)
		s.waiting = gone(s.waiting, "Uniqueid", uid, "")
	case "QueueCallerJoin":
		s.waiting = append(s.waiting, *m)
	case "QueueCallerLeave", "QueueCallerAbandon":
		s.waiting = gone(s.waiting, "Uniqueid", uid, "")
	case "QueueMemberPause", "QueueMemberAdded", "QueueMemberStatus":
		s.members = append(gone(s.members, "MemberName", m.Get("MemberName"), m.Get("Queue")), *m)
	case "QueueMemberRemoved":
		s.members = gone(s.members, "MemberName", m.Get("MemberName"), m.Get("Queue"))
	}
}

// talk answers one client.
func (p *PBX) talk(c *client) {
	const challenge = "840415273"
	_, _ = fmt.Fprint(c.conn, "Asterisk Call Manager/9.0.0\r\n") // as in Play
	in := bufio.NewScanner(c.conn)
	action := map[string]string{}
	known := false
	for in.Scan() {
		if line := in.Text(); line != "" {
			k, v, _ := strings.Cut(line, ":")
			action[strings.ToLower(k)] = strings.TrimSpace(v)
			continue
		}
		p.mu.Lock()
		say := func(format string, args ...any) {
			if !p.dead {
				_, _ = fmt.Fprint(c.conn, strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\r\n")) // as in Play
			}
		}
		id := action["actionid"]
		switch name := action["action"]; {
		case name == "Challenge":
			say("Response: Success\nActionID: %s\nChallenge: %s\n\n", id, challenge)
		case name == "Login":
			sum := md5.Sum([]byte(challenge + Secret)) //nolint:gosec // the interface's own
			if known = action["username"] == User && action["key"] == hex.EncodeToString(sum[:]); !known {
				say("Response: Error\nActionID: %s\nMessage: Authentication failed\n\n", id)
				p.mu.Unlock()
				return
			}
			say("Response: Success\nActionID: %s\nMessage: Authentication accepted\n\n", id)
			c.on = action["events"] != "off"
		case !known:
			say("Response: Error\nActionID: %s\nMessage: Permission denied\n\n", id)
		case name == "Events":
			c.on = action["eventmask"] == "on"
			say("Response: Success\nActionID: %s\nEvents: On\n\n", id)
		case name == "Ping":
			say("Response: Success\nActionID: %s\nPing: Pong\nTimestamp: %s\n\n", id, p.clock())
		case name == "QueueStatus":
			say("%s", p.queueStatus(id))
		case name == "CoreShowChannels":
			say("%s", p.showChannels(id))
			c.listed = true
			p.heard.Broadcast()
		default:
			var b strings.Builder
			for _, k := range []string{"action", "queue", "interface", "paused", "reason", "channel", "exten", "context", "callerid"} {
				if v := action[k]; v != "" {
					fmt.Fprintf(&b, "%s=%s ", k, v)
				}
			}
			p.actions = append(p.actions, strings.TrimSpace(b.String()))
			say("Response: Success\nActionID: %s\nMessage: done\n\n", id)
		}
		p.mu.Unlock()
		clear(action)
	}
}

// clock is the exchange's: that of its transcript, or this machine's before it began.
func (s *state) clock() string {
	if s.now != "" {
		return s.now
	}
	now := time.Now()
	return fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
}

func (s *state) queueStatus(id string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Response: Success\nActionID: %s\nEventList: start\nMessage: Queue status will follow\n\n", id)
	for _, m := range s.members {
		fmt.Fprintf(&b, "Event: QueueMember\nQueue: %s\nName: %s\nLocation: %s\nLoginTime: %s\nLastPause: %s\nPaused: %s\nPausedReason: %s\nActionID: %s\n\n", m.Get("Queue"), m.Get("MemberName"), m.Get("Interface"),
			m.Get("LoginTime"), m.Get("LastPause"), m.Get("Paused"), m.Get("PausedReason"), id)
	}
	now := read(s.now)
	for _, m := range s.waiting {
		fmt.Fprintf(&b, "Event: QueueEntry\nQueue: %s\nPosition: 1\nUniqueid: %s\nCallerIDNum: %s\nCallerIDName: %s\nWait: %d\nActionID: %s\n\n", m.Get("Queue"), m.Get("Uniqueid"), m.Get("CallerIDNum"), m.Get("CallerIDName"),
			int(now.Sub(m.At()).Seconds()), id)
	}
	fmt.Fprintf(&b, "Event: QueueStatusComplete\nActionID: %s\nEventList: Complete\n\n", id)
	return b.String()
}

func (s *state) showChannels(id string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Response: Success\nActionID: %s\nEventList: start\n\n", id)
	for uid := range s.channels {
		fmt.Fprintf(&b, "Event: CoreShowChannel\nUniqueid: %s\nActionID: %s\n\n", uid, id)
	}
	fmt.Fprintf(&b, "Event: CoreShowChannelsComplete\nActionID: %s\nEventList: Complete\n\n", id)
	return b.String()
}

func read(stamp string) time.Time {
	m, err := ami.NewReader(strings.NewReader("Event: x\r\nTimestamp: " + stamp + "\r\n\r\n")).Next()
	if err != nil {
		return time.Time{}
	}
	return m.At()
}
