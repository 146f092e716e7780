package main

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"time"
)

// measureConnection measures Check, and io.ReadAll beside it, on responses that
// come over a connection of this machine, which is kept alive. Making the
// request is not in the figures. Allocations are not counted: the connection's
// own goroutines allocate as well.
func measureConnection() ([]row, error) {
	rows := []row{{Name: "Check, over a connection"}, {Name: "io.ReadAll, over a connection"}}
	figures := make([]figure, len(rows))
	bodies := sampled()
	for i := range bodies {
		nanos, err := overConnection(&bodies[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", bodies[i].name, err)
		}
		for k := range figures {
			figures[k].Ratio += math.Log(nanos[k] / nanos[0])
			figures[k].Nanos += math.Log(nanos[k])
		}
	}
	n := float64(len(bodies))
	for k, f := range figures {
		rows[k].Figures = []figure{{math.Exp(f.Ratio / n), math.Exp(f.Nanos / n), math.NaN()}}
	}
	return rows, nil
}

// exchanges is how many responses are measured of each body and way.
const exchanges = 400

// overConnection returns how long it takes to check a response with this body,
// and to read it, by turns.
func overConnection(b *body) ([2]float64, error) {
	srv := httptest.NewServer(b)
	defer srv.Close()
	client := srv.Client()
	var nanos [2][]float64
	for i := range 2 * exchanges {
		resp, err := client.Get(srv.URL)
		if err != nil {
			return [2]float64{}, err
		}
		start := time.Now()
		if i%2 == 0 {
			kept.any = b.vendor.check(resp)
		} else {
			kept.bytes, err = io.ReadAll(resp.Body)
		}
		nanos[i%2] = append(nanos[i%2], float64(time.Since(start)))
		resp.Body.Close()
		if err != nil {
			return [2]float64{}, err
		}
	}
	return [2]float64{quartile(nanos[0]), quartile(nanos[1])}, nil
}

// ServeHTTP answers with the body.
func (b *body) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for name, values := range b.header {
		w.Header()[name] = values
	}
	w.WriteHeader(b.status)
	_, _ = w.Write(b.variants[0])
}
