package weirkit

// Settings is what `connect` and `serve` say, in Go's values.
type Settings struct {
	// URL is what a client dials, and a server where a broker stands between; else empty for a server.
	URL, Binding string
	// Timers are in ms, scaled already, and counts.
	Timers  map[string]float64
	Options map[string]any
	// Metadata holds one value for each handshake; the last one repeats.
	Metadata []any
	// Params is all of it, tagged, under the names of the control protocol.
	Params map[string]any
}

// Running is a call once the library has it; what the library cannot do is nil. Its functions may block.
type Running struct {
	Send   func(value, metadata any) error
	Credit func(n int) error
	// Finish closes the request side; where told is not nil, with that error.
	Finish func(metadata any, told *Told) error
	Cancel func() error
}

// Client is a client of the library. One that was closed stays: what it makes of later calls is the library's affair.
type Client struct {
	// Invoke starts a call, and does not wait for its result.
	Invoke func(call *Call) (*Running, error)
	Close  func() error
	// Dial begins to connect without a call and does not wait until it is; nil where the library cannot.
	Dial func() error
}

// Server is a server of the library, which listens. Stop is told how where a case says so.
type Server struct {
	URL  string
	Stop func(how string) error
	// Invoke starts a call of the server's; nil where servers do not call.
	Invoke func(call *Call) (*Running, error)
}

// Adapter is a library, and nothing that every adapter says alike. Requests about one handle come one after the other, others beside them.
type Adapter struct {
	// Info is what `initialize` answers.
	Info map[string]any
	// Connect makes a client; nil where the library has none.
	Connect func(instance *Instance, settings Settings) (*Client, error)
	// Serve starts a server; nil where the library has none.
	Serve func(instance *Instance, settings Settings) (*Server, error)
}
