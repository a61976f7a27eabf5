// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// A directory of a service that rendered files go to. It belongs to the service, so no link in it is followed.
struct ConfigurationFiles {
    let target: String
    let owner: ChildProcess.Identity?

    /// What upstream gives rendered files: they may hold secrets.
    private static let mode: UInt32 = 0o740
    private static let limit = 32 << 20

    /// Writes those of `files` that are not there as they should be.
    /// - Returns: their names below the directory.
    func write(_ files: [RenderedFile]) throws(SupervisorError) -> [String] {
        guard !files.isEmpty else { return [] }
        let directory: FileDescriptor
        do throws(SystemError) { directory = try FileDescriptor.open(target, O_RDONLY | O_DIRECTORY) } catch {
            throw .system(error)
        }
        var changed: [String] = []
        for file in files where try write(file, file.path[...], into: directory, target) {
            changed.append(file.path.joined(separator: "/"))
        }
        return changed
    }

    private func write(
        _ file: RenderedFile, _ rest: ArraySlice<String>, into directory: borrowing FileDescriptor, _ shown: String
    ) throws(SupervisorError) -> Bool {
        guard let name = rest.first else { return false }
        if rest.count > 1 {
            let child = try enter(name, in: directory, shown)
            return try write(file, rest.dropFirst(), into: child, "\(shown)/\(name)")
        }
        return try write(Array(file.text.utf8), name, into: directory, shown)
    }

    private func enter(
        _ name: String, in directory: borrowing FileDescriptor, _ shown: String
    ) throws(SupervisorError) -> FileDescriptor {
        let path = "\(shown)/\(name)"
        do throws(SystemError) {
            let isNew = mkdirat(directory.rawValue, name, 0o770) == 0
            if !isNew && errno != EEXIST { throw SystemError("create directory", path) }
            let child: FileDescriptor
            do throws(SystemError) {
                child = try directory.openAt(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            } catch { throw SystemError("open", path, error.errno) }
            if isNew, let owner, fchown(child.rawValue, owner.uid, owner.gid) != 0 {
                throw SystemError("change the owner of", path)
            }
            return child
        } catch {
            if (try? FileStatus.ofLink(path))??.kind == .symlink { throw .linkInService(path: path) }
            throw .system(error)
        }
    }

    private func write(
        _ bytes: [UInt8], _ name: String, into directory: borrowing FileDescriptor, _ shown: String
    ) throws(SupervisorError) -> Bool {
        if let present = try? directory.openAt(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            (try? present.status())?.kind == .file, (try? present.readToEnd(limit: Self.limit)) == bytes
        {
            return false
        }
        let path = "\(shown)/\(name)"
        do throws(SystemError) {
            // By the open directory, whatever stands at its path by now.
            let file = try AtomicFile("/proc/self/fd/\(directory.rawValue)/\(name)")
            do throws(Errno) {
                try file.descriptor.writeAll(bytes)
                if let owner, fchown(file.descriptor.rawValue, owner.uid, owner.gid) != 0 { throw .current }
            } catch { throw SystemError("write", path, error) }
            // It is compared with the template, and written again if need be, whenever the service starts.
            try file.commit(mode: Self.mode, synchronizing: false)
        } catch { throw .system(SystemError(error.action, path, error.errno)) }
        return true
    }
}
