package stream

import "time"

// Files are those that events name by their content. They follow the events, a
// part at a time, and go on where they stopped.
type Files interface {
	// Missing is a file that is named and not whole here, and how much of it there
	// is; false when there is none to ask for at the moment.
	Missing() (hash [32]byte, have int64, ok bool)
	// Part reads from an offset on; size is that of the whole, 0 when it is not
	// whole here.
	Part(hash [32]byte, offset int64, limit int) (b []byte, size int64, err error)
	// Add appends what came; a whole that is not what its hash says is thrown away.
	Add(hash [32]byte, offset int64, b []byte, size int64) error
	// Without says that a peer has it not, so that others are asked.
	Without(hash [32]byte)
}

const (
	chunkBytes = 64 << 10
	fileLimit  = 20 * time.Second
)

// askFile asks for the next part of a file, when all events are here.
func (l *link) askFile() {
	if l.h.Files == nil {
		return
	}
	l.mu.Lock()
	may := l.peering.Peer.Max != 0 && !l.peering.busy() && l.peering.Behind() == 0
	l.mu.Unlock()
	if !may {
		return
	}
	hash, have, ok := l.h.Files.Missing()
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	if l.file != nil && time.Since(l.fileAt) < fileLimit {
		return
	}
	if l.file = nil; !ok {
		return
	}
	for x := range l.h.links { // one peer at a time sends one file
		if x != l && x.file != nil && x.file.Hash == hash && time.Since(x.fileAt) < fileLimit {
			return
		}
	}
	l.file, l.fileAt = &FilePart{Hash: hash, Offset: have}, time.Now()
	l.push(encode(WantFile, *l.file))
}

func (l *link) handleFile(m Message) error {
	p, err := decode[FilePart](m)
	if err != nil || l.h.Files == nil {
		return err
	}
	if m.Kind == WantFile {
		q := FilePart{Hash: p.Hash, Offset: p.Offset}
		if q.Bytes, q.Size, err = l.h.Files.Part(p.Hash, p.Offset, chunkBytes); err != nil {
			q.Bytes, q.Size = nil, 0
		}
		l.send([]Message{encode(Chunk, q)})
		return nil
	}
	l.h.mu.Lock()
	asked := l.file != nil && l.file.Hash == p.Hash && l.file.Offset == p.Offset
	if asked {
		l.file = nil
	}
	l.h.mu.Unlock()
	if !asked { // for no more
		return nil
	}
	if p.Size == 0 {
		l.h.Files.Without(p.Hash)
		return nil
	}
	if err := l.h.Files.Add(p.Hash, p.Offset, p.Bytes, p.Size); err != nil {
		l.h.Logger.Warn("a part of a file was thrown away", "err", err)
		l.h.Files.Without(p.Hash)
		return nil
	}
	l.askFile()
	return nil
}
