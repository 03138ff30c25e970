package sip

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"punto/app/hunt"
)

// ring rings a telephone for a call; the loop alone calls it.
func (s *server) ring(l *line, a hunt.Act) {
	c, there := s.phones[a.Extension]
	ctx, stop := context.WithCancelCause(context.Background())
	e := &end{of: l, ext: a.Extension, host: c.from.Addr(), stop: stop}
	l.other = e
	fails := func() {
		stop(nil)
		s.do(func(now time.Time) {
			if l.other == e {
				l.other = nil
				s.board.RingFailed(l.id, e.ext, now)
			}
		})
	}
	if !there {
		s.running.Go(fails)
		return
	}
	patience := a.Ring // of a transfer; a queue's ring is the board's to end
	s.running.Go(func() {
		m, err := newMedia(s.at.Addr())
		if err != nil {
			s.Log.Warn("a telephone cannot be rung", "err", err)
			fails()
			return
		}
		e.media = m
		if patience > 0 {
			t := time.AfterFunc(patience, func() { s.stop(e) })
			defer t.Stop()
		}
		dead := time.AfterFunc(s.Dead, func() {
			if !e.spoke.Load() {
				stop(sipgo.WaitAnswerForceCancelErr)
			}
		})
		defer dead.Stop()
		if !s.call(ctx, l, e, c) {
			m.close()
			if !e.spoke.Load() && context.Cause(ctx) != nil {
				s.do(func(now time.Time) {
					if x := s.phones[e.ext]; x.from == c.from && x.until.Equal(c.until) { // it has not registered again meanwhile
						s.gone(e.ext, now)
					}
				})
			}
			fails()
			return
		}
		m.run()
	})
}

// call invites a telephone and waits until it answers; false when it does not.
func (s *server) call(ctx context.Context, l *line, e *end, c contact) bool {
	req := sip.NewRequest(sip.INVITE, *c.uri.Clone())
	req.SetDestination(c.from.String())
	req.SetTransport("UDP")
	host := s.at.Addr().String()
	from := &sip.FromHeader{DisplayName: l.name, Address: sip.Uri{Scheme: "sip", User: number(l.number), Host: host}, Params: sip.NewParams()}
	from.Params.Add("tag", sip.GenerateTagN(16))
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: e.ext, Host: host}, Params: sip.NewParams()})
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	req.AppendHeader(sip.NewHeader("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY"))
	req.SetBody(writeSDP(e.media.local, 1, l.codec, l.offer.keys, "sendrecv"))
	contact := s.ua.ContactHDR
	req.AppendHeader(&contact)
	dlg, err := s.ua.WriteInvite(ctx, req)
	if err != nil {
		return false
	}
	err = dlg.WaitAnswer(ctx, sipgo.AnswerOptions{OnResponse: func(r *sip.Response) error {
		e.spoke.Store(true)
		r.RemoveHeader("Record-Route") // what is said in the call goes where it was rung
		return nil
	}})
	taken := dlg.InviteResponse != nil && dlg.InviteResponse.IsSuccess()
	if !taken {
		return false
	}
	bye := func() bool {
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
		defer stop()
		_ = dlg.Bye(ctx) // whoever does not hear it is gone
		return false
	}
	if err != nil { // it answered while the ring was ended
		_ = dlg.Ack(context.Background()) // so that it can be told goodbye
		return bye()
	}
	o, err := parseSDP(dlg.InviteResponse.Body())
	fits := err == nil && Local(o.at.Addr()) && slices.Contains(o.codecs, l.codec)
	if fits {
		e.media.hears(o, l.codec)
	}
	joined := false
	s.do(func(now time.Time) {
		if !fits || l.other != e || s.lines[l.id] != l {
			return
		}
		joined = true
		e.client, e.id = dlg, dlg.ID
		s.dialogs[e.id] = e
	})
	if err := dlg.Ack(context.Background()); err != nil || !joined {
		s.do(func(time.Time) { delete(s.dialogs, dlg.ID) })
		return bye()
	}
	return s.do(func(now time.Time) { s.board.Answered(l.id, e.ext, now) })
}

// number is a caller's number as part of an address.
func number(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789+*#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_", r) {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return "anonymous"
	}
	return s
}

