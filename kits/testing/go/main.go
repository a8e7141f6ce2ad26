// A library that repeats what it is told, and an adapter for it: what the kits are tested with. toy.mjs and toy.py do the same.
package main

import (
	"errors"
	"fmt"
	"time"

	"weir-kit/weirkit"
)

func main() {
	weirkit.Run(weirkit.Adapter{
		Info:    map[string]any{"control": 1, "name": "toy", "roles": []string{"client", "server"}},
		Connect: connect,
		Serve:   serve,
	})
}

func connect(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Client, error) {
	return &weirkit.Client{
		Dial: func() error {
			instance.Status("connected", settings.Binding)
			return nil
		},
		Invoke: invoke,
		Close: func() error {
			instance.Log("closed")
			return nil
		},
	}, nil
}

func serve(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Server, error) {
	value, there := settings.Options["value"]
	instance.Handler(weirkit.Seen{Procedure: "echo", Run: "1", Event: "started", Value: value, HasValue: there, Metadata: []byte{0, 255}})
	port, given := settings.Timers["port"]
	if !given {
		port = 1
	}
	return &weirkit.Server{
		URL:    fmt.Sprintf("ws://127.0.0.1:%v", port),
		Invoke: func(call *weirkit.Call) (*weirkit.Running, error) { return running(call), nil },
		Stop: func(how string) error {
			if how == "" {
				how = "None"
			}
			instance.Log("stopped " + how)
			return nil
		},
	}, nil
}

func invoke(call *weirkit.Call) (*weirkit.Running, error) {
	fmt.Println("a library that prints")
	switch call.Kind {
	case "slow":
		time.Sleep(50 * time.Millisecond)
	case "once":
		call.Message(call.Value, nil)
		call.End(nil)
		// A call that has nothing to write: only what it has can be asked for.
		return &weirkit.Running{}, nil
	}
	call.Start(call.Metadata)
	asked := map[string]any{"procedure": orNil(call.Procedure), "service": orNil(call.Service), "credit": nil, "to": nil}
	if call.HasValue {
		asked["value"] = call.Value
	}
	if call.Credit != nil {
		asked["credit"] = *call.Credit
	}
	if call.To != nil {
		asked["to"] = *call.To
	}
	call.Message(asked, nil)
	return running(call), nil
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func running(call *weirkit.Call) *weirkit.Running {
	return &weirkit.Running{
		Send: func(value, metadata any) error {
			if value == "refuse" {
				return errors.New("not this one")
			}
			call.Message(value, metadata)
			return nil
		},
		Credit: func(n int) error {
			call.Message(fmt.Sprintf("%d more", n), nil)
			return nil
		},
		Finish: func(metadata any, told *weirkit.Told) error {
			if told != nil {
				call.Error(weirkit.Told{Code: told.Code, Message: told.Message, Extras: map[string]any{"from": "finish"}, Metadata: metadata})
			}
			call.End(metadata)
			return nil
		},
		Cancel: func() error {
			call.Error(weirkit.Told{Code: "CANCEL", Message: "cancelled"})
			call.End(nil)
			return nil
		},
	}
}
