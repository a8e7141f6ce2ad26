package rsocketkit

import (
	"regexp"
	"strconv"
	"strings"
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

// readData does the same with data, of which none is an empty text.
func readData(bytes []byte) any {
	if bytes == nil {
		return ""
	}
	return ReadValue(bytes)
}

func text(said string) Item { return Item{Data: []byte(said)} }

func number(i int) Item { return text(strconv.Itoa(i)) }

var decimal = regexp.MustCompile(`^-?[0-9]{1,15}$`)

// numberIn gives the decimal number that is the first word of a text, or 0.
func numberIn(said string) int {
	word, _, _ := strings.Cut(said, " ")
	if !decimal.MatchString(word) {
		return 0
	}
	n, _ := strconv.Atoi(word)
	return n
}
