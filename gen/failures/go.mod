module github.com/errgen/errgen/gen/failures

go 1.25

require (
	github.com/errgen/errgen v0.0.0
	go.uber.org/goleak v1.3.0
	golang.org/x/net v0.47.0
)

require golang.org/x/text v0.31.0 // indirect

replace github.com/errgen/errgen => ../..
