package spec

import (
	"fmt"
	"strings"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

func checkUnits(l *linter, id string) {
	l.c.eachDelay(func(d *Delay) {
		for i := range d.Sources {
			l.unit(&d.Sources[i], id)
		}
	})
	for i := range l.c.Limits {
		if limit := &l.c.Limits[i]; limit.Has("reset") && !limit.Failed("reset") {
			l.unit(&limit.Reset, id)
		}
	}
}

func (l *linter) unit(s *DelaySource, id string) {
	if unitOf(s) == apierr.UnitNone && !s.Failed() {
		l.report(s.Pos, id, "nothing says what this wait is counted in", "add unit: one of "+strings.Join(apierr.Units(), ", "))
	}
}

func checkBackoffs(l *linter, id string) {
	check := func(b *Backoff) {
		if !b.Has("steps") {
			return
		}
		for _, key := range []string{"base", "factor", "max"} {
			if b.Has(key) {
				l.report(b.At(key), id, fmt.Sprintf("%s beside steps has no effect", key), "keep either steps, or base, factor and max")
			}
		}
		if len(b.Steps) == 0 && !b.Failed("steps") {
			l.report(b.At("steps"), id, "there are no steps", "give at least one: [1s, 5s, 30s]")
		}
	}
	check(&l.c.Retry.Backoff)
	l.c.eachOutcome(func(o *Outcome, n *Node) {
		if n.Has("backoff") {
			check(&o.Backoff)
		}
	})
}

func checkDelays(l *linter, id string) {
	l.c.eachDelay(func(d *Delay) {
		if d.Has("max") && d.Has("min") && d.Max < d.Min && !d.Failed("min", "max") {
			l.report(d.At("max"), id, fmt.Sprintf("max %s is below min %s", d.Max, d.Min), "raise max or lower min")
		}
	})
}

// checkBounds finds the same where a floor and a cap come together from an
// entry, a status row and the catalog.
func checkBounds(l *linter, id string) {
	check := func(at Pos, d *apierr.Delay) {
		if d != nil && d.Max > 0 && d.Max < d.Min {
			l.report(at, id, fmt.Sprintf("max %s is below min %s, with what this delay takes over from an outer one", d.Max, d.Min), "give both here, the larger one as max")
		}
	}
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; e.Has("delay") {
			check(e.Delay.Pos, l.p.Tables.Entries[i].Delay)
		}
	}
	for i := range l.c.Status {
		if row := &l.c.Status[i]; row.Has("delay") {
			d := row.Delay.over(&l.p.Tables.Delay)
			check(row.Delay.Pos, &d)
		}
	}
}

// checkCaps finds longest waits of zero, which an author may take for "do not
// wait" and the tables for "no cap".
func checkCaps(l *linter, id string) {
	zero := func(n *Node, max time.Duration) {
		if n.Has("max") && max == 0 && !n.Failed("max") {
			l.report(n.At("max"), id, "a max of 0 is no cap at all", "give the longest wait; to lift an outer cap, one that is longer, such as 24h")
		}
	}
	l.c.eachDelay(func(d *Delay) { zero(&d.Node, d.Max) })
	zero(&l.c.Retry.Backoff.Node, l.c.Retry.Backoff.Max)
	l.c.eachOutcome(func(o *Outcome, n *Node) {
		if n.Has("backoff") {
			zero(&o.Backoff.Node, o.Backoff.Max)
		}
	})
}
