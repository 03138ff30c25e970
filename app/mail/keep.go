package mail

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/keyring"
	"punto/app/mail/post"
	"punto/app/records"
)

const (
	patience = 30 * time.Second // how long a try may take
	looks    = 30 * time.Second // how often it is looked what waits, besides when something is written
	batch    = 50               // letters of one login
	lasting  = 3 * 24 * time.Hour
	mostMail = 20 << 20 // bytes of the files of one letter
)

// pauses are how long it is waited after a try that failed, the last one again and again.
var pauses = [...]time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute}

func pause(tries int) time.Duration { return pauses[min(max(tries, 1), len(pauses))-1] }

// sending is how it goes.
type sending struct {
	mu    sync.Mutex // guards what follows
	since time.Time  // zero = nothing was tried yet
	err   string
	tries int       // in a row that failed before a letter was handed over
	until time.Time // of the pause that follows from it
	of    desk.MailAccount
}

func (s *sending) show(a *app.MailAccountAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Here && !s.since.IsZero() {
		a.Since, a.Err = s.since.UnixMilli(), s.err
	}
}

// told notes how a login went.
func (s *sending) told(now time.Time, err error) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := ""
	if err != nil {
		text = err.Error()
		s.tries++
		s.until = now.Add(pause(s.tries))
	} else {
		s.tries, s.until = 0, time.Time{}
	}
	if changed = s.err != text || s.since.IsZero(); changed {
		s.since, s.err = now, text
	}
	return changed
}

// rests tells how long it is waited still; an account that was changed is tried at once.
func (s *sending) rests(now time.Time, of desk.MailAccount) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !reflect.DeepEqual(s.of, of) {
		s.of, s.tries, s.until = of, 0, time.Time{}
	}
	if w := s.until.Sub(now); w > 0 && w <= pauses[len(pauses)-1] { // the clock may have been set back
		return w
	}
	return 0
}

// Keep sends what waits where this workstation is the one that sends, until ctx ends.
func Keep(ctx context.Context, e *engine.Engine) {
	e.Repeat(ctx, app.Interest{Types: []desk.Type{desk.LetterType, desk.MailAccountType}}, func(ctx context.Context) time.Duration {
		wait, err := Turn(ctx, e)
		if err != nil && ctx.Err() == nil {
			e.Logger.Error("send the mail", "err", err)
			wait = looks
		}
		return min(max(wait, time.Second), looks)
	})
}

// due is a letter whose time has come.
type due struct {
	id desk.ID
	of desk.Letter
}

// Turn sends what has fallen due, where this workstation is the one that sends, and tells
// how long until it is to be called again. Keep calls it; simulations do when they please.
func Turn(ctx context.Context, e *engine.Engine) (wait time.Duration, err error) {
	var a desk.MailAccount
	var todo []due
	now := e.Now()
	wait = looks
	me, _ := e.Log.Signer(e.Log.Origin())
	err = e.Look(ctx, engine.AsDesk(), func(l *engine.Look) error {
		var err error
		if a, err = account(l.Names); err != nil || a.Host == "" || a.Off || a.Node != me.Node {
			return err
		}
		for k, err := range l.Reader.Scan(engine.Prefix(ixWaiting), nil, false) {
			if err != nil {
				return err
			}
			at := time.UnixMilli(engine.InstantOf(k.Key))
			if at.After(now) {
				wait = min(wait, at.Sub(now))
				return nil
			}
			x, err := engine.Noun[desk.Letter](l.Names, desk.LetterType, engine.IDOf(k.Key))
			if err != nil {
				return err
			}
			if todo = append(todo, due{engine.IDOf(k.Key), x}); len(todo) == batch {
				wait = 0
				return nil
			}
		}
		return nil
	})
	if err != nil || len(todo) == 0 {
		return wait, err
	}
	s := engine.StateOf[sending](e)
	if rest := s.rests(now, a); rest > 0 {
		return rest, expire(ctx, e, todo)
	}
	err = send(ctx, e, a, me.Node, todo)
	if ctx.Err() != nil {
		return 0, nil
	}
	if s.told(now, err) {
		e.Tell(desk.Entity{Type: desk.MailAccountType, ID: desk.MailAccountID()})
		if err != nil {
			e.Logger.Warn("mail is not sent: it is tried again", "err", err, "letters", len(todo))
		}
	}
	if err != nil {
		return s.rests(now, a), expire(ctx, e, todo)
	}
	return wait, nil
}

