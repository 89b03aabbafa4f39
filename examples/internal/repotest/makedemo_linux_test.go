package repotest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// Whoever ends the demo with Ctrl-C has done nothing wrong, and make says so.
func TestMakeDemoEndsWellAtCtrlC(t *testing.T) {
	const listening = "demo on Gin: http://127.0.0.1:"
	terminal, user := openTerminal(t)
	demo := exec.CommandContext(t.Context(), "make", "demo")
	demo.Dir = root(t)
	demo.Env = append(os.Environ(), "ADDR=127.0.0.1:0", "STYTCH_PROJECT_ID=", "STYTCH_SECRET=", "MAKEFLAGS=")
	demo.Stdin, demo.Stdout, demo.Stderr = terminal, terminal, terminal
	demo.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // on its standard input
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	_ = terminal.Close()
	var said strings.Builder
	lines := bufio.NewScanner(user)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), listening) {
			_, _ = user.WriteString("\x03")
		}
	}
	if err := demo.Wait(); err != nil {
		t.Errorf("make demo ended with %v after Ctrl-C, want status 0\n%s", err, said.String())
	}
	if !strings.Contains(said.String(), listening) {
		t.Errorf("the demo never said where it listens\n%s", said.String())
	}
}

// openTerminal is a pseudo-terminal, as what runs in it sees it and as who sits before it does.
func openTerminal(t *testing.T) (terminal, user *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = user.Close() })
	var locked, number uint32
	err = errors.Join(ioctl(user, syscall.TIOCSPTLCK, &locked), ioctl(user, syscall.TIOCGPTN, &number))
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return terminal, user
}

func ioctl(f *os.File, request uintptr, value *uint32) error {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value))) //nolint:gosec // as ioctl wants it
	if errno != 0 {
		return errno
	}
	return nil
}
