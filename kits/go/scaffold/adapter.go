// The adapter of __NAME__: Weir drives your library through it and hears what the library's API shows. It never makes up
// for the library: no retries, no repairs, nothing kept back. What is left for you to write is marked "yours"; the rest
// is the conversation with Weir.
package main

import (
	"fmt"

	"__NAME__/weirkit"
)

func main() {
	weirkit.Run(weirkit.Adapter{
		Info: map[string]any{
			"control": 1,
			"name":    "__NAME__",
			// yours: the version that is really loaded.
			"version":  "0.0.0",
			"language": "Go",
			"protocol": "__PROTOCOL__",
			"roles":    []string{"__ROLES__"},
			"bindings": []string{"__BINDINGS__"},
			// yours: what it can do beyond the basics; each opens more cases (docs/adapters.md, “Words of the protocols”): __FEATURES__.
			"features":    []string{},
			"concurrency": 8,
		},
		// <client>
		Connect: connect,
		// </client>
		// <server>
		Serve: serve,
		// </server>
	})
}

// missing tells Weir's report what is not written yet.
func missing(what string) error { return fmt.Errorf("adapter.go is yours to write: %s", what) }

// <client>
// connect makes a client, and does not wait for its connection.
func connect(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Client, error) {
	// yours: make it for settings.URL, with settings.Timers in ms and what settings.Options asks for.
	return &weirkit.Client{
		// Invoke starts a call and goes on at once. Kinds of calls: __KINDS__.
		Invoke: func(call *weirkit.Call) (*weirkit.Running, error) {
			// yours: start it, and tell what comes back: call.Message, call.Error, and call.End once, as the last.
			// Then return what can be done to it: &weirkit.Running{Send: …, Finish: …, Cancel: …}.
			return nil, missing(fmt.Sprintf("start a call of kind %s to %s with a client for %s", call.Kind, call.Procedure, settings.URL))
		},
		// yours: begin to connect now, without a call; nothing is to be done where the library dials with its calls.
		Dial: func() error { return nil },
		Close: func() error {
			// yours: close the client for good.
			instance.Log("closed, of which the library knows nothing yet")
			return nil
		},
	}, nil
}

// </client>
// <server>
// serve starts a server with the services that cases/__PROTOCOL__/services.yaml of the package describes.
func serve(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Server, error) {
	// <listen>
	// yours: start it on a free port of the loopback, and return its URL and what stops it; tell with instance.Handler
	// what handlers see, if that can be told.
	// </listen>
	// <broker>
	// yours: start it at the broker that is at settings.URL, all its names beginning with settings.Params["space"], and
	// return what stops it; tell with instance.Handler what handlers see, if that can be told.
	// </broker>
	return nil, missing(fmt.Sprintf("start the server %s for the binding %s", instance.Handle, settings.Binding))
}

// </server>
