module github.com/errgen/errgen

go 1.25

require (
	github.com/dave/jennifer v1.7.1
	github.com/spf13/pflag v1.0.10
	gopkg.in/yaml.v3 v3.0.1
)
