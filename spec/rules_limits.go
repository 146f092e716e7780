package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

// checkLimits finds windows that tell nothing, warnings that never come, as
// which part is left takes two of the three counts, and what is told twice.
func checkLimits(l *linter, id string) {
	for i := range l.c.Limits {
		limit := &l.c.Limits[i]
		counts := 0
		for _, key := range []string{"limit", "remaining", "used"} {
			if limit.Has(key) {
				counts++
			}
		}
		switch {
		case limit.Failed():
		case limit.Has("header"):
			for _, key := range []string{"limit", "remaining", "used", "reset"} {
				if limit.Has(key) {
					l.report(limit.At(key), id, fmt.Sprintf("%s beside header has no effect: %s tells of its windows itself", key, limit.Header), "keep one of the two")
				}
			}
			if key := lastWord(limit.Header); slices.Contains([]string{"limit", "remaining", "used", "reset"}, key) {
				l.report(limit.At("header"), id, fmt.Sprintf("%s is one part of a window, and no header that tells of windows itself", limit.Header), fmt.Sprintf("write %s: in place of header:", key))
			}
		case limit.Has("reset") && unitOf(&limit.Reset) == apierr.RateLimitField:
			l.report(limit.At("reset"), id, "a RateLimit field tells when a window ends only once it is used up", "write header: in place of reset:, or add item: and param: t")
		case counts == 0 && !limit.Has("reset"):
			l.report(limit.Pos, id, fmt.Sprintf("the limit %q has no header", limit.Name), "add limit, remaining, used or reset, with the header's name")
		case counts < 2 && limit.Has("warn"):
			l.report(limit.At("warn"), id, "which part of this window is left cannot be told", "give two of limit, remaining and used, or remove warn")
		}
	}
}

// lastWord is the last part of a header's name, in small letters.
func lastWord(header string) string {
	return strings.ToLower(header[strings.LastIndexByte(header, '-')+1:])
}

// finalFailures are never retried, whatever a catalog says (see
// [apierr.Failure]): no other try would end otherwise.
var finalFailures = []apierr.Failure{apierr.FailureCanceled, apierr.FailureScheme, apierr.FailureCertificate}

func checkTransport(l *linter, id string) {
	for i := range l.c.Transport {
		row := &l.c.Transport[i]
		o := settle(&row.Outcome, &row.Node, row.Failure.Outcome())
		if slices.Contains(finalFailures, row.Failure) && o.Retry != apierr.Never {
			l.report(row.Pos, id, fmt.Sprintf("%s is never retried, and this row says %s", row.Failure, o.Retry), "remove the row, or write never")
		}
	}
}

func checkOverride(l *linter, id string) {
	o := &l.c.Override
	switch {
	case !l.c.Has("override") || l.c.Failed("override") || o.Failed():
	case len(o.Retry)+len(o.Stop) == 0:
		l.report(o.Pos, id, "this override has no values, and so no effect", "add retry: or stop: with the values that the vendor sends")
	default:
		for _, value := range o.Stop {
			if slices.Contains(o.Retry, value) {
				l.report(o.At("stop"), id, fmt.Sprintf("%q both asks for a retry and forbids one", clip(value)), "keep it in one of the two")
			}
		}
	}
}
