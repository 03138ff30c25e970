package spc

// Part is one part of something in two stretches of time: X of N before, and X of N now.
// Of a rate N is how long each stretch was, and of all parts the same.
type Part struct{ Before, Now Count }

// Contribution tells how much more of X there is now than the stretch before lets expect,
// and how much of that each part brings; the parts add up to the whole.
//
// Of a rate a part brings x - b·n/m, where b came in m before. Of a share two things move
// the whole: a part has another share than before, or it has become another part of the
// whole. A part with the share p before, of a whole with p₀, that was the share w of it,
// brings x - p·n by the first and (p - p₀)(n - w·N) by the second, which add up to X - p₀·N
// over all parts (the decomposition of Kitagawa, Journal of the American Statistical
// Association 50, 1955, with the rates before as weights). A part that was not there
// before is held against the whole. Nothing is told (nil) where nothing was before.
func Contribution(of Measure, parts []Part) (whole float64, each []float64) {
	var before, now Count
	for _, p := range parts {
		before.X, before.N = before.X+p.Before.X, before.N+p.Before.N
		now.X, now.N = now.X+p.Now.X, now.N+p.Now.N
	}
	if !(before.N > 0) {
		return 0, nil
	}
	p0 := before.X / before.N
	each = make([]float64, len(parts))
	for i, p := range parts {
		if of == Rate {
			each[i] = p.Now.X - p.Before.X*p.Now.N/p.Before.N
		} else {
			own := p0
			if p.Before.N > 0 {
				own = p.Before.X / p.Before.N
			}
			each[i] = p.Now.X - own*p.Now.N + (own-p0)*(p.Now.N-now.N*p.Before.N/before.N)
		}
		whole += each[i]
	}
	return whole, each
}
