package rsocketkit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"weir-kit/weirkit"
)

// Services are the standard test services of one instance (cases/rsocket/services.yaml), whose state is fresh.
type Services struct {
	instance *weirkit.Instance
	scale    float64
	lock     sync.Mutex
	counter  int
	log      []string
	runs     map[string]int
}

// NewServices are those of an instance that was told these settings.
func NewServices(instance *weirkit.Instance, settings weirkit.Settings) *Services {
	return &Services{instance: instance, scale: settings.Scale(), runs: map[string]int{}}
}

// Way is what a library does with what a handler sends. What is said after the end is the library's affair.
type Way interface {
	Next(item Item)
	Complete()
	Fail(code uint32, text string)
	// Ask asks for further items of a channel, and Stop wants no more of them.
	Ask(n int)
	Stop()
}

// Peer is the end that made a call, as a handler reaches it.
type Peer interface {
	// Echo is a request-response to its `echo`, and gives what cancels that. An answer of nil is none; then a code is that of its error.
	Echo(item Item, answered func(item *Item, code, text string)) (cancel func())
	Push(metadata []byte)
}

// Run is one run of a handler. Nothing is told of it after its end.
type Run struct {
	*Services
	Route  string
	number string
	first  Item
	peer   Peer
	out    Way
	// gone is done once the caller has left.
	gone  context.Context
	leave context.CancelFunc
	// Directions that are open, and whether the end was told.
	closing         sync.Mutex
	in, sends, told bool
	reactions       reactions
}

// Pushed tells a METADATA_PUSH.
func (s *Services) Pushed(metadata []byte) {
	begun := &Run{Services: s, Route: "metadata-push", number: s.count("metadata-push")}
	begun.tell("started", nil, ReadValue(metadata))
}

// Begin tells that a handler started. Its error is that there is no such route.
func (s *Services) Begin(kind, route string, first Item, peer Peer) (*Run, error) {
	if route == "" {
		return nil, errors.New("the request has no route")
	}
	if _, there := handlers[route]; !there {
		return nil, fmt.Errorf("there is no route %s", route)
	}
	gone, leave := context.WithCancel(context.Background())
	begun := &Run{
		Services: s, Route: route, number: s.count(route), first: first, peer: peer, gone: gone, leave: leave,
		in: kind == "request-channel", sends: kind != "fire-and-forget",
	}
	begun.tell("started", readData(first.Data), ReadValue(first.Metadata))
	return begun, nil
}

// Serve runs the handler. It panics where its service raises, which the library tells.
func (r *Run) Serve(way Way) {
	raised := true
	defer func() { r.Close(raised, raised) }()
	r.out = way
	r.reactions = handlers[r.Route](r)
	raised = false
}

// fail ends the call with an error, behind which the handler hears nothing more.
func (r *Run) fail(code uint32, text string) {
	r.out.Fail(code, text)
	r.Close(true, true)
}

// Item hands an item of a channel to the handler.
func (r *Run) Item(item Item) {
	// It was on its way when the call ended.
	if !r.open() {
		return
	}
	r.tell("request", readData(item.Data), ReadValue(item.Metadata))
	if r.reactions.item != nil {
		r.reactions.item(item)
	}
}

// InputComplete tells that the requester of a channel sends nothing more.
func (r *Run) InputComplete() {
	if !r.open() {
		return
	}
	r.tell("requests-closed", nil, nil)
	if r.reactions.complete != nil {
		r.reactions.complete()
	}
	r.Close(true, false)
}

// InputFailed tells that the requester of a channel failed it.
func (r *Run) InputFailed(code string) {
	r.ended("requests-failed", code)
}

// Cancelled tells that the caller wants no more.
func (r *Run) Cancelled() { r.ended("cancelled", nil) }

func (r *Run) ended(event string, value any) {
	r.leave()
	if r.open() {
		r.tell(event, value, nil)
	}
	r.Close(true, true)
}

func (r *Run) open() bool {
	r.closing.Lock()
	defer r.closing.Unlock()
	return r.in || r.sends
}

// Close closes directions, and tells it where none is open any more.
func (r *Run) Close(in, out bool) {
	r.closing.Lock()
	defer r.closing.Unlock()
	r.in, r.sends = r.in && !in, r.sends && !out
	if !r.in && !r.sends && !r.told {
		r.told = true
		r.tell("finished", nil, nil)
	}
}

func (r *Run) tell(event string, value, metadata any) {
	r.instance.Handler(weirkit.Seen{Procedure: r.Route, Run: r.number, Event: event, Value: value, Metadata: metadata})
}

// count gives the number of one more run.
func (s *Services) count(route string) string {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.runs[route]++
	return strconv.Itoa(s.runs[route])
}

// after waits nominal ms.
func (s *Services) after(ms float64) <-chan time.Time {
	return time.After(time.Duration(ms * s.scale * float64(time.Millisecond)))
}

// add adds to the counter, and gives it.
func (s *Services) add(n int) int {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.counter += n
	return s.counter
}

func (s *Services) note(said string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.log = append(s.log, said)
}

func (s *Services) logged() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return strings.Join(s.log, ",")
}
