package weirkit

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
)

// Undefined is what JavaScript calls so.
type Undefined struct{}

// maxSafe is the largest integer of which a double knows its neighbours.
const maxSafe = 1<<53 - 1

// FromTagged gives the value that a message holds. Its error says which tag holds no value of its kind.
func FromTagged(value any) (any, error) {
	switch held := value.(type) {
	case []any:
		list := make([]any, len(held))
		for i, each := range held {
			read, err := FromTagged(each)
			if err != nil {
				return nil, err
			}
			list[i] = read
		}
		return list, nil
	case map[string]any:
		if len(held) == 1 {
			for tag, inner := range held {
				if read, known, err := readTag(tag, inner); known {
					return read, err
				}
			}
		}
		members := make(map[string]any, len(held))
		for key, each := range held {
			read, err := FromTagged(each)
			if err != nil {
				return nil, err
			}
			members[key] = read
		}
		return members, nil
	default:
		return value, nil
	}
}

func readTag(tag string, held any) (value any, known bool, err error) {
	text, isText := held.(string)
	malformed := fmt.Errorf("a malformed %s", tag)
	switch tag {
	case "$bytes":
		bytes, err := base64.StdEncoding.Strict().DecodeString(text)
		if !isText || err != nil {
			return nil, true, malformed
		}
		return bytes, true, nil
	case "$bigint":
		number, ok := new(big.Int).SetString(text, 10)
		if !isText || !ok {
			return nil, true, malformed
		}
		return number, true, nil
	case "$number":
		number, ok := map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "-0": math.Copysign(0, -1)}[text]
		if !isText || !ok {
			return nil, true, malformed
		}
		return number, true, nil
	case "$undefined":
		if held != true {
			return nil, true, malformed
		}
		return Undefined{}, true, nil
	default:
		return nil, false, nil
	}
}

// ToTagged gives a value of the library as a message holds it. What JSON has no form for is told by the name of its type.
func ToTagged(value any) any {
	switch held := value.(type) {
	case nil, bool, string:
		return held
	case Undefined:
		return map[string]any{"$undefined": true}
	case json.Number:
		return held
	case *big.Int:
		return map[string]any{"$bigint": held.String()}
	case []byte:
		return map[string]any{"$bytes": base64.StdEncoding.EncodeToString(held)}
	}
	held := reflect.ValueOf(value)
	switch {
	case held.CanInt():
		if number := held.Int(); number > maxSafe || number < -maxSafe {
			return map[string]any{"$bigint": fmt.Sprint(number)}
		}
		return held.Int()
	case held.CanUint():
		if held.Uint() > maxSafe {
			return map[string]any{"$bigint": fmt.Sprint(held.Uint())}
		}
		return held.Uint()
	case held.CanFloat():
		return taggedFloat(held.Float())
	case held.Kind() == reflect.Slice || held.Kind() == reflect.Array:
		list := make([]any, held.Len())
		for i := range list {
			list[i] = ToTagged(held.Index(i).Interface())
		}
		return list
	case held.Kind() == reflect.Map && held.Type().Key().Kind() == reflect.String:
		members := make(map[string]any, held.Len())
		for _, key := range held.MapKeys() {
			members[key.String()] = ToTagged(held.MapIndex(key).Interface())
		}
		return members
	default:
		return map[string]any{"$opaque": held.Type().String()}
	}
}

func taggedFloat(number float64) any {
	switch {
	case math.IsNaN(number):
		return map[string]any{"$number": "NaN"}
	case math.IsInf(number, 0):
		if number > 0 {
			return map[string]any{"$number": "Infinity"}
		}
		return map[string]any{"$number": "-Infinity"}
	case number == 0 && math.Signbit(number):
		return map[string]any{"$number": "-0"}
	default:
		return number
	}
}
