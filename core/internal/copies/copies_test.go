package copies_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/copies"
)

type leaf struct {
	At   *time.Time
	Text string
}

type tree struct {
	Nothing *leaf
	Leaf    *leaf
	Leaves  []leaf
	Refs    []*leaf
	Pair    [2]*leaf
	Names   []string
	Empty   []string
	Bytes   []byte
	Meta    map[string]any
	Lists   map[string][]string
	Any     any
	At      time.Time
}

func newTree() *tree {
	at := time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)
	return &tree{
		Leaf: &leaf{&at, "a"}, Leaves: []leaf{{&at, "b"}}, Refs: []*leaf{{&at, "c"}, nil}, Pair: [2]*leaf{{&at, "d"}, nil},
		Names: []string{"x"}, Empty: []string{}, Bytes: []byte("y"),
		Meta:  map[string]any{"a": map[string]any{"b": []any{1.0, map[string]any{"c": nil}}}},
		Lists: map[string][]string{"l": {"m"}}, Any: []any{"z"}, At: at,
	}
}

func TestACopyIsEqualAndSharesNothing(t *testing.T) {
	from := newTree()
	to := copies.Of(from)
	if !reflect.DeepEqual(from, to) {
		t.Errorf("got %+v, want %+v", to, from)
	}
	*to.Leaf.At, to.Leaf.Text, *to.Leaves[0].At, to.Refs[0].Text, to.Pair[0].Text = time.Time{}, "", time.Time{}, "", ""
	to.Names[0], to.Bytes[0], to.Lists["l"][0], to.Any.([]any)[0] = "", 0, "", ""
	inner := to.Meta["a"].(map[string]any)
	inner["b"].([]any)[1].(map[string]any)["c"] = 1
	inner["b"].([]any)[0], inner["new"] = 2.0, 1
	delete(to.Meta, "a")
	if want := newTree(); !reflect.DeepEqual(from, want) {
		t.Errorf("changed to %+v, want %+v", from, want)
	}
	if copies.Of[tree](nil) != nil {
		t.Error("nil was copied as something")
	}
}
