// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioExport
package import BioPackage
package import BioStore
package import BioSystem

/// Where packages, caches and keys are, by variables, options and who asks.
extension CommandContext {
    package var flavour: Flavour { environment.flavour }

    /// `FS_ROOT`, or `/`.
    package var fileSystemRoot: FileSystemRoot {
        FileSystemRoot(fsRoot: environment["FS_ROOT"].map(absolute), flavour: flavour)
    }

    package var store: PackageStore { PackageStore(fileSystemRoot) }

    /// The caches; `keyPath` is what `--cache-key-path` says.
    package func cachePaths(keyPath: String? = nil) -> CachePaths {
        CachePaths(root: fileSystemRoot, isRoot: isRoot, home: home, keyPathOverride: keyPath.map(absolute))
    }

    package var artifactCache: ArtifactCache { ArtifactCache(path: cachePaths().artifacts, flavour: flavour) }

    /// Where finished layers are kept: what `--layer-cache` says, else among the caches; nil when it says `none`.
    package func layerCachePath(_ arguments: ParsedArguments) -> String? {
        guard let named = arguments.string(OptionSpec.layerCache.name) else { return cachePaths().layers }
        return named == "none" ? nil : absolute(named)
    }

    /// Ends long work when the user asks.
    package var cancellation: Cancellation { Cancellation { [interruption] in interruption.isRequested } }

    /// What installs packages here, trusting `keys`.
    package func packageInstaller(keys: KeyRing) -> PackageInstaller {
        PackageInstaller(store: store, keys: keys, cache: artifactCache, cancellation: cancellation)
    }

    /// What came with this program; it lies below `/hab`, so a flavour with another root has none.
    package var suppliedPackages: SuppliedPackages? {
        guard flavour.rootDirectory == Flavour.biome.rootDirectory else { return nil }
        return installPrefix.map { SuppliedPackages(directory: "\($0)/share/bio") }
    }

    /// The key ring of commands that take `--cache-key-path`.
    package func keyRing(_ arguments: ParsedArguments) -> KeyRing {
        KeyRing(directory: cachePaths(keyPath: arguments.string(OptionSpec.cacheKeyPath.name)).keys)
    }
}

extension OptionSpec {
    /// Shared by the commands that use keys.
    package static let cacheKeyPath = OptionSpec(
        "cache-key-path", .path("DIR"), environment: ["HAB_CACHE_KEY_PATH"],
        help: "Use the keys in this directory")
}

extension OptionSpec {
    /// Shared by the commands that make layers or look after them.
    package static let layerCache = OptionSpec(
        "layer-cache", .path("DIR"), environment: ["BIO_LAYER_CACHE"],
        help: "Keep finished layers in this directory; none keeps nothing")
}

extension ParsedArguments {
    /// Whether `--format json` is asked.
    package var wantsJSON: Bool { string("format") == "json" }
}
