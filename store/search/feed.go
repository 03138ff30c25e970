package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// Fields. Those of a text lie apart for each section (kind and language), so
// that word statistics are those of its own section and a question for people
// never reads the cases.
const (
	fieldSection = "section" // the document's section, one term
	fieldKeys    = "keys"    // forms of its keys

	storedKind  = "kind"
	storedLang  = "lang"
	storedTitle = "title"
	storedBody  = "body"
	storedBoost = "boost"

	partTitle = "/t" // stems of the title
	partBody  = "/b" // stems of the body
	partExact = "/x" // folded words of both
)

var (
	lengthsKey = []byte("lengths")
	markKey    = []byte("mark")
	writtenKey = []byte("written") // in every index that was ever written
)

// batchDocs bounds the documents analysed at once, and with it memory.
const batchDocs = 1000

// Put adds documents, or replaces those of the same Ref; the last of a Ref
// wins. They are found when it returns. It stops between batches when ctx
// ends. Large calls are the fast ones.
func (x *Index) Put(ctx context.Context, docs ...Doc) error {
	for _, d := range docs {
		if d.Ref == "" || d.Kind == "" {
			return fmt.Errorf("index document %q of kind %q: Ref and Kind must not be empty", d.Ref, d.Kind)
		}
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	for len(docs) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(len(docs), batchDocs)
		if err := x.putBatch(docs[:n]); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

func (x *Index) putBatch(docs []Doc) error {
	b := index.NewBatch()
	for _, d := range docs {
		b.Update(x.document(d))
	}
	x.measuring.Lock()
	raw, err := json.Marshal(x.lengths)
	x.measuring.Unlock()
	if err != nil {
		return fmt.Errorf("encode text lengths: %w", err)
	}
	b.SetInternal(lengthsKey, raw)
	if err := x.write(b); err != nil {
		return fmt.Errorf("index %d documents: %w", len(docs), err)
	}
	return nil
}

// write applies a batch. The caller holds writing.
func (x *Index) write(b *index.Batch) error {
	b.SetInternal(writtenKey, []byte{1})
	select {
	case <-x.broken:
		return x.fault()
	default:
	}
	done := make(chan error, 1)
	go func() { // it never returns when a part of scorch has ended over damage
		defer func() {
			if p := recover(); p != nil {
				done <- x.breakDown(fmt.Errorf("%v", p))
			}
		}()
		done <- x.data.Batch(b)
	}()
	select {
	case err := <-done:
		return err
	case <-x.broken:
		return x.fault()
	}
}

// SetMark remembers up to which point of its log the caller has fed the index.
// Call it after the Puts that it covers.
func (x *Index) SetMark(mark []byte) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	b := index.NewBatch()
	b.SetInternal(markKey, append([]byte{'='}, mark...))
	if err := x.write(b); err != nil {
		return fmt.Errorf("mark search index: %w", err)
	}
	return nil
}

// Mark is what SetMark last remembered, nil if it never did.
func (x *Index) Mark() ([]byte, error) {
	r, err := x.data.Reader()
	if err != nil {
		return nil, fmt.Errorf("read mark of search index: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	raw, err := r.GetInternal(markKey)
	if err != nil || len(raw) == 0 {
		return nil, err
	}
	return raw[1:], nil
}

// document analyses one document and enters its lengths. The caller holds
// writing.
func (x *Index) document(d Doc) *document.Document {
	title, body := split(d.Title), split(d.Body)
	lang := x.languageOf(d, title, body)
	s := section(d.Kind, lang.code)
	doc := document.NewDocument(d.Ref)
	const at = index.IndexField | index.IncludeTermVectors
	t, b := stems(lang.terms(title)), stems(lang.terms(body))
	doc.AddField(text(s+partTitle, t, at))
	doc.AddField(text(s+partBody, b, at))
	var exact fixed
	if !lang.plain() {
		exact = append(forms(title, lang), forms(body, lang)...)
		doc.AddField(text(s+partExact, exact, index.IndexField))
	}
	x.measuring.Lock()
	x.lengths.add(s, len(t), len(b), len(exact))
	x.measuring.Unlock()
	doc.AddField(text(fieldSection, fixed{token(s, 1)}, index.IndexField|index.SkipFreqNorm))
	var keys fixed
	for _, k := range d.Keys {
		for _, f := range keyForms(k) {
			keys = append(keys, token(f, 1))
		}
	}
	if len(keys) > 0 {
		doc.AddField(text(fieldKeys, keys, index.IndexField|index.SkipFreqNorm))
	}
	store(doc, storedKind, d.Kind)
	store(doc, storedLang, lang.code)
	store(doc, storedTitle, d.Title)
	store(doc, storedBody, d.Body)
	if d.Boost > 0 && d.Boost != 1 {
		store(doc, storedBoost, string(binary.BigEndian.AppendUint64(nil, math.Float64bits(d.Boost))))
	}
	return doc
}

func (x *Index) languageOf(d Doc, title, body []word) *language {
	switch {
	case d.Lang != "":
		return x.langs.of(d.Lang)
	case d.Kind == KindPerson:
		return x.langs.none
	}
	return x.langs.guess(append(title[:len(title):len(title)], body...))
}

func section(kind, lang string) string { return kind + "/" + lang }

// fixed is an analyser that has done its work already.
type fixed analysis.TokenStream

// Analyze answers the tokens made before; text is passed over.
func (f fixed) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(f) }

func token(s string, pos int) *analysis.Token {
	return &analysis.Token{Term: []byte(s), Position: pos}
}

func stems(terms []term) fixed {
	out := make(fixed, len(terms))
	for i, t := range terms {
		out[i] = token(t.stem, t.pos)
	}
	return out
}

func forms(words []word, l *language) fixed {
	out := make(fixed, 0, len(words))
	for _, w := range words {
		if !l.stop[w.text] {
			out = append(out, token(w.text, 1))
		}
	}
	return out
}

func text(name string, tokens fixed, options index.FieldIndexingOptions) document.Field {
	return document.NewTextFieldCustom(name, nil, nil, options, tokens)
}

func store(doc *document.Document, name, value string) {
	if value != "" {
		doc.AddField(document.NewTextFieldCustom(name, nil, []byte(value), index.StoreField, nil))
	}
}

// lengths hold the mean lengths of texts by section, over all that was ever
// put: a mean needs no more than to be near.
type lengths map[string]*length

type length struct{ Docs, Title, Body, Exact uint64 }

func (l lengths) add(section string, title, body, exact int) {
	n := l[section]
	if n == nil {
		n = new(length)
		l[section] = n
	}
	n.Docs++
	n.Title += uint64(title)
	n.Body += uint64(body)
	n.Exact += uint64(exact)
}

// means are the mean lengths of a section, at least 1 each.
func (l lengths) means(section string) (title, body, exact float64) {
	n := l[section]
	if n == nil || n.Docs == 0 {
		return 1, 1, 1
	}
	mean := func(sum uint64) float64 { return max(1, float64(sum)/float64(n.Docs)) }
	return mean(n.Title), mean(n.Body), mean(n.Exact)
}

func decodeLengths(raw []byte) (lengths, error) {
	l := make(lengths)
	if len(raw) == 0 {
		return l, nil
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, errors.Join(errors.New("text lengths of search index are damaged"), err)
	}
	return l, nil
}
