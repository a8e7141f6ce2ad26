package main

import (
	"errors"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/extension"
	"github.com/rsocket/rsocket-go/payload"

	kit "weir-kit/rsocketkit"
)

// itemOf copies what the library hands out, since it is given back when the callback returns.
func itemOf(given payload.Payload) kit.Item {
	copied := kit.Item{Data: append([]byte{}, given.Data()...)}
	if metadata, there := given.Metadata(); there {
		copied.Metadata = append([]byte{}, metadata...)
	}
	return copied
}

func payloadOf(item kit.Item) payload.Payload { return payload.New(item.Data, item.Metadata) }

// requestOf makes a request, whose route stands beside what the application says; without a route its metadata are as they are.
func requestOf(procedure string, item kit.Item) (payload.Payload, error) {
	if procedure == "" {
		return payloadOf(item), nil
	}
	route, err := extension.EncodeRouting(procedure)
	if err != nil {
		return nil, err
	}
	builder := extension.NewCompositeMetadataBuilder().PushWellKnown(extension.MessageRouting, route)
	if item.Metadata != nil {
		builder.PushWellKnown(extension.ApplicationOctetStream, item.Metadata)
	}
	composite, err := builder.Build()
	return payload.New(item.Data, composite), err
}

// readRequest gives the route of a request, and its payload without it.
func readRequest(given payload.Payload) (route string, first kit.Item, err error) {
	first = itemOf(given)
	entries := extension.NewCompositeMetadataBytes(first.Metadata).Scanner()
	first.Metadata = nil
	for entries.Scan() {
		mime, content, err := entries.Metadata()
		if err != nil {
			return "", first, err
		}
		switch mime {
		case extension.MessageRouting.String():
			tags, err := extension.ParseRoutingTags(content)
			if err != nil {
				return "", first, err
			}
			route = tags[0]
		case extension.ApplicationOctetStream.String():
			first.Metadata = append([]byte{}, content...)
		}
	}
	return route, first, nil
}

// failure is an error with a code of the application's choice.
type failure struct {
	code uint32
	text string
}

func (f failure) Error() string                { return f.text }
func (f failure) ErrorCode() rsocket.ErrorCode { return rsocket.ErrorCode(f.code) }
func (f failure) ErrorData() []byte            { return []byte(f.text) }

// describe gives the code and the text with which an error of the library is told.
func describe(err error) (code, text string) {
	var coded rsocket.Error
	if !errors.As(err, &coded) {
		return "CLOSED", err.Error()
	}
	return kit.CodeName(uint32(coded.ErrorCode())), string(coded.ErrorData())
}
