// Package store keeps the desk on disk: the event log, and the views, indexes
// and blobs derived from it, in one Badger folder. *DB is a desk.Log.
//
// It promises that what Update acknowledged is synced to the device, that an
// Update is kept whole or not at all whatever its size, and that damage is
// named instead of served: each origin's events are contiguous, chained with
// SHA-256 and signed by it with Ed25519; a separately synced file of heads tells
// at start whether the log has lost something. What another workstation sends is
// taken only as its origin signed it. It never interprets a body, orders nothing
// by a clock, and never goes on writing after a failed write.
package store
