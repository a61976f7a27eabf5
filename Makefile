# SPDX-License-Identifier: Apache-2.0
#
#   make            builds into dist/, as it will be installed
#   make demo       installs what is missing, builds, runs a real export end to end
#   make test       installs what is missing, builds, runs all tests against real tools
#   make install PREFIX=/usr/local
#   make torture    kills the program a thousand times, lets every call fail that can, and holds templates against
#                   Handlebars (ROUNDS=, TEMPLATES=, SEED=)
#   make lint       checks the format of all sources
#   make fuzz       looks for inputs that break what reads them, ten minutes a target (FUZZ_TARGET, FUZZ_SECONDS)
#   make coverage   which lines the tests reach, by module
#   make bench      measures start-up, installs, exports and graphs against other tools; some minutes, about 3 GB

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
RELEASE = .build/release

# One thing after the other: two builds of one package wait for each other anyway, and tools come first.
.NOTPARALLEL:

PLUGINS = tar docker kubernetes helm cf mesos aci

.PHONY: all build dist demo test test-build torture coverage lint format bench install uninstall clean
.PHONY: fuzz fuzz-build
.PHONY: tools-build tools-demo tools-test tools-bench

all: dist

tools-build:
	Tests/Support/install-tools.sh build

tools-demo:
	Tests/Support/install-tools.sh build demo

tools-test:
	Tests/Support/install-tools.sh build test
	Tests/Support/install-python attestations platforms sdk

# The host and every plugin carry their own Swift runtime (docs/decisions/0004).
build:
	for product in bio $(PLUGINS); do \
	    $(SWIFT) build -c release --static-swift-stdlib --product $$product || exit 1; \
	done

# Made beside and swapped in, so that dist/ is never half of one build and half of another.
dist: build
	rm -rf dist.new
	mkdir -p dist.new/bin dist.new/include dist.new/lib/bio/plugins dist.new/share/bio
	cp $(RELEASE)/bio dist.new/bin/bio
	cp plugin-sdk/include/bio_export.h dist.new/include/
	cp plugin-sdk/exports.map dist.new/share/bio/
	plugin-sdk/install dist.new/share/bio
	cp -r plugin-sdk/examples dist.new/share/bio/examples
	ln -s ../../include dist.new/share/bio/include
	cp LICENSE dist.new/share/bio/
	for id in $(PLUGINS); do \
	    mkdir -p dist.new/lib/bio/plugins/$$id || exit 1; \
	    cp $(RELEASE)/lib$$id.so dist.new/lib/bio/plugins/$$id/ || exit 1; \
	    cp $$(grep -l "lib$$id\.so" Plugins/*/plugin.toml) dist.new/lib/bio/plugins/$$id/ || exit 1; \
	    dist.new/bin/bio plugin describe dist.new/lib/bio/plugins/$$id >/dev/null || exit 1; \
	done
	dist.new/bin/bio __manual dist.new/share/man/man1 dist.new/lib/bio/plugins
	mkdir -p dist.new/share/bash-completion/completions dist.new/share/zsh/site-functions \
	    dist.new/share/fish/vendor_completions.d
	dist.new/bin/bio cli completers --shell bash >dist.new/share/bash-completion/completions/bio
	dist.new/bin/bio cli completers --shell zsh >dist.new/share/zsh/site-functions/_bio
	dist.new/bin/bio cli completers --shell fish >dist.new/share/fish/vendor_completions.d/bio.fish
	mkdir -p dist.new/share/bio/schema
	cp docs/reference/json/*.schema.json dist.new/share/bio/schema/
	Core/Packages/make-packages dist.new build/packages
	rm -rf dist
	mv dist.new dist

demo: tools-demo dist
	Tests/Support/closure/demo dist/bin/bio build

# Debug tests, built beside the release; they drive what is in dist/.
test-build:
	$(SWIFT) build --build-tests
	$(MAKE) --no-print-directory -C plugin-sdk/examples/graph-json OUT=$(CURDIR)/build/examples/graph-json CFLAGS="-O2 -Wall -Wextra -pedantic -Werror"

test: tools-test dist test-build fuzz-build
	Tests/Support/run-tests

# A build of its own: everything but the toolchain's and the system's libraries tells the fuzzer where it has been, the
# C and C++ of the shims too, and is checked for reads and writes beside its memory.
FUZZER = address,fuzzer-no-link
fuzz-build:
	$(SWIFT) build -c release --product bio-fuzz --scratch-path .build-fuzz -Xswiftc -DBIO_LIBFUZZER \
	    -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=$(FUZZER) -Xcxx -fsanitize=$(FUZZER) -Xswiftc -use-ld=lld

fuzz: tools-build fuzz-build
	Tests/Fuzz/fuzz "$(FUZZ_TARGET)" "$(FUZZ_SECONDS)"

# Not a part of the tests: it takes an hour. The seed is printed, and every failure says how to repeat it.
ROUNDS ?= 1000
RUNNERS ?= 20000
TEMPLATES ?= 50000
SEED ?= $(shell date +%s)

torture: tools-test dist
	Tests/Support/faults/faults kill --rounds $(ROUNDS) --seed $(SEED)
	Tests/Support/faults/faults points --all
	Tests/Support/faults/faults errors --all
	Tests/Support/faults/faults limits
	Tests/Support/faults/faults crowd
	Tests/Support/faults/faults services --seconds 600 --seed $(SEED)
	Tests/Support/faults/faults runners --rounds $(RUNNERS) --seed $(SEED)
	BIO_TEMPLATES=$(TEMPLATES) BIO_SEED=$(SEED) $(SWIFT) test --disable-xctest --filter GeneratedTemplatesTests

# A build of its own, so that the others are not rebuilt. Ends with a table of the sources.
coverage: tools-test dist fuzz-build
	$(SWIFT) build --build-tests --enable-code-coverage --scratch-path .build-coverage
	$(SWIFT) test --skip-build --enable-code-coverage --disable-xctest --scratch-path .build-coverage
	Tests/Support/coverage .build-coverage

lint:
	$(SWIFT) format lint --strict --recursive --parallel Core Plugins plugin-sdk Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive --parallel Core Plugins plugin-sdk Tests Package.swift

tools-bench:
	Tests/Support/install-tools.sh build bench

# One benchmark: make bench BENCHMARKS=graph
BENCHMARKS ?= start-up plugins runner supervisor direct install export graph images attestations registries formats templates

bench: tools-bench dist
	@for name in $(BENCHMARKS); do \
	    if [ -x Tests/Benchmarks/$$name ]; then printf '\n== %s\n' $$name; Tests/Benchmarks/$$name || exit 1; fi; \
	done

install: dist
	mkdir -p "$(DESTDIR)$(PREFIX)"
	cp -R dist/. "$(DESTDIR)$(PREFIX)/"

uninstall:
	rm -rf "$(DESTDIR)$(PREFIX)/bin/bio" "$(DESTDIR)$(PREFIX)/lib/bio" "$(DESTDIR)$(PREFIX)/share/bio" \
	    "$(DESTDIR)$(PREFIX)/include/bio_export.h" "$(DESTDIR)$(PREFIX)/share/man/man1/bio.1" \
	    "$(DESTDIR)$(PREFIX)"/share/man/man1/bio-*.1 "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/bio" \
	    "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bio" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bio.fish"

clean:
	rm -rf .build .build-* dist dist.new build
