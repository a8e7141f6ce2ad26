package rsocketkit

import (
	"strconv"
	"unicode/utf8"
)

// MaxRequests is credit without an end.
const MaxRequests = 1<<31 - 1

// Item is a payload; nil metadata is none.
type Item struct{ Data, Metadata []byte }

// BytesOf gives the bytes of what a case writes as text or bytes, nil where it writes nothing.
func BytesOf(value any) []byte {
	switch held := value.(type) {
	case string:
		return []byte(held)
	case []byte:
		return held
	default:
		return nil
	}
}

// ReadValue gives bytes as a case reads them: text where they are UTF-8, and nothing where there are none.
func ReadValue(bytes []byte) any {
	if bytes == nil {
		return nil
	}
	if utf8.Valid(bytes) {
		return string(bytes)
	}
	return bytes
}

func text(said string) Item { return Item{Data: []byte(said)} }

func number(i int) Item { return text(strconv.Itoa(i)) }
