package main

import (
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestPageHasTable shows that the README has a place for the table, and that
// the table there is of all that are measured.
func TestPageHasTable(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	again, err := between(string(page), "\nnothing\n")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(again, ours.name+" |") || !strings.Contains(again, "nothing") {
		t.Error("the table is not between the markers")
	}
	for _, c := range competitors() {
		if !strings.Contains(string(page), "| "+c.name+" |") {
			t.Errorf("README.md has no row for %s: run make bench UPDATE=1", c.name)
		}
	}
}

func TestBetween(t *testing.T) {
	page := "a\n" + startMark + "\nold\n" + endMark + "\nb\n"
	got, err := between(page, "new\n")
	if want := "a\n" + startMark + "\nnew\n" + endMark + "\nb\n"; got != want || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []string{"", startMark, endMark + startMark} {
		if _, err := between(bad, "new"); err == nil {
			t.Errorf("no error for %q", bad)
		}
	}
}

func TestShuffledBodiesVary(t *testing.T) {
	for _, b := range shuffled() {
		seen := map[string]bool{}
		for _, text := range b.variants {
			seen[string(text)] = true
		}
		if len(seen) < variants/2 {
			t.Errorf("%s has %d variants", b.name, len(seen))
		}
	}
}

// TestConnection shows that all bodies come over a connection as they are, so
// that what is measured there is the same work.
func TestConnection(t *testing.T) {
	for _, b := range sampled() {
		srv := httptest.NewServer(&b)
		resp, err := srv.Client().Get(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		kept.err = nil
		if err := b.vendor.check(resp); !errors.As(err, &kept.err) {
			t.Fatalf("%s: %v", b.name, err)
		}
		want := b.vendor.decode(b.status, b.header, b.variants[0], b.now)
		text, err := io.ReadAll(resp.Body)
		if kept.err.Entry() != want.Entry() || string(text) != string(b.variants[0]) || err != nil {
			t.Errorf("%s: %v, want %v; the body is %q, %v", b.name, kept.err, want, text, err)
		}
		resp.Body.Close()
		srv.Close()
	}
}
