// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioSystem
import CBioExport
import Glibc

/// The C functions of every table. Each copies and checks its arguments here, in the plugin's own process, and the
/// host checks them again: this process may be broken already.
extension HostTables {
    func makeTables() -> Tables {
        var host = bio_host()
        host.struct_size = UInt32(MemoryLayout<bio_host>.size)
        // SAFETY: unretained, because the runner keeps this object until after the plugin's last call.
        host.context = Unmanaged.passUnretained(self).toOpaque()
        host.get_extension = { host, id in
            let tables = HostTables.of(host)
            return tables.trace.service("host.get_extension", TraceText.quoted(String(cString: id))) {
                $0 == nil ? "null" : "a table"
            } _: {
                tables.service(id)
            }
        }
        host.emit = { host, artifact in
            HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                tables.call(.emit(try tables.artifact(artifact))).code
            }
        }
        return Tables(
            host: UnsafePointer(memory.one(host)),
            services: [
                (BIO_EXT_LOG, UnsafeRawPointer(memory.one(log))),
                (BIO_EXT_PROGRESS, UnsafeRawPointer(memory.one(progress))),
                (BIO_EXT_CANCEL, UnsafeRawPointer(memory.one(cancel))),
                (BIO_EXT_FAIL, UnsafeRawPointer(memory.one(failing))),
                (BIO_EXT_ARENA, UnsafeRawPointer(memory.one(arena))),
                (BIO_EXT_FILES, UnsafeRawPointer(memory.one(files))),
                (BIO_EXT_ROOTFS, UnsafeRawPointer(memory.one(rootfs))),
                (BIO_EXT_ARCHIVE, UnsafeRawPointer(memory.one(archive))),
                (BIO_EXT_OCI, UnsafeRawPointer(memory.one(oci))),
                (BIO_EXT_DOCUMENT, UnsafeRawPointer(memory.one(documents))),
                (BIO_EXT_REGISTRY, UnsafeRawPointer(memory.one(registry))),
                (BIO_EXT_SECRET, UnsafeRawPointer(memory.one(secrets))),
                (BIO_EXT_TOOL, UnsafeRawPointer(memory.one(tools))),
                (BIO_EXT_CHAIN, UnsafeRawPointer(memory.one(chain))),
                (BIO_EXT_TEMPLATE, UnsafeRawPointer(memory.one(templates))),
            ])
    }

    /// Runs a service whose arguments may be wrong; what is wrong becomes the failure and BIO_E_INVALID.
    func checked(_ body: (HostTables) throws(PluginTableReader.Wrong) -> Int32) -> Int32 {
        do throws(PluginTableReader.Wrong) { return try body(self) } catch {
            trace.refused(error.text)
            fail(PluginFailure(code: BIO_E_INVALID, message: PluginFailure.wrongCall + "\(error.text)"))
            return BIO_E_INVALID
        }
    }

    // MARK: - [any] services

    private var log: bio_log {
        bio_log(
            struct_size: UInt32(MemoryLayout<bio_log>.size), flags: 0,
            enabled: { host, level in
                let tables = HostTables.of(host)
                return tables.trace.service("log.enabled", "\(level)", TraceText.value) {
                    level >= BIO_LOG_NOTE || tables.showsDebug ? 1 : 0
                }
            },
            write: { host, level, message in HostTables.of(host).log(level, message.pointee) })
    }

    private func log(_ level: UInt32, _ message: bio_str) {
        // A wrong log line is no reason to stop an export: it is shown as far as it can be read.
        let bytes = try? PluginTableReader.bytes(message, "log message", limit: 1 << 30)
        let text = bytes.map { String(decoding: $0.prefix(4096), as: UTF8.self) }
        trace.service("log.write", "\(level), \(TraceText.quoted(text ?? ""))") {
            ""
        } _: {
            guard level >= BIO_LOG_NOTE || showsDebug, let text else { return }
            tell(.log(level: RunnerMessage.LogLevel(rawValue: level) ?? .note, message: text))
        }
    }

    private var progress: bio_progress {
        bio_progress(
            struct_size: UInt32(MemoryLayout<bio_progress>.size), flags: 0,
            begin: { host, title, total in
                let tables = HostTables.of(host)
                guard let title = try? PluginTableReader.text(title.pointee, "progress title", limit: 1024) else {
                    return 0
                }
                return tables.trace.service("progress.begin", "\(TraceText.quoted(title)), \(total)", TraceText.value) {
                    let id = tables.newProgress()
                    tables.tell(.progressBegan(id: id, title: title, total: total))
                    return id
                }
            },
            step: { host, id, done in
                let tables = HostTables.of(host)
                tables.trace.service("progress.step", "\(id), \(done)") {
                    ""
                } _: {
                    if id != 0 { tables.tell(.progressed(id: id, done: done)) }
                }
            },
            end: { host, id in
                let tables = HostTables.of(host)
                tables.trace.service("progress.end", "\(id)") {
                    ""
                } _: {
                    if id != 0 { tables.tell(.progressEnded(id: id)) }
                }
            })
    }

    private var cancel: bio_cancel {
        bio_cancel(
            struct_size: UInt32(MemoryLayout<bio_cancel>.size), flags: 0,
            requested: { host in
                let tables = HostTables.of(host)
                return tables.trace.service("cancel.requested", "", TraceText.value) { tables.isCancelled ? 1 : 0 }
            },
            descriptor: { host in
                let tables = HostTables.of(host)
                return tables.trace.service("cancel.descriptor", "", TraceText.value) { tables.cancelDescriptor }
            })
    }

    private var arena: bio_arena {
        bio_arena(
            struct_size: UInt32(MemoryLayout<bio_arena>.size), flags: 0,
            allocate: { host, size, alignment in
                let tables = HostTables.of(host)
                return tables.trace.service("arena.allocate", "\(size), \(alignment)") {
                    $0 == nil ? "null" : "memory"
                } _: {
                    tables.allocate(size, alignment)
                }
            })
    }

    private func allocate(_ size: UInt64, _ alignment: UInt64) -> UnsafeMutableRawPointer? {
        guard size > 0, size <= 1 << 30, alignment > 0, alignment <= 4096, alignment & (alignment - 1) == 0
        else { return nil }
        if injectedFault(in: "arena.allocate") != nil { return nil }
        return memory.allocate(Int(size), alignment: Int(alignment))
    }

    private var failing: bio_fail {
        bio_fail(
            struct_size: UInt32(MemoryLayout<bio_fail>.size), flags: 0,
            fail: { host, error in
                let tables = HostTables.of(host)
                var code = BIO_E_FAILED
                let result = tables.checked { (tables) throws(PluginTableReader.Wrong) in
                    let raw = try PluginTableReader.copy(error, bio_error(), "bio_error")
                    guard (1...999).contains(raw.code) else {
                        throw PluginTableReader.Wrong(text: "\(raw.code) is no code of an error")
                    }
                    code = raw.code
                    tables.fail(
                        PluginFailure(
                            code: raw.code, subjectKind: PluginFailure.Subject(rawValue: raw.subject_kind) ?? .none,
                            subject: try PluginTableReader.cutText(raw.subject, "subject of an error", longest: 4096),
                            message: try PluginTableReader.cutText(raw.message, "message of an error", longest: 4096),
                            hint: try PluginTableReader.cutText(raw.hint, "hint of an error", longest: 4096)))
                    return BIO_OK
                }
                let answer = result == BIO_OK ? code : result
                tables.trace.service("fail.fail", "\(code)", TraceText.value) { answer }
                return answer
            })
    }

    // MARK: - [job] services

    private var files: bio_files {
        bio_files(
            struct_size: UInt32(MemoryLayout<bio_files>.size), flags: 0,
            page: { host, package, first, out, capacity, count in
                HostTables.of(host).page(package, first, out, capacity, count)
            },
            open: { host, package, file, descriptor in
                var answer = HostTables.of(host).call(.filesOpen(package: package, file: file))
                guard answer.code == BIO_OK else { return answer.code }
                guard let opened = answer.descriptor.take() else { return BIO_E_IO }
                descriptor.pointee = opened.release()
                return BIO_OK
            })
    }

    private func page(
        _ package: UInt32, _ first: UInt64, _ out: UnsafeMutablePointer<bio_file>, _ capacity: UInt64,
        _ count: UnsafeMutablePointer<UInt64>
    ) -> Int32 {
        let answer = call(.filesPage(package: package, first: first, capacity: capacity))
        guard answer.code == BIO_OK else { return answer.code }
        var frame = FrameReader(answer.payload)
        guard let entries = try? frame.list("files", { (frame) throws(FrameError) in try PackageFile(from: &frame) }),
            entries.count <= capacity
        else { return BIO_E_IO }
        let memory = newPage()
        for (index, entry) in entries.enumerated() {
            out[index] = bio_file(
                path: memory.string(entry.path), link_target: memory.string(entry.linkTarget),
                digest: memory.string(entry.digestText), size: entry.size, kind: entry.kind.rawValue, mode: entry.mode)
        }
        count.pointee = UInt64(entries.count)
        return BIO_OK
    }

    private var rootfs: bio_rootfs {
        bio_rootfs(
            struct_size: UInt32(MemoryLayout<bio_rootfs>.size), flags: 0,
            begin: { host, handle in
                let answer = HostTables.of(host).call(.rootfsBegin)
                guard answer.code == BIO_OK else { return answer.code }
                var frame = FrameReader(answer.payload)
                guard let made = try? frame.u64() else { return BIO_E_IO }
                handle.pointee = made
                return BIO_OK
            },
            add_package: { host, tree, package in
                HostTables.of(host).call(.rootfsAddPackage(tree: tree, package: package)).code
            },
            add_copy: { host, tree, path, package, file in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let path = try PluginTableReader.bytes(path.pointee, "path", limit: 4096)
                    return tables.call(.rootfsAddCopy(tree: tree, path: path, package: package, file: file)).code
                }
            },
            add_file: { host, tree, path, mode, content in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let path = try PluginTableReader.bytes(path.pointee, "path", limit: 4096)
                    let content = try PluginTableReader.bytes(content.pointee, "file content")
                    return tables.call(.rootfsAddFile(tree: tree, path: path, mode: mode, content: content)).code
                }
            },
            add_directory: { host, tree, path, mode in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let path = try PluginTableReader.bytes(path.pointee, "path", limit: 4096)
                    return tables.call(.rootfsAddDirectory(tree: tree, path: path, mode: mode)).code
                }
            },
            add_symlink: { host, tree, path, target in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let path = try PluginTableReader.bytes(path.pointee, "path", limit: 4096)
                    let target = try PluginTableReader.bytes(target.pointee, "link target", limit: 4096)
                    return tables.call(.rootfsAddSymlink(tree: tree, path: path, target: target)).code
                }
            },
            add_tree: { host, tree, path, other in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let path = try PluginTableReader.bytes(path.pointee, "path", limit: 4096)
                    return tables.call(.rootfsAddTree(tree: tree, path: path, other: other)).code
                }
            })
    }

    private var archive: bio_archive {
        bio_archive(
            struct_size: UInt32(MemoryLayout<bio_archive>.size), flags: 0,
            suffix: { host, compression, suffix in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let name = try PluginTableReader.text(compression.pointee, "compression", limit: 64)
                    let answer = tables.call(.archiveSuffix(compression: name))
                    if answer.code == BIO_OK { suffix.pointee = tables.memory.string(answer.payload) }
                    return answer.code
                }
            },
            write: { host, tree, path, compression, written in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let path = try PluginTableReader.text(path.pointee, "path", limit: 4096)
                    let name = try PluginTableReader.text(compression.pointee, "compression", limit: 64)
                    _ = try PluginTableReader.copy(UnsafePointer(written), bio_written(), "bio_written")
                    let answer = tables.call(.archiveWrite(tree: tree, path: path, compression: name))
                    guard answer.code == BIO_OK else { return answer.code }
                    return tables.fill(written, answer.payload)
                }
            })
    }

    private func fill(_ written: UnsafeMutablePointer<bio_written>, _ payload: [UInt8]) -> Int32 {
        var frame = FrameReader(payload)
        guard let size = try? frame.u64(), let digest = try? frame.blob(), digest.count <= 256 else { return BIO_E_IO }
        // Members of its first version, which every caller has room for.
        written.pointee.size = size
        written.pointee.digest = memory.string(digest)
        return BIO_OK
    }

    private func artifact(_ pointer: UnsafePointer<bio_artifact>) throws(PluginTableReader.Wrong) -> EmittedArtifact {
        let raw = try PluginTableReader.copy(pointer, bio_artifact(), "bio_artifact")
        guard let form = EmittedArtifact.Form(rawValue: raw.form) else {
            throw PluginTableReader.Wrong(text: "an artifact has the unknown form \(raw.form)")
        }
        guard let role = EmittedArtifact.Role(rawValue: raw.role) else {
            throw PluginTableReader.Wrong(text: "an artifact has the unknown role \(raw.role)")
        }
        var made = EmittedArtifact(form: form, role: role)
        made.isReproducible = raw.flags & UInt32(BIO_ARTIFACT_REPRODUCIBLE) != 0
        made.isShown = raw.flags & UInt32(BIO_ARTIFACT_SHOWN) != 0
        made.kind = try PluginTableReader.text(raw.kind, "artifact kind", limit: 256)
        made.mediaType = try PluginTableReader.text(raw.media_type, "artifact media type", limit: 256)
        made.path = try PluginTableReader.text(raw.path, "artifact path", limit: 4096)
        made.reference = try PluginTableReader.text(raw.reference, "artifact reference", limit: 4096)
        made.digest = try PluginTableReader.text(raw.digest, "artifact digest", limit: 256)
        made.size = raw.size
        return made
    }
}
