package search

import "fmt"

// Sync waits until all that was put and marked so far is on disk.
func (x *Index) Sync() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.flush()
}

// Count is the number of documents.
func (x *Index) Count() (uint64, error) {
	r, err := x.data.Reader()
	if err != nil {
		return 0, fmt.Errorf("count search index: %w", err)
	}
	defer r.Close()
	return r.DocCount()
}
