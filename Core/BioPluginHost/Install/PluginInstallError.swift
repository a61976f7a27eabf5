// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// Why a plugin cannot be installed, updated or removed. Nothing has changed then.
package enum PluginInstallError: Error, Hashable, Sendable {
    /// The source holds no `plugin.toml` where one must be.
    case noPlugin(source: String)
    case severalPlugins(source: String, [String])
    /// A member of the source that is in no plugin.
    case stranger(source: String, path: String, why: String)
    case tooLarge(source: String)
    /// Library and manifest say different things.
    case disagree(plugin: String, String)
    case otherTarget(plugin: String, PackageTarget)
    case otherABI(plugin: String, built: ABIVersion, needed: ABIVersion)
    /// It is there in this version already, with other files; or in another version.
    case present(plugin: String, version: String, wanted: String, directory: String)
    /// This bio brings a plugin of that id: another one in front of it would pass for it.
    case bundled(plugin: String, directory: String)
    case absent(plugin: String, place: String)
    /// It lies there, but `bio plugin install` did not put it there.
    case notInstalledHere(plugin: String, directory: String)
    case older(plugin: String, version: String, installed: String)
    /// It is of no package, so there is nowhere to look for a newer one.
    case noSource(plugin: String)
    case declined(plugin: String)
}

extension PluginInstallError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noPlugin(let source): "there is no plugin in '\(source)': it holds no \(PluginManifest.fileName)"
        case .severalPlugins(let source, let ids):
            "'\(source)' holds \(ids.count) plugins: \(ids.map { "'\($0)'" }.joined(separator: ", "))"
        case .stranger(let source, let path, let why): "'\(source)' is refused: \(path.quoted) \(why)"
        case .tooLarge(let source):
            "'\(source)' is refused: a plugin has at most \(PluginFileList.mostBytes >> 20) MiB"
        case .disagree(_, let text): text
        case .otherTarget(let plugin, let target):
            "plugin '\(plugin)' is for \(target), this is \(PackageTarget.host)"
        case .otherABI(let plugin, let built, let needed):
            "plugin '\(plugin)' is built for ABI \(built) and needs \(needed); this host speaks "
                + "\(PluginLibrary.hostRange.oldest) to \(PluginLibrary.hostRange.newest)"
        case .present(let plugin, let version, let wanted, let directory):
            version == wanted
                ? "plugin '\(plugin)' \(version) is in '\(directory)' already, with other files"
                : "plugin '\(plugin)' is in '\(directory)' already, in version \(version)"
        case .bundled(let plugin, let directory):
            "the id '\(plugin)' is that of the plugin in '\(directory)', which this bio brings"
        case .absent(let plugin, let place): "plugin '\(plugin)' is not installed in '\(place)'"
        case .notInstalledHere(let plugin, let directory):
            "plugin '\(plugin)' in '\(directory)' was not put there by 'bio plugin install'"
        case .older(let plugin, let version, let installed):
            "plugin '\(plugin)' \(version) is not newer than \(installed), which is installed"
        case .noSource(let plugin): "plugin '\(plugin)' was taken from no package, so no newer one can be looked for"
        case .declined(let plugin): "plugin '\(plugin)' was not installed: you did not agree"
        }
    }

    package var hint: String? {
        switch self {
        case .noPlugin: "give the directory that holds it, an archive of that directory, or a package"
        case .severalPlugins: "have each of them in a package of its own"
        case .stranger: "have its author leave that out"
        case .tooLarge, .declined: nil
        case .disagree: "have its author make \(PluginManifest.fileName) and the library agree"
        case .otherTarget: "get it for this machine"
        case .otherABI: "get it for this bio, or another bio for it"
        case .present(let plugin, let version, let wanted, _):
            version == wanted
                ? "say --force to replace it" : "bring it up to date: bio plugin update SOURCE (\(plugin) \(wanted))"
        case .bundled: "have its author give it an id of its own; one that is being made runs with --plugin DIR"
        case .absent: "see 'bio plugin list'"
        case .notInstalledHere(_, let directory): "remove '\(directory)' by hand if nobody else looks after it"
        case .older: "say --force to put it there all the same"
        case .noSource: "name the file or directory: bio plugin update SOURCE"
        }
    }
}
