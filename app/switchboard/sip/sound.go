package sip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// Sound is what a caller hears: samples of 16 bits, 8,000 a second.
type Sound []int16

// rate is how many samples a second of G.711 has, and frame how many a packet.
const (
	rate  = 8000
	frame = 160
)

// longestSound is how long a sound of a file may be, in samples: five minutes.
const longestSound = 300 * rate

// Tone is a sound of one frequency, on and off for so many milliseconds, at about a
// tenth of full loudness.
func Tone(hertz float64, on, off int) Sound {
	s := make(Sound, (on+off)*rate/1000)
	for i := range on * rate / 1000 {
		s[i] = int16(3200 * math.Sin(2*math.Pi*hertz*float64(i)/rate))
	}
	return s
}

// ErrSound says that a file is no sound that telephones play.
var ErrSound = errors.New("it is no WAV file of one channel and 8,000 samples a second, of 16 bits or G.711: convert it, as with sox FILE -r 8000 -c 1 -b 16 OUT.wav")

// ReadSound reads a WAV file of one channel and 8,000 samples a second: of 16 bits, A-law or mu-law.
func ReadSound(path string) (Sound, error) {
	if i, err := os.Stat(path); err == nil && !i.Mode().IsRegular() {
		return nil, fmt.Errorf("the sound %s: %w", path, ErrSound)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read a sound: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	b, err := io.ReadAll(io.LimitReader(f, 2*longestSound+4<<10))
	if err != nil {
		return nil, fmt.Errorf("read a sound: %w", err)
	}
	s, err := parseWAV(b)
	if err != nil {
		return nil, fmt.Errorf("the sound %s: %w", path, err)
	}
	return s, nil
}

// parseWAV reads the chunks of a RIFF file: the form, then the samples.
func parseWAV(b []byte) (Sound, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, ErrSound
	}
	form, bits := uint16(0), uint16(0)
	for b = b[12:]; len(b) >= 8; {
		name, n := string(b[:4]), int(binary.LittleEndian.Uint32(b[4:8]))
		b = b[8:]
		data := b[:min(n, len(b))] // of a file that was cut, what there is
		switch {
		case name == "fmt " && len(data) >= 16:
			form, bits = binary.LittleEndian.Uint16(data), binary.LittleEndian.Uint16(data[14:])
			if binary.LittleEndian.Uint16(data[2:]) != 1 || binary.LittleEndian.Uint32(data[4:]) != rate {
				return nil, ErrSound
			}
		case name == "data":
			return samples(data, form, bits)
		}
		b = b[min(len(b), n+n%2):]
	}
	return nil, ErrSound
}

func samples(b []byte, form, bits uint16) (Sound, error) {
	switch {
	case form == 1 && bits == 16:
		s := make(Sound, 0, len(b)/2)
		for ; len(b) >= 2; b = b[2:] {
			s = append(s, int16(binary.LittleEndian.Uint16(b))) // a sample has a sign
		}
		return s, nil
	case form == 6 || form == 7:
		s := make(Sound, len(b))
		for i, x := range b {
			if s[i] = fromALaw(x); form == 7 {
				s[i] = fromMuLaw(x)
			}
		}
		return s, nil
	}
	return nil, ErrSound
}

// Codecs of RFC 3551, by their payload types.
const (
	muLaw = 0
	aLaw  = 8
)

// encode writes samples as G.711.
func encode(to []byte, s Sound, codec uint8) {
	for i, x := range s {
		if codec == aLaw {
			to[i] = toALaw(x)
		} else {
			to[i] = toMuLaw(x)
		}
	}
}

// toMuLaw and the others are those of ITU-T G.711: a sign, three bits of exponent and
// four of mantissa.
func toMuLaw(x int16) byte {
	const bias, clip = 132, 32635
	v, sign := int(x), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, clip) + bias
	exp := 7
	for m := 0x4000; v&m == 0 && exp > 0; m >>= 1 {
		exp--
	}
	return ^(sign | byte(exp)<<4 | byte(v>>(exp+3))&0x0f) // seven bits
}

func fromMuLaw(b byte) int16 {
	b = ^b
	v := (int(b&0x0f)<<3+132)<<(b>>4&7) - 132
	if b&0x80 != 0 {
		v = -v
	}
	return int16(v) // at most 32,124
}

func toALaw(x int16) byte {
	v, sign := int(x), byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	v = min(v, 32767)
	out := byte(v >> 4) // of the smallest
	if v >= 256 {
		exp := 7
		for m := 0x4000; v&m == 0; m >>= 1 {
			exp--
		}
		out = byte(exp)<<4 | byte(v>>(exp+3))&0x0f // seven bits
	}
	return (out | sign) ^ 0x55
}

func fromALaw(b byte) int16 {
	b ^= 0x55
	exp, v := int(b>>4&7), int(b&0x0f)<<4+8
	if exp > 0 {
		v = (v + 256) << (exp - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return int16(v) // at most 32,256
}
