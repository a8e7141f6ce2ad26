package main

import (
	"context"
	"sync"

	"github.com/rsocket/rsocket-go/payload"
	"github.com/rsocket/rsocket-go/rx"

	kit "weir-kit/rsocketkit"
)

// channel is a stream or a channel that was asked for. The route of a channel is in the first of its items, which the library gives
// only to who asks for one.
type channel struct {
	outbox
	begin        func(kind string, given payload.Payload) (*kit.Run, error)
	lock         sync.Mutex
	subscription rx.Subscription
	run          *kit.Run
}

func (c *channel) begun() *kit.Run {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.run
}

func (c *channel) Ask(n int) { go c.subscription.Request(n) }

func (c *channel) Stop() { c.subscription.Cancel() }

func (c *channel) OnSubscribe(_ context.Context, subscription rx.Subscription) {
	c.subscription = subscription
	subscription.Request(1)
}

func (c *channel) OnNext(given payload.Payload) {
	if run := c.begun(); run != nil {
		run.Item(itemOf(given))
		return
	}
	run, err := c.begin("request-channel", given)
	if err != nil {
		c.Fail(kit.ApplicationError, err.Error())
		return
	}
	c.lock.Lock()
	c.run = run
	c.lock.Unlock()
	run.Serve(c)
}

func (c *channel) OnComplete() {
	if run := c.begun(); run != nil {
		run.InputComplete()
	}
}

func (c *channel) OnError(err error) {
	if run := c.begun(); run != nil {
		code, _ := describe(err)
		run.InputFailed(code)
	}
}
