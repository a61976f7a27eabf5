// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import Glibc

/// A rendered hook as a process: the program in `svc/NAME/hooks`, its output in `svc/NAME/logs`.
struct HookProcess {
    let kind: Hook.Kind
    let ident: QualifiedIdent
    let directory: ServiceDirectory
    let user: ChildProcess.Identity?
    /// `NAME=VALUE`
    let variables: [String]

    private var program: String { "\(directory.hooks)/\(kind.rawValue)" }
    private var outputLog: String { "\(directory.logs)/\(kind.rawValue).stdout.log" }
    var errorLog: String { "\(directory.logs)/\(kind.rawValue).stderr.log" }

    /// How much of the log an error shows.
    private static let (shownBytes, shownLines) = (4096, 10)

    /// Writes `text` as the program and runs it to its end. When the wish comes that it stops, it is ended with
    /// everything in its process group.
    func run(_ text: String, _ cancellation: Cancellation) throws(SupervisorError) -> ChildProcess.Ending {
        var request = ChildProcess.Request(program)
        request.variables = variables
        request.directory = directory.path
        request.user = user
        do throws(SystemError) { try AtomicFile.write(Array(text.utf8), to: program, mode: 0o755) } catch {
            throw .system(error)
        }
        var child: ChildProcess
        do throws(SystemError) { child = try start(request) } catch {
            throw .hookNotStarted(kind, of: ident, error)
        }
        guard let ending = child.run(cancellation) else { throw .cancelled }
        return ending
    }

    private func start(_ request: ChildProcess.Request) throws(SystemError) -> ChildProcess {
        let input = try FileDescriptor.open("/dev/null")
        let output = try Self.log(outputLog)
        let errors = try Self.log(errorLog)
        return try ChildProcess(request, input: input, output: output, errors: errors)
    }

    /// A fresh log; what the last run wrote goes.
    private static func log(_ path: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_NONBLOCK, mode: 0o644)
    }

    /// The last lines of what it wrote to standard error; none when they cannot be read.
    var lastLines: [String] {
        guard let file = try? FileDescriptor.open(errorLog, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let size = try? file.status().size
        else { return [] }
        let isWhole = size <= Self.shownBytes
        if !isWhole { lseek(file.rawValue, off_t(size) - off_t(Self.shownBytes), SEEK_SET) }
        guard let bytes = try? file.readToEnd(limit: 2 * Self.shownBytes) else { return [] }
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        // Only the end of the first one is there, unless it is the only one.
        if !isWhole && lines.count > 1 { lines.removeFirst() }
        return lines.suffix(Self.shownLines).map(String.init)
    }
}

/// The variables of a hook: those of this process, over them those of the package, and a PATH of the package's, of the
/// interpreters', and of this process's directories (package-model: 5 "Environment of a package").
struct HookVariables {
    let list: [String]

    init(_ store: PackageStore, _ environment: PackageEnvironment, _ host: HostFacts) throws(SupervisorError) {
        var own = environment.variables
        var paths = environment.path.map(store.root.rooted)
        own.removeAll { $0.name == "PATH" }
        do throws(StoreError) { paths += try Self.interpreters(store) } catch { throw .store(error) }
        if let path = host.variable("PATH") { paths.append(path) }
        let names = Set(own.map(\.name)).union(["PATH"])
        let inherited = host.variables.filter { entry in
            !names.contains(String(entry.prefix { $0 != "=" }))
        }
        list = inherited + own.map { "\($0.name)=\($0.value)" } + ["PATH=" + paths.joined(separator: ":")]
    }

    /// The PATH of busybox, when it is installed.
    private static func interpreters(_ store: PackageStore) throws(StoreError) -> [String] {
        let package: InstalledPackage?
        do throws(SystemError) { package = try store.latest(satisfying: store.root.flavour.busyboxPackage) } catch {
            throw .system(error)
        }
        return try package?.metadata().path.map(store.root.rooted) ?? []
    }
}
