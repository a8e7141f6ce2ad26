package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/reflect/protoreflect"

	"weir-kit/weirkit"
)

// serve starts a server of net/http on a free port, with a handler for each procedure.
func (s *schema) serve(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Server, error) {
	options := []connect.HandlerOption{connect.WithRequestInitializer(initialize)}
	if most, given := settings.Number("readMaxBytes"); given {
		options = append(options, connect.WithReadMaxBytes(int(most)))
	}
	mux := http.NewServeMux()
	told := &handlers{instance: instance, scale: settings.Scale(), schema: s}
	for i := range s.service.Methods().Len() {
		method := s.service.Methods().Get(i)
		path := fmt.Sprintf("/%s/%s", s.service.FullName(), method.Name())
		asked := append([]connect.HandlerOption{connect.WithSchema(method), connect.WithIdempotency(idempotency(method))}, options...)
		mux.Handle(path, told.handler(path, method, asked))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: mux}
	go func() { _ = server.Serve(listener) }()
	return &weirkit.Server{
		URL:  "http://" + listener.Addr().String(),
		Stop: func(string) error { return server.Close() },
	}, nil
}

// handler is the library's for a procedure. What nobody implements fails as generated code has it.
func (h *handlers) handler(path string, method protoreflect.MethodDescriptor, options []connect.HandlerOption) *connect.Handler {
	switch method.Name() {
	case "Count":
		return connect.NewServerStreamHandlerSimple(path, h.count(method), options...)
	case "Sum":
		return connect.NewClientStreamHandlerSimple(path, h.sum(method), options...)
	case "Chat":
		// Never reached over HTTP/1.1: the library answers such calls with 505.
		return connect.NewBidiStreamHandler(path, func(context.Context, *connect.BidiStream[message, message]) error { return nil }, options...)
	case "Unmade":
		return connect.NewUnaryHandlerSimple(path, func(context.Context, *message) (*message, error) {
			return nil, connect.NewError(connect.CodeUnimplemented, errors.New("weir.v1.Test.Unmade is not implemented"))
		}, options...)
	default:
		return connect.NewUnaryHandlerSimple(path, h.unary(method), options...)
	}
}
