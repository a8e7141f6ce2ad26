package main

import (
	"context"
	"strconv"
	"sync"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/payload"
	"github.com/rsocket/rsocket-go/rx"
	"github.com/rsocket/rsocket-go/rx/flux"
	"github.com/rsocket/rsocket-go/rx/mono"
)

// responder answers calls with the standard services.
func (s *services) responder() rsocket.RSocket {
	return rsocket.NewAbstractSocket(
		rsocket.MetadataPush(func(given payload.Payload) {
			s.state.lock.Lock()
			s.runs["metadata-push"]++
			begun := &run{services: s, name: "metadata-push", number: strconv.Itoa(s.runs["metadata-push"])}
			s.state.lock.Unlock()
			begun.tell("started", nil, readValue(itemOf(given).metadata))
		}),
		rsocket.FireAndForget(func(given payload.Payload) {
			begun, err := s.begin("fire-and-forget", given)
			if err != nil {
				return
			}
			defer begun.close(true, true)
			handlers[begun.name](begun)
		}),
		rsocket.RequestResponse(func(given payload.Payload) mono.Mono {
			begun, err := s.begin("request-response", given)
			if err != nil {
				return mono.Error(err)
			}
			return mono.Create(func(_ context.Context, sink mono.Sink) {
				begun.out = &answer{sink: sink}
				handlers[begun.name](begun)
			}).DoFinally(begun.ended)
		}),
		rsocket.RequestStream(func(given payload.Payload) flux.Flux {
			begun, err := s.begin("request-stream", given)
			if err != nil {
				return flux.Error(err)
			}
			sending := newOutbox()
			begun.out = sending
			go handlers[begun.name](begun)
			return sending.flux(begun.ended)
		}),
		rsocket.RequestChannel(func(items flux.Flux) flux.Flux {
			channel := &channel{services: s, sending: newOutbox()}
			go items.SubscribeWith(context.Background(), channel)
			return channel.sending.flux(channel.ended)
		}),
	)
}

// answer is where the handler of a request-response sends.
type answer struct {
	sink mono.Sink
	lock sync.Mutex
	item payload.Payload
	over bool
}

func (a *answer) end(act func()) {
	a.lock.Lock()
	over := a.over
	a.over = true
	a.lock.Unlock()
	if !over {
		act()
	}
}

func (a *answer) next(given payload.Payload) { a.item = given }

// complete gives the item that there is: the library takes both in one.
func (a *answer) complete() { a.end(func() { a.sink.Success(a.item) }) }

func (a *answer) fail(err error) { a.end(func() { a.sink.Error(err) }) }

// channel is a run whose route is in the first of its items. The library gives the first only to who asks for one.
type channel struct {
	*services
	sending      *outbox
	lock         sync.Mutex
	subscription rx.Subscription
	run          *run
	reactions    reactions
}

func (c *channel) begun() *run {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.run
}

func (c *channel) ended(signal rx.SignalType) {
	if begun := c.begun(); begun != nil {
		begun.ended(signal)
	}
}

func (c *channel) OnSubscribe(_ context.Context, subscription rx.Subscription) {
	c.subscription = subscription
	subscription.Request(1)
}

func (c *channel) OnNext(given payload.Payload) {
	if begun := c.begun(); begun != nil {
		received := itemOf(given)
		begun.tell("request", readValue(received.data), readValue(received.metadata))
		if c.reactions.item != nil {
			c.reactions.item(received)
		}
		return
	}
	begun, err := c.begin("request-channel", given)
	if err != nil {
		c.sending.fail(err)
		return
	}
	begun.out = c.sending
	begun.ask = func(n int) { go c.subscription.Request(n) }
	begun.stop = func() { c.subscription.Cancel() }
	c.lock.Lock()
	c.run = begun
	c.lock.Unlock()
	c.reactions = handlers[begun.name](begun)
}

func (c *channel) OnComplete() {
	begun := c.begun()
	if begun == nil {
		return
	}
	begun.tell("requests-closed", nil, nil)
	if c.reactions.complete != nil {
		c.reactions.complete()
	}
	begun.close(true, false)
}

func (c *channel) OnError(err error) {
	begun := c.begun()
	if begun == nil {
		return
	}
	code, _ := describe(err)
	begun.leave()
	begun.tell("requests-failed", code, nil)
	begun.close(true, true)
}
