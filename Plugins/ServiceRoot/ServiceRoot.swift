// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What a service runs in besides its packages: accounts, links, places to write, and `/init.sh`.
public struct ServiceRoot {
    public let packages: ServicePackages
    public let accounts: AccountFiles
    /// Nil without a supervisor.
    public let base: BasePrograms?
    public let links: CommandLinks

    /// - Parameters:
    ///   - programs: of the packages that the user named.
    ///   - service: what runs without a supervisor; its first process has a name that stays.
    public init(
        _ packages: ServicePackages, base: BasePrograms?, programs: [(owner: Package, programs: [PackageProgram])],
        service: DirectService? = nil
    ) {
        self.packages = packages
        self.base = base
        accounts = AccountFiles(
            user: packages.primary.filledMetadata("SVC_USER") ?? packages.root,
            group: packages.primary.filledMetadata("SVC_GROUP") ?? packages.root, fallback: packages.root)
        var links = CommandLinks()
        for program in base?.tools ?? [] { links.add(program) }
        if let base { links.add(base.cli) }
        for program in programs.flatMap(\.programs) { links.add(program) }
        if let service {
            let name = DirectOptions.program.utf8.dropFirst("/bin/".utf8.count)
            links.add(PackageProgram(name: Array(name), path: Array(service.initProgram.utf8), isExecutable: true))
        }
        self.links = links
    }

    /// The root of a service: under the supervisor, or by itself.
    public init(_ packages: ServicePackages, _ host: Host, isSupervised: Bool = true) throws(ExportFailure) {
        try packages.checkService()
        let base = isSupervised ? try BasePrograms(packages, host) : nil
        var programs: [(owner: Package, programs: [PackageProgram])] = []
        for package in packages.named { programs.append((package, try PackageProgram.all(of: package, host))) }
        self.init(packages, base: base, programs: programs)
    }

    public func write(to tree: RootFilesystem) throws(ExportFailure) {
        for (path, mode) in directories { try tree.addDirectory(at: path, mode: mode) }
        for (path, text) in files { try tree.addFile(at: path, mode: 0o644, Array(text.utf8)) }
        try links.write(to: tree)
        guard let base else { return }
        try tree.addSymlink(at: "etc/ssl", to: base.certificates)
        let script = InitScript.text(
            shell: String(decoding: base.shell.path, as: UTF8.self),
            program: "/bin/" + String(decoding: base.cli.name, as: UTF8.self), service: packages.primary.requested)
        try tree.addFile(at: "init.sh", mode: 0o755, Array(script.utf8))
    }

    /// Whether there is a file or a link of it at a path.
    public func isTaken(_ path: String) -> Bool {
        if path.hasPrefix("bin/") { return links.contains(String(path.dropFirst(4))) }
        return files.contains { $0.path == path } || (base != nil && ["etc/ssl", "init.sh"].contains(path))
    }

    /// Those that are there for more than what lies in them.
    public var directories: [(path: String, mode: UInt32)] {
        let always: [(String, UInt32)] = [
            ("bin", 0o755), ("etc", 0o755), ("root", 0o750), ("tmp", 0o1777), ("var", 0o755), ("var/tmp", 0o1777),
        ]
        guard base != nil else { return always }
        // The home of users that /etc/passwd does not know is /: they are in group 0, and keep their keys there.
        let home = ".\(packages.root)"
        return always + [
            ("\(packages.root)/cache", 0o775), (home, 0o770), ("\(home)/cache", 0o770), ("\(home)/cache/keys", 0o770),
        ]
    }

    private var files: [(path: String, text: String)] {
        [("etc/passwd", accounts.passwd), ("etc/group", accounts.group), ("etc/nsswitch.conf", Self.nameServices)]
            + (base == nil ? [] : [("etc/resolv.conf", "nameserver 8.8.8.8\nnameserver 8.8.4.4\n")])
    }

    private static let nameServices = """
        passwd: files
        group: files
        shadow: files

        hosts: files dns
        networks: files

        rpc: files
        services: files

        """
}
