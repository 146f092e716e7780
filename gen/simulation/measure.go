package simulation

import "time"

// Figures are what a run is judged by.
type Figures struct {
	Succeeded  float64       // share of the calls that were possible, see Call.possible
	PerSuccess float64       // requests sent per call that succeeded
	Duplicates int           // times that a POST was carried out once more than was meant
	Early      int           // requests sent before the server's own wait was over
	Peak       float64       // load after the outage, see Trace.peak
	Recovery   time.Duration // from the end of the outage, see Trace.recovered
	Hopeless   time.Duration // mean time until a call failed that the server could never accept
	Down       time.Duration // mean time until a call failed whose time was over before the outage
}

func (t *Trace) measure() Figures {
	down, up := t.World.outage()
	var f Figures
	var sent, all, possible, succeeded int
	var hopeless, unlucky mean
	for i := range t.Calls {
		c := &t.Calls[i]
		sent += c.Sent
		f.Duplicates += c.duplicates()
		f.Early += c.Early
		if c.OK {
			all++
		}
		began := c.Start >= down && c.Start < up
		switch {
		case c.possible(t.World):
			possible++
			if c.OK {
				succeeded++
			}
		case began:
			unlucky.add(c.End - c.Start)
		default:
			hopeless.add(c.End - c.Start)
		}
	}
	f.Succeeded = float64(succeeded) / float64(possible)
	f.PerSuccess = float64(sent) / float64(all)
	f.Peak, f.Recovery = t.peak(up), t.recovered(up)
	f.Hopeless, f.Down = hopeless.value(), unlucky.value()
	return f
}

// mean adds up durations for their mean.
type mean struct {
	sum time.Duration
	n   int
}

func (m *mean) add(d time.Duration) { m.sum, m.n = m.sum+d, m.n+1 }

func (m *mean) value() time.Duration {
	if m.n == 0 {
		return 0
	}
	return m.sum / time.Duration(m.n)
}

// step is the stretch of time over which load and success are looked at.
const step = 5 * time.Second

// peak returns the most requests of any five seconds after the outage, as a
// multiple of the calls that are made in as long.
func (t *Trace) peak(up time.Duration) float64 {
	most := 0
	for from := up; from+step <= t.World.Length(); from += step {
		came := 0
		for _, second := range t.Load[from/time.Second : (from+step)/time.Second] {
			came += second.Came
		}
		most = max(most, came)
	}
	return float64(most) / (t.World.Normal() * step.Seconds())
}

// recoveredAt is the share of calls that succeed when all is well again.
const recoveredAt = 0.95

// recovered returns how long after the end of the outage it takes until, of
// the possible calls that end in five seconds, 95 % succeed, and it stays so.
func (t *Trace) recovered(up time.Duration) time.Duration {
	steps := int((t.World.Length() - up) / step)
	ended, ok := make([]int, steps), make([]int, steps)
	for i := range t.Calls {
		c := &t.Calls[i]
		if s := int((c.End - up) / step); c.End >= up && s < steps && c.possible(t.World) {
			ended[s]++
			if c.OK {
				ok[s]++
			}
		}
	}
	for s := steps - 1; s >= 0; s-- {
		if float64(ok[s]) < recoveredAt*float64(ended[s]) {
			return time.Duration(s+1) * step
		}
	}
	return 0
}
