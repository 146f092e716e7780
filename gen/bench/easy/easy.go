// Package easy has the structs of package wire with the decoders that easyjson
// writes for them. They are types of their own because the other libraries
// would call those decoders as well.
package easy

import "github.com/errgen/errgen/gen/bench/wire"

//go:generate go tool easyjson -no_std_marshalers -output_filename easyjson.go easy.go

// Forlena is [wire.Forlena].
//
//easyjson:json
type Forlena wire.Forlena

// Fault returns what the body says.
func (w *Forlena) Fault() wire.Fault { return (*wire.Forlena)(w).Fault() }

// Leads is [wire.Leads].
//
//easyjson:json
type Leads wire.Leads

// Fault returns what the body says.
func (w *Leads) Fault() wire.Fault { return (*wire.Leads)(w).Fault() }

// Formfex is [wire.Formfex].
//
//easyjson:json
type Formfex wire.Formfex

// Fault returns what the body says.
func (w *Formfex) Fault() wire.Fault { return (*wire.Formfex)(w).Fault() }

// Formamail is [wire.Formamail].
//
//easyjson:json
type Formamail wire.Formamail

// Fault returns what the body says.
func (w *Formamail) Fault() wire.Fault { return (*wire.Formamail)(w).Fault() }
