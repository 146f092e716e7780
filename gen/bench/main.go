package main

import (
	"encoding/json"
	"fmt"
)

func main() {
	works := []work{ours, {"json.Valid", func(*body) func([]byte) { return func(t []byte) { kept.valid = json.Valid(t) } }}}
	for _, c := range competitors() {
		works = append(works, theirs(c))
	}
	var all [][]figure
	for _, g := range [][]body{sampled(), shuffled(), nested()} {
		all = append(all, compare(g, works))
	}
	for k, w := range works {
		fmt.Printf("%-40s", w.name)
		for _, f := range all {
			fmt.Printf("%8.2f %8.0f %6.1f |", f[k].Ratio, f[k].Nanos, f[k].Allocs)
		}
		fmt.Println()
	}
}
