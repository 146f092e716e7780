package simulation

import "time"

// epoch is when every run begins. The clock of a synctest bubble stands at the
// year 2000, where the vendors' Unix seconds have a digit less.
var epoch = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

// A World is all there is to know about a run but the vendor and the driver.
type World struct {
	Seed    uint64
	Clients int           // at most slots / callsAtOnce
	Every   time.Duration // how often each client makes a call, on average

	Posts     float64 // share of calls that are POST; the others are GET
	Patient   float64 // share of calls with the long deadline
	Deadlines [2]time.Duration

	Invalid   float64 // share of calls that the server will never accept
	OverQuota float64 // share of clients that have used up their quota, where the vendor has one

	Latency     [2]time.Duration // least and most, each way
	QueueWait   time.Duration    // the longest queue; who would wait longer is turned away
	TurnAway    time.Duration    // how long those who are turned away are asked to wait
	RefusalCost float64          // of an answer other than the call's own, as a share of a request served
	Phases      []Phase
}

// A Phase is a stretch of time in which the server behaves in one way.
type Phase struct {
	Name     string
	Length   time.Duration
	Capacity float64 // requests served a second
	Limit    int     // requests that each client has a minute; 0 is no limit
	Failing  float64 // share of requests that fail one way or another
	Down     bool    // connections are refused
}

// Standard returns the world of the published results.
func Standard() World {
	return World{
		Seed:        1,
		Clients:     1000,
		Every:       20 * time.Second,
		Posts:       0.5,
		Patient:     0.5,
		Deadlines:   [2]time.Duration{20 * time.Second, 2 * time.Minute},
		Invalid:     0.01,
		OverQuota:   0.01,
		Latency:     [2]time.Duration{5 * time.Millisecond, 25 * time.Millisecond},
		QueueWait:   2 * time.Second,
		TurnAway:    10 * time.Second,
		RefusalCost: 0.1,
		Phases: []Phase{
			{Name: "normal", Length: time.Minute, Capacity: 75},
			{Name: "throttling", Length: 2 * time.Minute, Capacity: 75, Limit: 2},
			{Name: "failing", Length: 2 * time.Minute, Capacity: 75, Failing: 0.5},
			{Name: "outage", Length: 2 * time.Minute, Down: true},
			{Name: "recovery", Length: 2 * time.Minute, Capacity: 60},
			{Name: "normal", Length: 2 * time.Minute, Capacity: 75},
		},
	}
}

// Length returns how long calls are made. The last of them end later.
func (w *World) Length() time.Duration {
	var sum time.Duration
	for i := range w.Phases {
		sum += w.Phases[i].Length
	}
	return sum
}

// Normal returns how many calls are made a second.
func (w *World) Normal() float64 {
	return float64(w.Clients) / w.Every.Seconds()
}

// phase returns the phase at an instant, the last one for ever after.
func (w *World) phase(now time.Time) *Phase {
	at := now.Sub(epoch)
	for i := range w.Phases {
		if at < w.Phases[i].Length {
			return &w.Phases[i]
		}
		at -= w.Phases[i].Length
	}
	return &w.Phases[len(w.Phases)-1]
}

// outage returns when the server goes down and when it comes back.
func (w *World) outage() (from, to time.Duration) {
	var at time.Duration
	for i := range w.Phases {
		if w.Phases[i].Down {
			return at, at + w.Phases[i].Length
		}
		at += w.Phases[i].Length
	}
	return at, at
}

// What a random number is drawn for.
const (
	forStart = iota
	forMethod
	forDeadline
	forInvalid
	forQuota
	forWindow
	forLatency
	forFailure
	forTurnAway
)

// draw returns a random number from 0 up to 1. It depends on the seed and on
// what it is for, and on nothing that happened before.
func (w *World) draw(what, call, attempt int) float64 {
	x := mix(w.Seed ^ mix(uint64(what)<<48^uint64(call)<<16^uint64(attempt)))
	return float64(x>>11) / (1 << 53)
}

// mix is the output function of SplitMix64 (Steele, Lea and Flood: Fast
// Splittable Pseudorandom Number Generators, 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
