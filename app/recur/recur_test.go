package recur

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const day = int64(86_400_000)

func source(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 7))
}

func TestWhoCameThreeTimesInAMonth(t *testing.T) {
	at := []int64{0, 10 * day, 40 * day, 50 * day, 70 * day, 71 * day, 72 * day, 40 * day}
	key := []string{"ana", "ana", "ana", "luis", "ana", "ana", "", "luis"}
	got := Within(3, 30*day, at, key, 60*day)
	if len(got) != 0 { // ana came on 40, 70 and 71: 31 days
		t.Errorf("%v", got)
	}
	at[4] = 60 * day
	at[5] = 70 * day // exactly 30 days after the first of the three
	if got = Within(3, 30*day, at, key, 60*day); len(got) != 1 || got[0].Key != "ana" || !slices.Equal(got[0].Of, []int{2, 4, 5}) {
		t.Errorf("%v", got)
	}
	if got = Within(3, 30*day, at, key, 71*day); len(got) != 0 {
		t.Errorf("what came before is told again: %v", got)
	}
}

// naively tells of each member whether some run of n within the span holds it.
func naively(n int, span int64, at []int64, key []int, from int64) map[int][]int {
	out := map[int][]int{}
	for i := range at {
		held := false
		for a := range at { // a run from a to b, that holds i and n members
			for b := range at {
				if key[a] != key[i] || key[b] != key[i] || key[i] == 0 || at[b] < at[a] || at[b]-at[a] > span || at[b] < from || at[i] < at[a] || at[i] > at[b] {
					continue
				}
				in := 0
				for c := range at {
					if key[c] == key[i] && at[c] >= at[a] && at[c] <= at[b] {
						in++
					}
				}
				held = held || in >= n
			}
		}
		if held {
			out[key[i]] = append(out[key[i]], i)
		}
	}
	return out
}

func TestRunsAreFoundAsByHand(t *testing.T) {
	r := source(t)
	for range 300 {
		size := r.IntN(40)
		at, key := make([]int64, size), make([]int, size)
		for i, p := range r.Perm(3 * size)[:size] { // no two at one instant
			at[i], key[i] = int64(p), r.IntN(4)
		}
		n, span, from := 2+r.IntN(3), int64(r.IntN(30)), int64(r.IntN(60))
		got := map[int][]int{}
		for i, g := range Within(n, span, at, key, from) {
			if i > 0 && len(g.Of) > len(Within(n, span, at, key, from)[i-1].Of) {
				t.Fatal("a larger group comes later")
			}
			is := slices.Clone(g.Of)
			slices.Sort(is)
			got[g.Key] = is
		}
		// A run whose last came too early may lie within one that counts: only what a
		// counting run of exactly n holds is asked of both.
		want := naively(n, span, at, key, from)
		for k, is := range got {
			for _, i := range is {
				if !slices.Contains(want[k], i) {
					t.Fatalf("%d is in no run: at %v key %v n %d span %d from %d", i, at, key, n, span, from)
				}
			}
		}
		for k := range want {
			if len(got[k]) == 0 {
				t.Fatalf("the runs of %d are not found: at %v key %v n %d span %d from %d", k, at, key, n, span, from)
			}
		}
		if from == 0 && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v, by hand %v", got, want)
		}
	}
}

func TestWhoCallsAgain(t *testing.T) {
	at := []int64{0, 1, 2, 8, 9, 20, 21}
	key := []string{"a", "b", "", "a", "", "a", "a"}
	if again, all := Again(7, at, key, 2); again != 1 || all != 5 { // a after 8; then after 12; then after 1
		t.Errorf("%d of %d", again, all)
	}
	if again, all := Again(8, at, key, 0); again != 2 || all != 7 {
		t.Errorf("%d of %d", again, all)
	}
}

// weeks gives so many of each key in each of the sixteen weeks that end at Span.
func weeks(of map[string][]int) (at []int64, key []string) {
	for k, ns := range of {
		for w, n := range ns {
			for i := range n {
				at, key = append(at, int64(w)*week+int64(i)), append(key, k)
			}
		}
	}
	return at, key
}

func TestWhatRoseAboveItsLimit(t *testing.T) {
	usual := slices.Repeat([]int{200}, 16)
	vpn := slices.Repeat([]int{4, 6}, 8)
	fresh, quiet := make([]int, 16), make([]int, 16)
	vpn[14], fresh[15], quiet[15] = 18, 6, 4
	at, key := weeks(map[string][]int{"": usual, "vpn": vpn, "new": fresh, "four": quiet})
	got := Rising(at, key, Span)
	if len(got) != 2 || got[0].Key != "vpn" || got[1].Key != "new" {
		t.Fatalf("%+v", got)
	}
	if v := got[0]; v.N != 18 || v.Weeks != 1 || len(v.Of) != 18 || v.Expected < 4.5 || v.Expected > 5.5 || v.Limit < 10 || v.Limit > 18 {
		t.Errorf("%+v", v)
	}
	if n := got[1]; n.N != 6 || n.Expected != 0 || len(n.Of) != 6 {
		t.Errorf("%+v", n)
	}
	if got := Rising(at, key, Span+4*week); len(got) != 0 { // those weeks are now what is usual, and nothing came since
		t.Errorf("%+v", got)
	}
	short := map[string][]int{"": append(make([]int, 8), slices.Repeat([]int{50}, 8)...), "vpn": append(make([]int, 15), 30)}
	if at, key = weeks(short); len(Rising(at, key, Span)) != 0 {
		t.Error("four weeks tell what is usual")
	}
}

