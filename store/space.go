package store

import (
	"punto/app/desk"
	"punto/store/kv"
)

// Survey is how much is free where a folder is, that somebody else may hold.
func Survey(dir string) desk.Room { return kv.NewSpace(dir, nil).Look() }

// Room is how much is free where the folder is.
func (db *DB) Room() desk.Room {
	if db.room == nil {
		return desk.Room{}
	}
	return db.room.Look()
}

// RoomFor tells with an error when there is no room for an attachment of so many
// bytes.
func (db *DB) RoomFor(n int) error { return db.room.Attachments(n) }
