package rsocketkit

import (
	"errors"
	"regexp"
	"strconv"
)

var waits = regexp.MustCompile(`(?s)^wait-(\d+)-(.*)$`)

// Admit decides about a SETUP by its data, and waits where that says so. Its error is the refusal.
func (s *Services) Admit(data string) error {
	for parts := waits.FindStringSubmatch(data); parts != nil; parts = waits.FindStringSubmatch(data) {
		ms, _ := strconv.ParseFloat(parts[1], 64)
		<-s.after(ms)
		data = parts[2]
	}
	if data == "refuse" {
		return errors.New("refused")
	}
	return nil
}
