package simulation

import (
	"flag"
	"os"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/errgen/errgen/out/apierr"
)

var update = flag.Bool("update", false, "write README.md and load.svg")

// drawn are the vendors of the plot: one that says in the body how long to
// wait, and one that says it in a header.
var drawn = []string{"forlena", "genesys"}

// TestPublished runs the standard world, holds errgen to what the page claims,
// and the page to what the runs give.
func TestPublished(t *testing.T) {
	w := Standard()
	traces := runs(t, &w, Vendors(), Drivers())
	n := len(Drivers())
	for i, trace := range traces {
		if d := Drivers()[i%n]; d.Ours {
			others := slices.DeleteFunc(slices.Clone(traces[i-i%n:i-i%n+n]), func(o *Trace) bool { return isOurs(o.Driver) })
			t.Run(trace.Vendor+"/"+d.Name, func(t *testing.T) { holdToClaims(t, trace, others) })
		}
	}
	page, err := Page(traces)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"README.md": page, "load.svg": Plot(traces, drawn)} {
		if *update {
			if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
		} else if string(got) != want {
			t.Errorf("%s is not what the runs give: run make simulate and look at what changed", name)
		}
	}
	t.Run("careless", func(t *testing.T) { temptsTheCareless(t, traces) })
	t.Run("reasons", func(t *testing.T) { checkReasons(t, losses(traces)) })
}

// runs returns the trace of each vendor with each driver, in that order.
func runs(t *testing.T, w *World, vendors []Vendor, drivers []Driver) []*Trace {
	traces := make([]*Trace, len(vendors)*len(drivers))
	t.Run("run", func(t *testing.T) {
		for i := range traces {
			v, d := &vendors[i/len(drivers)], &drivers[i%len(drivers)]
			t.Run(v.Name+"/"+d.Name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(*testing.T) { traces[i] = Run(w, v, d) })
			})
		}
	})
	if t.Failed() || slices.Contains(traces, nil) {
		t.FailNow()
	}
	return traces
}

func isOurs(name string) bool {
	return slices.ContainsFunc(Drivers(), func(d Driver) bool { return d.Name == name && d.Ours })
}

// holdToClaims checks what the page says of errgen's ways to retry, beside the
// others with the same vendor.
func holdToClaims(t *testing.T, trace *Trace, others []*Trace) {
	if trace.Duplicates != 0 {
		t.Errorf("%d times a POST was carried out once more than was meant", trace.Duplicates)
	}
	if trace.Early != 0 {
		t.Errorf("%d requests came before the server's own wait was over", trace.Early)
	}
	for _, other := range others {
		switch {
		case other.Driver == "no retries":
			if trace.Succeeded <= other.Succeeded {
				t.Errorf("%.3f of the calls succeeded, without retries %.3f", trace.Succeeded, other.Succeeded)
			}
		case other.Driver != "aws-sdk-go-v2" || trace.Driver != plainPolicy:
			notAbove(t, "peak", trace.Peak, other.Peak, other.Driver)
			notAbove(t, "requests per success", trace.PerSuccess, other.PerSuccess, other.Driver)
			if trace.Driver != plainPolicy {
				notAbove(t, "recovery", trace.Recovery.Seconds(), other.Recovery.Seconds(), other.Driver)
			}
		}
	}
}

func notAbove(t *testing.T, what string, own, others float64, driver string) {
	if own > others {
		t.Errorf("%s: %.3f, that of %s: %.3f", what, own, driver, others)
	}
}

// temptsTheCareless holds the world to what makes its figures worth anything: a
// driver that takes no care sends too early and has requests carried out twice.
func temptsTheCareless(t *testing.T, traces []*Trace) {
	for _, trace := range traces {
		if trace.Driver == "exponential backoff" && (trace.Duplicates == 0 || trace.Early == 0 || trace.Peak < 2) {
			t.Errorf("%s does no harm: %+v", trace.Driver, trace.Figures)
		}
	}
}

// checkReasons holds the reasons of the page and what they explain together.
func checkReasons(t *testing.T, all []loss) {
	used := map[[2]string]bool{}
	for _, l := range all {
		used[[2]string{l.Figure, l.Driver}] = true
		if l.Why == "" {
			t.Errorf("no reason is given why %s is better in %q: %s", l.Driver, l.Figure, l.Where)
		}
	}
	for key := range reasons {
		if !used[key] {
			t.Errorf("a reason is given why %s is better in %q, which it is not", key[1], key[0])
		}
	}
}

// small is the standard world with fewer clients, and a server that is as much
// smaller.
func small() World {
	w := Standard()
	w.Clients = 100
	for i := range w.Phases {
		w.Phases[i].Capacity /= 10
	}
	return w
}

// TestDeterministic holds each driver to the very same run twice: each call
// sent as many requests, at the same instants, and ended alike.
func TestDeterministic(t *testing.T) {
	w := small()
	vendors := Vendors()[:1]
	first, second := runs(t, &w, vendors, Drivers()), runs(t, &w, vendors, Drivers())
	for i := range first {
		if !reflect.DeepEqual(first[i], second[i]) {
			t.Errorf("%s: two runs of one seed differ", first[i].Driver)
		}
	}
	w.Seed++
	for i, trace := range runs(t, &w, vendors, Drivers()) {
		if reflect.DeepEqual(trace.Calls, first[i].Calls) {
			t.Errorf("%s: another seed makes no difference", trace.Driver)
		}
	}
}

// TestLoopIsTransport holds the loop of the root README to what the Transport
// does, to the last request.
func TestLoopIsTransport(t *testing.T) {
	w := small()
	drivers := []Driver{{Name: plainPolicy, client: transport}, {Name: plainPolicy, client: policyLoop}}
	traces := runs(t, &w, Vendors(), drivers)
	for i := 0; i < len(traces); i += len(drivers) {
		if !reflect.DeepEqual(traces[i], traces[i+1]) {
			t.Errorf("%s: the loop and the Transport differ", traces[i].Vendor)
		}
	}
}

// TestAnswers holds the server's answers to what the vendor's package makes of
// them: the class, and the wait that the server means.
func TestAnswers(t *testing.T) {
	now := epoch.Add(time.Hour)
	for _, v := range Vendors() {
		for treatment, class := range map[treatment]apierr.Class{
			throttled: apierr.Throttled, turnedAway: apierr.Throttled, unavailable: apierr.Transient,
			failed: apierr.Transient, failedLate: apierr.Transient, rejected: apierr.Invalid,
		} {
			resp, wait := v.answer(verdict{treatment: treatment, wait: 7 * time.Second}, now)
			e, ok := v.Check(resp).(*apierr.Error)
			if !ok || e.Class != class || e.RetryAfter != wait {
				t.Errorf("%s, treatment %d: %+v, want %s and a wait of %v", v.Name, treatment, e, class, wait)
			}
			if class == apierr.Throttled && wait != 7*time.Second {
				t.Errorf("%s, treatment %d: asks for %v", v.Name, treatment, wait)
			}
		}
		if resp, _ := v.answer(verdict{treatment: served}, now); v.Check(resp) != nil {
			t.Errorf("%s: a success is an error", v.Name)
		}
		if v.quota == nil {
			continue
		}
		resp, wait := v.answer(verdict{treatment: overQuota}, now)
		if e, ok := v.Check(resp).(*apierr.Error); !ok || e.Class != apierr.Quota || wait < time.Hour {
			t.Errorf("%s: beyond the quota: %+v, want quota and a wait of %v", v.Name, e, wait)
		}
	}
}
