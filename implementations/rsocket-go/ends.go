package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/core/transport"
	"github.com/rsocket/rsocket-go/extension"
	"github.com/rsocket/rsocket-go/payload"

	kit "weir-kit/rsocketkit"
	"weir-kit/weirkit"
)

// client is a client of the library, which dials when it is told to, or called.
type client struct {
	instance *weirkit.Instance
	start    func(ctx context.Context) (rsocket.Client, error)
	dial     sync.Once
	ready    chan struct{}
	socket   rsocket.Client
	err      error
	stop     context.CancelFunc
	ctx      context.Context
}

func connect(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Client, error) {
	options := settings.Options
	target, err := url.Parse(settings.URL)
	if err != nil {
		return nil, err
	}
	var dial transport.ClientTransporter
	if settings.Binding == "tcp" {
		dial = rsocket.TCPClient().SetAddr(target.Host).Build()
	} else {
		dial = rsocket.WebsocketClient().SetURL(settings.URL).Build()
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &client{instance: instance, ready: make(chan struct{}), ctx: ctx, stop: stop}
	builder := rsocket.Connect().
		KeepAlive(settings.Ms("keepaliveMs", 2000), settings.Ms("lifetimeMs", 10000), 1).
		MetadataMimeType(settings.Text("metadataMime", extension.MessageCompositeMetadata.String())).
		DataMimeType(settings.Text("dataMime", extension.ApplicationOctetStream.String())).
		SetupPayload(payload.New(kit.BytesOf(options["setupData"]), kit.BytesOf(options["setupMetadata"]))).
		OnClose(func(err error) {
			var coded rsocket.Error
			if errors.As(err, &coded) {
				code, _ := describe(err)
				instance.Status("refused", code)
			}
			instance.Status("closed", "")
		})
	if size, given := settings.Number("fragmentSize"); given {
		builder.Fragment(int(size))
	}
	if options["resume"] == true {
		token := kit.BytesOf(options["token"])
		if token == nil {
			token = []byte(fmt.Sprintf("weir-%d", time.Now().UnixNano()))
		}
		builder.Resume(rsocket.WithClientResumeToken(func() []byte { return token }))
	}
	services := kit.NewServices(instance, settings)
	c.start = builder.Acceptor(func(_ context.Context, socket rsocket.RSocket) rsocket.RSocket {
		return responder(services, socket)
	}).Transport(dial).Start
	return &weirkit.Client{
		Dial: func() error {
			go c.connected()
			return nil
		},
		Invoke: func(call *weirkit.Call) (*weirkit.Running, error) {
			asked := kit.NewAsking(call)
			go func() {
				if err := c.connected(); err != nil {
					asked.Failed(describe(err))
					return
				}
				start(asked, c.socket)
			}()
			return asked.Running(), nil
		},
		Close: c.close,
	}, nil
}

// connected dials, once, and waits until the SETUP is sent.
func (c *client) connected() error {
	c.dial.Do(func() {
		defer close(c.ready)
		c.socket, c.err = c.start(c.ctx)
		if c.err != nil {
			c.instance.Status("closed", c.err.Error())
			return
		}
		c.instance.Status("connected", "")
	})
	<-c.ready
	return c.err
}

func (c *client) close() error {
	c.dial.Do(func() {
		c.err = errors.New("the client is closed")
		close(c.ready)
	})
	go func() {
		<-c.ready
		if c.socket != nil {
			_ = c.socket.Close()
		}
		c.stop()
	}()
	return nil
}

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
