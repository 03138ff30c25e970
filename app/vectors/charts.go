package vectors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"punto/app/spc"
)

// chart is a vector of a control chart or of a run rule. Expected are computed
// figures, to nine digits; Published are printed ones, good to one unit of their
// last digit.
type chart struct {
	ID     string          `json:"id"`
	Chart  string          `json:"chart"`
	Data   json.RawMessage `json:"data"`
	Params struct {
		K      *float64 `json:"k"`
		Lambda float64  `json:"lam"`
		L      float64  `json:"L"`
		Target float64  `json:"target"`
		Sigma  float64  `json:"sigma"`
		H      float64  `json:"h"`
	} `json:"params"`
	Expected  map[string]json.RawMessage `json:"expected"`
	Other     map[string]json.RawMessage `json:"expected_qcc"`
	Published map[string]json.RawMessage `json:"published"`

	Rule       string     `json:"rule"`
	Z          []*float64 `json:"z"`
	Violations *[]float64 `json:"violations"`
}

// Charts runs vectors of control charts: a JSON object whose lists hold {id, chart,
// data, params, expected, expected_qcc, published} (charts p, np, c, u, p', u',
// individuals, moving range, ewma, cusum) or {id, rule, z, violations} (Western
// Electric and Nelson rules, by name or by an id such as wer2 and nel5), places
// counting from 1; or one such list. A vector fails when any of its figures
// differs, when it expects one that its chart does not have, or when its chart or
// rule is not known. The error is for input that is no such file.
func Charts(r io.Reader) (Report, error) {
	all, err := io.ReadAll(io.LimitReader(r, 256<<20))
	if err != nil {
		return Report{}, fmt.Errorf("read the vectors: %w", err)
	}
	lists := map[string]json.RawMessage{}
	if trimmed := bytes.TrimSpace(all); len(trimmed) > 0 && trimmed[0] == '[' {
		lists[""] = trimmed
	} else if err := json.Unmarshal(all, &lists); err != nil {
		return Report{}, fmt.Errorf("read the vectors: a JSON object of lists is expected: %w", err)
	}
	var rep Report
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		var raw []json.RawMessage
		if err := json.Unmarshal(lists[name], &raw); err != nil {
			return Report{}, fmt.Errorf("read the vectors: %q is no list: %w", name, err)
		}
		for i, x := range raw {
			var v chart
			err := json.Unmarshal(x, &v)
			if err == nil {
				err = v.check()
			}
			if err != nil {
				rep.Failures = append(rep.Failures, fmt.Sprintf("%s: %v", cmp.Or(v.ID, fmt.Sprintf("vector %d of %s", i+1, name)), err))
				continue
			}
			rep.Passed++
		}
	}
	rep.Failed = len(rep.Failures)
	return rep, nil
}

// check tells what differs.
func (v chart) check() error {
	if v.Rule != "" {
		return v.checkRule()
	}
	got, err := v.figures()
	if err != nil {
		return err
	}
	checked := 0
	for _, some := range []struct {
		figures map[string]json.RawMessage
		printed bool
	}{{v.Expected, false}, {v.Other, false}, {v.Published, true}} {
		for _, name := range slices.Sorted(maps.Keys(some.figures)) {
			want, single, isNumber := numbers(some.figures[name])
			if !isNumber { // a note
				continue
			}
			have, ok := got[name]
			if !ok {
				return fmt.Errorf("%s is expected, which a chart %q does not have", name, v.Chart)
			}
			checked++
			switch {
			case single && some.printed: // limits that settle are printed as the last one
				have = have[max(0, len(have)-1):]
			case single:
				want = slices.Repeat(want, len(have))
			}
			if err := agree(name, have, want, some.printed); err != nil {
				return err
			}
		}
	}
	if checked == 0 {
		return errors.New("it expects nothing")
	}
	return nil
}

// numbers reads a number or a list of them as it is written; false for what is
// neither.
func numbers(raw json.RawMessage) (list []json.Number, single, ok bool) {
	var one json.Number
	if raw[0] != '"' && json.Unmarshal(raw, &one) == nil && one != "" {
		return []json.Number{one}, true, true
	}
	return list, false, json.Unmarshal(raw, &list) == nil && string(raw) != "null"
}

