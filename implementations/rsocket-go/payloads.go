package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/extension"
	"github.com/rsocket/rsocket-go/payload"
)

// item is a payload of which the library may reuse the bytes; nil metadata is none.
type item struct{ data, metadata []byte }

// itemOf copies what the library hands out, since it is given back when the callback returns.
func itemOf(given payload.Payload) item {
	copied := item{data: append([]byte{}, given.Data()...)}
	if metadata, there := given.Metadata(); there {
		copied.metadata = append([]byte{}, metadata...)
	}
	return copied
}

func (i item) payload() payload.Payload { return payload.New(i.data, i.metadata) }

// bytesOf gives the bytes of what a case writes as text or bytes.
func bytesOf(value any) []byte {
	switch held := value.(type) {
	case string:
		return []byte(held)
	case []byte:
		return held
	default:
		return nil
	}
}

// readValue gives bytes as a case reads them: text where they are UTF-8, and nothing where there are none.
func readValue(bytes []byte) any {
	if bytes == nil {
		return nil
	}
	if utf8.Valid(bytes) {
		return string(bytes)
	}
	return bytes
}

// requestOf makes the request of a call, whose route stands beside what the application says.
func requestOf(procedure string, value, metadata any) (payload.Payload, error) {
	if procedure == "" {
		return payload.New(bytesOf(value), bytesOf(metadata)), nil
	}
	route, err := extension.EncodeRouting(procedure)
	if err != nil {
		return nil, err
	}
	builder := extension.NewCompositeMetadataBuilder().PushWellKnown(extension.MessageRouting, route)
	if metadata != nil {
		builder.PushWellKnown(extension.ApplicationOctetStream, bytesOf(metadata))
	}
	composite, err := builder.Build()
	return payload.New(bytesOf(value), composite), err
}

// readRequest gives the route of a request, and its payload without it.
func readRequest(given payload.Payload) (route string, first item, err error) {
	first = itemOf(given)
	entries := extension.NewCompositeMetadataBytes(first.metadata).Scanner()
	first.metadata = nil
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
			first.metadata = append([]byte{}, content...)
		}
	}
	if route == "" {
		err = errors.New("the request has no route")
	}
	return route, first, err
}

// codes are those that have a name.
var codes = []rsocket.ErrorCode{
	rsocket.ErrorCodeInvalidSetup, rsocket.ErrorCodeUnsupportedSetup, rsocket.ErrorCodeRejectedSetup, rsocket.ErrorCodeRejectedResume,
	rsocket.ErrorCodeConnectionError, rsocket.ErrorCodeConnectionClose, rsocket.ErrorCodeApplicationError, rsocket.ErrorCodeRejected,
	rsocket.ErrorCodeCanceled, rsocket.ErrorCodeInvalid,
}

// failure is an error with a code of the application's choice.
type failure struct {
	code rsocket.ErrorCode
	text string
}

func (f failure) Error() string                { return f.text }
func (f failure) ErrorCode() rsocket.ErrorCode { return f.code }
func (f failure) ErrorData() []byte            { return []byte(f.text) }

// codeOf gives the code that a name, or 0x…, stands for.
func codeOf(name string) (rsocket.ErrorCode, bool) {
	for _, code := range codes {
		if code.String() == name {
			return code, true
		}
	}
	if !strings.HasPrefix(name, "0x") || len(name) > 10 {
		return 0, false
	}
	number, err := strconv.ParseUint(name[2:], 16, 32)
	return rsocket.ErrorCode(number), err == nil
}

// failureOf is what services.yaml means by `error`: a code and a text, or a text.
func failureOf(told string) error {
	name, text, _ := strings.Cut(told, " ")
	if code, known := codeOf(name); known {
		return failure{code, text}
	}
	return failure{rsocket.ErrorCodeApplicationError, told}
}

// describe gives the code and the text with which an error of the library is told.
func describe(err error) (code, text string) {
	var coded rsocket.Error
	if !errors.As(err, &coded) {
		return "CLOSED", err.Error()
	}
	if name := coded.ErrorCode().String(); name != "UNKNOWN" {
		return name, string(coded.ErrorData())
	}
	return fmt.Sprintf("0x%08x", uint32(coded.ErrorCode())), string(coded.ErrorData())
}
