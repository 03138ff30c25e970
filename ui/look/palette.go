// Package look is how Punto looks: the palette, the painter that pages draw
// with, and the few widgets that take keys. It knows nothing of help desks.
// A page draws itself again from its values; the painter reuses what stood
// there, so that a screen that changes one number touches one text.
package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Palette is every colour of the product by its role. Colour carries state and
// never emphasis.
type Palette struct {
	Name string
	Dark bool

	Ink, Text, Muted, Line, RowLine, Edge, Ground, Card color.NRGBA
	Accent, AccentGround, OnAccent                      color.NRGBA
	Failure, FailureGround                              color.NRGBA
	Watch, WatchGround, WatchSolid                      color.NRGBA
	Fine, FineGround                                    color.NRGBA
	Key, Track, TrackMuted                              color.NRGBA
	Bar, OnBar, OnBarActive, BarMark                    color.NRGBA
	Promise, OnPromise                                  color.NRGBA
	Heat                                                [5]color.NRGBA
}

// OnHeat is the colour of a number in a cell of heat i (0 to 4): whichever of the
// text colours stands out more.
func (p *Palette) OnHeat(i int) color.NRGBA {
	light := func(c color.NRGBA) float64 { // relative luminance, gamma taken as 2
		f := func(v uint8) float64 { return float64(v) / 255 * float64(v) / 255 }
		return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B) + 0.05
	}
	ratio := func(c color.NRGBA) float64 {
		a, b := light(c), light(p.Heat[i])
		return max(a, b) / min(a, b)
	}
	if ratio(p.OnAccent) > ratio(p.Text) {
		return p.OnAccent
	}
	return p.Text
}

func hex(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255} // three bytes of a colour
}

// Light is the palette of the day.
func Light() *Palette {
	return &Palette{Name: "light",
		Ink: hex(0x14213d), Text: hex(0x1f2937), Muted: hex(0x566173), Line: hex(0xd9dfe7), RowLine: hex(0xeceff3), Edge: hex(0x7a8798),
		Ground: hex(0xf3f5f8), Card: hex(0xffffff), Accent: hex(0x0b5a94), AccentGround: hex(0xe6f0f8), OnAccent: hex(0xffffff),
		Failure: hex(0xb1370a), FailureGround: hex(0xfdeae2), Watch: hex(0x855600), WatchGround: hex(0xfdf3dc), WatchSolid: hex(0xad7200),
		Fine: hex(0x0a6e4b), FineGround: hex(0xe3f4ec), Key: hex(0xeef2f6), Track: hex(0xe1e7ee), TrackMuted: hex(0x76849a),
		Bar: hex(0x14213d), OnBar: hex(0xb6c2d4), OnBarActive: hex(0xffffff), BarMark: hex(0x6db5ea), Promise: hex(0x14213d), OnPromise: hex(0xffffff),
		Heat: [5]color.NRGBA{hex(0xf3f7fb), hex(0xd6e6f3), hex(0xa9cbe4), hex(0x5f9dc9), hex(0x0b5a94)}}
}

// Dark is the palette of the night shift.
func Dark() *Palette {
	return &Palette{Name: "dark", Dark: true,
		Ink: hex(0xf1f5f9), Text: hex(0xe2e8f0), Muted: hex(0x9fb0c5), Line: hex(0x2a3a53), RowLine: hex(0x1f2c42), Edge: hex(0x6b7e95),
		Ground: hex(0x0d1522), Card: hex(0x151f31), Accent: hex(0x6db5ea), AccentGround: hex(0x17304d), OnAccent: hex(0x0a1220),
		Failure: hex(0xff9a70), FailureGround: hex(0x3a211b), Watch: hex(0xf2c14e), WatchGround: hex(0x342c17), WatchSolid: hex(0xf2c14e),
		Fine: hex(0x5cd6a2), FineGround: hex(0x13312a), Key: hex(0x22304a), Track: hex(0x2a3a53), TrackMuted: hex(0x8296b3),
		Bar: hex(0x0a101b), OnBar: hex(0xa9b8cc), OnBarActive: hex(0xffffff), BarMark: hex(0x6db5ea), Promise: hex(0x17304d), OnPromise: hex(0xffffff),
		Heat: [5]color.NRGBA{hex(0x17304d), hex(0x1f4468), hex(0x275880), hex(0x5a9fd2), hex(0x6db5ea)}}
}

