// SPDX-License-Identifier: Apache-2.0

/// The names that differ between Habitat, Biome and the later Biome: facts of one world in one table
/// (docs/decisions/0012). What every flavour reads is the same.
package struct Flavour: Hashable, Sendable {
    /// What `BIO_FLAVOUR` calls it.
    package let name: String
    /// The directory right below the file system root.
    package let rootDirectory: String
    /// First line of an artifact that is written.
    package let magic: String
    package let artifactExtension: String
    package let environmentPrefix: String
    /// The command-line program.
    package let binary: String
    package let ownOrigin: String
    package let cliPackage: PackageIdent
    package let supervisorPackage: PackageIdent
    package let launcherPackage: PackageIdent
    package let busyboxPackage: PackageIdent
    package let cacertsPackage: PackageIdent
    package let serviceUser: String
    package let serviceGroup: String
    /// Beginning of the names of unfinished installations.
    package let installTemporaryPrefix: String
    /// Directory below the home directory that holds the caches of users other than root.
    package let homeDirectory: String
    package let builderURL: String
    package let channel: String

    private init(
        _ name: String, root: String, magic: String, artifactExtension: String, environmentPrefix: String,
        binary: String, ownOrigin: String, service: String, builderURL: String, channel: String
    ) {
        func package(_ origin: String, _ name: String) -> PackageIdent {
            PackageIdent(checkedOrigin: origin, name: name, version: nil, release: nil)
        }
        self.name = name
        rootDirectory = root
        self.magic = magic
        self.artifactExtension = artifactExtension
        self.environmentPrefix = environmentPrefix
        self.binary = binary
        self.ownOrigin = ownOrigin
        cliPackage = package(ownOrigin, binary)
        supervisorPackage = package(ownOrigin, "\(binary)-sup")
        launcherPackage = package(ownOrigin, "\(binary)-launcher")
        busyboxPackage = package("core", "busybox-static")
        cacertsPackage = package("core", "cacerts")
        serviceUser = service
        serviceGroup = service
        installTemporaryPrefix = ".\(binary)-pkg-install"
        homeDirectory = ".\(root)"
        self.builderURL = builderURL
        self.channel = channel
    }

    package static let habitat = Flavour(
        "habitat", root: "hab", magic: "HART-1", artifactExtension: "hart", environmentPrefix: "HAB_", binary: "hab",
        ownOrigin: "core", service: "hab", builderURL: "https://bldr.habitat.sh", channel: "stable")

    /// Biome up to 2.0.107, the default.
    package static let biome = Flavour(
        "biome", root: "hab", magic: "HART-1", artifactExtension: "hart", environmentPrefix: "HAB_", binary: "bio",
        ownOrigin: "biome", service: "hab", builderURL: "https://bldr.biome.sh", channel: "stable")

    /// Biome after that: a root, variables and artifacts of its own.
    package static let biome21 = Flavour(
        "biome-2.1", root: "bio", magic: "BART-1", artifactExtension: "bart", environmentPrefix: "BIO_",
        binary: "bio", ownOrigin: "biome", service: "bio", builderURL: "https://bldr.biome.sh", channel: "base")

    package static let all = [habitat, biome, biome21]

    /// First lines of artifacts that are read.
    package static let readableMagics = ["HART-1", "BART-1"]
    /// Endings of the names of artifacts that are read.
    package static let readableExtensions = ["hart", "bart"]
    /// Directories, as components, that the `pkgs` of a payload may lie in; below `opt` on macOS.
    package static let readableRoots = [["hab"], ["bio"], ["opt", "hab"], ["opt", "bio"]]

    /// The flavour whose packages lie below `root`, as in `bio`; the default one where several do.
    package static func installing(below root: String) -> Flavour? {
        ([biome] + all).first { $0.rootDirectory == root }
    }

    /// A name that no row of the table has.
    package struct UnknownName: Error, Hashable, Sendable, CustomStringConvertible {
        package let name: String

        package var description: String { "\(name.quoted) is not a flavour" }
        package var hint: String { "known flavours: " + Flavour.all.map(\.name).joined(separator: ", ") }
    }

    package static func named(_ name: String) throws(UnknownName) -> Flavour {
        guard let flavour = all.first(where: { $0.name == name }) else { throw UnknownName(name: name) }
        return flavour
    }

    /// What `variable`, as the default flavour names it, is called here: `HAB_ORIGIN` may be `BIO_ORIGIN`. Others, as
    /// FS_ROOT, are the same everywhere.
    package func variable(_ variable: String) -> String {
        let prefix = Self.biome.environmentPrefix
        guard variable.hasPrefix(prefix) else { return variable }
        return environmentPrefix + variable.dropFirst(prefix.count)
    }
}
