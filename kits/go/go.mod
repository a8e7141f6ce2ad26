module weir-kit

go 1.22
