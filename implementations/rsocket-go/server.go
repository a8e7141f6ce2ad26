package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/core/transport"
	"github.com/rsocket/rsocket-go/payload"

	kit "weir-kit/rsocketkit"
	"weir-kit/weirkit"
)

func serve(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	factory := func(context.Context) (net.Listener, error) { return listener, nil }
	scheme, listening := "tcp", transport.NewTCPServerTransport(factory)
	if settings.Binding != "tcp" {
		scheme, listening = "ws", transport.NewWebsocketServerTransport(factory, "/", nil)
	}
	services := kit.NewServices(instance, settings)
	var lock sync.Mutex
	var connections []rsocket.CloseableRSocket
	builder := rsocket.Receive()
	if size, given := settings.Number("fragmentSize"); given {
		builder.Fragment(int(size))
	}
	if settings.Options["resume"] == true {
		builder.Resume(rsocket.WithServerResumeSessionDuration(settings.Ms("resumeExpiryMs", 10000)))
	}
	accept := func(_ context.Context, setup payload.SetupPayload, socket rsocket.CloseableRSocket) (rsocket.RSocket, error) {
		if err := services.Admit(setup.DataUTF8()); err != nil {
			return nil, err
		}
		lock.Lock()
		connections = append(connections, socket)
		lock.Unlock()
		instance.Status("connected", "")
		socket.OnClose(func(error) { instance.Status("disconnected", "") })
		return responder(services, socket), nil
	}
	started := builder.Acceptor(accept).Transport(func(context.Context) (transport.ServerTransport, error) { return listening, nil })
	go func() { _ = started.Serve(ctx) }()
	return &weirkit.Server{
		URL: fmt.Sprintf("%s://%s", scheme, listener.Addr()),
		Invoke: func(call *weirkit.Call) (*weirkit.Running, error) {
			lock.Lock()
			defer lock.Unlock()
			which := len(connections) - 1
			if call.To != nil {
				which = *call.To
			}
			if which < 0 || which >= len(connections) {
				return nil, errors.New("no such connection")
			}
			asked := kit.NewAsking(call)
			go start(asked, connections[which])
			return asked.Running(), nil
		},
		Stop: func(string) error {
			lock.Lock()
			defer lock.Unlock()
			for _, socket := range connections {
				go socket.Close()
			}
			stop()
			return listener.Close()
		},
	}, nil
}
