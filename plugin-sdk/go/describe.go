// SPDX-License-Identifier: Apache-2.0

// Package bio is for export plugins of bio in Go: a description, which the plugin's main package registers in an init
// function, and an Exporter for each format. A panic of a plugin's code ends the phase with a reason, not the process. The
// Go runtime is a process-wide thing: a plugin in Go runs in a runner of its own, never with --in-process.
package bio

// Plugin is who a plugin is, and the formats that it offers: bio_plugin.
type Plugin struct {
	ID, Name, Version, Vendor, License, URL string
	Formats                                 []Format
}

// Format is one format: bio_format.
type Format struct {
	ID, Summary, Doc string
	Aliases          []string // other spellings of ID
	Options          []Option
	Groups           []string // of the host: "bio.options.packages/1"
	ArtifactKinds    []string
	Needs            []string // host services that it cannot do without
	Flags            uint32   // Reproducible, Streamable
	New              func(*Host) (Exporter, error)
}

// Flags of a Format.
const (
	Reproducible = 1 << 0 // same graph and options, same bytes
	Streamable   = 1 << 1 // one primary file: `-o -` can send it to standard output
)

// Kind says what values an option takes: BIO_KIND_….
type Kind uint32

// The kinds of options.
const (
	Flag Kind = 1 + iota
	Integer
	String
	Path
	Choice
	List
	Compression
)

// Option is one option of a format: bio_option.
type Option struct {
	ID               string
	Kind             Kind
	Summary          string
	Doc              string
	ValueName        string
	Default          string
	Environment      string   // a variable that may give the value: BIO_EXPORT_…
	Aliases          []string // other spellings of ID
	Choices          [][2]string // each value and what it means
	Minimum, Maximum int64
	Flags            uint32
}

// Exporter makes one format. One of them serves one export, on one thread at a time.
type Exporter interface {
	// Validate refuses what cannot be exported; it writes nothing.
	Validate(*Job) error
	// Plan emits the artifacts that Run would make; it writes nothing.
	Plan(*Job) error
	// Run makes the planned artifacts and emits them.
	Run(*Job) error
}

// Failure is why an export cannot go on. Any other error is one with the code 1 and no hint.
type Failure struct {
	Code        int32 // BIO_E_…, or 100-999 for the plugin's own
	SubjectKind uint32
	Subject     string
	Message     string // lower case, no final period; empty: the host has said it already
	Hint        string // the next step, or empty
}

func (failure *Failure) Error() string { return failure.Message }

// Codes of failures, and what they are about.
const (
	Failed      = 1
	Invalid     = 2
	Unsupported = 3
	Cancelled   = 7
	IO          = 8
	Limit       = 9

	AboutOption  = 1
	AboutPackage = 2
	AboutPath    = 3
)

var registered *Plugin

// Register says what the plugin is; it is called once, in an init function.
func Register(plugin Plugin) { registered = &plugin }

// Member is a member of a Map.
type Member struct {
	Key   string
	Value any
}

// Map is a JSON object whose members keep their order, for Host.JSON.
type Map []Member
