// Package e2e drives the example applications with a real browser: each as a process of its own, all
// four by the same tests. It is a module of its own, outside go.work, since it needs chromedp.
//
//	make e2e                                         # installs chromium, node and npm when there are none
//	make e2e E2EFLAGS='-run Demos/gin -v'            # one demo
//	E2E_SHOTS=DIR make e2e E2EFLAGS='-run Demos/gin' # with pictures of every page, in a directory that exists
package e2e
