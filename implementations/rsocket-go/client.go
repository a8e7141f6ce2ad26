package main

import (
	"context"
	"errors"
	"fmt"
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
