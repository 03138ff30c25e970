// Package kv keeps keys and values on disk, in one Badger folder, or in memory, and
// promises what Badger alone does not: a commit of any size is whole or is not there,
// however the process ends; a folder that lacks something, or holds what does not prove
// itself, is refused by name instead of opened without it; a full volume is an error
// and loses nothing; all that is kept can be replaced at once by another database. What
// the keys mean is store's.
package kv
