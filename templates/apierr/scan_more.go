package apierr

// more does what only some nodes want, with a value that was captured. The
// value is valid, whatever is behind it.
func (s *scan) more(n *node, got capture) {
	m := n.more
	for _, t := range m.also {
		s.caps[s.row[t.table]+t.slot] = got
	}
	if got.kind < kindArray {
		return
	}
	if m.members && got.kind == kindObject {
		s.members(n, int(got.start))
	}
	for i := range m.filters {
		s.filter(&m.filters[i], got)
	}
	if m.deep != nil {
		s.deep(m.deep, int(got.start))
	}
}

// again reads a valid value again, for n. How many values are open around it is
// of no importance any more.
func (s *scan) again(n *node, i int) (end int) { return s.value(s.body, n, i, 0) }

// members gives each member of the object at i a row.
func (s *scan) members(n *node, i int) {
	first := len(s.entries)
	s.index(i, 1)
	index := 0
	for at := first; at < len(s.entries) && s.fits(n.opens, index); at++ {
		if i := s.entries[at].value; i != 0 {
			for _, t := range n.opens {
				s.addRow(t, index)
			}
			index++
			s.again(n.each, int(i))
		}
	}
	s.entries = s.entries[:first]
}

// deep gives each member below the value at i that has one of the names a row.
func (s *scan) deep(d *deep, i int) {
	first := len(s.entries)
	s.index(i, maxLevels)
	for at := first; at < len(s.entries); {
		e := s.entries[at]
		if e.value == 0 {
			at = int(e.next)
			continue
		}
		if m, _ := s.member(s.body, &d.names, int(e.name)); m != nil {
			s.deepRow(m.node, d.opens[m], int(e.value))
		}
		at++
	}
	s.entries = s.entries[:first]
}

func (s *scan) deepRow(n *node, opens []uint32, i int) {
	list := s.plan.tables[opens[0]].list
	index := int(s.caps[s.row[list.table]+list.slot].end)
	if !s.fits(opens, index) || s.reread/maxAgain > len(s.body) {
		return
	}
	for _, t := range opens {
		s.addRow(t, index)
	}
	s.reread += s.again(n, i) - i
}

// filter finds the first child of an array or object that passes, for each of
// some filters.
func (s *scan) filter(f *filters, got capture) {
	passed := uint64(0)
	if got.kind == kindObject {
		first := len(s.entries)
		s.index(int(got.start), 1)
		for at := first; at < len(s.entries); at++ {
			if i := s.entries[at].value; i != 0 {
				_, passed = s.try(f, int(i), passed)
			}
		}
		s.entries = s.entries[:first]
		return
	}
	i := skipSpace(s.body, int(got.start)+1)
	for s.body[i] != ']' {
		i, passed = s.try(f, i, passed)
		if i = skipSpace(s.body, i); s.body[i] == ',' {
			i = skipSpace(s.body, i+1)
		}
	}
}

// try reads the child at i for those filters that none has passed yet.
func (s *scan) try(f *filters, i int, passed uint64) (end int, now uint64) {
	s.forget(f.test)
	end = s.again(f.test, i)
	for k := range f.wanted {
		w := &f.wanted[k]
		if passed>>k&1 == 0 && s.equal(s.plain(s.caps[w.tested.slot]), w) {
			passed |= 1 << k
			s.again(w.node, i)
		}
	}
	return end, passed
}
