package weirkit

import "sync"

// lanes carries out what is about one handle in order, and what is about others beside it.
type lanes struct {
	lock sync.Mutex
	// waiting holds a list, if need be an empty one, for each lane in which something goes on.
	waiting map[string][]func()
}

func (l *lanes) add(lane string, work func()) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if waiting, busy := l.waiting[lane]; busy {
		l.waiting[lane] = append(waiting, work)
		return
	}
	l.waiting[lane] = nil
	go l.drain(lane, work)
}

func (l *lanes) drain(lane string, work func()) {
	for work != nil {
		work()
		work = l.next(lane)
	}
}

// next takes what comes next in a lane, and ends it where there is nothing.
func (l *lanes) next(lane string) func() {
	l.lock.Lock()
	defer l.lock.Unlock()
	waiting := l.waiting[lane]
	if len(waiting) == 0 {
		delete(l.waiting, lane)
		return nil
	}
	l.waiting[lane] = waiting[1:]
	return waiting[0]
}
