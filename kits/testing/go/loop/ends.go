package main

import (
	"sync"

	kit "weir-kit/rsocketkit"
	"weir-kit/weirkit"
)

// end is one end of a connection.
type end struct {
	instance *weirkit.Instance
	services *kit.Services
	other    *end
}

// As a handler of the other end reaches it.

func (e *end) Echo(item kit.Item, answered func(item *kit.Item, code, text string)) func() {
	var answer *kit.Item
	return e.open("request-response", "echo", item, 1, receiver{
		item:      func(item kit.Item) { answer = &item },
		completed: func() { answered(answer, "", "") },
		failed:    func(code, text string) { answered(nil, code, text) },
	}).Cancel
}

func (e *end) Push(metadata []byte) { sent(func() { e.services.Pushed(metadata) }) }

// As the conversation does.

func (e *end) invoke(call *weirkit.Call) (*weirkit.Running, error) {
	first := kit.Item{Data: kit.BytesOf(call.Value), Metadata: kit.BytesOf(call.Metadata)}
	asking := kit.NewAsking(call)
	credit := kit.MaxRequests
	if call.Credit != nil {
		credit = *call.Credit
	}
	switch call.Kind {
	case "metadata-push":
		e.other.Push(first.Metadata)
	case "fire-and-forget":
		nobody := receiver{failed: func(string, string) {}}
		e.other.open(call.Kind, call.Procedure, first, 0, nobody)
	default:
		told := receiver{asking.Item, asking.Completed, asking.Failed, asking.Sent}
		stream := e.other.open(call.Kind, call.Procedure, first, credit, told)
		sent(func() { asking.Begun(stream) })
	}
	return asking.Running(), nil
}

var (
	lock    sync.Mutex
	servers = map[string]*end{}
)

func connect(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Client, error) {
	client := &end{instance: instance, services: kit.NewServices(instance, settings)}
	closed := func() error { return nil }
	if err := client.services.Admit(string(kit.BytesOf(settings.Options["setupData"]))); err != nil {
		instance.Status("refused", "REJECTED_SETUP")
		return &weirkit.Client{Close: closed}, nil
	}
	lock.Lock()
	defer lock.Unlock()
	client.other = servers[settings.URL]
	client.other.other = client
	client.other.instance.Status("connected", "")
	instance.Status("connected", "")
	return &weirkit.Client{Invoke: client.invoke, Close: closed}, nil
}

func serve(instance *weirkit.Instance, settings weirkit.Settings) (*weirkit.Server, error) {
	server := &end{instance: instance, services: kit.NewServices(instance, settings)}
	lock.Lock()
	defer lock.Unlock()
	servers["loop:s"] = server
	return &weirkit.Server{URL: "loop:s", Invoke: server.invoke, Stop: func(string) error { return nil }}, nil
}

func main() {
	go deliver()
	weirkit.Run(weirkit.Adapter{
		Info:    map[string]any{"control": 1, "name": "loop", "roles": []string{"client", "server"}},
		Connect: connect,
		Serve:   serve,
	})
}
