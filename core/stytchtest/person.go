package stytchtest

import (
	"cmp"
	"strings"
)

// person is whoever signs in, by the names that factors use. What is empty is made up.
type person struct {
	email   string
	emailID string
	phone   string
	phoneID string
	totpID  string
}

const madeUpPhone = "+15550100"

func memberPerson(m Member) person {
	return person{
		email: m.Email,
		phone: cmp.Or(m.Phone, madeUpPhone), phoneID: "member-phone-test-" + m.ID,
		totpID: totpRegistration(m.ID),
	}
}

func userPerson(u User) person {
	return person{
		email: u.Email, emailID: u.emailID(),
		phone: cmp.Or(u.Phone, madeUpPhone), phoneID: u.phoneID(),
		totpID: u.totpID(),
	}
}

// A user has one of each, so their IDs follow from the user's.
func (u *User) emailID() string    { return "email-test-" + u.idSuffix() }
func (u *User) phoneID() string    { return "phone-number-test-" + u.idSuffix() }
func (u *User) totpID() string     { return "totp-test-" + u.idSuffix() }
func (u *User) passwordID() string { return "password-test-" + u.idSuffix() }
func (u *User) idSuffix() string   { return strings.TrimPrefix(u.ID, "user-test-") }

// withRole puts the role that everybody has first, and every role once.
func withRole(everybody string, roles []string) []string {
	all := []string{everybody}
	seen := map[string]bool{everybody: true}
	for _, role := range roles {
		if !seen[role] {
			seen[role] = true
			all = append(all, role)
		}
	}
	return all
}
