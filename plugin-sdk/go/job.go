// SPDX-License-Identifier: Apache-2.0

package bio

// #include "entry.h"
import "C"

import "unsafe"

// Job is what one export is asked to do: copies of the host's tables.
type Job struct {
	OutDir, ScratchDir, OutputName, Target string
	SourceDateEpoch                        int64
	Packages                               []Package // the closure in layer order
	Roots                                  []uint32  // indices of the packages that the user named
	Values                                 []Value   // one for each of the format's options
}

// Package is a package of the closure; its index in Job.Packages is its identity.
type Package struct {
	Ident, Origin, Name, Version, Release, Target, Prefix, Artifact, Signer, Requested string
	Flags                                                                              uint32
	InstalledSize, FileCount                                                           uint64
	Metadata                                                                           [][2]string
	Dependencies                                                                       []Dependency
}

// Dependency is one package that another needs.
type Dependency struct {
	Package  uint32
	IsDirect bool
}

// Value is the value of an option.
type Value struct {
	ID      string
	Kind    Kind   // 0 when there is neither value nor default
	Source  uint32 // 0 default, 1 command line, 2 environment
	Integer int64
	Text    string
	Items   []string
}

// Value gives the value of an option, by id.
func (job *Job) Value(id string) Value {
	for _, value := range job.Values {
		if value.ID == id {
			return value
		}
	}
	panic("the plugin asks for an option that it lacks: " + id)
}

func newJob(raw *C.bio_job, options []Option) *Job {
	job := &Job{
		OutDir: text(raw.out_dir), ScratchDir: text(raw.scratch_dir), OutputName: text(raw.output_name),
		Target: text(raw.target), SourceDateEpoch: int64(raw.source_date_epoch),
	}
	graph := raw.graph
	count := int(graph.package_count)
	packages := unsafe.Slice(graph.packages, count)
	starts := unsafe.Slice(graph.edge_starts, count+1)
	edges := unsafe.Slice(graph.edges, int(graph.edge_count))
	for index, table := range packages {
		job.Packages = append(job.Packages, newPackage(table, edges[starts[index]:starts[index+1]]))
	}
	for _, root := range unsafe.Slice(graph.roots, int(graph.root_count)) {
		job.Roots = append(job.Roots, uint32(root))
	}
	for index, value := range unsafe.Slice(raw.values, int(raw.value_count)) {
		made := Value{
			ID: options[index].ID, Kind: Kind(value.kind), Source: uint32(value.source),
			Integer: int64(value.integer), Text: text(value.text),
		}
		for _, item := range unsafe.Slice(value.items, int(value.item_count)) {
			made.Items = append(made.Items, text(item))
		}
		job.Values = append(job.Values, made)
	}
	return job
}

func newPackage(raw *C.bio_package, edges []C.bio_edge) Package {
	made := Package{
		Ident: text(raw.ident), Origin: text(raw.origin), Name: text(raw.name), Version: text(raw.version),
		Release: text(raw.release), Target: text(raw.target), Prefix: text(raw.prefix),
		Artifact: text(raw.artifact), Signer: text(raw.signer), Requested: text(raw.requested),
		Flags: uint32(raw.flags), InstalledSize: uint64(raw.installed_size), FileCount: uint64(raw.file_count),
	}
	for _, pair := range unsafe.Slice(raw.metadata, int(raw.metadata_count)) {
		made.Metadata = append(made.Metadata, [2]string{text(pair.key), text(pair.value)})
	}
	for _, edge := range edges {
		made.Dependencies = append(made.Dependencies, Dependency{uint32(edge.to), edge.kind == C.BIO_EDGE_DIRECT})
	}
	return made
}
