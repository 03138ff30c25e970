package engine

import "punto/app/desk"

// NewDoc is the document of an entity, known by a reference of its source where it
// has one.
func NewDoc(x desk.Entity, ref string) Doc {
	d := Doc{ID: x.ID, Kind: x.Type.String(), Ref: x.ID.String()}
	if ref != "" {
		d.Ref = ref
	}
	return d
}
