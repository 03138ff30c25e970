package sip

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"punto/app/hunt"
)

// line is one call: the caller's end, and the end of the telephone that rings or talks.
type line struct {
	id     string
	caller *end
	other  *end
	name   string // of the caller, as it says
	number string
	offer  offer
	codec  uint8
	queue  string
	heard  bool              // the queue's greeting
	do     chan hunt.ActKind // what becomes of it: Take, Refuse or Shut
	taken  bool
}

// end is one telephone's end of a call.
type end struct {
	of     *line
	ext    string // "" = the caller
	host   netip.Addr
	media  *media
	server *sipgo.DialogServerSession // of the caller
	client *sipgo.DialogClientSession // of a telephone that was rung
	id     string                     // of its dialog, once there is one
	stop   context.CancelCauseFunc    // of the ring
	spoke  atomic.Bool                // the telephone has said anything
	quits  bool                       // a goodbye is under way
	pinged atomic.Bool
}

func (s *server) handle(srv *sipgo.Server) {
	for method, f := range map[sip.RequestMethod]sipgo.RequestHandler{sip.INVITE: s.invite, sip.ACK: s.ack, sip.BYE: s.bye, sip.CANCEL: s.nothing, sip.REGISTER: s.register, sip.OPTIONS: s.options, sip.REFER: s.refer, sip.NOTIFY: s.options} {
		srv.OnRequest(method, func(req *sip.Request, tx sip.ServerTransaction) {
			defer func() {
				if p := recover(); p != nil {
					s.Log.Error("a message of a telephone could not be handled", "method", method.String(), "why", fmt.Sprint(p))
				}
			}()
			f(req, tx)
		})
	}
	srv.OnNoRoute(func(req *sip.Request, tx sip.ServerTransaction) {
		s.refuse(req, tx, sip.StatusMethodNotAllowed, "Method Not Allowed")
	})
}

func (s *server) refuse(req *sip.Request, tx sip.ServerTransaction, code int, why string) {
	if tx != nil && !req.IsAck() {
		_ = tx.Respond(sip.NewResponseFromRequest(req, code, why, nil)) // who hears nothing asks again
	}
}

func (s *server) options(req *sip.Request, tx sip.ServerTransaction) {
	s.refuse(req, tx, sip.StatusOK, "OK")
}

