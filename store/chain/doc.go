// Package chain is the form of the log of a workstation, as it lies on disk and as it
// travels: an event is a frame; each frame goes into a hash with all before it; 256 of
// them are a block; and the origin signs the hash where its log ends, or a block does.
// Whoever holds a beginning that was proven proves what follows it with nothing but the
// origin's key. No disk, no network: pure functions over bytes, which come
// from peers that may lie, so that every length is checked before it is believed.
package chain
