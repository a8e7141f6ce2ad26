package main

import (
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"connectrpc.com/connect"

	"weir-kit/weirkit"
)

// reserved are fields that are HTTP's or Connect's own.
var reserved = regexp.MustCompile(`^(accept|accept-encoding|accept-post|allow|connect-.*|connection|content-(encoding|length|type)|date|host|keep-alive|te|trailer|transfer-encoding|user-agent|vary)$`)

// addTo adds metadata to a header; bytes go as the library writes them.
func addTo(header http.Header, metadata any) {
	fields, _ := metadata.(map[string]any)
	for name, values := range fields {
		for _, value := range values.([]any) {
			switch said := value.(type) {
			case []byte:
				header.Add(name, connect.EncodeBinaryHeader(said))
			case string:
				header.Add(name, said)
			}
		}
	}
}

// metadataOf is what an application finds in headers, in the order of their values.
func metadataOf(headers ...http.Header) map[string]any {
	metadata := map[string]any{}
	for _, header := range headers {
		for field, values := range header {
			name := strings.ToLower(field)
			if reserved.MatchString(name) {
				continue
			}
			list, _ := metadata[name].([]any)
			for _, value := range values {
				if bytes, err := connect.DecodeBinaryHeader(value); err == nil && strings.HasSuffix(name, "-bin") {
					list = append(list, bytes)
				} else {
					list = append(list, value)
				}
			}
			metadata[name] = list
		}
	}
	return metadata
}

// toldOf is an error of the library as its application sees it; one of another kind has the code that the library gives it.
func toldOf(err error) weirkit.Told {
	told := weirkit.Told{Code: connect.CodeOf(err).String(), Message: err.Error()}
	var failure *connect.Error
	if !errors.As(err, &failure) {
		return told
	}
	details := []any{}
	for _, detail := range failure.Details() {
		said := map[string]any{"type": detail.Type()}
		if value, err := detail.Value(); err == nil {
			said["message"] = toValue(value)
		} else {
			said["value"] = base64.RawStdEncoding.EncodeToString(detail.Bytes())
		}
		details = append(details, said)
	}
	told.Message, told.Extras, told.Metadata = failure.Message(), details, metadataOf(failure.Meta())
	return told
}