// nothing is what a CANCEL comes to whose INVITE is not there.
func (s *server) nothing(req *sip.Request, tx sip.ServerTransaction) {
	s.refuse(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
}

// callID is the id of a new call, by which the desk knows it; the telephone's own is not
// taken, for anybody chooses that.
func callID(now time.Time) string {
	b := make([]byte, 4)
	_, _ = rand.Read(b) // it never fails
	return strconv.FormatInt(now.UnixMicro(), 10) + "." + hex.EncodeToString(b)
}

// invite is a call that comes in, or a telephone that holds or talks again.
func (s *server) invite(req *sip.Request, tx sip.ServerTransaction) {
	if _, in := req.To().Params.Get("tag"); in {
		s.again(req, tx)
		return
	}
	from := sourceOf(req)
	number := req.From().Address.User
	isPhone := false
	if !s.do(func(time.Time) { _, isPhone = s.set.Phones[number] }) {
		s.refuse(req, tx, sip.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	if isPhone {
		if !s.known(req, tx, number) {
			return
		}
	} else if s.Gateway != "" && s.Gateway != from.Addr().String() {
		s.refuse(req, tx, sip.StatusForbidden, "Forbidden")
		return
	}
	req.RemoveHeader("Record-Route") // what is said in the call goes where it came from
	o, err := parseSDP(req.Body())
	if err != nil || !Local(o.at.Addr()) || req.Contact() == nil {
		s.refuse(req, tx, sip.StatusNotAcceptableHere, "Not Acceptable Here")
		return
	}
	if !s.guard.begins(from.Addr(), time.Now()) {
		s.refuse(req, tx, sip.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	l := &line{caller: &end{host: from.Addr()}, name: plain(req.From().DisplayName), number: plain(number), offer: o, codec: o.codec(), do: make(chan hunt.ActKind, 1)}
	if !s.come(l, req, tx) {
		s.guard.ends(l.caller.host)
	}
}

// come offers a call to its queue and answers the caller; false when it became none.
func (s *server) come(l *line, req *sip.Request, tx sip.ServerTransaction) bool {
	m, err := newMedia(s.at.Addr())
	if err != nil {
		s.Log.Warn("a call was turned away", "err", err)
		s.refuse(req, tx, sip.StatusServiceUnavailable, "Service Unavailable")
		return false
	}
	m.hears(l.offer, l.codec)
	dlg, err := s.ua.ReadInvite(req, tx)
	if err != nil {
		m.close()
		s.refuse(req, tx, sip.StatusBadRequest, "Bad Request")
		return false
	}
	l.caller.of, l.caller.media, l.caller.server, l.caller.id = l, m, dlg, dlg.ID
	code := 0
	ok := s.do(func(now time.Time) {
		if s.board.Calls() >= maxCalls {
			code = sip.StatusServiceUnavailable
			return
		}
		l.id = callID(now)
		if q, ok := s.board.Numbered(req.Recipient.User); ok {
			l.queue = q.Name
		}
		s.lines[l.id], s.dialogs[l.caller.id] = l, l.caller
		if !s.board.Offer(l.id, l.number, l.name, req.Recipient.User, now) {
			delete(s.lines, l.id)
			delete(s.dialogs, l.caller.id)
			code = sip.StatusNotFound
			return
		}
		s.running.Add(1)
		go func() { defer s.running.Done(); m.run() }()
	})
	if !ok {
		code = sip.StatusServiceUnavailable
	}
	if code != 0 {
		m.close()
		s.refuse(req, tx, code, map[int]string{sip.StatusNotFound: "Not Found", sip.StatusServiceUnavailable: "Service Unavailable"}[code])
		return false
	}
	s.answer(l, tx)
	return true
}

// answer tells the caller what becomes of the call, and stays until the caller knows.
func (s *server) answer(l *line, tx sip.ServerTransaction) {
	e := l.caller
	var what hunt.ActKind
	select {
	case what = <-l.do:
	case <-e.server.Context().Done():
		s.do(func(now time.Time) { s.board.Gone(l.id, now); s.act(); s.ended(l) })
		return
	case <-s.over:
		return
	}
	if what == hunt.Refuse || what == hunt.Shut && len(s.soundsOf(l).Closed) == 0 {
		code, why := sip.StatusBusyHere, "Busy Here"
		if what == hunt.Shut {
			code, why = sip.StatusTemporarilyUnavailable, "Temporarily Unavailable"
		}
		_ = e.server.Respond(code, why, nil) // whoever does not hear it hangs up
		s.do(func(time.Time) { s.ended(l) })
		return
	}
	impatient := time.AfterFunc(10*time.Second, tx.Terminate) // of whom nobody knows whether the answer came
	err := e.server.RespondSDP(writeSDP(e.media.local, 1, l.codec, l.offer.keys, l.offer.answers()))
	impatient.Stop()
	if err != nil {
		s.do(func(now time.Time) { s.board.Gone(l.id, now); s.act(); s.ended(l) })
		return
	}
	s.do(func(now time.Time) {
		l.taken = true
		switch {
		case what == hunt.Shut:
			e.media.plays(func() { go s.do(func(time.Time) { s.quit(e) }) }, s.sounds[l.queue].Closed, Sound{})
		case s.lines[l.id] == nil: // it ended meanwhile
			s.quit(e)
		case l.other == nil || l.other.client == nil:
			s.waits(l)
		}
	})
}

// soundsOf is for the goroutine of a call, and never for the loop's.
func (s *server) soundsOf(l *line) (x Sounds) {
	if !s.do(func(time.Time) { x = s.sounds[l.queue] }) {
		return x
	}
	return x
}

// usualWait is what callers hear who wait where nothing else is set: the ringing tone.
var usualWait = Tone(425, 1000, 4000)

// waits plays to a caller what is heard while waiting; the loop alone calls it.
func (s *server) waits(l *line) {
	x := s.sounds[l.queue]
	wait := usualWait
	if len(x.Wait) > 0 {
		wait = x.Wait
	}
	l.caller.media.parts()
	if !l.heard && len(x.Greeting) > 0 {
		l.heard = true
		l.caller.media.plays(nil, x.Greeting, wait)
		return
	}
	l.caller.media.plays(nil, wait)
}

// perform does one thing that the board wants done; the loop alone calls it.
func (s *server) perform(a hunt.Act) {
	l := s.lines[a.Call]
	if l == nil {
		return
	}
	switch a.Do {
	case hunt.Take, hunt.Refuse, hunt.Shut:
		l.do <- a.Do
	case hunt.Ring, hunt.Pass:
		l.queue = a.Queue
		s.ring(l, a)
	case hunt.Stop:
		if e := l.other; e != nil && e.ext == a.Extension {
			s.stop(e)
			l.other = nil
		}
	case hunt.Join:
		if e := l.other; e != nil && e.ext == a.Extension && e.client != nil {
			joins(l.caller.media, e.media)
		}
	case hunt.Drop:
		if e := l.other; e != nil && e.ext == a.Extension {
			s.quit(e)
			if l.other = nil; l.taken {
				s.waits(l)
			}
		}
	case hunt.Hang:
		if l.taken {
			s.quit(l.caller)
		}
		delete(s.lines, l.id) // who is being answered is told after that
	}
}

// stop ends a ring: a telephone that has said nothing is not waited for.
func (s *server) stop(e *end) {
	cause := context.Canceled
	if !e.spoke.Load() {
		cause = sipgo.WaitAnswerForceCancelErr
	}
	e.stop(cause)
}

// ended forgets a call whose caller is gone.
func (s *server) ended(l *line) {
	if e := l.caller; e != nil && !e.quits {
		e.quits = true
		e.media.close()
		delete(s.dialogs, e.id)
		s.guard.ends(l.caller.host)
	}
	delete(s.lines, l.id)
}

// quit says goodbye to a telephone and forgets its end; the loop alone calls it.
func (s *server) quit(e *end) {
	if e.quits {
		return
	}
	delete(s.dialogs, e.id)
	e.media.close()
	if e.ext == "" {
		s.ended(e.of)
	}
	e.quits = true
	if e.ext != "" && e.client == nil {
		s.stop(e)
		return
	}
	s.running.Go(func() {
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
		defer stop()
		_ = e.dialog().Bye(ctx) // whoever does not hear it is gone
	})
}

func (s *server) ack(req *sip.Request, tx sip.ServerTransaction) {
	if e := s.endOf(req); e != nil && e.server != nil {
		_ = e.server.ReadAck(req, tx) // of another message: it changes nothing
	}
}

// endOf is the end of a call that a message belongs to.
func (s *server) endOf(req *sip.Request) (e *end) {
	asCaller, err := sip.DialogIDFromRequestUAS(req)
	asRung, err2 := sip.DialogIDFromRequestUAC(req)
	s.do(func(time.Time) {
		if err == nil {
			e = s.dialogs[asCaller]
		}
		if e == nil && err2 == nil {
			e = s.dialogs[asRung]
		}
		if e != nil && e.host != sourceOf(req).Addr() {
			e = nil // of a dialog, somebody else's word is none
		}
	})
	return e
}

// bye is a telephone that hangs up.
func (s *server) bye(req *sip.Request, tx sip.ServerTransaction) {
	e := s.endOf(req)
	if e == nil {
		s.nothing(req, tx)
		return
	}
	if e.server != nil {
		_ = e.server.ReadBye(req, tx) // it is gone in any case
	} else {
		_ = e.client.ReadBye(req, tx) // the same
	}
	s.do(func(now time.Time) { s.left(e, now) })
}

// left is a telephone whose end is over, without our goodbye; the loop alone calls it.
func (s *server) left(e *end, now time.Time) {
	if e.quits {
		return
	}
	delete(s.dialogs, e.id)
	if e.ext == "" {
		s.board.Gone(e.of.id, now)
		s.act() // while the call is known
		s.ended(e.of)
		return
	}
	e.quits = true
	e.media.close()
	if e.of.other == e {
		s.board.Left(e.of.id, e.ext, now)
		s.act()
	}
}
