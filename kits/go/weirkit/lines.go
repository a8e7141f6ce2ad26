package weirkit

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// request is a line that was read. A notification has no id, which is not an id of null.
type request struct {
	id     json.RawMessage
	method string
	params map[string]any
}

// badLine is a line that is no request: code and id of the error that answers it.
type badLine struct {
	id      json.RawMessage
	code    int
	message string
}

var null = json.RawMessage("null")

func readRequest(line []byte) (request, *badLine) {
	var message any
	decoder := json.NewDecoder(bytes.NewReader(line))
	if !utf8.Valid(line) || decoder.Decode(&message) != nil || decoder.More() {
		return request{}, &badLine{null, -32700, "the line is no JSON in UTF-8"}
	}
	members, isObject := message.(map[string]any)
	var id json.RawMessage
	if isObject {
		var parts map[string]json.RawMessage
		_ = json.Unmarshal(line, &parts)
		id = parts["id"]
	}
	method, hasMethod := members["method"].(string)
	if !isObject || !hasMethod {
		return request{}, &badLine{orNull(id), -32600, "the line is no request: it has no method"}
	}
	params := map[string]any{}
	if said, there := members["params"]; there {
		object, ok := said.(map[string]any)
		if !ok {
			return request{}, &badLine{orNull(id), -32602, "params must be an object"}
		}
		params = object
	}
	return request{id, method, params}, nil
}

func orNull(id json.RawMessage) json.RawMessage {
	if id == nil {
		return null
	}
	return id
}
