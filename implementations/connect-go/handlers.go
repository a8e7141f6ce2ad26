package main

import (
	"context"
	"errors"
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
			// So says the library that the caller is gone; the context is over a moment later.
			if connect.CodeOf(err) == connect.CodeCanceled {
				run.leave()
			}
			return nil, err
		}
		run.tell("requests-closed", nil, nil)
		total := answerWith(method, "sum", sum)
		total.Set(method.Output().Fields().ByName("count"), protoreflect.ValueOfInt32(count))
		return total, nil
	}
}