// agree compares figures: computed ones to nine digits, printed ones to a unit of
// their last digit.
func agree(name string, have []float64, want []json.Number, printed bool) error {
	if len(have) != len(want) {
		return fmt.Errorf("%s: got %v, expected %v", name, have, want)
	}
	for i, w := range want {
		x, err := w.Float64()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		tolerance := 1e-9 * max(1, math.Abs(x))
		if printed {
			_, decimals, _ := strings.Cut(w.String(), ".")
			tolerance = math.Pow10(-len(decimals)) * (1 + 1e-9)
			if len(decimals) == 0 { // a count
				tolerance = 0
			}
		}
		if !(math.Abs(have[i]-x) <= tolerance) {
			return fmt.Errorf("%s: got %.12g, expected %s, at %d", name, have[i], w, i+1)
		}
	}
	return nil
}

// figures are all that a chart can be asked for, by the names of the vectors.
func (v chart) figures() (map[string][]float64, error) {
	k := 3.0
	if v.Params.K != nil {
		k = *v.Params.K
	}
	attribute := map[string]func([]spc.Count, float64) spc.Chart{"p": spc.P, "np": spc.NP, "c": spc.U, "u": spc.U,
		"p'": spc.PPrime, "p-prime": spc.PPrime, "u'": spc.UPrime, "u-prime": spc.UPrime}
	kind, _, _ := strings.Cut(v.Chart, " ")
	if make := attribute[kind]; make != nil {
		counts, err := v.counts(kind == "c")
		if err != nil {
			return nil, err
		}
		c := make(counts, k)
		got := lines(c)
		switch n := counts[0].N; kind {
		case "np":
			got["center"] = []float64{c.Center * n}
			got["std_dev"] = sigmas(counts, func(n float64) float64 { return c.Sigma * math.Sqrt(n) })
		case "p", "p'", "p-prime":
			got["std_dev"] = sigmas(counts, func(n float64) float64 { return c.Sigma / math.Sqrt(n) })
		}
		got["sigma_z"] = []float64{c.SigmaZ}
		return got, nil
	}
	switch kind {
	case "individuals", "xmr", "imr", "xbar.one":
		values, err := v.values()
		return lines(spc.XmR(values, k, nil)), err
	case "mr", "moving":
		values, err := v.values()
		return lines(spc.MovingRanges(values)), err
	case "ewma":
		return v.ewma()
	case "cusum":
		return v.cusum()
	}
	return nil, fmt.Errorf("the chart %q is not known", v.Chart)
}

// lines are the figures of a chart with limits.
func lines(c spc.Chart) map[string][]float64 {
	got := map[string][]float64{"center": {c.Center}, "std_dev": {c.Sigma}, "violating_points_1based": places(c.Beyond())}
	got["out"] = got["violating_points_1based"]
	for _, p := range c.Points {
		got["lcl"], got["ucl"] = append(got["lcl"], p.Low), append(got["ucl"], p.High)
	}
	return got
}

func sigmas(counts []spc.Count, of func(n float64) float64) (out []float64) {
	for _, c := range counts {
		out = append(out, of(c.N))
	}
	return out
}

// places count from 1.
func places(at []int) []float64 {
	out := make([]float64, len(at))
	for i, a := range at {
		out[i] = float64(a + 1)
	}
	return out
}

// counts are the data of an attribute chart. Where some points are of the trial
// and others are not, the trial alone forms the limits; a c chart has one unit.
func (v chart) counts(unit bool) ([]spc.Count, error) {
	var data []point
	if err := json.Unmarshal(v.Data, &data); err != nil {
		return nil, fmt.Errorf("its data are no list of {x, n}: %w", err)
	}
	if len(data) == 0 {
		return nil, errors.New("it has no points")
	}
	trial := slices.ContainsFunc(data, func(d point) bool { return d.Trial })
	counts := make([]spc.Count, len(data))
	for i, d := range data {
		counts[i] = spc.Count{X: d.X, N: 1, Out: trial && !d.Trial}
		if d.N != nil && !unit {
			counts[i].N = *d.N
		}
	}
	return counts, nil
}

// point is one of an attribute chart's data.
type point struct {
	X     float64  `json:"x"`
	N     *float64 `json:"n"`
	Trial bool     `json:"trial"`
}

