// Weir adapter for rsocket-go (github.com/rsocket/rsocket-go). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see. An error with a
// code is an ERROR frame: its code keeps its name, or its number. Every other error that ends a call says that the connection could not
// be had, or is gone: CLOSED.
package main

import (
	"runtime/debug"

	"weir-kit/weirkit"
)

// version is that of the library as it was linked.
func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/rsocket/rsocket-go" {
			return module.Version[1:]
		}
	}
	return "unknown"
}

func main() {
	weirkit.Run(weirkit.Adapter{
		Info: map[string]any{
			"control":  1,
			"name":     "rsocket-go",
			"version":  version(),
			"language": "Go",
			"protocol": "rsocket",
			"roles":    []string{"client", "server"},
			"bindings": []string{"tcp", "websocket"},
			// Leases are not: a client of the library can grant none.
			"features": []string{
				"resume", "fragmentation", "metadata-push", "server-calls", "client-handlers", "credit",
				"response-metadata", "keepalive-timeout", "error-codes", "client-error-codes", "channel-failure", "empty-completion",
			},
			"concurrency": 8,
		},
		Connect: connect,
		Serve:   serve,
	})
}
