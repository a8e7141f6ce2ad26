// A library for RSocket whose network is a queue of this process, and an adapter for it: what the RSocket part of the kit is tested with.
// loop.mjs and loop.py do the same.
package main

import (
	"fmt"
	"sync"

	kit "weir-kit/rsocketkit"
)

// network does what is sent later, in order. All that streams hold is touched there alone.
var network = struct {
	sync.Mutex
	waiting []func()
	more    chan struct{}
}{more: make(chan struct{}, 1)}

func sent(act func()) {
	network.Lock()
	network.waiting = append(network.waiting, act)
	network.Unlock()
	select {
	case network.more <- struct{}{}:
	default:
	}
}

func deliver() {
	for range network.more {
		network.Lock()
		waiting := network.waiting
		network.waiting = nil
		network.Unlock()
		for _, act := range waiting {
			act()
		}
	}
}

// pipe is a direction of a call: items wait for credit, the end waits for them.
type pipe struct {
	credit         int
	waiting        []kit.Item
	complete, over bool
	item           func(kit.Item)
	completed      func()
}

func (p *pipe) do(act func()) {
	sent(func() {
		act()
		for !p.over && len(p.waiting) > 0 && p.credit > 0 {
			item := p.waiting[0]
			p.credit, p.waiting = p.credit-1, p.waiting[1:]
			p.item(item)
		}
		if p.complete && !p.over && len(p.waiting) == 0 {
			p.over = true
			p.completed()
		}
	})
}

func (p *pipe) grant(n int) { p.do(func() { p.credit = min(p.credit+n, kit.MaxRequests) }) }

func (p *pipe) next(item kit.Item) {
	p.do(func() {
		if !p.complete {
			p.waiting = append(p.waiting, item)
		}
	})
}

func (p *pipe) end() { p.do(func() { p.complete = true }) }

// receiver is who hears of an answer.
type receiver struct {
	item      func(kit.Item)
	completed func()
	failed    func(code, text string)
	// sent is told when nothing more goes to the responder.
	sent func()
}

// stream is a call.
type stream struct {
	out, back pipe
	receiver  receiver
	run       *kit.Run
}

// open begins a call of `at`, for the other end.
func (at *end) open(kind, route string, first kit.Item, credit int, receiver receiver) *stream {
	s := &stream{receiver: receiver}
	s.back = pipe{credit: credit, item: receiver.item, completed: func() {
		receiver.completed()
		s.run.Close(false, true)
	}}
	s.out = pipe{item: func(item kit.Item) { s.run.Item(item) }, completed: func() {
		receiver.sent()
		s.run.InputComplete()
	}}
	sent(func() {
		run, err := at.services.Begin(kind, route, first, at.other)
		if err != nil {
			receiver.failed("APPLICATION_ERROR", err.Error())
			return
		}
		s.run = run
		defer func() {
			if raised := recover(); raised != nil {
				responding{s}.Fail(kit.ApplicationError, fmt.Sprint(raised))
			}
		}()
		run.Serve(responding{s})
	})
	return s
}

// Of the requester.

func (s *stream) Cancel() {
	sent(func() {
		s.back.over = true
		s.run.Cancelled()
	})
}

func (s *stream) Request(n int)      { s.back.grant(n) }
func (s *stream) Next(item kit.Item) { s.out.next(item) }
func (s *stream) Complete()          { s.out.end() }

func (s *stream) Fail(code uint32, _ string) {
	sent(func() { s.run.InputFailed(kit.CodeName(code)) })
}

// responding is the same call as its responder has it.
type responding struct{ *stream }

func (r responding) Next(item kit.Item) { r.back.next(item) }
func (r responding) Complete()          { r.back.end() }
func (r responding) Ask(n int)          { r.out.grant(n) }

func (r responding) Fail(code uint32, text string) {
	sent(func() {
		if !r.back.over {
			r.back.over = true
			r.run.Close(true, true)
			r.receiver.failed(kit.CodeName(code), text)
		}
	})
}

func (r responding) Stop() {
	sent(func() {
		r.out.over = true
		r.receiver.sent()
	})
}
