// SPDX-License-Identifier: Apache-2.0

package bio

// #include <stdlib.h>
// #include "entry.h"
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// Host is the host of one export; it is valid until the exporter ends.
type Host struct {
	raw           *C.bio_host
	artifactFlags C.uint32_t // of a reproducible format: BIO_ARTIFACT_REPRODUCIBLE, the same bit
}

// Artifact is something that an export makes: a file in the output directory.
type Artifact struct {
	Kind, MediaType, Path string
	IsDirectory           bool
	IsSidecar             bool
}

// File is one entry of an installed package.
type File struct {
	Path, LinkTarget string // bytes
	Digest           string
	Size             uint64
	Kind, Mode       uint32 // 1 regular, 2 directory, 3 symbolic link
}

// texts are bio_strs in C memory, for one call.
type texts struct{ kept []unsafe.Pointer }

func (texts *texts) add(text string) C.bio_str {
	if text == "" {
		return C.bio_str{}
	}
	copied := C.CString(text)
	texts.kept = append(texts.kept, unsafe.Pointer(copied))
	return C.bio_str{ptr: copied, len: C.uint64_t(len(text))}
}

func (texts *texts) free() {
	for _, text := range texts.kept {
		C.free(text)
	}
}

func text(raw C.bio_str) string { return C.GoStringN(raw.ptr, C.int(raw.len)) }

func checked(code C.int32_t) error {
	if code == C.BIO_OK {
		return nil
	}
	return &Failure{Code: int32(code)}
}

// Log shows one line to the user; the levels are 1 debug, 2 note, 3 warning.
func (host *Host) Log(level uint32, line string) {
	var texts texts
	defer texts.free()
	C.bio_go_log(host.raw, C.uint32_t(level), texts.add(line))
}

// offers says whether the host has a service.
func (host *Host) offers(id string) bool {
	name := C.CString(id)
	defer C.free(unsafe.Pointer(name))
	return C.bio_go_service(host.raw, name) != nil
}

// IsCancelled says whether the user asked to stop.
func (host *Host) IsCancelled() bool { return C.bio_go_cancelled(host.raw) != 0 }

// Emit takes an artifact: intended while planning, made while running.
func (host *Host) Emit(artifact Artifact) error {
	var texts texts
	defer texts.free()
	made := (*C.bio_artifact)(C.calloc(1, C.sizeof_bio_artifact))
	defer C.free(unsafe.Pointer(made))
	made.struct_size = C.sizeof_bio_artifact
	made.flags = host.artifactFlags
	made.form = C.BIO_FORM_FILE
	if artifact.IsDirectory {
		made.form = C.BIO_FORM_DIRECTORY
	}
	made.role = C.BIO_ARTIFACT_PRIMARY
	if artifact.IsSidecar {
		made.role = C.BIO_ARTIFACT_SIDECAR
	}
	made.kind = texts.add(artifact.Kind)
	made.media_type = texts.add(artifact.MediaType)
	made.path = texts.add(artifact.Path)
	return checked(C.bio_go_emit(host.raw, made))
}

// Files gives the entries of a package, in byte order of their paths; an entry's index is its number.
func (host *Host) Files(pkg uint32) ([]File, error) {
	const room = 256
	page := (*[room]C.bio_file)(C.calloc(room, C.sizeof_bio_file))
	count := (*C.uint64_t)(C.calloc(1, C.sizeof_uint64_t))
	defer C.free(unsafe.Pointer(page))
	defer C.free(unsafe.Pointer(count))
	var files []File
	for {
		code := C.bio_go_page(host.raw, C.uint32_t(pkg), C.uint64_t(len(files)), &page[0], room, count)
		if code != C.BIO_OK || *count == 0 {
			return files, checked(code)
		}
		for _, raw := range page[:*count] {
			files = append(files, File{
				text(raw.path), text(raw.link_target), text(raw.digest), uint64(raw.size), uint32(raw.kind),
				uint32(raw.mode),
			})
		}
	}
}

// Open opens a regular file of a package, by its number.
func (host *Host) Open(pkg uint32, file uint64) (*os.File, error) {
	descriptor := (*C.int32_t)(C.calloc(1, C.sizeof_int32_t))
	defer C.free(unsafe.Pointer(descriptor))
	code := C.bio_go_open(host.raw, C.uint32_t(pkg), C.uint64_t(file), descriptor)
	if code != C.BIO_OK {
		return nil, checked(code)
	}
	return os.NewFile(uintptr(*descriptor), "package file"), nil
}

// JSON gives the text of a document made of Map, []any, string, int64, bool and nil, two blanks a level.
func (host *Host) JSON(document any) (string, error) {
	var texts texts
	defer texts.free()
	nodes, count := newNodes(&texts, document)
	defer C.free(unsafe.Pointer(nodes))
	made := (*C.bio_str)(C.calloc(1, C.sizeof_bio_str))
	defer C.free(unsafe.Pointer(made))
	code := C.bio_go_json(host.raw, nodes, count, made)
	if code != C.BIO_OK {
		return "", checked(code)
	}
	return text(*made), nil
}

// newNodes gives the nodes of a document, in C memory that the caller frees.
func newNodes(texts *texts, document any) (*C.bio_node, C.uint64_t) {
	nodes := flatten(nil, texts, "", document)
	raw := (*C.bio_node)(C.calloc(C.size_t(len(nodes)), C.sizeof_bio_node))
	copy(unsafe.Slice(raw, len(nodes)), nodes)
	return raw, C.uint64_t(len(nodes))
}

func flatten(nodes []C.bio_node, texts *texts, key string, value any) []C.bio_node {
	place := len(nodes)
	nodes = append(nodes, C.bio_node{key: texts.add(key)})
	node := &nodes[place]
	switch value := value.(type) {
	case nil:
		node.kind = C.BIO_NODE_NULL
	case bool:
		node.kind = C.BIO_NODE_BOOL
		if value {
			node.integer = 1
		}
	case int64:
		node.kind, node.integer = C.BIO_NODE_INTEGER, C.int64_t(value)
	case string:
		node.kind, node.text = C.BIO_NODE_STRING, texts.add(value)
	case []any:
		node.kind, node.count = C.BIO_NODE_LIST, C.uint32_t(len(value))
		for _, item := range value {
			nodes = flatten(nodes, texts, "", item)
		}
	case Map:
		node.kind, node.count = C.BIO_NODE_MAP, C.uint32_t(len(value))
		for _, member := range value {
			nodes = flatten(nodes, texts, member.Key, member.Value)
		}
	default:
		panic(fmt.Sprintf("a document cannot hold a %T", value))
	}
	return nodes
}

// fail hands a failure's reason to the host; it gives its code.
func (host *Host) fail(err error) C.int32_t {
	failure, ok := err.(*Failure)
	if !ok {
		failure = &Failure{Code: Failed, Message: err.Error()}
	}
	code := failure.Code
	if code < 1 || code > 999 {
		code = Failed
	}
	if failure.Message == "" {
		return C.int32_t(code)
	}
	var texts texts
	defer texts.free()
	made := (*C.bio_error)(C.calloc(1, C.sizeof_bio_error))
	defer C.free(unsafe.Pointer(made))
	made.struct_size = C.sizeof_bio_error
	made.code = C.int32_t(code)
	made.subject_kind = C.uint32_t(failure.SubjectKind)
	made.subject = texts.add(failure.Subject)
	made.message = texts.add(failure.Message)
	made.hint = texts.add(failure.Hint)
	C.bio_go_fail(host.raw, made)
	return C.int32_t(code)
}
