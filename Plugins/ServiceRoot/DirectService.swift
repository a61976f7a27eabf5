// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// A service that runs without a supervisor: rendered by the host, started by `bio-init`, which a description beside the
/// service tells what to do (docs/reference/direct.md).
public struct DirectService {
    private let call: ServiceCall
    public let rendered: RenderedService
    /// The first process's package.
    public let initPackage: Package
    /// Absolute.
    public let initProgram: String

    /// Renders it once, so that what is wrong is known before anything is made.
    public init(_ packages: ServicePackages, _ job: Job, _ host: Host) throws(ExportFailure) {
        try packages.checkService()
        if let other = packages.services.first(where: { $0.index != packages.primary.index }) {
            throw ExportFailure(
                code: 2, subject: .package(other.ident), "without a supervisor one service runs, and this is another",
                hint: "export each by itself, or say --runtime supervisor")
        }
        (initPackage, initProgram) = try Self.firstProcess(packages, host)
        var call = ServiceCall(packages.primary, binds: job.list(DirectOptions.bindAddress))
        if let bytes = try job.contents(of: DirectOptions.config) {
            let name = job.text(DirectOptions.config) ?? ""
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .option(DirectOptions.config, "'\(name)' is not UTF-8")
            }
            call.configuration = (name, text)
        }
        self.call = call
        rendered = try host.render(call, into: try host.makeRootFilesystem())
        try checkSpec(packages.primary)
    }

    /// What `bio-init` would not understand.
    private func checkSpec(_ package: Package) throws(ExportFailure) {
        func refusal(_ message: String) -> ExportFailure {
            ExportFailure(
                code: 2, subject: .package(package.ident), message, hint: "run it with --runtime supervisor")
        }
        for (name, value) in rendered.environment where (name + value).utf8.contains(UInt8(ascii: "\n")) {
            throw refusal("its variable '\(name)' has several lines")
        }
        for name in [rendered.user, rendered.group] where name.contains(where: \.isWhitespace) {
            throw refusal("'\(name)' is no name of an account")
        }
        guard rendered.environment.count < Self.mostVariables, spec.utf8.count <= Self.longestSpec else {
            throw refusal("it has more than \(Self.mostVariables) variables, or longer ones than bio-init takes")
        }
    }

    private static let mostVariables = 1024
    private static let longestSpec = 60 << 10

    private static func firstProcess(
        _ packages: ServicePackages, _ host: Host
    ) throws(ExportFailure) -> (Package, String) {
        for package in packages.all where package.roles.contains(.base) {
            guard let file = try host.file(at: Array("bin/bio-init".utf8), of: package), file.kind == .regular else {
                continue
            }
            return (package, "/\(package.prefix)/bin/bio-init")
        }
        throw ExportFailure(
            code: 2, subject: .option("base-pkgs"), "--runtime direct needs bio-init, and it is left out",
            hint: "leave out --base-pkgs none")
    }

    /// The description, in the tree.
    public var specPath: String { "\(rendered.directory)/bio-init.spec" }

    /// What starts the service.
    public var command: [String] { [initProgram, "/\(specPath)"] }

    /// What tells an engine whether it is well; nil: it does not say.
    public var healthCommand: [String]? {
        rendered.hooks.contains { $0.name == "health-check" } ? [initProgram, "health", "/\(specPath)"] : nil
    }

    /// Hooks whose interpreter nobody brings: what lies below the packages' directory must be one of theirs, anything else
    /// is `isThere`'s to say.
    public func checkInterpreters(
        _ packages: ServicePackages, _ host: Host, isThere: (String) -> Bool
    ) throws(ExportFailure) {
        for hook in rendered.hooks {
            let path = hook.interpreter
            if let owner = packages.all.first(where: { path.hasPrefix("/\($0.prefix)/") }) {
                let inside = Array(path.utf8.dropFirst(owner.prefix.utf8.count + 2))
                let file = try host.file(at: inside, of: owner)
                // Where a link leads may be another package.
                if let file, file.kind == .symlink || file.kind == .regular && file.mode & 0o111 != 0 { continue }
            } else if !path.hasPrefix("/\(packages.root)/pkgs/"), isThere(path) {
                continue
            }
            throw ExportFailure(
                code: 2, subject: .package(packages.primary.ident),
                "its \(hook.name) hook is run by '\(path)', which is not there",
                hint: path == "/bin/sh"
                    ? "name a package that has it, too, as in '\(packages.primary.requested) biome/busybox'"
                    : "name a package that has it, too")
        }
    }

    /// The same in a root of its own.
    public func checkInterpreters(
        _ packages: ServicePackages, _ host: Host, in root: ServiceRoot
    ) throws(ExportFailure) {
        try checkInterpreters(packages, host) { root.isTaken(String($0.dropFirst())) }
    }

    /// One line for each hook that nobody runs.
    public var remarks: [String] {
        rendered.leftOut.map {
            "the \($0) hook will not run: without a supervisor nothing changes while the service runs"
        }
    }

    /// What the user of a container should know; nil: engines are patient enough.
    public var stopRemark: String? {
        let seconds = rendered.stopSeconds
        guard seconds > Self.enginePatience else { return nil }
        return "the service may take \(seconds) seconds to end, and an engine gives it \(Self.enginePatience): say "
            + "--stop-timeout \(seconds + 2) to 'docker run'"
    }

    /// Seconds of `docker stop`.
    private static let enginePatience = 10

    public func write(to tree: RootFilesystem, _ host: Host) throws(ExportFailure) {
        _ = try host.render(call, into: tree)
        try tree.addFile(at: specPath, mode: 0o644, Array(spec.utf8))
    }

    /// What `bio-init` reads (Core/Init).
    private var spec: String {
        let directory = "/\(rendered.directory)"
        var lines = ["bio-init 1", "service \(call.package.name)"]
        // Who is root anyway becomes nobody else.
        if rendered.user != "root" || rendered.group != "root" {
            lines.append("user \(rendered.user) \(rendered.group)")
        }
        lines.append("signal \(Self.signals[rendered.stopSignal] ?? 15)")
        lines.append("timeout \(min(rendered.stopSeconds, 86_400))")
        lines.append("directory \(directory)")
        lines += ["data", "files", "static", "var"].map { "give \(directory)/\($0)" }
        // It may hold secrets, and services rewrite it.
        lines.append("give-tree \(directory)/config")
        lines += environment.map { "env \($0.key)=\($0.value)" }
        lines += rendered.hooks.map { "\($0.name) /\($0.path)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The package's, and the commands of the image behind its own.
    private var environment: [(key: String, value: String)] {
        let path = rendered.environment.first { $0.key == "PATH" }?.value
        return rendered.environment.filter { $0.key != "PATH" }
            + [("PATH", [path ?? "", "/bin"].filter { !$0.isEmpty }.joined(separator: ":"))]
    }

    /// Linux's numbers of those that SHUTDOWN_SIGNAL may name.
    private static let signals = [
        "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "FPE": 8, "KILL": 9, "USR1": 10, "SEGV": 11, "USR2": 12,
        "ALRM": 14, "TERM": 15, "CHLD": 17,
    ]
}
