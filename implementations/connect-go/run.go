package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/reflect/protoreflect"

	"weir-kit/weirkit"
)

// run is one run of a handler.
type run struct {
	tell func(event string, value, metadata any)
	// finish tells that it is done, and leave that its caller is gone: whichever is first.
	finish, leave func()
}

func (h *handlers) begin(ctx context.Context, method protoreflect.MethodDescriptor, value any) run {
	number := fmt.Sprint(h.runs.Add(1))
	tell := func(event string, value, metadata any) {
		procedure := fmt.Sprintf("%s/%s", method.Parent().FullName(), method.Name())
		h.instance.Handler(weirkit.Seen{Procedure: procedure, Run: number, Event: event, Value: value, Metadata: metadata})
	}
	info, _ := connect.CallInfoForHandlerContext(ctx)
	tell("started", value, metadataOf(info.RequestHeader()))
	for name, values := range info.RequestHeader() {
		for _, said := range values {
			if strings.HasPrefix(name, "X-") {
				info.ResponseHeader().Add(name, said)
			}
			if strings.HasPrefix(name, "T-") {
				info.ResponseTrailer().Add(name, said)
			}
		}
	}
	var once sync.Once
	leave := func() { once.Do(func() { tell("cancelled", nil, nil) }) }
	stop := context.AfterFunc(ctx, leave)
	finish := func() {
		stop()
		once.Do(func() { tell("finished", nil, nil) })
	}
	return run{tell, finish, leave}
}
