package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rsocket/rsocket-go"
	"github.com/rsocket/rsocket-go/payload"
	"github.com/rsocket/rsocket-go/rx"

	"weir-kit/weirkit"
)

const pauseMs = 50

// services are the standard test services of one instance (cases/rsocket/services.yaml), whose state is fresh.
type services struct {
	instance *weirkit.Instance
	scale    float64
	// remote is who calls.
	remote rsocket.RSocket
	*state
}

// state is what the connections of an instance share.
type state struct {
	lock    sync.Mutex
	counter int
	log     []string
	runs    map[string]int
}

func newState() *state { return &state{runs: map[string]int{}} }

// outlet is where a handler sends. What is said after its end is the library's affair.
type outlet interface {
	next(payload.Payload)
	complete()
	fail(error)
}

// run is one run of a handler.
type run struct {
	*services
	name   string
	number string
	first  item
	out    outlet
	// ask asks for further items of a channel, and stop wants no more of them.
	ask  func(n int)
	stop func()
	// gone is done once the caller has left.
	gone  context.Context
	leave context.CancelFunc
	// Directions that are open, and whether the end was told.
	lock            sync.Mutex
	in, sends, told bool
}

// reactions are what a handler of a channel does with what comes.
type reactions struct {
	item     func(item)
	complete func()
}

// begin tells that a handler started. Its error is that there is no such route.
func (s *services) begin(kind string, given payload.Payload) (*run, error) {
	route, first, err := readRequest(given)
	if err != nil {
		return nil, err
	}
	if _, there := handlers[route]; !there {
		return nil, fmt.Errorf("there is no route %s", route)
	}
	gone, leave := context.WithCancel(context.Background())
	s.state.lock.Lock()
	s.runs[route]++
	number := strconv.Itoa(s.runs[route])
	s.state.lock.Unlock()
	begun := &run{
		services: s, name: route, number: number, first: first, gone: gone, leave: leave,
		in: kind == "request-channel", sends: kind != "fire-and-forget", ask: func(int) {}, stop: func() {},
	}
	begun.tell("started", readValue(first.data), readValue(first.metadata))
	return begun, nil
}

func (r *run) tell(event string, value, metadata any) {
	r.instance.Handler(weirkit.Seen{Procedure: r.name, Run: r.number, Event: event, Value: value, Metadata: metadata})
}

// close closes directions, and tells it where none is open any more.
func (r *run) close(in, out bool) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.in, r.sends = r.in && !in, r.sends && !out
	if !r.in && !r.sends && !r.told {
		r.told = true
		r.tell("finished", nil, nil)
	}
}

// ended tells how what the handler sends came to its end.
func (r *run) ended(signal rx.SignalType) {
	if signal != rx.SignalCancel {
		r.close(signal == rx.SignalError, true)
		return
	}
	r.leave()
	r.lock.Lock()
	open := r.in || r.sends
	r.lock.Unlock()
	if open {
		r.tell("cancelled", nil, nil)
	}
	r.close(true, true)
}

func (r *run) text() string { return string(r.first.data) }

func (r *run) say(text string) { r.out.next(payload.New([]byte(text), nil)) }

// after waits nominal ms, and does something unless the caller has left.
func (r *run) after(ms float64, act func()) {
	go func() {
		select {
		case <-time.After(time.Duration(ms * r.scale * float64(time.Millisecond))):
			act()
		case <-r.gone.Done():
		}
	}()
}

// one answers a request-response.
func (r *run) one(answer item) {
	r.out.next(answer.payload())
	r.out.complete()
}

// ticks sends as many items as the text says.
func (r *run) ticks(text string, make func(i int) item) {
	count, _ := strconv.Atoi(strings.Split(text, " ")[0])
	for i := 1; i <= count && r.gone.Err() == nil; i++ {
		r.out.next(make(i).payload())
	}
}

func plain(i int) item { return item{data: []byte(strconv.Itoa(i))} }

// echo asks for n items, and for more after each, and sends each back.
func echo(n, more int) func(r *run) reactions {
	return func(r *run) reactions {
		r.out.next(r.first.payload())
		r.ask(n)
		return reactions{
			item: func(each item) {
				r.out.next(each.payload())
				if more > 0 {
					r.ask(more)
				}
			},
			complete: func() { r.out.complete() },
		}
	}
}

// simple is a handler that takes nothing after its request.
func simple(act func(r *run)) func(r *run) reactions {
	return func(r *run) reactions {
		act(r)
		return reactions{}
	}
}

var handlers map[string]func(r *run) reactions

