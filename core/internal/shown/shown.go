// Package shown is what a browser is shown of a member, an organization and a user: the fields that
// Stytch's own browser SDK gives to this member or user, each of them, also where it is empty. The Go
// SDK's types leave out what is empty, and have what only a backend may know.
package shown

// each turns a list into another; none is an empty one, never null.
func each[From, To any](list []From, turn func(From) To) []To {
	turned := make([]To, len(list))
	for i := range list {
		turned[i] = turn(list[i])
	}
	return turned
}

// orEmpty is a list that is never null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// fields are an object that is never null.
func fields(of map[string]any) map[string]any {
	if of == nil {
		return map[string]any{}
	}
	return of
}

// orNull is null for an ID that there is not, as Stytch writes it.
func orNull(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}
