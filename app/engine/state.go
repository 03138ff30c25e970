package engine

import "reflect"

// OpState is what a room remembers for one command; the zero T at first.
func OpState[T any](o *Op) *T { return stateIn[T](o.states) }

// StateOf is what a room remembers as long as the engine lives; the zero T at first.
// T guards itself: it is shared by all goroutines.
func StateOf[T any](e *Engine) *T {
	e.stated.Lock()
	defer e.stated.Unlock()
	return stateIn[T](e.states)
}

func stateIn[T any](m map[reflect.Type]any) *T {
	k := reflect.TypeFor[T]()
	if v, ok := m[k]; ok {
		return v.(*T)
	}
	v := new(T)
	m[k] = v
	return v
}

// Memo gives what make makes of a key, once: make must be a function of the key
// alone, and what it gives is never changed.
func (n *Names) Memo(key any, make func() (any, error)) (any, error) {
	if v, ok := n.Engine.memo.Load(key); ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		n.Engine.memo.Store(key, v)
	}
	return v, err
}
