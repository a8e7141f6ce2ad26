package rsocketkit

import (
	"fmt"
	"sync"

	"weir-kit/weirkit"
)

// Asked is what a library can do to a call of its requester.
type Asked interface {
	Cancel()
	Request(n int)
	// Next, Complete and Fail are of channels.
	Next(item Item)
	Complete()
	Fail(code uint32, text string)
}

// Asking is a call as its requester sees it. A channel is over when both its directions are; nothing is told after that.
type Asking struct {
	*weirkit.Call
	lock sync.Mutex
	// inOpen: items may come; outOpen: items may be sent; over: its end was told.
	inOpen, outOpen, over bool
	// asked is the call once the library has it; waiting is what was asked before.
	asked   Asked
	waiting []func(Asked)
}

// NewAsking is a call that the library does not have yet.
func NewAsking(call *weirkit.Call) *Asking {
	return &Asking{Call: call, inOpen: true, outOpen: call.Kind == "request-channel"}
}

// tell does something to a call that is not over yet.
func (a *Asking) tell(act func()) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if !a.over {
		act()
		if !a.inOpen && !a.outOpen {
			a.over = true
			a.Call.End(nil)
		}
	}
}

// Item tells what came.
func (a *Asking) Item(item Item) {
	a.tell(func() { a.Message(readData(item.Data), ReadValue(item.Metadata)) })
}

// Completed tells that nothing more comes.
func (a *Asking) Completed() { a.tell(func() { a.inOpen = false }) }

// Sent tells that nothing more goes out.
func (a *Asking) Sent() { a.tell(func() { a.outOpen = false }) }

// Failed tells an error, which ends the call.
func (a *Asking) Failed(code, text string) {
	a.tell(func() {
		a.Error(weirkit.Told{Code: code, Message: text})
		a.inOpen, a.outOpen = false, false
	})
}

// Over says whether its end was told.
func (a *Asking) Over() bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.over
}

// Begun takes the call as the library has it now, and does what was asked of it before.
func (a *Asking) Begun(asked Asked) {
	a.lock.Lock()
	waiting := a.waiting
	a.waiting, a.asked = nil, asked
	a.lock.Unlock()
	for _, act := range waiting {
		act(asked)
	}
}

// once does something to the call as soon as the library has it.
func (a *Asking) once(act func(Asked)) error {
	a.lock.Lock()
	asked := a.asked
	if asked == nil {
		a.waiting = append(a.waiting, act)
	}
	a.lock.Unlock()
	if asked != nil {
		act(asked)
	}
	return nil
}

// abandon ends the call as its application does, which hears nothing of it any more.
func (a *Asking) abandon() {
	a.tell(func() { a.inOpen, a.outOpen = false, false })
}

// Running is what can be done to the call. One that is cancelled before the library has it is never called.
func (a *Asking) Running() *weirkit.Running {
	running := &weirkit.Running{}
	if a.Kind == "fire-and-forget" || a.Kind == "metadata-push" {
		return running
	}
	running.Cancel = func() error {
		a.abandon()
		return a.once(Asked.Cancel)
	}
	if a.Kind == "request-response" {
		return running
	}
	running.Credit = func(n int) error { return a.once(func(asked Asked) { asked.Request(n) }) }
	if a.Kind == "request-stream" {
		return running
	}
	running.Send = func(value, metadata any) error {
		item := Item{BytesOf(value), BytesOf(metadata)}
		return a.once(func(asked Asked) { asked.Next(item) })
	}
	running.Finish = func(_ any, told *weirkit.Told) error {
		return a.once(func(asked Asked) {
			if told == nil {
				asked.Complete()
				return
			}
			code, _ := CodeOf(fmt.Sprint(told.Code))
			if number, given := told.Code.(float64); given {
				code = uint32(number)
			}
			a.abandon()
			asked.Fail(code, told.Message)
		})
	}
	return running
}
