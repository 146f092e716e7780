package gen

import (
	"testing"

	"github.com/errgen/errgen/templates/apierr"
)

// TestNamesOfConstants holds that every value of the tables has a name to be
// printed by; one that is added to the support package must be added here too.
func TestNamesOfConstants(t *testing.T) {
	for _, name := range apierr.Classes() {
		if v, _ := apierr.ParseClass(name); classNames[v] == "" {
			t.Errorf("class %s has no Go name", name)
		}
	}
	for _, name := range apierr.Retries() {
		if v, _ := apierr.ParseRetry(name); retryNames[v] == "" {
			t.Errorf("retry rule %s has no Go name", name)
		}
	}
	for _, name := range apierr.Repeats() {
		if v, _ := apierr.ParseRepeat(name); repeatNames[v] == "" {
			t.Errorf("repeat rule %s has no Go name", name)
		}
	}
	for _, name := range apierr.Units() {
		if v, _ := apierr.ParseUnit(name); unitNames[v] == "" || unitWords[v] == "" {
			t.Errorf("unit %s has no Go name or no words", name)
		}
	}
	for _, v := range apierr.Failures() {
		if failureNames[v] == "" {
			t.Errorf("failure %s has no Go name", v)
		}
	}
}
