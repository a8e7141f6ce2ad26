package main

import (
	"context"
	"sync"

	"github.com/rsocket/rsocket-go/rx"
	"github.com/rsocket/rsocket-go/rx/flux"

	kit "weir-kit/rsocketkit"
)

// outbox is a direction of a call: what goes out, in order, as the library takes it.
type outbox struct {
	lock    sync.Mutex
	sink    flux.Sink
	waiting []func(flux.Sink)
}

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

func (o *outbox) Next(item kit.Item) {
	o.put(func(sink flux.Sink) { sink.Next(payloadOf(item)) })
}

// Complete ends it behind its items; the library waits for these where it is told so.
func (o *outbox) Complete() {
	o.put(func(sink flux.Sink) { go sink.Complete() })
}

func (o *outbox) Fail(code uint32, text string) {
	o.put(func(sink flux.Sink) { go sink.Error(failure{code, text}) })
}
