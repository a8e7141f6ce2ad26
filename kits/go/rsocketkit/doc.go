// Package rsocketkit holds what adapters for RSocket in Go have in common, whatever their library: the standard services, what is told
// of calls and of handlers, values and codes.
package rsocketkit
