package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

type message = dynamicpb.Message

// schema is the standard test service of the descriptor.
type schema struct {
	service protoreflect.ServiceDescriptor
}

// readSchema makes its messages known to the library too, as generated code would.
func readSchema(path string) (*schema, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(bytes, &set); err != nil {
		return nil, err
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		return nil, err
	}
	found, err := files.FindDescriptorByName("weir.v1.Test")
	if err != nil {
		return nil, err
	}
	messages := found.ParentFile().Messages()
	for i := range messages.Len() {
		if err := protoregistry.GlobalTypes.RegisterMessage(dynamicpb.NewMessageType(messages.Get(i))); err != nil {
			return nil, err
		}
	}
	return &schema{found.(protoreflect.ServiceDescriptor)}, nil
}

// method finds what a path names: weir.v1.Test/Echo.
func (s *schema) method(procedure string) (protoreflect.MethodDescriptor, error) {
	name := strings.TrimPrefix(procedure, string(s.service.FullName())+"/")
	if method := s.service.Methods().ByName(protoreflect.Name(name)); method != nil {
		return method, nil
	}
	return nil, fmt.Errorf("there is no procedure %s", procedure)
}

// idempotency is what generated code says of a method.
func idempotency(method protoreflect.MethodDescriptor) connect.IdempotencyLevel {
	if method.Options().(*descriptorpb.MethodOptions).GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS {
		return connect.IdempotencyNoSideEffects
	}
	return connect.IdempotencyUnknown
}

// initialize gives a dynamic message its type before the library reads into it.
func initialize(spec connect.Spec, target any) error {
	method := spec.Schema.(protoreflect.MethodDescriptor)
	descriptor := method.Input()
	if spec.IsClient {
		descriptor = method.Output()
	}
	*target.(*message) = *dynamicpb.NewMessage(descriptor)
	return nil
}

// fromValue reads the JSON form of a message, of which nothing is the empty one.
func fromValue(descriptor protoreflect.MessageDescriptor, value any) (*message, error) {
	made := dynamicpb.NewMessage(descriptor)
	if value == nil {
		return made, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return made, protojson.Unmarshal(text, made)
}

func toValue(said proto.Message) any {
	text, err := protojson.Marshal(said)
	if err != nil {
		return fmt.Sprintf("cannot be written as JSON: %v", err)
	}
	var value any
	_ = json.Unmarshal(text, &value)
	return value
}