// send hands letters over, one by one; an error is of the way or the account.
func send(ctx context.Context, e *engine.Engine, a desk.MailAccount, me desk.ID, todo []due) error {
	word := ""
	if a.User != "" {
		var err error
		if word, err = keyring.Open(e, a.Secret); err != nil {
			return err
		}
	}
	s, err := post.Open(ctx, outward(a, word))
	if err != nil {
		return err
	}
	defer s.Close()
	for _, d := range todo {
		l := d.of
		reply, err := "", error(nil)
		files, missing := carried(e, l.Files)
		if missing != nil {
			err = &post.Refused{Code: 450, Reply: missing.Error()}
		} else {
			reply, err = s.Send(post.Letter{ID: d.id.String(), Thread: threadOf(l.Thread), To: l.To, Subject: l.Subject, Text: l.Text, At: time.UnixMilli(l.WriteAt), Files: files})
		}
		var no *post.Refused
		if err != nil && !errors.As(err, &no) {
			return err
		}
		if err := note(context.WithoutCancel(ctx), e, d.id, func(l *desk.Letter) {
			now := e.Now()
			if l.Tries++; no == nil {
				l.State, l.SentAt, l.Reply, l.Node, l.NextAt = desk.LetterSent, now.UnixMilli(), reply, me, 0
				return
			}
			l.Reply = no.Reply
			if l.NextAt = now.Add(pause(l.Tries)).UnixMilli(); !no.Later() || tooOld(*l, now) {
				l.State, l.NextAt = desk.LetterDead, 0
			}
		}); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

func tooOld(l desk.Letter, now time.Time) bool {
	return now.Sub(time.UnixMilli(l.WriteAt)) > lasting
}

// threadOf is the id of the message that begins a thread; no letter needs to have it.
func threadOf(thread string) string {
	if thread == "" {
		return ""
	}
	return desk.DerivedID("thread", thread).String()
}

// carried reads the files of a letter.
func carried(e *engine.Engine, of []desk.File) (out []post.File, err error) {
	total := 0
	for _, f := range of {
		b, err := e.Files.Get(f.Hash)
		if err != nil {
			return nil, fmt.Errorf("the file %s is not here yet: %w", f.Name, err)
		}
		if total += len(b); total > mostMail {
			return nil, fmt.Errorf("the files are more than %d MB", mostMail>>20)
		}
		out = append(out, post.File{Name: f.Name, Bytes: b})
	}
	return out, nil
}

// expire gives letters up that have waited too long for a server.
func expire(ctx context.Context, e *engine.Engine, todo []due) error {
	for _, d := range todo {
		if !tooOld(d.of, e.Now()) {
			continue
		}
		if err := note(ctx, e, d.id, func(l *desk.Letter) { l.State, l.NextAt = desk.LetterDead, 0 }); err != nil {
			return err
		}
	}
	return nil
}

// note writes what became of a letter that still waits.
func note(ctx context.Context, e *engine.Engine, id desk.ID, change func(*desk.Letter)) error {
	_, err := e.Update(ctx, engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
		l, err := engine.Noun[desk.Letter](o.Names, desk.LetterType, id)
		if err != nil || l.State == desk.LetterSent {
			return app.Receipt{}, err
		}
		change(&l)
		return records.Save(o, desk.LetterType, id, l, nil)
	})
	return err
}
