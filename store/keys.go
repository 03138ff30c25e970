package store

import (
	"encoding/binary"

	"punto/app/desk"
)

// The first byte of a key is its table. The numbers are part of the format;
// 0x03 and 0x05 are those of kv.
const (
	tableMeta     = 0x01 // name
	tableHead     = 0x02 // origin
	tableCut      = 0x04 // origin: this node's own log was cut there, in a new incarnation
	tableBlock    = 0x10 // origin, first sequence: 256 events
	tableTail     = 0x11 // origin, sequence: an event not yet in a block
	tableEntity   = 0x22 // type, id: the end of its timeline, and its view
	tableOlder    = 0x23 // type, id, place: a chunk of its timeline before that
	tableDirty    = 0x24 // type, id: what is owed to it, as timeline.go says
	tableIndex    = 0x30 // whatever the engine chose
	tableIdentity = 0x50 // origin: who writes under it
	tableFork     = 0x51 // origin: proof of two histories
	tableBlob     = 0x61 // name, 0, chunk
)

func logKey(table byte, o desk.Origin, seq uint64) []byte {
	k := binary.BigEndian.AppendUint64([]byte{table}, uint64(o))
	return binary.BigEndian.AppendUint64(k, seq)
}

func headKey(o desk.Origin) []byte {
	return binary.BigEndian.AppendUint64([]byte{tableHead}, uint64(o))
}

func entityKey(table byte, e desk.Entity) []byte {
	return append([]byte{table, byte(e.Type)}, e.ID[:]...)
}

// What is derived of the log, and is dropped to be derived anew; with the views and
// timelines of format 1.
var derived = [][]byte{{0x20}, {0x21}, {tableEntity}, {tableOlder}, {tableDirty}, {tableIndex}, {tableBlob}}

func tableKey(table byte, key []byte) []byte { return append([]byte{table}, key...) }

func blobKey(name string, chunk uint16) []byte {
	return binary.BigEndian.AppendUint16(append(tableKey(tableBlob, []byte(name)), 0), chunk)
}
