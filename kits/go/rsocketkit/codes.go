package rsocketkit

import (
	"fmt"
	"strconv"
	"strings"
)

// ApplicationError is the code of what a handler says without one.
const ApplicationError = 0x201

var codes = map[string]uint32{
	"INVALID_SETUP": 0x001, "UNSUPPORTED_SETUP": 0x002, "REJECTED_SETUP": 0x003, "REJECTED_RESUME": 0x004,
	"CONNECTION_ERROR": 0x101, "CONNECTION_CLOSE": 0x102,
	"APPLICATION_ERROR": ApplicationError, "REJECTED": 0x202, "CANCELED": 0x203, "INVALID": 0x204,
}

// CodeOf gives the code that a name, or 0x…, stands for.
func CodeOf(name string) (uint32, bool) {
	if code, named := codes[name]; named {
		return code, true
	}
	if !strings.HasPrefix(name, "0x") || len(name) > 10 {
		return 0, false
	}
	parsed, err := strconv.ParseUint(name[2:], 16, 32)
	return uint32(parsed), err == nil
}

// CodeName gives the name of a code; 0x00000301 where it has none.
func CodeName(code uint32) string {
	for name, each := range codes {
		if each == code {
			return name
		}
	}
	return fmt.Sprintf("0x%08x", code)
}

// told is what services.yaml means by `error`: a code and a text, or a text.
func told(said string) (uint32, string) {
	name, rest, _ := strings.Cut(said, " ")
	if code, known := CodeOf(name); known {
		return code, rest
	}
	return ApplicationError, said
}
