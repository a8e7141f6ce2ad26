package main

import (
	"context"
	"sync"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/reflect/protoreflect"

	"weir-kit/weirkit"
)

// upload writes a stream. Sends may block, so they stand in a queue. Its answer is given only to who closes the request side: that is
// done at `finish`, where a send fails, as the library's documentation has it, and where the call's context is over.
func upload(ctx context.Context, cancel func(), stub *connect.Client[message, message], method protoreflect.MethodDescriptor, call *weirkit.Call) *weirkit.Running {
	stream := stub.CallClientStream(ctx)
	addTo(stream.RequestHeader(), call.Metadata)
	queue := make(chan *message, 65536)
	var once sync.Once
	finish := func() { once.Do(func() { close(queue) }) }
	context.AfterFunc(ctx, finish)
	go func() {
		defer cancel()
		// Nothing but headers, which would else wait for the first message. What it fails with is told by what follows.
		_ = stream.Send(nil)
		for value := range queue {
			if stream.Send(value) != nil {
				break
			}
		}
		response, err := stream.CloseAndReceive()
		answer(call, response, err)
	}()
	send := func(said, _ any) (err error) {
		// After `finish` the library has nothing that could be called.
		defer func() { _ = recover() }()
		value, err := fromValue(method.Input(), said)
		if err == nil {
			queue <- value
		}
		return err
	}
	if call.Value != nil {
		_ = send(call.Value, nil)
	}
	return &weirkit.Running{
		Send:   send,
		Finish: func(any, *weirkit.Told) error { finish(); return nil },
		Cancel: func() error { cancel(); return nil },
	}
}
