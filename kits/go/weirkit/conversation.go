package weirkit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// method is what a request has to hold, which handle it is about, and what is done at it.
type method struct {
	needs []string
	about string
	act   func(c *conversation, params map[string]any) (any, error)
}

var methods = map[string]method{
	"initialize": {act: func(c *conversation, _ map[string]any) (any, error) { return c.adapter.Info, nil }},
	"ping":       {act: func(*conversation, map[string]any) (any, error) { return nil, nil }},
	"shutdown":   {act: func(*conversation, map[string]any) (any, error) { return nil, nil }},
	"connect":    {[]string{"client", "url"}, "client", (*conversation).connect},
	"disconnect": {[]string{"client"}, "client", (*conversation).disconnect},
	"serve":      {[]string{"server"}, "server", (*conversation).serve},
	"stop":       {[]string{"server"}, "server", (*conversation).stop},
	"invoke":     {[]string{"call", "kind"}, "call", (*conversation).invoke},
	"send":       {[]string{"call"}, "call", (*conversation).send},
	"credit":     {[]string{"call", "n"}, "call", (*conversation).credit},
	"finish":     {[]string{"call"}, "call", (*conversation).finish},
	"cancel":     {[]string{"call"}, "call", (*conversation).cancel},
}

// conversation carries out requests with an adapter.
type conversation struct {
	adapter Adapter
	out     io.Writer
	// writing is held while a line is written, state while what follows is looked at.
	writing, state sync.Mutex
	clients        map[string]*Client
	closed         map[string]bool
	servers        map[string]*Server
	running        map[string]*Running
	lanes          lanes
}

// Run is an adapter's main: the conversation on stdin and stdout, until stdin ends. Whatever else prints to os.Stdout prints to stderr.
func Run(adapter Adapter) {
	out := os.Stdout
	os.Stdout = os.Stderr
	c := &conversation{
		adapter: adapter, out: out,
		clients: map[string]*Client{}, closed: map[string]bool{}, servers: map[string]*Server{}, running: map[string]*Running{},
		lanes: lanes{waiting: map[string][]func(){}},
	}
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			os.Exit(0)
		}
		c.receive(bytes.Trim(line, " \t\r\n"))
	}
}

func (c *conversation) receive(line []byte) {
	if len(line) == 0 {
		return
	}
	request, bad := readRequest(line)
	if bad != nil {
		c.refuse(bad.id, bad.code, bad.message)
		return
	}
	known, ok := methods[request.method]
	if !ok {
		c.refuse(request.id, -32601, "there is no method "+request.method)
		return
	}
	var lacking []string
	for _, name := range known.needs {
		if _, there := request.params[name]; !there {
			lacking = append(lacking, name)
		}
	}
	if len(lacking) > 0 {
		c.refuse(request.id, -32602, request.method+" needs "+strings.Join(lacking, " and "))
		return
	}
	carryOut := func() {
		result, err := known.act(c, request.params)
		if err != nil {
			c.refuse(request.id, -32000, err.Error())
			return
		}
		if result == nil {
			result = map[string]any{}
		}
		if request.id != nil {
			c.write(map[string]any{"id": request.id, "result": result})
		}
		if request.method == "shutdown" {
			os.Exit(0)
		}
	}
	if known.about == "" {
		carryOut()
		return
	}
	c.lanes.add(fmt.Sprint(known.about, " ", request.params[known.about]), carryOut)
}

func (c *conversation) write(message map[string]any) {
	message["jsonrpc"] = "2.0"
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	// Where the runner is gone nothing is left to tell to anyone.
	if _, err := c.out.Write(append(line, '\n')); err != nil {
		os.Exit(0)
	}
}

func (c *conversation) refuse(id json.RawMessage, code int, message string) {
	if id == nil {
		fmt.Fprintln(os.Stderr, "not carried out:", message)
		return
	}
	c.write(map[string]any{"id": id, "error": map[string]any{"code": code, "message": message}})
}

func (c *conversation) notify(method string, params map[string]any) {
	c.write(map[string]any{"method": method, "params": params})
}

func (c *conversation) instance(params map[string]any, role string) *Instance {
	return &Instance{textIn(params, role), c.notify}
}

func (c *conversation) connect(params map[string]any) (any, error) {
	handle := textIn(params, "client")
	c.state.Lock()
	client, there := c.clients[handle]
	there = there && !c.closed[handle]
	c.state.Unlock()
	if !there {
		if c.adapter.Connect == nil {
			return nil, errors.New("the library has no client")
		}
		settings, err := settingsOf(params)
		if err != nil {
			return nil, err
		}
		if client, err = c.adapter.Connect(c.instance(params, "client"), settings); err != nil {
			return nil, err
		}
		c.state.Lock()
		c.clients[handle] = client
		delete(c.closed, handle)
		c.state.Unlock()
	}
	if params["eager"] != true {
		return nil, nil
	}
	if client.Dial == nil {
		return nil, errors.New("the library dials only with a call")
	}
	return nil, client.Dial()
}

func (c *conversation) disconnect(params map[string]any) (any, error) {
	handle := textIn(params, "client")
	c.state.Lock()
	client, there := c.clients[handle]
	c.closed[handle] = there
	c.state.Unlock()
	if !there {
		return nil, fmt.Errorf("there is no client %s", handle)
	}
	return nil, client.Close()
}

func (c *conversation) serve(params map[string]any) (any, error) {
	if c.adapter.Serve == nil {
		return nil, errors.New("the library has no server")
	}
	settings, err := settingsOf(params)
	if err != nil {
		return nil, err
	}
	server, err := c.adapter.Serve(c.instance(params, "server"), settings)
	if err != nil {
		return nil, err
	}
	c.state.Lock()
	c.servers[textIn(params, "server")] = server
	c.state.Unlock()
	return map[string]any{"url": server.URL}, nil
}

func (c *conversation) stop(params map[string]any) (any, error) {
	handle := textIn(params, "server")
	c.state.Lock()
	server, there := c.servers[handle]
	delete(c.servers, handle)
	c.state.Unlock()
	if !there {
		return nil, fmt.Errorf("there is no server %s", handle)
	}
	return nil, server.Stop(textIn(params, "how"))
}
