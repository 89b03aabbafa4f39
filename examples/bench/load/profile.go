package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
)

// profiler writes what a process spent between two moments. The zero value profiles nothing.
type profiler struct {
	prefix string // of the files
	cpu    *os.File
}

// toggle starts, or stops and writes: CPU time, and allocations, contended mutexes and blocking
// since the process began.
func (p *profiler) toggle() error {
	if p.prefix == "" {
		return nil
	}
	if p.cpu != nil {
		return p.stop()
	}
	var err error
	if p.cpu, err = os.Create(p.prefix + ".cpu.pprof"); err != nil {
		return err
	}
	runtime.SetMutexProfileFraction(10)
	runtime.SetBlockProfileRate(10_000)
	return pprof.StartCPUProfile(p.cpu)
}

func (p *profiler) stop() error {
	pprof.StopCPUProfile()
	err := p.cpu.Close()
	p.cpu = nil
	for _, kind := range []string{"allocs", "mutex", "block"} {
		err = errors.Join(err, p.write(kind))
	}
	return err
}

func (p *profiler) write(kind string) error {
	file, err := os.Create(p.prefix + "." + kind + ".pprof") //nolint:gosec // where the caller says
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup(kind).WriteTo(file, 0), file.Close())
}

// newProfiler writes into a directory, or nothing where there is none.
func newProfiler(dir, name string) *profiler {
	if dir == "" {
		return &profiler{}
	}
	return &profiler{prefix: filepath.Join(dir, name)}
}
