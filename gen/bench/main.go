// Command bench measures what the generated packages take to decode error
// bodies, side by side with other ways to get the same values out of the same
// bytes, and writes a table of ratios.
//
//	go run . [-update ../../README.md]
//
// All work is done in one process, in rounds in which everything takes its
// turn; only encoding/json/v2 is measured in a process of its own, beside
// Decode once more, since a program that has it has another encoding/json too.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
)

func main() {
	update := flag.String("update", "", "put the table into this `file`, between its markers")
	inner := flag.Bool("v2", false, "measure encoding/json/v2 alone, and write JSON")
	flag.Parse()
	if err := run(*update, *inner); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// gcPercent keeps the collector from running for every few megabytes, as it
// does in a process that holds nothing else.
const gcPercent = 400

func run(update string, inner bool) error {
	debug.SetGCPercent(gcPercent)
	if inner {
		return json.NewEncoder(os.Stdout).Encode(measureDecoders(experimental()))
	}
	rows := measureDecoders(competitors())
	v2, err := measureV2()
	if err != nil {
		return err
	}
	connected, err := measureConnection()
	if err != nil {
		return err
	}
	text := report(append(rows, v2...), append(measureOthers(), connected...))
	if update == "" {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	old, err := os.ReadFile(update)
	if err != nil {
		return err
	}
	page, err := between(string(old), text)
	if err != nil {
		return fmt.Errorf("%s: %w", update, err)
	}
	return os.WriteFile(update, []byte(page), 0o644)
}

// A row is what was measured of one work: a figure for each group of bodies.
type row struct {
	Name    string
	Figures []figure
}

// measureDecoders measures Decode, what it cannot do without, and competitors.
func measureDecoders(against []competitor) []row {
	works := []work{ours, allocating, validating}
	for _, c := range against {
		works = append(works, theirs(c))
	}
	return measure(works, groups())
}

// measureV2 runs this program once more with encoding/json/v2, where the
// toolchain has it.
func measureV2() ([]row, error) {
	if hasV2 {
		return nil, nil // competitors has it
	}
	cmd := exec.Command("go", "run", ".", "-v2")
	cmd.Env = append(os.Environ(), "GOEXPERIMENT=jsonv2")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return []row{{Name: "encoding/json/v2: not in this toolchain"}}, nil
	}
	var rows []row
	if err := json.Unmarshal(out, &rows); err != nil {
		return nil, err
	}
	return rows[len(rows)-1:], nil
}

func measure(works []work, groups []group) []row {
	rows := make([]row, len(works))
	for k, w := range works {
		rows[k].Name = w.name
	}
	for _, g := range groups {
		for k, f := range compare(g.bodies(), works) {
			rows[k].Figures = append(rows[k].Figures, f)
		}
	}
	return rows
}
