// Weir adapter for connect-go (connectrpc.com/connect). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see. Messages are
// dynamic ones, made from the descriptor of the standard test services; it is the only argument.
package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"weir-kit/weirkit"
)

// version is that of the library as it was linked.
func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "connectrpc.com/connect" {
			return module.Version[1:]
		}
	}
	return "unknown"
}

func main() {
	schema, err := readSchema(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	weirkit.Run(weirkit.Adapter{
		Info: map[string]any{
			"control":  1,
			"name":     "connect-go",
			"version":  version(),
			"language": "Go",
			"protocol": "connect",
			"roles":    []string{"client", "server"},
			"bindings": []string{"proto", "json", "proto-gzip", "json-gzip"},
			// Bidirectional streams are refused over HTTP/1.1 at both ends; brotli is not among what it brings.
			"features":    []string{"size-limit", "get", "error-details"},
			"shapes":      []string{"result-by-closing"},
			"concurrency": 8,
		},
		Connect: schema.connect,
		Serve:   schema.serve,
	})
}
