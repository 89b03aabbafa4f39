// Package repotest tests what the repository says of itself: that the code in its documents
// compiles, that the table of denials is the code's, and that each module links only what is its own.
package repotest
