package simulation

import (
	"math"
	"slices"
	"time"
)

// Figures are what a run is judged by.
type Figures struct {
	Succeeded  float64 // share of the calls that were possible
	PerSuccess float64 // requests sent per call that succeeded
	Duplicates int     // times that a POST was carried out once more
	Early      int     // requests sent before the server's own wait was over

	Peak     float64       // most requests in a second after the outage, as a multiple of the calls made in one
	Recovery time.Duration // from the end of the outage until calls succeed again, see recovered

	// How long the calls took that could not succeed.
	FailedMedian, FailedMost time.Duration
}

// Measure returns the figures of a run.
func (t *Trace) Measure() Figures {
	var f Figures
	var sent, possible, succeeded, all int
	var vain []time.Duration
	for i := range t.Calls {
		c := &t.Calls[i]
		sent += c.Sent
		f.Duplicates += c.duplicates()
		f.Early += c.Early
		if c.OK {
			all++
		}
		if !c.possible(t.World) {
			vain = append(vain, c.End-c.Start)
			continue
		}
		possible++
		if c.OK {
			succeeded++
		}
	}
	f.Succeeded = float64(succeeded) / float64(possible)
	f.PerSuccess = float64(sent) / float64(all)
	_, up := t.World.outage()
	f.Peak = t.peak(up)
	f.Recovery = t.recovered(up)
	slices.Sort(vain)
	if len(vain) > 0 {
		f.FailedMedian, f.FailedMost = vain[len(vain)/2], vain[int(math.Ceil(0.95*float64(len(vain))))-1]
	}
	return f
}

// peak returns the most requests of any five seconds after the outage, as a
// multiple of the calls that are made in as long.
func (t *Trace) peak(up time.Duration) float64 {
	most, steps := 0, int(t.World.Length()-up)/int(recoveryStep)
	for s := range steps {
		from := int((up + time.Duration(s)*recoveryStep) / time.Second)
		sum := 0
		for _, n := range t.Load[from : from+int(recoveryStep/time.Second)] {
			sum += n
		}
		most = max(most, sum)
	}
	return float64(most) / (t.World.Normal() * recoveryStep.Seconds())
}

const (
	recoveryStep = 5 * time.Second
	recoveredAt  = 0.95
)

// recovered returns how long after the outage the first five seconds begin from
// which on 95 % of the calls that end, and were possible, succeed for good.
func (t *Trace) recovered(up time.Duration) time.Duration {
	steps := int((t.World.Length() - up) / recoveryStep)
	ended, ok := make([]int, steps), make([]int, steps)
	for i := range t.Calls {
		c := &t.Calls[i]
		if s := int((c.End - up) / recoveryStep); c.End >= up && s < steps && c.possible(t.World) {
			ended[s]++
			if c.OK {
				ok[s]++
			}
		}
	}
	for s := steps - 1; s >= 0; s-- {
		if float64(ok[s]) < recoveredAt*float64(ended[s]) {
			return time.Duration(s+1) * recoveryStep
		}
	}
	return 0
}
