// SPDX-License-Identifier: Apache-2.0

import BioStore
import BioSystem
import Glibc

/// The templates in `config_install` (later also `config`) of a package, on their way into the service's directory.
struct ConfigurationTemplates {
    /// The package's directory of templates.
    let source: String
    let renderer: TemplateRenderer
    let owner: ChildProcess.Identity?

    /// What upstream gives rendered files: they may hold secrets.
    private static let mode: UInt32 = 0o740
    private static let depth = 16

    /// Renders every regular file below `source` to the same place below `target`. Nothing there is fine.
    ///
    /// The target belongs to the service, so no link in it is followed.
    func render(into target: String) throws(SupervisorError) {
        let directory: FileDescriptor
        do throws(SystemError) {
            guard try FileStatus.of(source)?.kind == .directory else { return }
            directory = try FileDescriptor.open(target, O_RDONLY | O_DIRECTORY)
        } catch { throw .system(error) }
        try render(below: "", into: directory, target, depth: 0)
    }

    private func render(
        below relative: String, into directory: borrowing FileDescriptor, _ shown: String, depth: Int
    ) throws(SupervisorError) {
        let folder = source + relative
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(folder) } catch { throw .system(error) }
        for bytes in names {
            guard let name = String(validating: bytes, as: UTF8.self) else { continue }
            let kind: FileStatus.Kind?
            do throws(SystemError) { kind = try FileStatus.ofLink("\(folder)/\(name)")?.kind } catch {
                throw .system(error)
            }
            switch kind {
            case .file:
                let text = try renderer.render(
                    "\(folder)/\(name)", named: "\(source.split(separator: "/").last ?? "")\(relative)/\(name)")
                try write(text, name, into: directory, shown)
            case .directory where depth < Self.depth:
                let child = try enter(name, in: directory, shown)
                try render(below: "\(relative)/\(name)", into: child, "\(shown)/\(name)", depth: depth + 1)
            default: continue
            }
        }
    }

    private func enter(
        _ name: String, in directory: borrowing FileDescriptor, _ shown: String
    ) throws(SupervisorError) -> FileDescriptor {
        let path = "\(shown)/\(name)"
        do throws(SystemError) {
            if mkdirat(directory.rawValue, name, 0o770) != 0 && errno != EEXIST {
                throw SystemError("create directory", path)
            }
            let child: FileDescriptor
            do throws(SystemError) {
                child = try directory.openAt(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            } catch { throw SystemError("open", path, error.errno) }
            if let owner, fchown(child.rawValue, owner.uid, owner.gid) != 0 {
                throw SystemError("change the owner of", path)
            }
            return child
        } catch {
            if (try? FileStatus.ofLink(path))??.kind == .symlink { throw .linkInService(path: path) }
            throw .system(error)
        }
    }

    private func write(
        _ text: String, _ name: String, into directory: borrowing FileDescriptor, _ shown: String
    ) throws(SupervisorError) {
        let path = "\(shown)/\(name)"
        do throws(SystemError) {
            // By the open directory, whatever stands at its path by now.
            let file = try AtomicFile("/proc/self/fd/\(directory.rawValue)/\(name)")
            do throws(Errno) {
                try file.descriptor.writeAll(Array(text.utf8))
                if let owner, fchown(file.descriptor.rawValue, owner.uid, owner.gid) != 0 { throw .current }
            } catch { throw SystemError("write", path, error) }
            try file.commit(mode: Self.mode)
        } catch { throw .system(SystemError(error.action, path, error.errno)) }
    }
}
