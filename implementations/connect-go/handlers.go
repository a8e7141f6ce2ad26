package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"weir-kit/weirkit"
)

// handlers are those of services.yaml, which tell what they see.
type handlers struct {
	instance *weirkit.Instance
	schema   *schema
	// scale is by how much nominal times are multiplied.
	scale float64
	runs  atomic.Int64
}

// run is one run of a handler.
type run struct {
	tell func(event string, value, metadata any)
	// finish tells that it is done, unless its caller was gone before.
	finish func()
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
	stop := context.AfterFunc(ctx, func() { once.Do(func() { tell("cancelled", nil, nil) }) })
	return run{tell, func() {
		stop()
		once.Do(func() { tell("finished", nil, nil) })
	}}
}

// pause waits for nominal ms, or until the call is over.
func (h *handlers) pause(ctx context.Context, ms int64) error {
	select {
	case <-time.After(time.Duration(float64(ms) * h.scale * float64(time.Millisecond))):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func field(of *message, name protoreflect.Name) protoreflect.Value {
	return of.Get(of.Descriptor().Fields().ByName(name))
}

func answerWith(method protoreflect.MethodDescriptor, name protoreflect.Name, value any) *message {
	made := dynamicpb.NewMessage(method.Output())
	made.Set(method.Output().Fields().ByName(name), protoreflect.ValueOf(value))
	return made
}

// failure is the error that a request asks for.
func failure(request *message) *connect.Error {
	code := connect.CodeUnknown
	// What is no code's name leaves it as it is.
	_ = code.UnmarshalText([]byte(field(request, "code").String()))
	return connect.NewError(code, errors.New(field(request, "message").String()))
}

func (h *handlers) unary(method protoreflect.MethodDescriptor) func(context.Context, *message) (*message, error) {
	return func(ctx context.Context, request *message) (*message, error) {
		run := h.begin(ctx, method, toValue(request))
		defer run.finish()
		switch method.Name() {
		case "Fail", "FetchFail":
			failed := failure(request)
			details := field(request, "details").List()
			for i := range details.Len() {
				if detail, err := connect.NewErrorDetail(details.Get(i).Message().Interface()); err == nil {
					failed.AddDetail(detail)
				}
			}
			return nil, failed
		case "Wait":
			return answerWith(method, "text", field(request, "text").String()), h.pause(ctx, field(request, "ms").Int())
		case "Left":
			if deadline, ok := ctx.Deadline(); ok {
				return answerWith(method, "number", max(0, time.Until(deadline).Milliseconds())), nil
			}
			return dynamicpb.NewMessage(method.Output()), nil
		default:
			return request, nil
		}
	}
}

func (h *handlers) count(method protoreflect.MethodDescriptor) func(context.Context, *message, *connect.ServerStream[message]) error {
	return func(ctx context.Context, request *message, stream *connect.ServerStream[message]) error {
		run := h.begin(ctx, method, nil)
		defer run.finish()
		run.tell("request", toValue(request), nil)
		// Headers go out before the first number.
		if err := stream.Send(nil); err != nil {
			return err
		}
		for n := int64(1); n <= field(request, "to").Int(); n++ {
			if err := h.pause(ctx, field(request, "pause_ms").Int()); err != nil {
				return err
			}
			if err := stream.Send(answerWith(method, "n", int32(n))); err != nil {
				return err
			}
		}
		if field(request, "code").String() != "" {
			return failure(request)
		}
		return nil
	}
}

func (h *handlers) sum(method protoreflect.MethodDescriptor) func(context.Context, *connect.ClientStream[message]) (*message, error) {
	return func(ctx context.Context, stream *connect.ClientStream[message]) (*message, error) {
		run := h.begin(ctx, method, nil)
		defer run.finish()
		var sum, count int32
		for stream.Receive() {
			run.tell("request", toValue(stream.Msg()), nil)
			sum += int32(field(stream.Msg(), "n").Int())
			count++
		}
		if err := stream.Err(); err != nil {
			return nil, err
		}
		run.tell("requests-closed", nil, nil)
		total := answerWith(method, "sum", sum)
		total.Set(method.Output().Fields().ByName("count"), protoreflect.ValueOfInt32(count))
		return total, nil
	}
}

// chat is never reached over HTTP/1.1: the library answers such calls with 505.
func (h *handlers) chat(context.Context, *connect.BidiStream[message, message]) error { return nil }
