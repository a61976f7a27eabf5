// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// What an image holds besides its packages: accounts, links, and places to write.
struct ImageRoot {
    let packages: ImagePackages
    let options: ContainerOptions
    let accounts: AccountFiles
    /// Nil without a supervisor.
    let base: BasePrograms?
    let links: CommandLinks

    init(
        _ packages: ImagePackages, _ options: ContainerOptions, base: BasePrograms?,
        programs: [(owner: Package, programs: [PackageProgram])]
    ) {
        self.packages = packages
        self.options = options
        self.base = base
        accounts = AccountFiles(
            user: packages.primary.filledMetadata("SVC_USER") ?? packages.root,
            group: packages.primary.filledMetadata("SVC_GROUP") ?? packages.root, fallback: packages.root)
        var links = CommandLinks()
        for program in base?.tools ?? [] { links.add(program) }
        if let base { links.add(base.cli) }
        for program in programs.flatMap(\.programs) { links.add(program) }
        self.links = links
    }

    func write(to tree: RootFilesystem) throws(ExportFailure) {
        for (path, mode) in directories { try tree.addDirectory(at: path, mode: mode) }
        for (path, text) in files { try tree.addFile(at: path, mode: 0o644, Array(text.utf8)) }
        try links.write(to: tree)
        if let base {
            try tree.addSymlink(at: "etc/ssl", to: base.certificates)
            let script = InitScript.text(
                shell: String(decoding: base.shell.path, as: UTF8.self),
                program: "/bin/" + String(decoding: base.cli.name, as: UTF8.self), service: packages.primary.requested)
            try tree.addFile(at: "init.sh", mode: 0o755, Array(script.utf8))
        }
        try addWorkingDirectory(to: tree)
    }

    private var directories: [(path: String, mode: UInt32)] {
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

    /// Nothing can be made at or below a file or a link of the layer.
    func checkWorkingDirectory() throws(ExportFailure) {
        guard let directory = options.workingDirectory else { return }
        var above = ""
        for piece in directory.split(separator: "/") {
            above += above.isEmpty ? piece : "/\(piece)"
            guard isTaken(above) else { continue }
            throw .option(
                DockerOptions.workingDirectory, "'\(directory)' cannot be made: the image's /\(above) is no directory",
                hint: "name a directory of the image, as in /data")
        }
    }

    private func isTaken(_ path: String) -> Bool {
        if path.hasPrefix("bin/") { return links.contains(String(path.dropFirst(4))) }
        return files.contains { $0.path == path } || (base != nil && ["etc/ssl", "init.sh"].contains(path))
    }

    /// As an engine would make it, but writable for group 0. One inside a package is there or is a mistake.
    private func addWorkingDirectory(to tree: RootFilesystem) throws(ExportFailure) {
        guard let path = options.workingDirectory?.dropFirst(), !path.isEmpty,
            !path.hasPrefix("\(packages.root)/pkgs/"),
            !(directories.map(\.path) + [packages.root, "\(packages.root)/pkgs"]).contains(String(path))
        else { return }
        try tree.addDirectory(at: String(path), mode: 0o775)
    }
}
