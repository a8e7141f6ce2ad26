// Package weirkit holds the conversation between Weir and an adapter (docs/adapters.md of Weir), so that an adapter
// holds only its library: lines, tagged values, handles, and several requests at a time.
//
// Values are Go's: nil, bool, string, float64, *big.Int for integers beyond a double, []byte, []any and
// map[string]any; Undefined is JavaScript's. What was not given is nil, or the empty string.
package weirkit
