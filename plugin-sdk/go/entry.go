// SPDX-License-Identifier: Apache-2.0

package bio

// #include <stdlib.h>
// #include "entry.h"
import "C"

import (
	"fmt"
	"runtime/cgo"
	"unsafe"
)

// The tables live in C memory, built once and never freed; what is Go's behind an exporter is a handle in its context.

var table *C.bio_plugin

// life is one exporter.
type life struct {
	host     *Host
	format   *Format
	exporter Exporter
}

func kept(text string) C.bio_str {
	var texts texts
	return texts.add(text)
}

func keptTexts(list []string) (*C.bio_str, C.uint32_t) {
	made := unsafe.Slice((*C.bio_str)(C.calloc(C.size_t(len(list)+1), C.sizeof_bio_str)), len(list)+1)
	for index, text := range list {
		made[index] = kept(text)
	}
	return &made[0], C.uint32_t(len(list))
}

func newOption(option Option) *C.bio_option {
	made := (*C.bio_option)(C.calloc(1, C.sizeof_bio_option))
	made.struct_size = C.sizeof_bio_option
	made.flags = C.uint32_t(option.Flags)
	made.kind = C.uint32_t(option.Kind)
	made.id = kept(option.ID)
	made.summary = kept(option.Summary)
	made.doc = kept(option.Doc)
	made.value_name = kept(option.ValueName)
	made.default_value = kept(option.Default)
	made.environment = kept(option.Environment)
	made.aliases, made.alias_count = keptTexts(option.Aliases)
	made.minimum = C.int64_t(option.Minimum)
	made.maximum = C.int64_t(option.Maximum)
	pairs := unsafe.Slice((*C.bio_kv)(C.calloc(C.size_t(len(option.Choices)+1), C.sizeof_bio_kv)), len(option.Choices)+1)
	for index, choice := range option.Choices {
		pairs[index] = C.bio_kv{key: kept(choice[0]), value: kept(choice[1])}
	}
	made.choices = &pairs[0]
	made.choice_count = C.uint32_t(len(option.Choices))
	return made
}

func pointers(count int) []unsafe.Pointer {
	size := C.size_t(unsafe.Sizeof(uintptr(0)))
	return unsafe.Slice((*unsafe.Pointer)(C.calloc(C.size_t(count+1), size)), count+1)
}

func newFormat(format Format) *C.bio_format {
	made := (*C.bio_format)(C.calloc(1, C.sizeof_bio_format))
	made.struct_size = C.sizeof_bio_format
	made.flags = C.uint32_t(format.Flags)
	made.id = kept(format.ID)
	made.summary = kept(format.Summary)
	made.doc = kept(format.Doc)
	made.aliases, made.alias_count = keptTexts(format.Aliases)
	options := pointers(len(format.Options))
	for index, option := range format.Options {
		options[index] = unsafe.Pointer(newOption(option))
	}
	made.options = (**C.bio_option)(unsafe.Pointer(&options[0]))
	made.option_count = C.uint32_t(len(format.Options))
	made.groups, made.group_count = keptTexts(format.Groups)
	made.artifact_kinds, made.artifact_kind_count = keptTexts(format.ArtifactKinds)
	made.needs, made.need_count = keptTexts(format.Needs)
	C.bio_go_fill_format(made)
	return made
}

func newPlugin(plugin *Plugin) *C.bio_plugin {
	made := (*C.bio_plugin)(C.calloc(1, C.sizeof_bio_plugin))
	made.struct_size = C.sizeof_bio_plugin
	made.abi, made.abi_needed, made.abi_built = C.BIO_ABI_1_0, C.BIO_ABI_1_0, C.BIO_ABI_VERSION
	made.id = kept(plugin.ID)
	made.name = kept(plugin.Name)
	made.version = kept(plugin.Version)
	made.vendor = kept(plugin.Vendor)
	made.license = kept(plugin.License)
	made.url = kept(plugin.URL)
	formats := pointers(len(plugin.Formats))
	for index, format := range plugin.Formats {
		formats[index] = unsafe.Pointer(newFormat(format))
	}
	made.formats = (**C.bio_format)(unsafe.Pointer(&formats[0]))
	made.format_count = C.uint32_t(len(plugin.Formats))
	return made
}

// guarded runs body; what goes wrong in it becomes a code and its reason.
func guarded(host *Host, body func() error) (code C.int32_t) {
	defer func() {
		if panicked := recover(); panicked != nil {
			message := fmt.Sprintf("the plugin panicked: %v", panicked)
			code = host.fail(&Failure{Code: Failed, Message: message, Hint: "tell its author"})
		}
	}()
	if err := body(); err != nil {
		return host.fail(err)
	}
	return C.BIO_OK
}

//export bioGoEntry
func bioGoEntry(negotiation *C.bio_negotiation, out **C.bio_plugin) (code C.int32_t) {
	defer func() {
		if recover() != nil {
			code = C.BIO_E_FAILED
		}
	}()
	if negotiation.abi_max < C.BIO_ABI_1_0 {
		return C.BIO_E_NEWER
	}
	if table == nil {
		table = newPlugin(registered)
	}
	*out = table
	return C.BIO_OK
}

//export bioGoCreate
func bioGoCreate(raw *C.bio_format, rawHost *C.bio_host, out **C.bio_exporter) C.int32_t {
	host := &Host{raw: rawHost, artifactFlags: raw.flags & C.BIO_FORMAT_REPRODUCIBLE}
	return guarded(host, func() error {
		for index := range registered.Formats {
			format := &registered.Formats[index]
			if format.ID != text(raw.id) {
				continue
			}
			for _, need := range format.Needs {
				if !host.offers(need) {
					return &Failure{Code: Unsupported, Message: "this host does not offer " + need, Hint: "use a newer bio"}
				}
			}
			exporter, err := format.New(host)
			if err != nil {
				return err
			}
			made := (*C.bio_exporter)(C.calloc(1, C.sizeof_bio_exporter))
			made.struct_size = C.sizeof_bio_exporter
			handle := cgo.NewHandle(&life{host, format, exporter})
			*(*C.uintptr_t)(unsafe.Pointer(&made.context)) = C.uintptr_t(handle)
			C.bio_go_fill_exporter(made)
			*out = made
			return nil
		}
		return &Failure{Code: Unsupported, Message: "the plugin has no such format"}
	})
}

// lifeOf gives what is behind an exporter; nil when it is none of ours, or one that was destroyed.
func lifeOf(exporter *C.bio_exporter) (found *life, handle cgo.Handle) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	handle = cgo.Handle(*(*C.uintptr_t)(unsafe.Pointer(&exporter.context)))
	found, _ = handle.Value().(*life)
	return found, handle
}

//export bioGoEnter
func bioGoEnter(raw *C.bio_exporter, job *C.bio_job, phase C.int32_t) C.int32_t {
	life, _ := lifeOf(raw)
	if life == nil {
		return C.BIO_E_HANDLE
	}
	return guarded(life.host, func() error {
		made := newJob(job, life.format.Options)
		switch phase {
		case 0:
			return life.exporter.Validate(made)
		case 1:
			return life.exporter.Plan(made)
		default:
			return life.exporter.Run(made)
		}
	})
}

//export bioGoDestroy
func bioGoDestroy(raw *C.bio_exporter) {
	life, handle := lifeOf(raw)
	if life == nil {
		return
	}
	handle.Delete()
	C.free(unsafe.Pointer(raw))
}