// Of 120 pairs of category and site that never change hardly one is told in a year.
func TestWhatStaysAsItWasIsNotTold(t *testing.T) {
	r := source(t)
	told, found := 0, 0
	const years = 5
	for range years * 13 { // four weeks each
		var at []int64
		var key []int
		for w := range int64(learnt + judged) {
			for k := 1; k <= 120; k++ {
				mean := 0.1 * float64(1+k%20)
				if k == 120 && w == learnt+judged-1 {
					mean = 14 // one that was 0.1
				}
				for n := poisson(r, mean); n > 0; n-- {
					at, key = append(at, w*week+r.Int64N(week)), append(key, k)
				}
			}
		}
		for _, a := range Rising(at, key, Span) {
			if a.Key == 120 {
				found++
			} else {
				told++
			}
		}
	}
	t.Logf("%d of 120 keys told in %d years, the one that rose %d of %d times", told, years, found, years*13)
	if told > 5*years || found < years*13-3 {
		t.Errorf("%d false in %d years, %d of %d found", told, years, found, years*13)
	}
}

func poisson(r *rand.Rand, mean float64) (n int) {
	for t := r.ExpFloat64(); t < mean; t += r.ExpFloat64() {
		n++
	}
	return n
}

// plainly does as Similar says, with sets of letters and no filter.
func plainly(texts []string, share float64, fewest int) (groups [][]int) {
	set := func(t string) map[string]bool {
		out := map[string]bool{}
		rs := []rune(" " + strings.Join(strings.Fields(t), " ") + " ")
		for i := 0; i+3 <= len(rs); i++ {
			out[string(rs[i:i+3])] = true
		}
		return out
	}
	var firsts []map[string]bool
	var of [][]int
	went := map[string]int{}
	for i, t := range texts {
		if strings.TrimSpace(t) == "" {
			continue
		}
		exact := strings.Join(strings.Fields(t), " ")
		if g, known := went[exact]; known {
			of[g] = append(of[g], i)
			continue
		}
		mine, best, like := set(t), -1, 0.0
		for k, f := range firsts {
			both := 0
			for g := range mine {
				if f[g] {
					both++
				}
			}
			if j := float64(both) / float64(len(mine)+len(f)-both); j >= share && j > like {
				best, like = k, j
			}
		}
		if best < 0 {
			best = len(firsts)
			firsts, of = append(firsts, mine), append(of, nil)
		}
		of[best], went[exact] = append(of[best], i), best
	}
	for _, g := range of {
		if len(g) >= fewest {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(x, y []int) int { return len(y) - len(x) })
	return groups
}

var said = []string{"la vpn no conecta desde ilo", "no imprime la impresora de guias", "correo lleno no deja enviar", "sap pide la clave otra vez", "el escaner sale en negro", "lentitud en la red del piso 3", "工单 无法 打印"}

// noisy drops and swaps letters and words.
func noisy(r *rand.Rand, t string) string {
	rs := []rune(t)
	for range r.IntN(4) {
		i := r.IntN(len(rs))
		switch r.IntN(3) {
		case 0:
			rs = slices.Delete(rs, i, i+1)
		case 1:
			rs[i] = rune('a' + r.IntN(26))
		default:
			rs = append(rs, ' ', ' ')
		}
		if len(rs) == 0 {
			return ""
		}
	}
	return string(rs)
}

func TestTextsAreGroupedAsByHand(t *testing.T) {
	r := source(t)
	for range 60 {
		texts := make([]string, r.IntN(120))
		for i := range texts {
			texts[i] = noisy(r, said[r.IntN(len(said))])
		}
		share := 0.2 + 0.7*r.Float64()
		got, want := Similar(texts, share, 2), plainly(texts, share, 2)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("share %v of %q:\n%v\nby hand\n%v", share, texts, got, want)
		}
	}
}

func TestSimilarTexts(t *testing.T) {
	got := Similar([]string{"la vpn no conecta", "no imprime la 3", "vpn no conecta", "", "la vpn no conecta.", "otra cosa", "la  vpn no conecta"}, Alike, 3)
	if len(got) != 1 || !slices.Equal(got[0], []int{0, 2, 4, 6}) {
		t.Errorf("%v", got)
	}
	if got := Similar(nil, Alike, 1); got != nil {
		t.Errorf("%v", got)
	}
}

// BenchmarkSimilar groups 20,000 texts of random words, of which no two need be alike.
func BenchmarkSimilar(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 2_000)
	for i := range words {
		w := make([]byte, 3+r.IntN(8))
		for k := range w {
			w[k] = "aeiounrstldcmp"[r.IntN(14)]
		}
		words[i] = string(w)
	}
	texts := make([]string, 20_000)
	for i := range texts {
		for range 4 + r.IntN(5) {
			texts[i] += words[r.IntN(len(words))] + " "
		}
	}
	for b.Loop() {
		Similar(texts, Alike, 3)
	}
	b.ReportMetric(float64(len(texts))*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}
