// Package response meets what a guard owes to a response when its headers go out: until then nothing
// of it stands in the headers that handlers, caches, proxies and other middleware see, copy, replace
// or wipe.
//
// A [Response] is what is owed. [Headers] stands between the header map of those inside a guard and
// the one that goes out; [Writer] has one for net/http. [HandBack] returns what was written on the
// request.
package response
