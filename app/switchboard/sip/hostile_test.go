package sip_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"punto/app/hunt"
	"punto/app/phone"
	"punto/app/switchboard/phones"
	"punto/app/switchboard/sip"
)

// raw is somebody who sends datagrams.
type raw struct {
	testing.TB
	*net.UDPConn
	here, there string
}

func (s *site) raw() *raw {
	s.Helper()
	to, err := net.ResolveUDPAddr("udp4", s.server)
	if err != nil {
		s.Fatal(err)
	}
	c, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.ParseIP(phones.Host())}, to)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = c.Close() }) // the test is over
	return &raw{s, c, c.LocalAddr().String(), s.server}
}

func (r *raw) say(text string) {
	_, _ = r.Write([]byte(text)) // who floods hears no error
}

// answer is the first line of the next answer; "" = nothing came in a second.
func (r *raw) answer() string {
	b := make([]byte, 8<<10)
	_ = r.SetReadDeadline(time.Now().Add(time.Second)) // a conn that is closed tells it at the read
	n, err := r.Read(b)
	if err != nil {
		return ""
	}
	return string(b[:n])
}

var messages int

func (r *raw) message(method, number, more, body string) string {
	messages++
	return fmt.Sprintf("%s sip:%s@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nFrom: <sip:4471@%s>;tag=x%d\r\nTo: <sip:%s@%s>\r\nCall-ID: c%d@x\r\nCSeq: 1 %s\r\nContact: <sip:4471@%s>\r\nMax-Forwards: 70\r\n%sContent-Length: %d\r\n\r\n%s",
		method, number, r.there, r.here, messages, r.here, messages, number, r.there, messages, method, r.here, more, len(body), body)
}

func (r *raw) register(ext, authorization string) string {
	if authorization != "" {
		authorization = "Authorization: " + authorization + "\r\n"
	}
	return r.message("REGISTER", ext, authorization, "")
}

// After whatever anybody sends, an honest call comes through, nothing more is kept than
// the limits, and no password is logged.
func TestHostileMessagesHurtNobody(t *testing.T) {
	s := newSite(t, func(_ *sip.Exchange, x *sip.Settings) { x.Queues[0].Limit = hunt.DefaultLimit })
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	x := s.raw()
	sdp := "v=0\r\no=u 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8 0\r\n"
	whole := []string{x.message("INVITE", "700", "Content-Type: application/sdp\r\n", sdp), x.register("101", `Digest username="101",realm="punto",nonce="x",uri="sip:x",response="y",qop=auth,nc=00000001,cnonce="z"`), x.message("BYE", "700", "", ""),
		x.message("CANCEL", "700", "", ""), x.message("REFER", "700", "Refer-To: <sip:701@x>\r\n", ""), x.message("ACK", "700", "", ""), x.message("OPTIONS", "700", "", "")}
	for range 3000 {
		b := []byte(whole[r.IntN(len(whole))])
		for range 1 + r.IntN(8) {
			if len(b) == 0 {
				break
			}
			switch i := r.IntN(len(b)); r.IntN(5) {
			case 0:
				b[i] = byte(r.Uint32())
			case 1:
				b = b[:max(1, i)]
			case 2:
				b = append(b[:i:i], b[min(len(b), i+r.IntN(20)):]...)
			case 3:
				b = append(b[:i:i], append([]byte(strings.Repeat(string(rune('0'+r.IntN(75))), r.IntN(2000))), b[i:]...)...)
			case 4:
				j := r.IntN(len(b))
				b[i], b[j] = b[j], b[i]
			}
		}
		x.say(string(b[:min(len(b), 60_000)]))
	}
	for _, m := range []string{"", "\r\n\r\n", "\x00\x00\x00", "SIP/2.0 200 OK\r\n\r\n", strings.Repeat("A: b\r\n", 9000)} {
		x.say(m)
	}
	s.call(phones.Call{Stay: 500})()
	phones.Until(t, "the honest call", func() bool {
		for _, c := range s.calls() {
			if c.Name == "Rosa Quispe" && c.Outcome == phone.Abandoned {
				return true
			}
		}
		return false
	})
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
}

// A flood of calls that nobody acknowledges is bounded, and others are heard meanwhile.
func TestAFloodOfCallsIsBounded(t *testing.T) {
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) { set.Queues[0].Limit = 500 })
	x := s.raw()
	before := runtime.NumGoroutine()
	for range 3000 {
		x.say(x.message("INVITE", "700", "Content-Type: application/sdp\r\n", "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 6000 RTP/AVP 8\r\n"))
	}
	done := s.call(phones.Call{Stay: 500})
	done()
	if n := len(s.calls()); n > 61 {
		t.Errorf("there are %d calls of one flood", n)
	}
	if n := runtime.NumGoroutine() - before; n > 2000 {
		t.Errorf("there are %d goroutines more", n)
	}
}

func TestAPasswordIsAskedAndGuessingEnds(t *testing.T) {
	s := newSite(t, nil)
	x := s.raw()
	x.say(x.register("101", ""))
	if a := x.answer(); !strings.HasPrefix(a, "SIP/2.0 401") || !strings.Contains(a, `realm="punto"`) {
		t.Fatalf("it answers %q", a)
	}
	_, nonce, _ := strings.Cut(func() string { x.say(x.register("101", "")); return x.answer() }(), `nonce="`)
	nonce, _, _ = strings.Cut(nonce, `"`)
	guess := `Digest username="101",realm="punto",nonce="` + nonce + `",uri="sip:x",response="0123456789abcdef0123456789abcdef",qop=auth,nc=00000001,cnonce="z"`
	for i := range 5 {
		x.say(x.register("101", guess))
		if a := x.answer(); !strings.HasPrefix(a, "SIP/2.0 403") {
			t.Fatalf("guess %d is answered %q", i, a)
		}
	}
	x.say(x.register("101", ""))
	if a := x.answer(); a != "" {
		t.Errorf("who guesses is heard still: %q", a)
	}
	y := s.raw() // others are heard; and another's nonce is none
	y.say(y.register("101", guess))
	if a := y.answer(); !strings.HasPrefix(a, "SIP/2.0 403") {
		t.Errorf("with another's nonce it answers %q", a)
	}
	y.say(y.message("INVITE", "0981234567", "Content-Type: application/sdp\r\n", "v=0\r\nc=IN IP4 203.0.113.9\r\nm=audio 6000 RTP/AVP 8\r\n"))
	if a := y.answer(); !strings.HasPrefix(a, "SIP/2.0 488") {
		t.Errorf("sound of the world is answered %q", a)
	}
	if len(s.calls()) != 0 || len(s.there) != 0 {
		t.Errorf("there are %v and %v", s.calls(), s.there)
	}
}
