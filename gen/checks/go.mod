module github.com/errgen/errgen/gen/checks

go 1.25

require (
	github.com/dunglas/httpsfv v1.1.2
	github.com/errgen/errgen v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/yuin/goldmark v1.8.7
	golang.org/x/net v0.47.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	github.com/dave/jennifer v1.7.1 // indirect
	golang.org/x/text v0.31.0 // indirect
)

replace github.com/errgen/errgen => ../..
