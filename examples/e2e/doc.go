// Package e2e drives the example applications with a real browser: each as a process of its own, all
// four by the same tests. It is a module of its own, outside go.work, since it needs chromedp.
//
//	make e2e                                         # installs Debian's chromium when there is none
//	make e2e E2EFLAGS='-run Demos/gin -v'            # one demo
//	E2E_SHOTS=DIR make e2e E2EFLAGS='-run Shots'     # every page, light and dark, desktop and phone
package e2e
