package records

// Indexes of records.
const (
	IxRef      = 'f' // type, reference of the source
	IxRecord   = 'R' // type, folded name
	IxLogin    = 'l' // login of an agent
	IxPhone    = 't' // extension or phone number of a person, digits only
	IxTail     = 'T' // last digits of a phone number of a person, however it is written
	IxInto     = 'O' // person that stays, person who is the same
	IxOwner    = 'w' // person, asset
	IxConflict = 'x' // type of an entity that has conflicts
)
