package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/spec/replay"
)

var decodeVerb = verb{
	name:  "decode",
	args:  "CATALOG [FILE]",
	short: "show what a real response decodes to and whether it would be retried",
	long: `CATALOG is a file, or the name of a vendor whose catalog errgen.yaml lists. FILE, or
standard input, holds a response as curl -i prints it, or JSON Lines with one
response a line:

  {"name":"…","status":429,"headers":{"Retry-After":"7"},"body":"…","method":"GET","now":"2026-04-01T00:00:00Z"}

Waits count from now, else from the Date of what curl -i printed, else from the
present.

With --format json it writes one line of JSON for each response, in order, with
null, an empty text or nothing for what the response does not have:

  name, is_error, code
  entry, known          Go name of the catalog's entry; whether it claims the code
  class, message, request_id
  details, items        unreadable: details that are not of their types, as sent
  hidden                why nothing in the body could be seen, if so
  retry, retryable      what the error is for ever: true, false or "if-idempotent";
                        of a quota true when it is known until when
  wait_ms, reset_at     what the server asks for
  decision              what the policy does after a first attempt, without jitter:
                        action, delay_ms and reason

Details are shown as they came, those that the catalog calls sensitive too.`,
	example: `  curl -si https://api.example.com/v1/leads | errgen decode spec/catalogs/leads.yaml
  errgen decode --format json spec/catalogs/leads.yaml responses.jsonl`,
	run: runDecode,
}

func runDecode(t terminal, flags *pflag.FlagSet) func([]string) error {
	format := flags.String("format", "text", "text for people, json for programs")
	method := flags.String("method", "GET", "method of the request that a response answers, where the input does not say")
	return func(args []string) error {
		if len(args) < 1 || len(args) > 2 {
			return usagef("decode takes a catalog and at most one file; try errgen decode --help")
		}
		if *format != "text" && *format != "json" {
			return usagef("--format %s is neither text nor json", *format)
		}
		program, err := t.vendor(args[0])
		if err != nil {
			return err
		}
		in, name := t.stdin, "standard input"
		if len(args) == 2 && args[1] != "-" {
			f, err := open(args[1])
			if err != nil {
				return err
			}
			defer f.Close()
			in, name = f, args[1]
		}
		show := t.showText
		if *format == "json" {
			show = t.showJSON
		}
		return t.decode(program, in, name, *method, show)
	}
}

func open(name string) (io.ReadCloser, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, usagef("there is no file %s", name)
	case err != nil:
		return nil, clear(err)
	case info.IsDir():
		return nil, usagef("%s is a folder; name a file with responses", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, clear(err)
	}
	return f, nil
}

// decode shows each response in the input, which the name stands for in errors.
func (t terminal) decode(p *spec.Program, in io.Reader, name, method string, show func(p *spec.Program, r replay.Report, first bool) error) error {
	first := true
	for response, err := range replay.Read(in, t.now()) {
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if response.Method == "" {
			response.Method = method
		}
		if err := show(p, replay.Run(p, response), first); err != nil {
			return err
		}
		first = false
	}
	return nil
}

func (t terminal) showJSON(_ *spec.Program, r replay.Report, _ bool) error {
	line, err := r.JSON()
	if err == nil {
		_, err = fmt.Fprintf(t.stdout, "%s\n", line)
	}
	return err
}

func (t terminal) showText(p *spec.Program, r replay.Report, first bool) error {
	if !first {
		fmt.Fprintln(t.stdout)
	}
	return r.WriteText(t.stdout, p.Vendor, t.style())
}

// style is how text is shown: in colour on a terminal.
func (t terminal) style() replay.Style {
	if !t.color {
		return replay.Style{}
	}
	sgr := func(code string) func(string) string {
		return func(s string) string { return "\x1b[" + code + "m" + s + "\x1b[0m" }
	}
	return replay.Style{Strong: sgr("1"), Good: sgr("32"), Bad: sgr("31"), Faint: sgr("2")}
}
