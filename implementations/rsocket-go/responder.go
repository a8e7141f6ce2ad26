package main

import (
	"context"
	"sync"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/payload"
	"github.com/rsocket/rsocket-go/rx"
	"github.com/rsocket/rsocket-go/rx/flux"
	"github.com/rsocket/rsocket-go/rx/mono"

	kit "weir-kit/rsocketkit"
)

// responder answers calls of one other end with the standard services.
func responder(services *kit.Services, remote rsocket.RSocket) rsocket.RSocket {
	begin := func(kind string, given payload.Payload) (*kit.Run, error) {
		route, first, err := readRequest(given)
		if err != nil {
			return nil, err
		}
		return services.Begin(kind, route, first, peer{remote})
	}
	return rsocket.NewAbstractSocket(
		rsocket.MetadataPush(func(given payload.Payload) { services.Pushed(itemOf(given).Metadata) }),
		rsocket.FireAndForget(func(given payload.Payload) {
			if run, err := begin("fire-and-forget", given); err == nil {
				run.Serve(nil)
			}
		}),
		rsocket.RequestResponse(func(given payload.Payload) mono.Mono {
			run, err := begin("request-response", given)
			if err != nil {
				return mono.Error(err)
			}
			return mono.Create(func(_ context.Context, sink mono.Sink) { run.Serve(&answer{sink: sink}) }).DoFinally(ending(run))
		}),
		rsocket.RequestStream(func(given payload.Payload) flux.Flux {
			run, err := begin("request-stream", given)
			if err != nil {
				return flux.Error(err)
			}
			sending := &channel{}
			go run.Serve(sending)
			return sending.flux(ending(run))
		}),
		rsocket.RequestChannel(func(items flux.Flux) flux.Flux {
			incoming := &channel{begin: begin}
			go items.SubscribeWith(context.Background(), incoming)
			return incoming.flux(func(signal rx.SignalType) {
				if run := incoming.begun(); run != nil {
					ending(run)(signal)
				}
			})
		}),
	)
}

// ending tells a run how what it sends came to its end.
func ending(run *kit.Run) func(rx.SignalType) {
	return func(signal rx.SignalType) {
		if signal == rx.SignalCancel {
			run.Cancelled()
		} else {
			run.Close(signal == rx.SignalError, true)
		}
	}
}

// answer is where the handler of a request-response sends. The library takes an item and the end in one, once.
type answer struct {
	kit.Way
	sink mono.Sink
	once sync.Once
	item payload.Payload
}

func (a *answer) Next(item kit.Item) { a.item = payloadOf(item) }

func (a *answer) Complete() { a.once.Do(func() { a.sink.Success(a.item) }) }

func (a *answer) Fail(code uint32, text string) {
	a.once.Do(func() { a.sink.Error(failure{code, text}) })
}

// peer is the end that made a call.
type peer struct{ rsocket.RSocket }

func (p peer) Push(metadata []byte) { p.MetadataPush(payload.New(nil, metadata)) }

func (p peer) Echo(item kit.Item, answered func(item *kit.Item, code, text string)) func() {
	request, err := requestOf("echo", item)
	if err != nil {
		panic(err)
	}
	gone, leave := context.WithCancel(context.Background())
	var answer *kit.Item
	go p.RequestResponse(request).SubscribeWith(context.Background(), rx.NewSubscriber(
		rx.OnSubscribe(func(_ context.Context, subscription rx.Subscription) {
			context.AfterFunc(gone, subscription.Cancel)
			subscription.Request(rx.RequestMax)
		}),
		rx.OnNext(func(given payload.Payload) error {
			received := itemOf(given)
			answer = &received
			return nil
		}),
		rx.OnComplete(func() { answered(answer, "", "") }),
		rx.OnError(func(err error) {
			code, text := describe(err)
			answered(nil, code, text)
		}),
	))
	return leave
}
