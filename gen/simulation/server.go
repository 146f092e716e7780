package simulation

import "time"

// What the server does with a request.
type treatment int

const (
	served      treatment = iota
	refused               // no connection
	rejected              // as invalid
	overQuota             // as beyond the client's monthly quota
	throttled             // as beyond the client's limit of the minute
	turnedAway            // as too many requests wait already, by 429
	unavailable           // for the same reason, by 503
	failed                // 5xx, not carried out
	failedLate            // 5xx, though carried out
	broken                // the connection breaks before the request is carried out
	brokenLate            // the connection breaks after that
)

// A verdict is what becomes of a request.
type verdict struct {
	treatment
	after time.Duration // until the answer leaves the server
	wait  time.Duration // that the answer asks for, if its form has room for that
}

// server is the model of the vendor's service. It is used by one goroutine at
// a time, and by no two at the same instant.
type server struct {
	world *World
	busy  time.Time // when the queue will be empty
	limit []window  // per client
	load  []Second  // of the run
}

// A Second is how many requests came in one second, and how many of them were
// answered well. Those to a server that is down count as well.
type Second struct{ Came, Served int }

// A window is a client's minute. Those of the clients begin at instants of
// their own, and follow one another without a gap.
type window struct {
	until time.Time
	used  int
}

// at returns the window of an instant.
func (w window) at(now time.Time, offset time.Duration) window {
	if now.Before(w.until) {
		return w
	}
	into := (now.Sub(epoch) + offset) % time.Minute
	return window{until: now.Add(time.Minute - into)}
}

func newServer(w *World) *server {
	return &server{
		world: w,
		limit: make([]window, w.Clients),
		load:  make([]Second, int((w.Length()+w.Deadlines[1])/time.Second)+1),
	}
}

// take decides what becomes of a request. Whoever is over a limit is told so
// before anything else is looked at; a request that would wait too long in the
// queue is turned away; the others are served in their order, well or not.
func (s *server) take(c *Call, now time.Time) verdict {
	v := s.decide(c, now)
	if at := int(now.Sub(epoch) / time.Second); at < len(s.load) {
		s.load[at].Came++
		if v.treatment == served {
			s.load[at].Served++
		}
	}
	return v
}

func (s *server) decide(c *Call, now time.Time) verdict {
	p := s.world.phase(now)
	if p.Down {
		s.busy = now
		return verdict{treatment: refused}
	}
	if v := s.outright(c, p, now); v.treatment != served {
		s.work(p, now, s.world.RefusalCost)
		return v
	}
	v := verdict{treatment: s.fate(c, p), after: s.work(p, now, 1)}
	if v.treatment == served || v.treatment == failedLate || v.treatment == brokenLate {
		c.Acted++
	}
	return v
}

// work puts a request into the queue and returns when it will be done.
func (s *server) work(p *Phase, now time.Time, cost float64) time.Duration {
	if s.busy.Before(now) {
		s.busy = now
	}
	s.busy = s.busy.Add(time.Duration(cost * float64(time.Second) / p.Capacity))
	return s.busy.Sub(now)
}

// outright returns how a request is refused outright, or served if it is not.
func (s *server) outright(c *Call, p *Phase, now time.Time) verdict {
	if c.Quota {
		return verdict{treatment: overQuota}
	}
	if c.Invalid {
		return verdict{treatment: rejected}
	}
	if s.busy.Sub(now) > s.world.QueueWait {
		v := verdict{treatment: turnedAway, wait: s.world.TurnAway}
		if s.world.draw(forTurnAway, c.number, c.Sent) < 0.5 {
			v.treatment = unavailable
		}
		return v
	}
	if p.Limit == 0 {
		return verdict{}
	}
	w := &s.limit[c.client]
	*w = w.at(now, time.Duration(s.world.draw(forWindow, c.client, 0)*float64(time.Minute)))
	if w.used >= p.Limit {
		// Whole seconds, as all five vendors count in them.
		left := w.until.Sub(now)
		return verdict{treatment: throttled, wait: (left + time.Second - 1).Truncate(time.Second)}
	}
	w.used++
	return verdict{}
}

// fate returns how a request that is carried out, or nearly, ends.
func (s *server) fate(c *Call, p *Phase) treatment {
	kinds := [...]treatment{failed, failedLate, broken, brokenLate}
	r := s.world.draw(forFailure, c.number, c.Sent)
	if r >= p.Failing {
		return served
	}
	return kinds[int(r/p.Failing*float64(len(kinds)))]
}
