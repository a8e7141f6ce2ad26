module toy

go 1.22

require weir-kit v0.0.0

replace weir-kit => ../../go