// again is a telephone that changes its sound: it holds, or talks again.
func (s *server) again(req *sip.Request, tx sip.ServerTransaction) {
	e := s.endOf(req)
	if e == nil {
		s.nothing(req, tx)
		return
	}
	o, err := parseSDP(req.Body())
	if err != nil || !Local(o.at.Addr()) {
		s.refuse(req, tx, sip.StatusNotAcceptableHere, "Not Acceptable Here")
		return
	}
	var body []byte
	s.do(func(now time.Time) {
		codec := e.of.codec
		if !slices.Contains(o.codecs, codec) || e.quits {
			return
		}
		e.media.hears(o, codec)
		body = writeSDP(e.media.local, uint64(req.CSeq().SeqNo)+1, codec, o.keys, o.answers())
		if e.ext == "" || e.of.other != e {
			return
		}
		if held := !o.hears; held {
			s.waits(e.of)
			s.board.Hold(e.of.id, e.ext, true, now)
		} else {
			joins(e.of.caller.media, e.media)
			s.board.Hold(e.of.id, e.ext, false, now)
		}
	})
	if body == nil {
		s.refuse(req, tx, sip.StatusNotAcceptableHere, "Not Acceptable Here")
		return
	}
	res := sip.NewSDPResponseFromRequest(req, body)
	contact := s.ua.ContactHDR
	res.AppendHeader(&contact)
	_ = tx.Respond(res) // who hears nothing asks again
}

// refer is an agent who transfers the call: to a queue or a registered telephone, for
// nothing outside is dialled.
func (s *server) refer(req *sip.Request, tx sip.ServerTransaction) {
	e := s.endOf(req)
	h := req.GetHeader("Refer-To")
	if e == nil || h == nil || e.client == nil {
		s.refuse(req, tx, sip.StatusForbidden, "Forbidden")
		return
	}
	var to sip.Uri
	var params sip.HeaderParams
	if _, err := sip.ParseAddressValue(h.Value(), &to, &params); err != nil {
		s.refuse(req, tx, sip.StatusBadRequest, "Bad Request")
		return
	}
	done := false
	s.do(func(now time.Time) {
		if e.of.other != e {
			return
		}
		// Its agent is told, and let go, once it is known to have come to pass.
		if done = s.board.Transfer(e.of.id, e.ext, to.User, now); done {
			s.refuse(req, tx, sip.StatusAccepted, "Accepted")
			s.notify(e)
		}
	})
	if !done {
		s.refuse(req, tx, sip.StatusGlobalDecline, "Decline")
	}
}

// notify tells an agent's telephone that the transfer has come to pass (RFC 3515).
func (s *server) notify(e *end) {
	n := sip.NewRequest(sip.NOTIFY, e.target())
	for k, v := range map[string]string{"Event": "refer", "Subscription-State": "terminated;reason=noresource", "Content-Type": "message/sipfrag;version=2.0"} {
		n.AppendHeader(sip.NewHeader(k, v))
	}
	n.SetBody([]byte("SIP/2.0 200 OK\r\n"))
	_ = e.client.WriteRequest(n) // the goodbye that follows says as much
}

// pings asks the telephones of calls whether they are there: one that was cut off says no
// goodbye.
func (s *server) pings() {
	for _, e := range s.dialogs {
		if e.quits || e.ext == "" && !e.of.taken || e.ext != "" && e.client == nil || !e.pinged.CompareAndSwap(false, true) {
			continue
		}
		s.running.Go(func() {
			defer e.pinged.Store(false)
			ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
			defer stop()
			res, err := e.dialog().Do(ctx, sip.NewRequest(sip.OPTIONS, e.target()))
			if err == nil && res.StatusCode != sip.StatusCallTransactionDoesNotExists && res.StatusCode != sip.StatusRequestTimeout {
				return
			}
			s.do(func(now time.Time) { s.left(e, now) })
		})
	}
}

// dialog is a telephone's, of either side.
func (e *end) dialog() interface {
	Do(context.Context, *sip.Request) (*sip.Response, error)
	Bye(context.Context) error
} {
	if e.server != nil {
		return e.server
	}
	return e.client
}

// target is what a telephone says that it is asked by.
func (e *end) target() sip.Uri {
	switch {
	case e.server != nil:
		return *e.server.InviteRequest.Contact().Address.Clone()
	case e.client.InviteResponse.Contact() != nil:
		return *e.client.InviteResponse.Contact().Address.Clone()
	}
	return *e.client.InviteRequest.Recipient.Clone()
}
