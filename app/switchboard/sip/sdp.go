package sip

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// offer is what a telephone says of its sound, as RFC 4566 writes it.
type offer struct {
	at     netip.AddrPort // where it hears; the port is 0 when it wants none
	codecs []uint8        // of G.711, in its order
	keys   uint8          // payload type of its keys (RFC 4733); 0 = none
	sends  bool
	hears  bool
}

// errSound says that a telephone speaks nothing that the queue does.
var errSound = errors.New("the telephone offers no G.711")

// most lines of a description that are read.
const maxSDP = 200

// parseSDP reads the first sound of a description.
func parseSDP(b []byte) (o offer, err error) {
	o.sends, o.hears = true, true
	var host netip.Addr
	port, in, audio := 0, false, false
	for n, line := range strings.Split(string(b), "\n") {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if n > maxSDP {
			break
		}
		if !ok {
			continue
		}
		if key == "m" {
			if audio {
				break // the sound is read
			}
			f := strings.Fields(value)
			if in = len(f) >= 4 && f[0] == "audio"; !in {
				continue
			}
			audio = true
			if port, err = strconv.Atoi(f[1]); err != nil || port < 0 || port > 65535 {
				return o, fmt.Errorf("%q is no port", f[1])
			}
			for _, x := range f[3:] {
				if x == "0" || x == "8" {
					o.codecs = append(o.codecs, x[0]-'0')
				}
			}
			continue
		}
		if audio && !in {
			continue
		}
		switch {
		case key == "c":
			if f := strings.Fields(value); len(f) >= 3 {
				if a, err := netip.ParseAddr(f[2]); err == nil {
					host = a
				}
			}
		case key == "a" && audio:
			o.attribute(value)
		case key == "a":
			o.direction(value)
		}
	}
	switch {
	case !audio || len(o.codecs) == 0:
		return o, errSound
	case !host.Is4():
		return o, errors.New("the telephone says no IPv4 address for its sound")
	}
	if host.IsUnspecified() { // the old way to hold
		o.hears = false
	}
	o.at = netip.AddrPortFrom(host, uint16(port)) // it was checked
	return o, nil
}

func (o *offer) direction(a string) {
	switch a {
	case "sendrecv":
		o.sends, o.hears = true, true
	case "sendonly":
		o.sends, o.hears = true, false
	case "recvonly":
		o.sends, o.hears = false, true
	case "inactive":
		o.sends, o.hears = false, false
	}
}

func (o *offer) attribute(a string) {
	o.direction(a)
	if rest, ok := strings.CutPrefix(a, "rtpmap:"); ok {
		pt, name, _ := strings.Cut(rest, " ")
		if n, err := strconv.ParseUint(pt, 10, 7); err == nil && n >= 96 && strings.HasPrefix(strings.ToLower(name), "telephone-event/8000") {
			o.keys = uint8(n) // seven bits
		}
	}
}

// codec is that of a's codecs which the queue speaks: A-law, which is Europe's and South
// America's, where there is.
func (o offer) codec() uint8 {
	for _, c := range o.codecs {
		if c == aLaw {
			return c
		}
	}
	return o.codecs[0]
}

// writeSDP describes the queue's own end of a line.
func writeSDP(at netip.AddrPort, version uint64, codec, keys uint8, direction string) []byte {
	name := "PCMU"
	if codec == aLaw {
		name = "PCMA"
	}
	formats, more := strconv.Itoa(int(codec)), ""
	if keys > 0 {
		formats += " " + strconv.Itoa(int(keys))
		more = fmt.Sprintf("a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", keys, keys)
	}
	return fmt.Appendf(nil, "v=0\r\no=punto %d %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP %s\r\na=rtpmap:%d %s/8000\r\n%sa=ptime:20\r\na=%s\r\n",
		at.Port(), version, at.Addr(), at.Addr(), at.Port(), formats, codec, name, more, direction)
}

// answers is the direction that answers one.
func (o offer) answers() string {
	switch {
	case o.sends && o.hears:
		return "sendrecv"
	case o.sends:
		return "recvonly"
	case o.hears:
		return "sendonly"
	}
	return "inactive"
}
