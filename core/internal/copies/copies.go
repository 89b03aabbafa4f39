// Package copies copies what is shared for those who may change it.
package copies

import (
	"reflect"
	"time"
)

// Of is a copy of a value of the SDK's types, or of any whose fields are exported: nothing that can be
// changed through one is seen through the other. nil is copied as nil.
func Of[T any](from *T) *T {
	if from == nil {
		return nil
	}
	to := new(T)
	*to = *from
	detach(reflect.ValueOf(to).Elem())
	return to
}

// detach replaces what a variable shares with the one that it was copied from.
func detach(v reflect.Value) {
	if !v.CanSet() {
		return // an unexported field is its type's own affair
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			to := reflect.New(v.Type().Elem())
			to.Elem().Set(v.Elem())
			detach(to.Elem())
			v.Set(to)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return // a time zone never changes
		}
		for i := range v.NumField() {
			detach(v.Field(i))
		}
	case reflect.Slice:
		if !v.IsNil() {
			to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(to, v)
			detachElements(to)
			v.Set(to)
		}
	case reflect.Array:
		detachElements(v)
	case reflect.Map:
		if !v.IsNil() {
			v.Set(mapOf(v))
		}
	case reflect.Interface:
		if !v.IsNil() {
			to := reflect.New(v.Elem().Type()).Elem()
			to.Set(v.Elem())
			detach(to)
			v.Set(to)
		}
	}
}

func detachElements(v reflect.Value) {
	if v.Type().Elem().Kind() <= reflect.Complex128 || v.Type().Elem().Kind() == reflect.String {
		return
	}
	for i := range v.Len() {
		detach(v.Index(i))
	}
}

func mapOf(from reflect.Value) reflect.Value {
	to := reflect.MakeMapWithSize(from.Type(), from.Len())
	for each := from.MapRange(); each.Next(); {
		value := reflect.New(from.Type().Elem()).Elem()
		value.Set(each.Value())
		detach(value)
		to.SetMapIndex(each.Key(), value)
	}
	return to
}
