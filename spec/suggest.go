package spec

import (
	"fmt"
	"strings"
)

// Suggest tells which of the names was probably meant, or all of them.
func Suggest(word string, names []string) string {
	small := strings.ToLower(word)
	best, least := "", max(1, (len(word)+1)/3)
	for _, name := range names {
		if d := distance(small, strings.ToLower(name)); d <= least {
			best, least = name, d-1
		}
	}
	for _, name := range names {
		if low := strings.ToLower(name); best == "" && word != "" && (strings.HasPrefix(low, small) || strings.HasPrefix(small, low)) {
			best = name
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known: " + strings.Join(names, ", ")
}

// distance is the number of single-character insertions, deletions,
// substitutions and swaps of neighbours that lead from a to b, no more than 64
// characters of which count (optimal string alignment).
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
