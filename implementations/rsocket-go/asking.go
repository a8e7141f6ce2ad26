package main

import (
	"context"
	"sync"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/payload"
	"github.com/rsocket/rsocket-go/rx"
	"github.com/rsocket/rsocket-go/rx/flux"

	"weir-kit/weirkit"
)

// asking is a call as its requester sees it. A channel is over when both its directions are.
type asking struct {
	call *weirkit.Call
	lock sync.Mutex
	// inOpen: items may come; outOpen: items may be sent; over: its end was told.
	inOpen, outOpen, over bool
	subscription          rx.Subscription
	sending               *outbox
	// waiting is what was asked before the library had the call; nil once it has it.
	waiting []func()
	begun   bool
}

func newAsking(call *weirkit.Call) *asking {
	return &asking{call: call, inOpen: true, outOpen: call.Kind == "request-channel", sending: newOutbox()}
}

// tell does something to a call that is not over yet.
func (a *asking) tell(act func()) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if !a.over {
		act()
	}
}

// settle ends a call of which both directions are over. The lock is held.
func (a *asking) settle() {
	if !a.over && !a.inOpen && !a.outOpen {
		a.over = true
		a.call.End(nil)
	}
}

func (a *asking) OnNext(given payload.Payload) {
	received := itemOf(given)
	a.tell(func() { a.call.Message(readValue(received.data), readValue(received.metadata)) })
}

func (a *asking) OnComplete() {
	a.tell(func() {
		a.inOpen = false
		a.settle()
	})
}

func (a *asking) OnError(err error) {
	a.tell(func() {
		code, text := describe(err)
		a.call.Error(weirkit.Told{Code: code, Message: text})
		a.inOpen, a.outOpen = false, false
		a.settle()
	})
}

func (a *asking) OnSubscribe(_ context.Context, subscription rx.Subscription) {
	a.lock.Lock()
	a.subscription = subscription
	a.lock.Unlock()
	n := rx.RequestMax
	if a.call.Credit != nil {
		n = *a.call.Credit
	}
	subscription.Request(n)
}

// sent tells that nothing more goes out.
func (a *asking) sent() {
	a.tell(func() {
		a.outOpen = false
		a.settle()
	})
}

// start makes the call, unless it was given up meanwhile, and does what was asked of it before.
func (a *asking) start(socket rsocket.RSocket) {
	a.lock.Lock()
	over := a.over
	a.lock.Unlock()
	if over {
		return
	}
	request, err := requestOf(a.call.Procedure, a.call.Value, a.call.Metadata)
	if err != nil {
		a.OnError(err)
		return
	}
	switch a.call.Kind {
	case "metadata-push":
		socket.MetadataPush(request)
	case "fire-and-forget":
		socket.FireAndForget(request)
	case "request-response":
		go socket.RequestResponse(request).SubscribeWith(context.Background(), a)
	case "request-stream":
		socket.RequestStream(request).SubscribeWith(context.Background(), a)
	default:
		a.sending.next(request)
		socket.RequestChannel(a.sending.flux(func(rx.SignalType) { a.sent() })).SubscribeWith(context.Background(), a)
	}
	a.lock.Lock()
	waiting := a.waiting
	a.waiting, a.begun = nil, true
	a.lock.Unlock()
	for _, act := range waiting {
		act()
	}
}

// once does something to the call as soon as the library has it.
func (a *asking) once(act func()) error {
	a.lock.Lock()
	if !a.begun {
		a.waiting = append(a.waiting, act)
		a.lock.Unlock()
		return nil
	}
	a.lock.Unlock()
	act()
	return nil
}

// abandon ends the call as its application does, which hears nothing of it any more.
func (a *asking) abandon() {
	a.tell(func() {
		a.inOpen, a.outOpen = false, false
		a.settle()
	})
}

func (a *asking) cancel() error {
	a.abandon()
	a.lock.Lock()
	subscription := a.subscription
	a.lock.Unlock()
	if subscription != nil {
		subscription.Cancel()
	}
	return nil
}

// running is what can be done to the call.
func (a *asking) running() *weirkit.Running {
	running := &weirkit.Running{}
	if a.call.Kind == "fire-and-forget" || a.call.Kind == "metadata-push" {
		return running
	}
	running.Cancel = a.cancel
	if a.call.Kind == "request-response" {
		return running
	}
	running.Credit = func(n int) error { return a.once(func() { a.subscription.Request(n) }) }
	if a.call.Kind == "request-stream" {
		return running
	}
	running.Send = func(value, metadata any) error {
		return a.once(func() { a.sending.next(payload.New(bytesOf(value), bytesOf(metadata))) })
	}
	running.Finish = func(_ any, told *weirkit.Told) error {
		return a.once(func() {
			if told == nil {
				a.sending.complete()
				return
			}
			name, _ := told.Code.(string)
			code, _ := codeOf(name)
			a.abandon()
			a.sending.fail(failure{code, told.Message})
		})
	}
	return running
}

// outbox is a direction of a call: what goes out, in order, as the library takes it.
type outbox struct {
	lock    sync.Mutex
	sink    flux.Sink
	waiting []func(flux.Sink)
}

func newOutbox() *outbox { return &outbox{} }

// flux is what the library subscribes to; `finally` is told how that ended.
func (o *outbox) flux(finally func(rx.SignalType)) flux.Flux {
	return flux.Create(func(_ context.Context, sink flux.Sink) {
		o.lock.Lock()
		defer o.lock.Unlock()
		for _, act := range o.waiting {
			act(sink)
		}
		o.sink, o.waiting = sink, nil
	}).DoFinally(finally)
}

func (o *outbox) put(act func(flux.Sink)) {
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.sink == nil {
		o.waiting = append(o.waiting, act)
		return
	}
	act(o.sink)
}

func (o *outbox) next(given payload.Payload) {
	o.put(func(sink flux.Sink) { sink.Next(given) })
}

// complete ends it behind its items; the library waits for these where it is told so.
func (o *outbox) complete() {
	o.put(func(sink flux.Sink) { go sink.Complete() })
}

func (o *outbox) fail(err error) {
	o.put(func(sink flux.Sink) { go sink.Error(err) })
}
