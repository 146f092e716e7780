package simulation

import (
	"strconv"
	"time"
)

// A Call is one thing that a client wants of the server, however many requests
// it takes. It is used by the goroutine that makes the call and no other.
type Call struct {
	number int // among all calls of the run
	slot   int // see align
	client int

	Start    time.Duration // since the epoch
	Deadline time.Duration // since Start
	Post     bool
	Invalid  bool // the server will never accept it
	Quota    bool // the client has used up its quota

	Sent  int // requests made
	Acted int // requests carried out by the server
	Early int // requests sent before the server's own wait was over
	OK    bool
	End   time.Duration // since the epoch

	notBefore time.Time // what the server asked for last
}

// slots is how many calls can be told apart by their instants, and callsAtOnce
// how many of them one client can have going.
const (
	slots       = 1 << 14
	callsAtOnce = 1 << 4
)

// calls returns all calls of the world. They are the same for every vendor and
// driver.
func (w *World) calls(v *Vendor) []Call {
	each := int(w.Length() / w.Every)
	all := make([]Call, w.Clients*each)
	for client := range w.Clients {
		overQuota := v.quota != nil && w.draw(forQuota, client, 0) < w.OverQuota
		for k := range each {
			n := client*each + k
			c := &all[n]
			*c = Call{number: n, client: client, slot: client*callsAtOnce + k%callsAtOnce, Quota: overQuota}
			c.Start = time.Duration((float64(k) + w.draw(forStart, n, 0)) * float64(w.Every))
			c.Post = w.draw(forMethod, n, 0) < w.Posts
			c.Invalid = w.draw(forInvalid, n, 0) < w.Invalid
			c.Deadline = w.Deadlines[0]
			if w.draw(forDeadline, n, 0) < w.Patient {
				c.Deadline = w.Deadlines[1]
			}
		}
	}
	return all
}

// possible reports whether the call could succeed in some way of retrying: it
// is acceptable, and the server is not down from its start to its deadline.
func (c *Call) possible(w *World) bool {
	down, up := w.outage()
	return !c.Invalid && !c.Quota && !(c.Start >= down && c.Start+c.Deadline <= up)
}

// duplicates returns how often the call was carried out beyond the once that
// was meant.
func (c *Call) duplicates() int {
	if !c.Post {
		return 0
	}
	return max(c.Acted-1, 0)
}

func (c *Call) id() string { return strconv.Itoa(c.number) }
