package search

import "math"

// weights are the constants of ranking.
type weights struct {
	k1          float64 // saturation of repeated words
	bTitle      float64 // how much a long title is discounted, 0 to 1
	bBody       float64 // how much a long body is discounted, 0 to 1
	title       float64 // one word in the title counts as so many in the body
	exact       float64 // share added for the very form of the word
	ordered     float64 // share added for two words next to each other, in order
	near        float64 // share added for two words within window
	coverage    float64 // power of the share of the question's weight that is covered
	window      int     // words
	candidates  int     // documents looked at twice
	budget      uint64  // postings read before the commonest words are left to the second look
	keyWhole    float64 // added for a whole key
	keyPrefix   float64 // added for the beginning of a key
	expansions  int     // words that a beginning stands for, at most
	fewestWords int     // a question needs so many words for Similar to judge it
}

// preset holds values from the literature (b: Robertson and Zaragoza; ordered and
// near: Metzler and Croft's 0.85, 0.10, 0.05). k1, the weight of titles and the
// share of exact forms were chosen on judged questions of two help sites.
var preset = weights{
	k1: 2, bTitle: 0.75, bBody: 0.75, title: 5, exact: 0.15, ordered: 0.12, near: 0.06,
	coverage: 0, window: 8, candidates: 60, budget: 200_000, keyWhole: 20, keyPrefix: 8, expansions: 40, fewestWords: 3,
}

// idf is BM25's weight of a word found in n of docs documents; never negative.
func idf(docs, n float64) float64 {
	return math.Log(1 + (docs-n+0.5)/(n+0.5))
}

// saturate is BM25's growth with a word's (length-normalised) frequency: 0 at
// 0, 1 at 1, at most k1+1.
func (w *weights) saturate(tf float64) float64 { return tf * (w.k1 + 1) / (tf + w.k1) }

// normal is a frequency made comparable between texts of different lengths.
// norm is the index's 1/sqrt(length).
func normal(freq uint64, norm, mean, b float64) float64 {
	if norm <= 0 {
		return float64(freq)
	}
	return float64(freq) / (1 - b + b/(norm*norm*mean))
}