// values are the data of a chart of single values; null is not known.
func (v chart) values() ([]float64, error) {
	var data []*float64
	if err := json.Unmarshal(v.Data, &data); err != nil {
		return nil, fmt.Errorf("its data are no list of numbers: %w", err)
	}
	return known(data), nil
}

func known(data []*float64) []float64 {
	out := make([]float64, len(data))
	for i, x := range data {
		if out[i] = math.NaN(); x != nil {
			out[i] = *x
		}
	}
	return out
}

func (v chart) ewma() (map[string][]float64, error) {
	values, err := v.values()
	if err != nil {
		return nil, err
	}
	p := v.Params
	e := spc.EWMA{Target: p.Target, Sigma: p.Sigma, Lambda: p.Lambda, L: p.L}
	c := e.Run(values)
	got := lines(c)
	got["lambda"] = []float64{p.Lambda}
	for _, x := range c.Points {
		got["ewma"], got["sigma"] = append(got["ewma"], x.Value), append(got["sigma"], (x.High-x.Low)/2/p.L)
	}
	steady := p.L * p.Sigma * math.Sqrt(p.Lambda/(2-p.Lambda))
	got["steady_lcl"], got["steady_ucl"] = []float64{p.Target - steady}, []float64{p.Target + steady}
	return got, nil
}

func (v chart) cusum() (map[string][]float64, error) {
	var groups [][]float64
	if err := json.Unmarshal(v.Data, &groups); err != nil {
		values, err := v.values()
		if err != nil {
			return nil, err
		}
		groups = make([][]float64, len(values))
		for i, x := range values {
			if !math.IsNaN(x) {
				groups[i] = []float64{x}
			}
		}
	}
	p := v.Params
	k := 0.5
	if p.K != nil {
		k = *p.K
	}
	s := spc.CUSUM{Target: p.Target, Sigma: p.Sigma, K: k, H: p.H}.Run(groups)
	return map[string][]float64{"pos": s.Pos, "neg": s.Neg, "upper_violations": places(s.Up), "lower_violations": places(s.Down)}, nil
}

var (
	byNumber = regexp.MustCompile(`(?i)\b(nelson|western electric|wer|nel)[ #]*(\d)`)
	some     = regexp.MustCompile(`(?i)^(\d) of (\d)\b.*\bbeyond (\d)`)
	sameSide = regexp.MustCompile(`(?i)^(\d) in a row on (?:one|the same) side`)
	alone    = regexp.MustCompile(`(?i)^1 point beyond 3`)
)

// rule is the run rule of a vector: named by its number in the text or in the id,
// or told.
func (v chart) rule() (spc.Rule, bool) {
	for _, text := range []string{v.Rule, v.ID} {
		if m := byNumber.FindStringSubmatch(text); m != nil {
			n, _ := strconv.Atoi(m[2])
			rules := spc.WesternElectric[:]
			if strings.EqualFold(m[1][:3], "nel") {
				rules = spc.Nelson[:]
			}
			if n > 0 && n < len(rules) {
				return rules[n], true
			}
		}
	}
	told := func(m []string, number string) bool { return m != nil && strings.Join(m[1:], " ") == number }
	switch {
	case alone.MatchString(v.Rule):
		return spc.WesternElectric[1], true
	case told(some.FindStringSubmatch(v.Rule), "2 3 2"):
		return spc.WesternElectric[2], true
	case told(some.FindStringSubmatch(v.Rule), "4 5 1"):
		return spc.WesternElectric[3], true
	case told(sameSide.FindStringSubmatch(v.Rule), "8"):
		return spc.WesternElectric[4], true
	case told(sameSide.FindStringSubmatch(v.Rule), "9"):
		return spc.Nelson[2], true
	}
	return spc.Rule{}, false
}

func (v chart) checkRule() error {
	rule, ok := v.rule()
	switch {
	case !ok:
		return fmt.Errorf("the rule %q is not known", v.Rule)
	case v.Violations == nil:
		return errors.New("it expects nothing")
	}
	got, want := places(rule.Broken(known(v.Z))), slices.Sorted(slices.Values(*v.Violations))
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s: broken at %v, expected %v", rule.Name(), got, want)
	}
	return nil
}
