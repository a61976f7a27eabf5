// SPDX-License-Identifier: Apache-2.0

// The format @FORMAT@: the packages of an export, one a line, under a heading.
package main

import (
	"os"
	"path/filepath"
	"strings"

	bio "bio.plugin/@NAME@/sdk"
)

type packageList struct{ host *bio.Host }

func fileName(job *bio.Job) string {
	if job.OutputName != "" {
		return job.OutputName
	}
	return "@NAME@.txt"
}

func (exporter *packageList) Validate(job *bio.Job) error {
	if !strings.Contains(job.Value("heading").Text, "\n") {
		return nil
	}
	return &bio.Failure{
		Code: bio.Invalid, SubjectKind: bio.AboutOption, Subject: "heading",
		Message: "the heading has more than one line", Hint: "leave the newline out",
	}
}

func (exporter *packageList) Plan(job *bio.Job) error {
	return exporter.host.Emit(bio.Artifact{Kind: "package-list", MediaType: "text/plain", Path: fileName(job)})
}

func (exporter *packageList) Run(job *bio.Job) error {
	text := job.Value("heading").Text + "\n"
	for _, pkg := range job.Packages {
		text += pkg.Ident + "\n"
	}
	if err := os.WriteFile(filepath.Join(job.OutDir, fileName(job)), []byte(text), 0o644); err != nil {
		return err
	}
	return exporter.Plan(job)
}

func init() {
	bio.Register(bio.Plugin{
		ID: "@ID@", Name: "@NAME@", Version: "0.1.0", License: "@LICENSE@",
		Formats: []bio.Format{{
			ID:      "@FORMAT@",
			Summary: "@SUMMARY@",
			Options: []bio.Option{{
				ID: "heading", Kind: bio.String, Summary: "Begin with this line", ValueName: "TEXT", Default: "packages",
			}},
			Groups:        []string{"bio.options.packages/1"},
			ArtifactKinds: []string{"package-list"},
			Needs:         []string{"bio.host.fail/1"},
			Flags:         bio.Reproducible | bio.Streamable,
			New:           func(host *bio.Host) (bio.Exporter, error) { return &packageList{host}, nil },
		}},
	})
}

func main() {}
