// SPDX-License-Identifier: Apache-2.0

// The mirror in Go: writes the job as JSON.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	bio "bio.plugin/mirror/sdk"
)

var (
	kinds     = []string{"unset", "bool", "int", "string", "path", "choice", "list", "compression"}
	sources   = []string{"default", "command-line", "environment"}
	fileKinds = []string{"", "file", "directory", "symlink"}
	roles     = []struct {
		bit  uint32
		name string
	}{
		{0, "root"}, {1, "base"}, {2, "service"}, {3, "unverified"}, {4, "install-hook"}, {8, "cli"},
		{9, "supervisor"}, {10, "launcher"}, {11, "shell"}, {12, "certificates"},
	}
)

type mirror struct{ host *bio.Host }

func fileName(job *bio.Job) string {
	if job.OutputName != "" {
		return job.OutputName
	}
	return "mirror.json"
}

// escaped gives bytes as text: what is not printable ASCII, and %, as %XX.
func escaped(text string) string {
	made := ""
	for _, character := range []byte(text) {
		if character > 0x20 && character < 0x7F && character != '%' {
			made += string(rune(character))
		} else {
			made += fmt.Sprintf("%%%02X", character)
		}
	}
	return made
}

func valueOf(value bio.Value) any {
	switch value.Kind {
	case 0:
		return nil
	case bio.Flag:
		return value.Integer != 0
	case bio.Integer:
		return value.Integer
	case bio.List:
		list := []any{}
		for _, item := range value.Items {
			list = append(list, item)
		}
		return list
	default:
		return value.Text
	}
}

func fileOf(file bio.File) bio.Map {
	made := bio.Map{{"path", escaped(file.Path)}, {"kind", fileKinds[file.Kind]}, {"mode", int64(file.Mode)}}
	switch file.Kind {
	case 1:
		made = append(made, bio.Member{Key: "size", Value: int64(file.Size)}, bio.Member{Key: "digest", Value: file.Digest})
	case 3:
		made = append(made, bio.Member{Key: "target", Value: escaped(file.LinkTarget)})
	}
	return made
}

func (exporter *mirror) packageOf(index int, pkg bio.Package) (bio.Map, error) {
	flags, dependencies, files, metadata := []any{}, []any{}, []any{}, bio.Map{}
	for _, role := range roles {
		if pkg.Flags&(1<<role.bit) != 0 {
			flags = append(flags, role.name)
		}
	}
	for _, pair := range pkg.Metadata {
		metadata = append(metadata, bio.Member{Key: pair[0], Value: pair[1]})
	}
	for _, dependency := range pkg.Dependencies {
		kind := "transitive"
		if dependency.IsDirect {
			kind = "direct"
		}
		dependencies = append(dependencies, bio.Map{{"package", int64(dependency.Package)}, {"kind", kind}})
	}
	entries, err := exporter.host.Files(uint32(index))
	if err != nil {
		return nil, err
	}
	for _, file := range entries {
		files = append(files, fileOf(file))
	}
	return bio.Map{
		{"ident", pkg.Ident}, {"target", pkg.Target}, {"prefix", pkg.Prefix}, {"artifact", pkg.Artifact},
		{"signer", pkg.Signer}, {"requested", pkg.Requested}, {"flags", flags},
		{"installed_size", int64(pkg.InstalledSize)}, {"file_count", int64(pkg.FileCount)}, {"metadata", metadata},
		{"dependencies", dependencies}, {"files", files},
	}, nil
}

func (exporter *mirror) Validate(job *bio.Job) error {
	refuse := job.Value("refuse")
	if refuse.Text == "" {
		return nil
	}
	return &bio.Failure{
		Code: 100, SubjectKind: bio.AboutOption, Subject: "refuse", Message: refuse.Text, Hint: "leave it out",
	}
}

func (exporter *mirror) Plan(job *bio.Job) error {
	return exporter.host.Emit(bio.Artifact{Kind: "mirror", MediaType: "application/json", Path: fileName(job)})
}

func (exporter *mirror) Run(job *bio.Job) error {
	if job.Value("panic").Integer != 0 {
		panic("boom")
	}
	options, roots, packages := []any{}, []any{}, []any{}
	for _, value := range job.Values {
		options = append(options, bio.Map{
			{"id", value.ID}, {"kind", kinds[value.Kind]}, {"source", sources[value.Source]}, {"value", valueOf(value)},
		})
	}
	for _, root := range job.Roots {
		roots = append(roots, int64(root))
	}
	for index, pkg := range job.Packages {
		made, err := exporter.packageOf(index, pkg)
		if err != nil {
			return err
		}
		packages = append(packages, made)
	}
	text, err := exporter.host.JSON(bio.Map{
		{"format", "mirror"}, {"target", job.Target}, {"source_date_epoch", job.SourceDateEpoch},
		{"output_name", job.OutputName}, {"options", options}, {"roots", roots}, {"packages", packages},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(job.OutDir, fileName(job)), []byte(text), 0o644); err != nil {
		return err
	}
	return exporter.Plan(job)
}

func init() {
	bio.Register(bio.Plugin{
		ID: "org.example.mirror", Name: "mirror", Version: "0.1.0", License: "Apache-2.0",
		Formats: []bio.Format{{
			ID:      "mirror",
			Summary: "The job as JSON",
			Options: []bio.Option{
				{ID: "flag", Kind: bio.Flag, Summary: "Be on"},
				{ID: "count", Kind: bio.Integer, Summary: "So many", ValueName: "N", Default: "3", Maximum: 10},
				{ID: "word", Kind: bio.String, Summary: "Say this", ValueName: "TEXT", Default: "hello"},
				{ID: "path", Kind: bio.Path, Summary: "Name this file", ValueName: "FILE"},
				{
					ID: "shape", Kind: bio.Choice, Summary: "Have this shape", ValueName: "NAME", Default: "round",
					Choices: [][2]string{{"round", "without corners"}, {"square", "with four"}},
				},
				{ID: "item", Kind: bio.List, Summary: "Hold this, too", ValueName: "TEXT"},
				{ID: "packing", Kind: bio.Compression, Summary: "Be packed so", ValueName: "NAME", Default: "gzip"},
				{ID: "refuse", Kind: bio.String, Summary: "Refuse with these words", ValueName: "TEXT"},
				{ID: "panic", Kind: bio.Flag, Summary: "Fail as the language does"},
			},
			Groups:        []string{"bio.options.packages/1"},
			ArtifactKinds: []string{"mirror"},
			Needs:         []string{"bio.host.fail/1", "bio.host.files/1", "bio.host.document/1"},
			Flags:         bio.Reproducible | bio.Streamable,
			New:           func(host *bio.Host) (bio.Exporter, error) { return &mirror{host}, nil },
		}},
	})
}

func main() {}
