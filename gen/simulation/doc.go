// Package simulation compares ways to retry. A thousand clients call one
// server that is well, throttles, fails, is down and comes back with less than
// its full strength, and each way has to cope with the very same minutes of
// the same seed. The server speaks as the vendors of this repository's catalogs
// do: its answers are the examples of the generated packages.
//
// It all happens in memory and on the virtual clock of [testing/synctest], and
// is deterministic to the last request: no two events that share any state
// have the same instant (see align). What happens to a request is drawn from
// the seed and the numbers of the call and the attempt; each client has a
// stream of random numbers of its own for its jitter.
//
// README.md beside this file has the results. `make simulate` rewrites it.
package simulation
