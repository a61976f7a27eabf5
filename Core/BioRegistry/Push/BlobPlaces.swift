// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioSystem
import Synchronization

/// Where blobs were seen: in which repositories of a registry, so that they can be mounted from there; and uploads that
/// were not finished, so that another run goes on. Kept in one small file for each registry (`BlobPlaceList`). It may
/// be wrong or gone at any time: that costs a request, never a failure. Any thread.
package final class BlobPlaces: Sendable {
    private struct State {
        var known: [RegistryHost: BlobPlaceList] = [:]
        var changes: [RegistryHost: [BlobPlaceList.Change]] = [:]
    }

    private let directory: String?
    private let cancellation: Cancellation
    private let state = Mutex(State())

    /// `directory` is made when there is something to keep; nil: nothing is kept beyond the run.
    package init(directory: String?, cancellation: Cancellation = .never) {
        self.directory = directory
        self.cancellation = cancellation
    }

    /// Paths of the repositories that had the blob, the newest first.
    package func repositories(of digest: Digest, at registry: RegistryHost) -> [String] {
        reading(registry) { $0.repositories(of: digest) }
    }

    /// Where an upload of the blob can go on, if it can. Nobody else finds it then: two who went on with one upload would
    /// spoil it.
    func takeUpload(of digest: Digest, in repository: Repository) -> String? {
        guard upload(of: digest, in: repository) != nil else { return nil }
        let isMine = directory == nil || claim(digest, repository)
        let location = isMine ? upload(of: digest, in: repository) : nil
        state.withLock {
            $0.known[repository.registry]?.apply(.removeUpload(digest, repository: repository.path))
        }
        return location
    }

    /// Takes the upload out of the file; false when it is not there any more.
    private func claim(_ digest: Digest, _ repository: Repository) -> Bool {
        guard let directory, let lock = try? DirectoryLock(directory, cancellation: cancellation) else { return false }
        defer { withExtendedLifetime(lock) {} }
        var list = load(repository.registry)
        guard list.upload(of: digest, in: repository.path) != nil else { return false }
        list.apply(.removeUpload(digest, repository: repository.path))
        do throws(SystemError) { try write(list, repository.registry) } catch { return false }
        return true
    }

    func upload(of digest: Digest, in repository: Repository) -> String? {
        reading(repository.registry) { $0.upload(of: digest, in: repository.path) }
    }

    /// The repository has the blob.
    package func remember(_ digest: Digest, in repository: Repository) {
        change(repository.registry, .add(.init(digest: digest, repository: repository.path, upload: nil)))
    }

    func forget(_ digest: Digest, in repository: Repository) {
        change(repository.registry, .remove(.init(digest: digest, repository: repository.path, upload: nil)))
    }

    /// Kept at once. Locations that might hold a secret are not.
    func rememberUpload(of digest: Digest, in repository: Repository, location: String) {
        guard let path = UploadLocation.keepable(location, of: repository.registry) else { return }
        change(repository.registry, .add(.init(digest: digest, repository: repository.path, upload: path)))
        save(repository.registry)
    }

    /// Writes what was learned. That it cannot be written is no reason to fail.
    package func save() {
        for registry in state.withLock({ Array($0.changes.keys) }) { save(registry) }
    }

    // MARK: -

    private func reading<R>(_ registry: RegistryHost, _ body: (BlobPlaceList) -> R) -> R {
        state.withLock { state in
            if let list = state.known[registry] { return body(list) }
            let list = load(registry)
            state.known[registry] = list
            return body(list)
        }
    }

    private func change(_ registry: RegistryHost, _ change: BlobPlaceList.Change) {
        let isNews = reading(registry) { $0.isChanged(by: change) }
        guard isNews else { return }
        state.withLock { state in
            state.known[registry]?.apply(change)
            state.changes[registry, default: []].append(change)
        }
    }

    /// Others may have written since: the changes go into what is there now.
    private func save(_ registry: RegistryHost) {
        guard let directory else { return }
        let changes = state.withLock { $0.changes.removeValue(forKey: registry) ?? [] }
        guard !changes.isEmpty else { return }
        do throws(SystemError) {
            try Directory.create(directory)
            let lock = try DirectoryLock(directory, cancellation: cancellation)
            defer { withExtendedLifetime(lock) {} }
            var list = load(registry)
            for change in changes { list.apply(change) }
            try write(list, registry)
        } catch {}
    }

    private func write(_ list: BlobPlaceList, _ registry: RegistryHost) throws(SystemError) {
        guard let path = path(registry) else { return }
        let file = try AtomicFile(path)
        do throws(Errno) { try file.descriptor.writeAll(list.bytes) } catch {
            throw SystemError("write", path, error)
        }
        try file.commit(mode: 0o600, synchronizing: false)
    }

    private func load(_ registry: RegistryHost) -> BlobPlaceList {
        guard let path = path(registry), let file = try? FileDescriptor.open(path, BlobPlaceList.openFlags),
            let status = try? file.status(), status.kind == .file,
            let bytes = try? file.readToEnd(limit: BlobPlaceList.byteLimit, size: status.size)
        else { return BlobPlaceList() }
        return BlobPlaceList(parsing: bytes)
    }

    private func path(_ registry: RegistryHost) -> String? {
        guard let directory, !registry.name.utf8.contains(0x2F), !registry.name.utf8.contains(0) else { return nil }
        return "\(directory)/blobs-\(registry.name)"
    }
}
