package weirkit

// notify writes a notification.
type notify func(method string, params map[string]any)

// given adds what is there, tagged.
func given(params map[string]any, optional map[string]any) map[string]any {
	for name, value := range optional {
		if value != nil {
			params[name] = ToTagged(value)
		}
	}
	return params
}

// Instance is a client or a server under its handle.
type Instance struct {
	Handle string
	notify notify
}

// Status tells of a session: docs/adapters.md has the protocol's words. An empty detail is none.
func (i *Instance) Status(status, detail string) {
	params := map[string]any{"instance": i.Handle, "status": status}
	if detail != "" {
		params["detail"] = detail
	}
	i.notify("status", params)
}

// Seen is what a handler saw. Run tells runs of the same handler apart; Value and Metadata may be nil.
type Seen struct {
	Service, Procedure, Run, Event string
	Value, Metadata                any
	// HasValue says that a Value of nil is null; else there is none.
	HasValue bool
}

// Handler tells what a handler saw.
func (i *Instance) Handler(seen Seen) {
	params := map[string]any{"instance": i.Handle, "procedure": seen.Procedure, "run": seen.Run, "event": seen.Event}
	if seen.Service != "" {
		params["service"] = seen.Service
	}
	if seen.HasValue {
		params["value"] = ToTagged(seen.Value)
	}
	i.notify("handler", given(params, map[string]any{"value": seen.Value, "metadata": seen.Metadata}))
}

// Log writes a line for the report.
func (i *Instance) Log(message string) {
	i.notify("log", map[string]any{"message": message})
}

// Call is a call as it was asked for, and what is told of it.
type Call struct {
	Name, Kind, Service, Procedure string
	Value, Metadata                any
	// HasValue says whether the call opens with Value, of which nil is null; else it opens without one.
	HasValue bool
	// Credit is how many values its caller takes at first; nil where the protocol has none.
	Credit *int
	// To is on which of the connections that a server accepted; nil is the newest.
	To     *int
	notify notify
}

// Start tells that the answer began, apart from its first value.
func (c *Call) Start(metadata any) {
	c.notify("start", given(map[string]any{"call": c.Name}, map[string]any{"metadata": metadata}))
}

// Message tells an item; a value of nil is null.
func (c *Call) Message(value, metadata any) {
	result := given(map[string]any{"ok": true, "value": ToTagged(value)}, map[string]any{"metadata": metadata})
	c.notify("message", map[string]any{"call": c.Name, "result": result})
}

// Told is an error as the control protocol says it: Code is a word or a number; Extras and Metadata may be nil.
type Told struct {
	Code             any
	Message          string
	Extras, Metadata any
}

// Error tells an error as an item.
func (c *Call) Error(told Told) {
	problem := given(map[string]any{"code": told.Code, "message": told.Message}, map[string]any{"extras": told.Extras, "metadata": told.Metadata})
	c.notify("message", map[string]any{"call": c.Name, "result": map[string]any{"ok": false, "error": problem}})
}

// End tells that nothing more will be read.
func (c *Call) End(metadata any) {
	c.notify("end", given(map[string]any{"call": c.Name}, map[string]any{"metadata": metadata}))
}
