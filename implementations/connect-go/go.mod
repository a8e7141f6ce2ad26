module connect-go

go 1.26.0

require (
	connectrpc.com/connect v1.21.1
	google.golang.org/protobuf v1.36.12
	weir-kit v0.0.0
)

replace weir-kit => ../../kits/go
