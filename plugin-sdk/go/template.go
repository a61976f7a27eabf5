// SPDX-License-Identifier: Apache-2.0

package bio

// #include <stdlib.h>
// #include "entry.h"
import "C"

import "unsafe"

// ExtTemplate and the services that go with it: a format that uses them has them among its Needs.
const (
	ExtTemplate = "bio.host.template/1"
	ExtRootFS   = "bio.host.rootfs/1"
	ExtArchive  = "bio.host.archive/1"
)

// Tree is a root file system in the making; it ends with the exporter.
type Tree struct {
	host   *Host
	handle C.bio_handle
}

// ServiceCall is a service that is configured once, when it is exported.
type ServiceCall struct {
	Package           uint32   // its index
	Binds             []string // where binds lead, as the user writes it: "database=10.0.0.7:5432"
	Configuration     string   // TOML over the package's default.toml
	ConfigurationName string   // what messages call that
	Group             string   // empty: default
}

// Hook is a program of a service.
type Hook struct {
	Name        string // init, run, post-run, post-stop, health-check
	Path        string // in the tree
	Interpreter string // absolute, of its first line
}

// RenderedService is what whoever starts the service must know.
type RenderedService struct {
	Directory   string // in the tree: hab/svc/redis
	User, Group string
	StopSignal  string // without SIG
	StopSeconds uint32
	Hooks       []Hook      // run is among them
	Environment [][2]string // of its programs, PATH too
	LeftOut     []string    // hooks that only a supervisor runs
}

// Render gives the text of a template, with the members of context filled in. Messages call it name; the subject, AboutOption
// and such, is what it came from.
func (host *Host) Render(template, name string, context Map, subjectKind uint32, subject string) (string, error) {
	var texts texts
	defer texts.free()
	nodes, count := newNodes(&texts, context)
	defer C.free(unsafe.Pointer(nodes))
	source := (*C.bio_source)(C.calloc(1, C.sizeof_bio_source))
	defer C.free(unsafe.Pointer(source))
	source.struct_size = C.sizeof_bio_source
	source.subject_kind = C.uint32_t(subjectKind)
	source.subject = texts.add(subject)
	source.name = texts.add(name)
	source.text = texts.add(template)
	made := (*C.bio_str)(C.calloc(1, C.sizeof_bio_str))
	defer C.free(unsafe.Pointer(made))
	if code := C.bio_go_render(host.raw, source, nodes, count, made); code != C.BIO_OK {
		return "", checked(code)
	}
	return text(*made), nil
}

// NewTree begins an empty tree.
func (host *Host) NewTree() (*Tree, error) {
	handle := (*C.bio_handle)(C.calloc(1, C.sizeof_bio_handle))
	defer C.free(unsafe.Pointer(handle))
	if code := C.bio_go_begin(host.raw, handle); code != C.BIO_OK {
		return nil, checked(code)
	}
	return &Tree{host, *handle}, nil
}

// RenderService renders the configuration and the hooks of a service into the tree, below its directory.
func (tree *Tree) RenderService(call ServiceCall) (RenderedService, error) {
	var texts texts
	defer texts.free()
	raw := (*C.bio_service_call)(C.calloc(1, C.sizeof_bio_service_call))
	defer C.free(unsafe.Pointer(raw))
	binds := unsafe.Slice((*C.bio_str)(C.calloc(C.size_t(len(call.Binds)+1), C.sizeof_bio_str)), len(call.Binds)+1)
	defer C.free(unsafe.Pointer(&binds[0]))
	for index, bind := range call.Binds {
		binds[index] = texts.add(bind)
	}
	raw.struct_size = C.sizeof_bio_service_call
	raw._package = C.uint32_t(call.Package)
	raw.binds, raw.bind_count = &binds[0], C.uint32_t(len(call.Binds))
	raw.configuration = texts.add(call.Configuration)
	raw.configuration_name = texts.add(call.ConfigurationName)
	raw.group = texts.add(call.Group)
	made := (*C.bio_service)(C.calloc(1, C.sizeof_bio_service))
	defer C.free(unsafe.Pointer(made))
	if code := C.bio_go_render_service(tree.host.raw, raw, tree.handle, made); code != C.BIO_OK {
		return RenderedService{}, checked(code)
	}
	return newRenderedService(made), nil
}

func newRenderedService(raw *C.bio_service) RenderedService {
	made := RenderedService{
		Directory: text(raw.directory), User: text(raw.user), Group: text(raw.group),
		StopSignal: text(raw.stop_signal), StopSeconds: uint32(raw.stop_seconds),
	}
	for _, hook := range unsafe.Slice(raw.hooks, int(raw.hook_count)) {
		made.Hooks = append(made.Hooks, Hook{text(hook.name), text(hook.path), text(hook.interpreter)})
	}
	for _, pair := range unsafe.Slice(raw.environment, int(raw.environment_count)) {
		made.Environment = append(made.Environment, [2]string{text(pair.key), text(pair.value)})
	}
	for _, name := range unsafe.Slice(raw.left_out, int(raw.left_out_count)) {
		made.LeftOut = append(made.LeftOut, text(name))
	}
	return made
}

// Archive writes the tree as a tar at path in the output directory; compression is as in gzip:9 or none.
func (tree *Tree) Archive(path, compression string) error {
	var texts texts
	defer texts.free()
	return checked(C.bio_go_archive(tree.host.raw, tree.handle, texts.add(path), texts.add(compression)))
}
