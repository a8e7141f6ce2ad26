package weirkit

import "time"

// Ms is a timer, or of so many ms where the run has none of that name.
func (s Settings) Ms(name string, nominal float64) time.Duration {
	if given, there := s.Timers[name]; there {
		nominal = given
	}
	return time.Duration(nominal * float64(time.Millisecond))
}

// Text is an option that is a text, or what stands for one that is not given.
func (s Settings) Text(name, absent string) string {
	if text, given := s.Options[name].(string); given {
		return text
	}
	return absent
}

// Number is an option that is a number, and whether it is given.
func (s Settings) Number(name string) (float64, bool) {
	number, given := s.Options[name].(float64)
	return number, given
}

// Scale is the factor by which the timers of the run were scaled: what handlers wait is scaled by it, too.
func (s Settings) Scale() float64 {
	if scale, given := s.Number("timeScale"); given {
		return scale
	}
	return 1
}
