// SPDX-License-Identifier: Apache-2.0

/// The names that differ between Habitat, Biome and the later Biome: facts of one world in one table.
package struct Flavour: Hashable, Sendable {
    package let name: String
    /// The directory right below the file system root.
    package let rootDirectory: String
    /// First line of an artifact that is written.
    package let magic: String
    /// First lines of artifacts that are read.
    package let readableMagics: [String]
    /// Directories that a payload may begin with.
    package let readableRoots: [String]
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

    /// Biome up to 2.0.107; artifacts of the later Biome (`BART-1`, `bio/pkgs`) are read as well.
    package static let biome = Flavour(
        name: "biome", rootDirectory: "hab", magic: "HART-1", readableMagics: ["HART-1", "BART-1"],
        readableRoots: ["hab", "bio"], artifactExtension: "hart", environmentPrefix: "HAB_", binary: "bio",
        ownOrigin: "biome", cliPackage: unversioned("biome", "bio"), supervisorPackage: unversioned("biome", "bio-sup"),
        launcherPackage: unversioned("biome", "bio-launcher"), busyboxPackage: unversioned("core", "busybox-static"),
        cacertsPackage: unversioned("core", "cacerts"), serviceUser: "hab", serviceGroup: "hab",
        installTemporaryPrefix: ".bio-pkg-install", homeDirectory: ".hab", builderURL: "https://bldr.biome.sh",
        channel: "stable")

    private static func unversioned(_ origin: String, _ name: String) -> PackageIdent {
        PackageIdent(checkedOrigin: origin, name: name, version: nil, release: nil)
    }
}
