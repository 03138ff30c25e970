// Package search is the desk's full-text search: cases, people and solution
// articles in Spanish, English and Portuguese, on an index in one folder.
//
// It is derived data. Nothing is kept here that the event log does not hold,
// so an index that is missing, damaged or of another format is set aside and
// begun anew, and [Index.Fresh] tells the caller to feed it again from the
// start. The mark ([Index.SetMark]) never runs ahead of the documents put
// before it: after a crash the index may be behind its feed, never beyond its
// own mark.
//
// Storage and dictionaries are bleve's (scorch); analysis and ranking are this
// package's, because bleve's own BM25 takes the number of distinct words for
// the length of the texts and applies the inverse document frequency twice.
// Ranking is BM25F (Robertson, Zaragoza: The Probabilistic Relevance
// Framework, 2009) over title and body, followed by a second look at the best
// candidates for exact word forms and for words that stand together
// (sequential dependence, Metzler and Croft, SIGIR 2005).
//
// What it promises: a text typed with or without accents gives the same hits;
// singular and plural meet; numbers, telephones and addresses are found whole,
// by their beginning, and with or without their dashes and spaces.
//
// What it never does: log a text, a name or a key; import another room of the
// project; change anything outside the folder it was given and the folder of
// the same name with ".aside" appended.
//
// An Index may be used from any number of goroutines.
package search

// Kinds of documents that the desk indexes. Any other word is a kind as well.
const (
	KindCase    = "case"
	KindPerson  = "person"
	KindArticle = "article"
)

// Languages with an analyser of their own. NoLang is ISO 639's "no linguistic
// content": accents are folded, but nothing is stemmed and no word is left
// out. It suits names.
const (
	Spanish    = "es"
	English    = "en"
	Portuguese = "pt"
	NoLang     = "zxx"
)

// Doc is one thing that can be found.
type Doc struct {
	Ref   string   // what the caller knows it by; one document per Ref; never empty
	Kind  string   // KindCase, KindPerson, KindArticle or the caller's own; never empty
	Lang  string   // "es", "pt_BR"...; empty: guessed from the text (people: NoLang)
	Title string   // weighs more than Body
	Body  string   // any length
	Keys  []string // numbers, telephones, extensions, e-mails: found whole and by their beginning
	Boost float64  // factor on the score; zero means 1
}

// Query asks for documents.
type Query struct {
	Text   string   // as typed
	Kinds  []string // none: every kind
	Lang   string   // only documents of this language and those of NoLang; empty: all
	Limit  int      // hits wanted; zero means 10, at most 1000
	Offset int      // hits to pass over; Offset+Limit is at most 1000
	Typing bool     // the last word is still being typed: take it as a beginning
}

// Hit is one document found. Scores compare only within one answer.
type Hit struct {
	Ref       string
	Kind      string
	Lang      string
	Title     string
	Score     float64    // above zero, best first
	Likeness  float64    // share of the question's weight found in the document, 0 to 1
	Fragments []Fragment // where in the body the words stand; none if they stand in title or keys only
}

// Fragment is a piece of a body around words that matched.
type Fragment struct {
	Text  string
	Marks [][2]int // byte ranges in Text of the words that matched, in order
}
