// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore

/// `bio pkg binlink`
enum PackageBinlink {
    static let spec = CommandSpec(
        "binlink", abstract: "Link the programs of an installed package into a directory",
        discussion: """
            Makes a symbolic link for each program in the package's PATH directories, or for one of them. Of several \
            releases that satisfy the ident, the newest counts. Prints the path of each link that is there then.

            A link that leads elsewhere stays, with a warning, unless --force is given; it is replaced in one step \
            then. What is no link is never replaced.

            The directory is below FS_ROOT. The links are not: they say /hab/pkgs/…, which is right for programs that \
            have FS_ROOT as their root.
            """,
        examples: [
            CommandSpec.Example("bio pkg binlink core/redis", "Link all programs of redis into /bin"),
            CommandSpec.Example(
                "bio pkg binlink core/redis redis-cli -d /usr/local/bin", "Link one program into another directory"),
        ],
        arguments: [
            ArgumentSpec("IDENT", help: "origin/name[/version[/release]]"),
            ArgumentSpec("BINARY", .optional, help: "link this program only"),
        ],
        options: [
            OptionSpec(
                "dest", short: "d", .path("DIR"), environment: ["HAB_BINLINK_DIR"], fallback: Binlinking.directory,
                help: "Make the links in this directory, absolute, below FS_ROOT"),
            .force,
        ], exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let ident = try context.parseIdent(arguments.argument("IDENT") ?? "")
        let binlinking = try Binlinking(
            directory: arguments.string("dest") ?? Binlinking.directory, force: arguments.flag("force"), context)
        let package = try context.installed(ident)
        try context.result.lines(try binlinking.link(package, only: arguments.argument("BINARY")))
    }
}

/// Making links to programs, for the commands that do, as Biome tells it.
struct Binlinking {
    /// Where links go when nobody says.
    static let directory = "/bin"

    private let target: BinlinkDirectory
    private let force: Bool
    private let context: CommandContext

    /// `directory` is an absolute path below FS_ROOT.
    init(directory: String, force: Bool, _ context: CommandContext) throws {
        guard directory.hasPrefix("/"), !directory.split(separator: "/").contains("..") else {
            throw UsageError.refused(
                "'\(directory)' is not an absolute path without '..'", hint: "the directory is below FS_ROOT")
        }
        target = context.binlinkDirectory(directory)
        self.force = force
        self.context = context
    }

    /// Links one program of `package`, or all.
    /// - Returns: the paths of the links that lead to it.
    func link(_ package: InstalledPackage, only name: String? = nil) throws -> [String] {
        let all = try package.binaries(in: context.fileSystemRoot)
        let wanted = all.filter { name == nil || $0.shown == name }
        guard !wanted.isEmpty else {
            if let name { throw missing(name, of: package, among: all) }
            context.status.warn("'\(package.ident)' has no programs to link")
            return []
        }
        if try target.create() { context.status.status(.creating, "parent directory \(target.path)") }
        return try wanted.compactMap { try link($0, of: package) }
    }

    private func link(_ binary: InstalledPackage.Binary, of package: InstalledPackage) throws -> String? {
        let (status, place) = (context.status, target.place(of: binary))
        status.begin("Binlinking \(binary.shown) from \(package.ident) into \(target.path)")
        switch try target.link(binary, force: force) {
        case .made, .present, .replaced:
            status.end("Binlinked \(binary.shown) from \(package.ident) to \(place)")
            return place
        case .skipped(let existing):
            status.warn(
                "skipping '\(binary.shown)': '\(place)' leads to '\(String(decoding: existing, as: UTF8.self))'; "
                    + "--force replaces it")
            return nil
        }
    }

    private func missing(
        _ name: String, of package: InstalledPackage, among all: [InstalledPackage.Binary]
    ) -> CommandFailure {
        CommandFailure(
            .failure, "'\(package.ident)' has no program '\(name)'",
            hint: all.isEmpty
                ? "it has none at all" : "it has: " + all.prefix(20).map(\.shown).joined(separator: ", "))
    }
}

extension CommandContext {
    /// A directory of links, named by its path below FS_ROOT.
    func binlinkDirectory(_ path: String) -> BinlinkDirectory {
        let root = fileSystemRoot.path
        return BinlinkDirectory(path: root == "/" ? path : root + path, below: root)
    }
}

extension OptionSpec {
    static let force = OptionSpec(
        "force", short: "f", .flag, help: "Replace links that lead elsewhere")
}
