package rsocketkit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

const pauseMs = 50

// reactions are what a handler of a channel does with what comes.
type reactions struct {
	item     func(Item)
	complete func()
}

// simple is a handler that takes nothing after its request.
func simple(act func(r *Run)) func(r *Run) reactions {
	return func(r *Run) reactions {
		act(r)
		return reactions{}
	}
}

// handlers are the services, by their routes.
var handlers map[string]func(r *Run) reactions

func init() {
	handlers = map[string]func(r *Run) reactions{
		"echo":    simple(func(r *Run) { r.one(r.first) }),
		"empty":   simple(func(r *Run) { r.one(Item{}) }),
		"nothing": simple(func(r *Run) { r.out.Complete() }),
		"error":   simple(func(r *Run) { r.fail(told(r.text())) }),
		"raise":   simple(func(r *Run) { panic(errors.New(r.text())) }),
		"never":   simple(func(r *Run) {}),
		"twice": simple(func(r *Run) {
			r.one(text("first"))
			r.one(text("second"))
		}),
		"slow": simple(func(r *Run) {
			r.later(float64(numberIn(r.text())), func() { r.one(r.first) })
		}),
		"count":  simple(func(r *Run) { r.one(number(r.add(numberIn(r.text())))) }),
		"logged": simple(func(r *Run) { r.one(text(r.logged())) }),
		"log":    simple(func(r *Run) { r.note(r.text()) }),
		"log-raise": simple(func(r *Run) {
			r.note(r.text())
			panic(errors.New("the handler failed"))
		}),
		"call-back": simple(callBack),
		"push-back": simple(func(r *Run) {
			r.peer.Push(r.first.Data)
			r.one(Item{})
		}),
		"ticks": simple(func(r *Run) {
			r.ticks(r.text(), number)
			r.out.Complete()
		}),
		"ticks-slow": simple(slowTicks),
		"ticks-metadata": simple(func(r *Run) {
			r.ticks(r.text(), func(i int) Item { return Item{number(i).Data, []byte(fmt.Sprintf("m%d", i))} })
			r.out.Complete()
		}),
		"ticks-blocks": simple(func(r *Run) {
			_, size, _ := strings.Cut(r.text(), " ")
			r.ticks(r.text(), func(i int) Item { return text(strings.Repeat(strconv.Itoa(i%10), max(0, numberIn(size)))) })
			r.out.Complete()
		}),
		"ticks-error": simple(func(r *Run) {
			count, said, _ := strings.Cut(r.text(), " ")
			r.ticks(count, number)
			r.fail(told(said))
		}),
		"ticks-open":         simple(func(r *Run) { r.ticks(r.text(), number) }),
		"channel-echo":       echo(MaxRequests, 0),
		"channel-one-by-one": echo(1, 1),
		"channel-sum":        sum,
		"channel-first": simple(func(r *Run) {
			r.out.Ask(MaxRequests)
			r.one(r.first)
		}),
		"channel-stop": simple(func(r *Run) {
			r.out.Next(r.first)
			r.out.Stop()
			r.Close(true, false)
			r.out.Complete()
		}),
		"channel-error": func(r *Run) reactions {
			r.out.Ask(MaxRequests)
			r.out.Next(r.first)
			return reactions{item: func(each Item) { r.fail(told(string(each.Data))) }}
		},
		"channel-withhold": simple(func(r *Run) {}),
	}
}

func (r *Run) text() string { return string(r.first.Data) }

// one sends an item, and the end behind it.
func (r *Run) one(item Item) {
	r.out.Next(item)
	r.out.Complete()
}

// later waits nominal ms, and does something unless the caller has left.
func (r *Run) later(ms float64, act func()) {
	go func() {
		select {
		case <-r.after(ms):
			act()
		case <-r.gone.Done():
		}
	}()
}

// ticks sends as many items as the text says.
func (r *Run) ticks(said string, make func(i int) Item) {
	count := numberIn(said)
	for i := 1; i <= count && r.gone.Err() == nil; i++ {
		r.out.Next(make(i))
	}
}

func slowTicks(r *Run) {
	count := numberIn(r.text())
	sent := 0
	var next func()
	next = func() {
		if sent == count {
			r.out.Complete()
			return
		}
		sent++
		r.out.Next(number(sent))
		r.later(pauseMs, next)
	}
	next()
}

// echo asks for n items, and for more after each, and sends each back.
func echo(n, more int) func(r *Run) reactions {
	return func(r *Run) reactions {
		r.out.Next(r.first)
		r.out.Ask(n)
		return reactions{
			item: func(each Item) {
				r.out.Next(each)
				if more > 0 {
					r.out.Ask(more)
				}
			},
			complete: func() { r.out.Complete() },
		}
	}
}

func sum(r *Run) reactions {
	total := numberIn(r.text())
	r.out.Ask(MaxRequests)
	return reactions{
		item:     func(each Item) { total += numberIn(string(each.Data)) },
		complete: func() { r.one(number(total)) },
	}
}

func callBack(r *Run) {
	cancel := r.peer.Echo(r.first, func(item *Item, code, said string) {
		if code != "" {
			r.fail(ApplicationError, code+" "+said)
			return
		}
		if item != nil {
			r.out.Next(*item)
		}
		r.out.Complete()
	})
	context.AfterFunc(r.gone, cancel)
}