// Contrast is high contrast, on white or on black.
func Contrast(dark bool) *Palette {
	ground, ink, soft := hex(0xffffff), hex(0x000000), hex(0x1f1f1f)
	p := &Palette{Name: "contrast", Accent: hex(0x00406e), Failure: hex(0x8a2400), Watch: hex(0x5c3d00), Fine: hex(0x004d33),
		Track: hex(0xbbbbbb), TrackMuted: hex(0x555555)}
	if dark {
		ground, ink, soft = ink, ground, hex(0xe6e6e6)
		p = &Palette{Name: "contrast dark", Dark: true, Accent: hex(0x66ccff), Failure: hex(0xff9e7a), Watch: hex(0xffd84d), Fine: hex(0x6ff0b4),
			Track: hex(0x555555), TrackMuted: hex(0xbbbbbb)}
	}
	p.Ink, p.Text, p.Muted, p.Line, p.RowLine, p.Edge, p.Ground, p.Card = ink, ink, soft, ink, ink, ink, ground, ground
	p.AccentGround, p.FailureGround, p.WatchGround, p.FineGround, p.Key, p.OnAccent = ground, ground, ground, ground, ground, ground
	p.WatchSolid = p.Watch
	p.Bar, p.OnBar, p.OnBarActive, p.BarMark = hex(0x000000), hex(0xffffff), hex(0xffffff), hex(0x66ccff)
	p.Promise, p.OnPromise = ink, ground
	for i := range p.Heat {
		p.Heat[i] = ground
	}
	return p
}

// Palettes are all of them, in the order in which a window goes through them.
func Palettes() []*Palette { return []*Palette{Light(), Dark(), Contrast(false), Contrast(true)} }

// Named is the palette of a name; nil when there is none.
func Named(name string) *Palette {
	for _, p := range Palettes() {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Theme is the palette as Fyne's own widgets ask for it: entries draw no ground
// and no stroke, for the page draws both.
func (p *Palette) Theme() fyne.Theme { return fyneTheme{p} }

type fyneTheme struct{ p *Palette }

func (t fyneTheme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	switch n {
	case theme.ColorNameBackground, theme.ColorNameOverlayBackground:
		return t.p.Ground
	case theme.ColorNameForeground:
		return t.p.Text
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return t.p.Muted
	case theme.ColorNameMenuBackground: // of a field's menu
		return t.p.Card
	case theme.ColorNameHover, theme.ColorNameFocus:
		return t.p.AccentGround
	case theme.ColorNamePrimary:
		return t.p.Accent
	case theme.ColorNameSelection:
		return t.p.AccentGround
	case theme.ColorNameInputBackground, theme.ColorNameInputBorder, theme.ColorNameShadow,
		theme.ColorNamePressed:
		return color.Transparent
	case theme.ColorNameScrollBar:
		return t.p.Edge
	case theme.ColorNameSeparator:
		return t.p.Line
	}
	v := theme.VariantLight
	if t.p.Dark {
		v = theme.VariantDark
	}
	return theme.DefaultTheme().Color(n, v)
}

func (t fyneTheme) Font(s fyne.TextStyle) fyne.Resource     { return theme.DefaultTheme().Font(s) }
func (t fyneTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

func (t fyneTheme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 14
	case theme.SizeNameInnerPadding:
		return 8
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInputBorder:
		return 0
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	}
	return theme.DefaultTheme().Size(n)
}
