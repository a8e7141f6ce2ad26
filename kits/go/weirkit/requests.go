package weirkit

import (
	"errors"
	"fmt"
)

func textIn(params map[string]any, name string) string {
	text, _ := params[name].(string)
	return text
}

func countIn(params map[string]any, name string) *int {
	number, ok := params[name].(float64)
	if !ok {
		return nil
	}
	count := int(number)
	return &count
}

// hasValue says whether a request says something under `value`, or under the name that this had before.
func hasValue(params map[string]any, before string) bool {
	_, now := params["value"]
	_, then := params[before]
	return now || then
}

// valueIn gives what a request says under `value`, or under the name that this had before.
func valueIn(params map[string]any, before string) (any, error) {
	if value, there := params["value"]; there {
		return FromTagged(value)
	}
	return FromTagged(params[before])
}

func settingsOf(params map[string]any) (Settings, error) {
	settings := Settings{URL: textIn(params, "url"), Binding: textIn(params, "binding"), Timers: map[string]float64{}, Options: map[string]any{}, Params: params}
	if settings.Binding == "" {
		settings.Binding = textIn(params, "codec")
	}
	timers, _ := params["timers"].(map[string]any)
	for name := range timers {
		if ms, ok := timers[name].(float64); ok {
			settings.Timers[name] = ms
		}
	}
	options, err := FromTagged(params["options"])
	if err != nil {
		return settings, err
	}
	if named, ok := options.(map[string]any); ok {
		settings.Options = named
	}
	metadata, err := FromTagged(params["metadata"])
	settings.Metadata, _ = metadata.([]any)
	return settings, err
}

func (c *conversation) invoke(params map[string]any) (any, error) {
	handle := textIn(params, "at")
	if handle == "" {
		handle = textIn(params, "client")
	}
	name := textIn(params, "call")
	c.state.Lock()
	start, err := c.callerOf(handle)
	if _, there := c.running[name]; err == nil && there {
		err = fmt.Errorf("there is a call %s already", name)
	}
	if err == nil {
		c.running[name] = nil
	}
	c.state.Unlock()
	if err != nil {
		return nil, err
	}
	running, err := c.begin(name, start, params)
	c.state.Lock()
	defer c.state.Unlock()
	if err != nil {
		delete(c.running, name)
		return nil, err
	}
	c.running[name] = running
	return nil, nil
}

// callerOf gives what starts calls of an instance. The state is locked.
func (c *conversation) callerOf(handle string) (func(*Call) (*Running, error), error) {
	if client, there := c.clients[handle]; there {
		return client.Invoke, nil
	}
	server, there := c.servers[handle]
	if !there {
		return nil, fmt.Errorf("there is no client or server %s", handle)
	}
	if server.Invoke == nil {
		return nil, errors.New("the library makes no calls from a server")
	}
	return server.Invoke, nil
}

func (c *conversation) begin(name string, start func(*Call) (*Running, error), params map[string]any) (*Running, error) {
	value, err := valueIn(params, "init")
	if err != nil {
		return nil, err
	}
	metadata, err := FromTagged(params["metadata"])
	if err != nil {
		return nil, err
	}
	running, err := start(&Call{
		Name: name, Kind: textIn(params, "kind"), Service: textIn(params, "service"), Procedure: textIn(params, "procedure"),
		Value: value, HasValue: hasValue(params, "init"), Metadata: metadata, Credit: countIn(params, "credit"), To: countIn(params, "to"), notify: c.notify,
	})
	if running == nil {
		running = &Running{}
	}
	return running, err
}

// of gives a call that is running, and one that can do nothing while it only starts.
func (c *conversation) of(params map[string]any) (*Running, error) {
	name := textIn(params, "call")
	c.state.Lock()
	defer c.state.Unlock()
	running, there := c.running[name]
	if !there {
		return nil, fmt.Errorf("there is no call %s", name)
	}
	return running, nil
}

func cannot(what string) error { return fmt.Errorf("the library cannot %s on such a call", what) }

func (c *conversation) send(params map[string]any) (any, error) {
	running, err := c.of(params)
	if err != nil {
		return nil, err
	}
	if running.Send == nil {
		return nil, cannot("send")
	}
	value, err := valueIn(params, "request")
	if err != nil {
		return nil, err
	}
	metadata, err := FromTagged(params["metadata"])
	if err != nil {
		return nil, err
	}
	return nil, running.Send(value, metadata)
}

func (c *conversation) credit(params map[string]any) (any, error) {
	running, err := c.of(params)
	if err != nil {
		return nil, err
	}
	n := countIn(params, "n")
	if running.Credit == nil || n == nil {
		return nil, cannot("credit")
	}
	return nil, running.Credit(*n)
}

func (c *conversation) finish(params map[string]any) (any, error) {
	running, err := c.of(params)
	if err != nil {
		return nil, err
	}
	if running.Finish == nil {
		return nil, cannot("finish")
	}
	metadata, err := FromTagged(params["metadata"])
	if err != nil {
		return nil, err
	}
	var told *Told
	if problem, ok := params["error"].(map[string]any); ok {
		told = &Told{Code: problem["code"], Message: textIn(problem, "message")}
	}
	return nil, running.Finish(metadata, told)
}

func (c *conversation) cancel(params map[string]any) (any, error) {
	running, err := c.of(params)
	if err != nil {
		return nil, err
	}
	if running.Cancel == nil {
		return nil, cannot("cancel")
	}
	return nil, running.Cancel()
}
