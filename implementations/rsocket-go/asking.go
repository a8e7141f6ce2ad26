package main

import (
	"context"
	"sync"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/payload"
	"github.com/rsocket/rsocket-go/rx"

	kit "weir-kit/rsocketkit"
)

// asking is a call of the library's, and what can be done to it.
type asking struct {
	*kit.Asking
	outbox
	lock         sync.Mutex
	subscription rx.Subscription
}

func (a *asking) OnNext(given payload.Payload) { a.Item(itemOf(given)) }

func (a *asking) OnComplete() { a.Completed() }

func (a *asking) OnError(err error) { a.Failed(describe(err)) }

func (a *asking) OnSubscribe(_ context.Context, subscription rx.Subscription) {
	a.lock.Lock()
	a.subscription = subscription
	a.lock.Unlock()
	n := rx.RequestMax
	if a.Credit != nil {
		n = *a.Credit
	}
	subscription.Request(n)
}

func (a *asking) subscribed() rx.Subscription {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.subscription
}

func (a *asking) Request(n int) { a.subscribed().Request(n) }

func (a *asking) Cancel() {
	if subscription := a.subscribed(); subscription != nil {
		subscription.Cancel()
	}
}

// start makes the call, unless it was given up meanwhile.
func start(call *kit.Asking, socket rsocket.RSocket) {
	if call.Over() {
		return
	}
	procedure := call.Procedure
	if call.Kind == "metadata-push" {
		procedure = "" // Its metadata are the frame; no route stands beside them.
	}
	request, err := requestOf(procedure, kit.Item{Data: kit.BytesOf(call.Value), Metadata: kit.BytesOf(call.Metadata)})
	if err != nil {
		call.Failed(describe(err))
		return
	}
	a := &asking{Asking: call}
	background := context.Background()
	switch call.Kind {
	case "metadata-push":
		socket.MetadataPush(request)
	case "fire-and-forget":
		socket.FireAndForget(request)
	case "request-response":
		go socket.RequestResponse(request).SubscribeWith(background, a)
	case "request-stream":
		socket.RequestStream(request).SubscribeWith(background, a)
	default:
		a.Next(itemOf(request))
		socket.RequestChannel(a.flux(func(rx.SignalType) { a.Sent() })).SubscribeWith(background, a)
	}
	call.Begun(a)
}
