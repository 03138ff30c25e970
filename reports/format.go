package reports

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// nobreak keeps the groups of a long number together.
const nobreak = "\u00a0"

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func abs(v float64) float64 { return math.Abs(v) }

// Digits writes a number as people of a language read it; lang is such as "en".
func Digits(lang string, v float64, decimals int) string {
	return language(lang).Number(v, decimals)
}

// Percent writes a share of 1 as Digits does, with its sign.
func Percent(lang string, share float64, decimals int) string {
	l := language(lang)
	return l.percent(l.Number(100*share, decimals))
}

// MonthTitle is a month as it stands over a page in a language: "Octubre 2026".
func MonthTitle(lang string, t time.Time) string { return language(lang).title(t) }

// Number writes v with the decimals and marks of the language: four digits have
// no separator, five and more are grouped by three.
func (l lang) Number(v float64, decimals int) string {
	if !finite(v) {
		return "-"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + l.group() + whole[i:]
		}
	}
	if frac != "" {
		whole += l.point() + frac
	}
	if v < 0 && strings.Trim(s, "0.") != "" {
		return "−" + whole
	}
	return whole
}

func (l lang) point() string {
	if l.base() == en {
		return "."
	}
	return ","
}

func (l lang) group() string { return [...]string{nobreak, ",", "."}[l.base()] }

// percent puts the sign where the language wants it.
func (l lang) percent(s string) string {
	if l.base() == es {
		return s + " %"
	}
	return s + "%"
}

// decimals are those that a unit usually prints.
func decimals(u Unit) int {
	switch u {
	case Share, Points:
		return 1
	case Score:
		return 2
	}
	return 0
}

// digits writes a value without its unit's sign.
func (l lang) digits(v float64, u Unit, dec int) string {
	switch u {
	case Share:
		return l.Number(v*100, dec)
	case Seconds:
		return l.clock(v, dec)
	}
	return l.Number(v, dec)
}

// clock writes seconds as m:ss or h:mm:ss, with decimals if asked for.
func (l lang) clock(v float64, dec int) string {
	if !finite(v) {
		return "-"
	}
	unit := math.Pow10(dec)
	n := math.Round(math.Abs(v) * unit)
	sign := ""
	if v < 0 && n > 0 {
		sign = "−"
	}
	whole := int64(n / unit)
	frac := ""
	if dec > 0 {
		rest := int64(n) - whole*int64(unit)
		frac = l.point() + pad(rest, dec)
	}
	if whole >= 3600 {
		return sign + strconv.FormatInt(whole/3600, 10) + ":" + pad(whole/60%60, 2) + ":" + pad(whole%60, 2) + frac
	}
	return sign + strconv.FormatInt(whole/60, 10) + ":" + pad(whole%60, 2) + frac
}

func pad(n int64, width int) string {
	s := strconv.FormatInt(n, 10)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

// value writes a value with its unit; nil is "-".
func (l lang) value(v *float64, u Unit, dec int) string {
	if v == nil || !finite(*v) {
		return "-"
	}
	s := l.digits(*v, u, dec)
	switch u {
	case Share:
		return l.percent(s)
	case Seconds:
		return s + nobreak + clockUnit(*v)
	}
	return s
}

// clockUnit names what stands before the colon of a time: "3:48 min" and
// "4:04:19 h" cannot be taken for each other.
func clockUnit(v float64) string {
	if math.Round(math.Abs(v)) >= 3600 {
		return "h"
	}
	return "min"
}

// sum writes a numerator or denominator of an index: seconds as a time, what is
// counted as a number.
func (l lang) sum(v float64, u Unit) string {
	if u == Seconds {
		return l.value(&v, Seconds, 0)
	}
	return l.tick(v, Number)
}

// Shown is how many decimals the row's value needs: those of its unit, or more
// (up to four) when rounding would hide on which side of the target it is.
func (r IndexRow) Shown() int {
	dec := decimals(r.Unit)
	if r.Value == nil || r.Op == None || !finite(*r.Value) {
		return dec
	}
	for d := dec; d < dec+4; d++ {
		if r.keeps(roundTo(*r.Value, r.Unit, d)) == r.keeps(*r.Value) {
			return d
		}
	}
	return dec + 4
}

// target writes the promise: "≥ 80,0 %".
func (l lang) target(r IndexRow) string {
	if r.Op == None {
		return ""
	}
	sign := "≥ "
	if r.Op == AtMost {
		sign = "≤ "
	}
	dec := decimals(r.Unit)
	for dec < 4 && abs(r.Target-roundTo(r.Target, r.Unit, dec)) > 1e-9 {
		dec++
	}
	return sign + l.value(&r.Target, r.Unit, dec)
}

// roundTo is a value as it is printed with so many decimals, a share as a percentage.
func roundTo(v float64, u Unit, dec int) float64 {
	p := math.Pow10(dec)
	if u == Share {
		p *= 100
	}
	return math.Round(v*p) / p
}

// change writes how the value moved: relative for counts, in points for shares.
func (l lang) change(r IndexRow) string {
	if r.Value == nil || r.Previous == nil || !finite(*r.Value) || !finite(*r.Previous) {
		return ""
	}
	d := *r.Value - *r.Previous
	switch r.Unit {
	case Share:
		return l.signed(d*100, 1) + " " + l.t("pt")
	case Seconds:
		s := l.clock(d, 0)
		if math.Round(d) > 0 {
			s = "+" + s
		}
		return s
	case Score, Points:
		return l.signed(d, decimals(r.Unit))
	}
	if *r.Previous == 0 {
		return ""
	}
	return l.percent(l.signed(d / *r.Previous * 100, 1))
}

// signed writes a difference: a plus before what rose, and none before what rounds to
// nothing.
func (l lang) signed(v float64, dec int) string {
	s := l.Number(v, dec)
	if v > 0 && strings.Trim(s, "0.,") != "" {
		return "+" + s
	}
	return s
}

func (l lang) month(t time.Time) string { return monthNames[l.base()][t.Month()-1] }

// short is the month's three letters: es "set" is written "sep".
func (l lang) short(t time.Time) string { return string([]rune(l.month(t))[:3]) }

// title is "Octubre 2026".
func (l lang) title(t time.Time) string {
	r := []rune(l.month(t))
	return strings.ToUpper(string(r[:1])) + string(r[1:]) + " " + strconv.Itoa(t.Year())
}

// date is "2 de noviembre de 2026", "2 November 2026".
func (l lang) date(t time.Time) string {
	d, y := strconv.Itoa(t.Day()), strconv.Itoa(t.Year())
	if l.base() == en {
		return d + " " + l.month(t) + " " + y
	}
	return d + " de " + l.month(t) + " de " + y
}
