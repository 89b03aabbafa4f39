package signin

import "testing"

// However somebody's address is spelled, it is counted as one; and nobody else's with it.
func TestSpellingsOfAnAddressCountAsOne(t *testing.T) {
	for _, same := range [][]string{
		{"ada@example.com", "ADA@example.com", "Ada@Example.COM", " ada@example.com ", "\u00a0ada@example.com", "ａｄａ@example.com", "ada@ex\u00e4mple.com"[:4] + "example.com"},
		{"j\u00fcrgen@example.com", "ju\u0308rgen@example.com", "J\u00dcRGEN@example.com", "JU\u0308RGEN@example.com"},
		{"\u212arista@example.com", "krista@example.com"},
		{"иван@пример.example", "ИВАН@Пример.example"},
	} {
		for _, spelled := range same[1:] {
			if got, want := counted(spelled), counted(same[0]); got != want {
				t.Errorf("%q counts as %q, and %q as %q", spelled, got, same[0], want)
			}
		}
	}
	for _, other := range []string{"ida@example.com", "ada+1@example.com", "a.da@example.com", "иван@пример.example", "петр@пример.example"} {
		if counted(other) == counted("ada@example.com") {
			t.Errorf("%s counts as another's", other)
		}
	}
	if counted("иван@пример.example") == counted("петр@пример.example") {
		t.Error("two count as one")
	}
}