func init() {
	handlers = map[string]func(r *run) reactions{
		"echo":    simple(func(r *run) { r.one(r.first) }),
		"empty":   simple(func(r *run) { r.one(item{}) }),
		"nothing": simple(func(r *run) { r.out.complete() }),
		"error":   simple(func(r *run) { r.out.fail(failureOf(r.text())) }),
		"raise":   simple(func(r *run) { panic(errors.New(r.text())) }),
		"never":   simple(func(r *run) {}),
		"twice": simple(func(r *run) {
			r.one(item{data: []byte("first")})
			r.one(item{data: []byte("second")})
		}),
		"slow": simple(func(r *run) {
			ms, _ := strconv.ParseFloat(r.text(), 64)
			r.after(ms, func() { r.one(r.first) })
		}),
		"count": simple(func(r *run) {
			n, _ := strconv.Atoi(r.text())
			r.state.lock.Lock()
			r.counter += n
			sum := r.counter
			r.state.lock.Unlock()
			r.one(plain(sum))
		}),
		"logged": simple(func(r *run) {
			r.state.lock.Lock()
			log := strings.Join(r.log, ",")
			r.state.lock.Unlock()
			r.one(item{data: []byte(log)})
		}),
		"log": simple(func(r *run) { r.note() }),
		"log-raise": simple(func(r *run) {
			r.note()
			panic(errors.New("the handler failed"))
		}),
		"call-back": simple(callBack),
		"push-back": simple(func(r *run) {
			r.remote.MetadataPush(payload.New(nil, r.first.data))
			r.one(item{})
		}),
		"ticks": simple(func(r *run) {
			r.ticks(r.text(), plain)
			r.out.complete()
		}),
		"ticks-slow": simple(slowTicks),
		"ticks-metadata": simple(func(r *run) {
			r.ticks(r.text(), func(i int) item { return item{plain(i).data, []byte(fmt.Sprintf("m%d", i))} })
			r.out.complete()
		}),
		"ticks-blocks": simple(func(r *run) {
			_, size, _ := strings.Cut(r.text(), " ")
			bytes, _ := strconv.Atoi(size)
			r.ticks(r.text(), func(i int) item { return item{data: []byte(strings.Repeat(strconv.Itoa(i%10), bytes))} })
			r.out.complete()
		}),
		"ticks-error": simple(func(r *run) {
			count, told, _ := strings.Cut(r.text(), " ")
			r.ticks(count, plain)
			r.out.fail(failureOf(told))
		}),
		"ticks-open":         simple(func(r *run) { r.ticks(r.text(), plain) }),
		"channel-echo":       echo(rx.RequestMax, 0),
		"channel-one-by-one": echo(1, 1),
		"channel-sum": func(r *run) reactions {
			sum, _ := strconv.Atoi(r.text())
			r.ask(rx.RequestMax)
			return reactions{
				item: func(each item) {
					n, _ := strconv.Atoi(string(each.data))
					sum += n
				},
				complete: func() { r.one(plain(sum)) },
			}
		},
		"channel-first": simple(func(r *run) {
			r.ask(rx.RequestMax)
			r.one(r.first)
		}),
		"channel-stop": simple(func(r *run) {
			r.out.next(r.first.payload())
			r.stop()
			r.close(true, false)
			r.out.complete()
		}),
		"channel-error": func(r *run) reactions {
			r.ask(rx.RequestMax)
			r.out.next(r.first.payload())
			return reactions{item: func(each item) { r.out.fail(failureOf(string(each.data))) }}
		},
		"channel-withhold": simple(func(r *run) {}),
	}
}

func (r *run) note() {
	r.state.lock.Lock()
	defer r.state.lock.Unlock()
	r.log = append(r.log, r.text())
}

func slowTicks(r *run) {
	count, _ := strconv.Atoi(r.text())
	sent := 0
	var next func()
	next = func() {
		if sent == count {
			r.out.complete()
			return
		}
		sent++
		r.out.next(plain(sent).payload())
		r.after(pauseMs, next)
	}
	next()
}

func callBack(r *run) {
	var metadata any
	if r.first.metadata != nil {
		metadata = r.first.metadata
	}
	request, err := requestOf("echo", r.first.data, metadata)
	if err != nil {
		panic(err)
	}
	var answer *item
	subscriber := rx.NewSubscriber(
		rx.OnSubscribe(func(_ context.Context, subscription rx.Subscription) {
			context.AfterFunc(r.gone, subscription.Cancel)
			subscription.Request(rx.RequestMax)
		}),
		rx.OnNext(func(given payload.Payload) error {
			received := itemOf(given)
			answer = &received
			return nil
		}),
		rx.OnComplete(func() {
			if answer != nil {
				r.out.next(answer.payload())
			}
			r.out.complete()
		}),
		rx.OnError(func(err error) {
			code, text := describe(err)
			r.out.fail(failure{rsocket.ErrorCodeApplicationError, code + " " + text})
		}),
	)
	go r.remote.RequestResponse(request).SubscribeWith(context.Background(), subscriber)
}
