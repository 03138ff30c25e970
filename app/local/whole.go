package local

import (
	"encoding/json"
	"math"
	"reflect"
	"time"
)

// encode is an answer as JSON. What no JSON holds, such as a time of another age,
// is left out of it and its row is marked Bad where rows have such a mark: one
// value keeps no list from coming.
func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err == nil || v == nil {
		return b, err
	}
	x := reflect.New(reflect.TypeOf(v)).Elem()
	x.Set(reflect.ValueOf(v))
	mend(x)
	return json.Marshal(x.Interface())
}

var timeType = reflect.TypeFor[time.Time]()

// mend makes a value fit for JSON, in copies of what it points to; true when
// something was left out.
func mend(v reflect.Value) (bad bool) {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			v.SetFloat(0)
			return true
		}
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			return false
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		v.Set(c)
		for i := range c.Len() {
			bad = mend(c.Index(i)) || bad
		}
	case reflect.Array:
		for i := range v.Len() {
			bad = mend(v.Index(i)) || bad
		}
	case reflect.Map:
		if v.IsNil() {
			return false
		}
		c := reflect.MakeMap(v.Type())
		for k, x := range v.Seq2() {
			y := reflect.New(x.Type()).Elem()
			y.Set(x)
			bad = mend(y) || bad
			c.SetMapIndex(k, y)
		}
		v.Set(c)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return false
		}
		c := reflect.New(v.Elem().Type())
		c.Elem().Set(v.Elem())
		bad = mend(c.Elem())
		if v.Kind() == reflect.Interface {
			c = c.Elem()
		}
		v.Set(c)
	case reflect.Struct:
		if v.Type() == timeType {
			if t, _ := v.Interface().(time.Time); t.Year() < 0 || t.Year() > 9999 {
				v.SetZero()
				return true
			}
			return false
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				bad = mend(v.Field(i)) || bad
			}
		}
		if mark := v.FieldByName("Bad"); bad && mark.IsValid() && mark.Kind() == reflect.Bool {
			mark.SetBool(true)
			return false // it is told
		}
	}
	return bad
}
