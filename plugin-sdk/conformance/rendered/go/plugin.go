// SPDX-License-Identifier: Apache-2.0

// A text and a service, rendered by the host, in Go.
package main

import (
	"os"
	"path/filepath"

	bio "bio.plugin/rendered/sdk"
)

type rendered struct{ host *bio.Host }

func list(texts []string) []any {
	made := []any{}
	for _, text := range texts {
		made = append(made, text)
	}
	return made
}

func (exporter *rendered) Validate(*bio.Job) error { return nil }

func (exporter *rendered) Plan(*bio.Job) error {
	document := bio.Artifact{Kind: "rendered", MediaType: "application/json", Path: "rendered.json"}
	if err := exporter.host.Emit(document); err != nil {
		return err
	}
	tree := bio.Artifact{Kind: "rendered-tree", MediaType: "application/x-tar", Path: "rendered.tar", IsSidecar: true}
	return exporter.host.Emit(tree)
}

func (exporter *rendered) Run(job *bio.Job) error {
	root := job.Roots[0]
	context := bio.Map{
		{"package", job.Packages[root].Name}, {"port", int64(6379)}, {"tags", []any{"a", "b"}}, {"on", true},
	}
	template := job.Value("template").Text
	text, err := exporter.host.Render(template, "the template", context, bio.AboutOption, "template")
	if err != nil {
		return err
	}
	tree, err := exporter.host.NewTree()
	if err != nil {
		return err
	}
	service, err := tree.RenderService(bio.ServiceCall{
		Package: root, Binds: job.Value("bind").Items, Configuration: "greeting = \"made\"\n",
		ConfigurationName: "made.toml", Group: "blue",
	})
	if err != nil {
		return err
	}
	hooks, environment := []any{}, bio.Map{}
	for _, hook := range service.Hooks {
		hooks = append(hooks, bio.Map{{"name", hook.Name}, {"path", hook.Path}, {"interpreter", hook.Interpreter}})
	}
	for _, variable := range service.Environment {
		environment = append(environment, bio.Member{Key: variable[0], Value: variable[1]})
	}
	document, err := exporter.host.JSON(bio.Map{
		{"text", text}, {"directory", service.Directory}, {"user", service.User}, {"group", service.Group},
		{"stop_signal", service.StopSignal}, {"stop_seconds", int64(service.StopSeconds)}, {"hooks", hooks},
		{"environment", environment}, {"left_out", list(service.LeftOut)},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(job.OutDir, "rendered.json"), []byte(document), 0o644); err != nil {
		return err
	}
	if err := tree.Archive("rendered.tar", "none"); err != nil {
		return err
	}
	return exporter.Plan(job)
}

func init() {
	bio.Register(bio.Plugin{
		ID: "org.example.rendered", Name: "rendered", Version: "0.1.0", License: "Apache-2.0",
		Formats: []bio.Format{{
			ID:      "rendered",
			Summary: "What the host renders",
			Options: []bio.Option{
				{
					ID: "template", Kind: bio.String, Summary: "Render this", ValueName: "TEXT",
					Default: "{{package}} on {{port}}",
				},
				{ID: "bind", Kind: bio.List, Summary: "Bind the service so", ValueName: "NAME=HOST:PORT"},
			},
			Groups:        []string{"bio.options.packages/1"},
			ArtifactKinds: []string{"rendered", "rendered-tree"},
			Needs: []string{
				"bio.host.fail/1", "bio.host.document/1", bio.ExtRootFS, bio.ExtArchive, bio.ExtTemplate,
			},
			Flags: bio.Reproducible,
			New:   func(host *bio.Host) (bio.Exporter, error) { return &rendered{host}, nil },
		}},
	})
}

func main() {}
