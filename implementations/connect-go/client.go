package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	"weir-kit/weirkit"
)

// connect makes a client with connections of its own; it dials with its calls.
func (s *schema) connect(_ *weirkit.Instance, settings weirkit.Settings) (*weirkit.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	all, closeAll := context.WithCancel(context.Background())
	options := []connect.ClientOption{connect.WithResponseInitializer(initialize)}
	if strings.HasPrefix(settings.Binding, "json") {
		options = append(options, connect.WithProtoJSON())
	}
	if strings.HasSuffix(settings.Binding, "-gzip") {
		options = append(options, connect.WithSendGzip())
	}
	if most, given := settings.Number("readMaxBytes"); given {
		options = append(options, connect.WithReadMaxBytes(int(most)))
	}
	return &weirkit.Client{
		Invoke: func(call *weirkit.Call) (*weirkit.Running, error) {
			method, err := s.method(call.Procedure)
			if err != nil {
				return nil, err
			}
			asked := append([]connect.ClientOption{connect.WithSchema(method), connect.WithIdempotency(idempotency(method))}, options...)
			if call.Kind == "get" {
				asked = append(asked, connect.WithHTTPGet())
			}
			url := strings.TrimSuffix(settings.URL, "/") + settings.Text("prefix", "") + "/" + call.Procedure
			stub := connect.NewClient[message, message](&http.Client{Transport: transport}, url, asked...)
			ctx, cancel := bounded(all, settings.Timers["timeoutMs"])
			if method.IsStreamingClient() {
				return upload(ctx, cancel, stub, method, call), nil
			}
			value, err := fromValue(method.Input(), call.Value)
			if err != nil {
				return nil, err
			}
			request := connect.NewRequest(value)
			addTo(request.Header(), call.Metadata)
			go func() {
				defer cancel()
				if method.IsStreamingServer() {
					download(ctx, stub, request, call)
				} else {
					response, err := stub.CallUnary(ctx, request)
					answer(call, response, err)
				}
			}()
			return &weirkit.Running{Cancel: func() error { cancel(); return nil }}, nil
		},
		Dial: func() error { return nil },
		Close: func() error {
			closeAll()
			transport.CloseIdleConnections()
			return nil
		},
	}, nil
}

// bounded is a call's context: with a deadline where one is set.
func bounded(all context.Context, ms float64) (context.Context, context.CancelFunc) {
	if ms > 0 {
		return context.WithTimeout(all, time.Duration(ms*float64(time.Millisecond)))
	}
	return context.WithCancel(all)
}

// answer tells the one answer of a call.
func answer(call *weirkit.Call, response *connect.Response[message], err error) {
	if err != nil {
		// Its metadata, leading and trailing, is the error's.
		call.Error(toldOf(err))
		call.End(map[string]any{})
		return
	}
	call.Start(metadataOf(response.Header()))
	call.Message(toValue(response.Msg), nil)
	call.End(metadataOf(response.Trailer()))
}

// download reads a stream. Without an answer the library gives no headers: then none began.
func download(ctx context.Context, stub *connect.Client[message, message], request *connect.Request[message], call *weirkit.Call) {
	stream, err := stub.CallServerStream(ctx, request)
	if err != nil {
		answer(call, nil, err)
		return
	}
	defer stream.Close()
	if headers := stream.ResponseHeader(); len(headers) > 0 {
		call.Start(metadataOf(headers))
	}
	for stream.Receive() {
		call.Message(toValue(stream.Msg()), nil)
	}
	if err := stream.Err(); err != nil {
		answer(call, nil, err)
		return
	}
	call.End(metadataOf(stream.ResponseTrailer()))
}
