// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage
package import BioStore
import BioSystem
import Glibc

/// What templates find under `cfg`: the package's `default.toml`, over that the operator's `user.toml`, over that the
/// variable `HAB_NAME`, over that what was applied while it runs.
package struct ServiceConfiguration: Hashable, Sendable {
    /// An object.
    package let value: DocumentValue
    /// The operator's file when it is where it no longer should be.
    package let oldUserConfiguration: String?

    /// Tables inside each other that are merged; more are refused, as upstream does.
    static let mergeDepth = 30
    private static let fileLimit = 1 << 20

    /// `variable` is what looks up variables of the process.
    package init(
        of package: InstalledPackage, _ directory: ServiceDirectory, flavour: Flavour, applied: DocumentValue? = nil,
        variable: (String) -> String?
    ) throws(SupervisorError) {
        var layers: [(origin: String, value: DocumentValue)] = []
        let defaults = "\(package.path)/default.toml"
        if let value = try Self.read(defaults, following: false) { layers.append((defaults, value)) }
        var old: String?
        if let value = try Self.read(directory.userConfiguration, following: true) {
            layers.append((directory.userConfiguration, value))
        } else if let value = try Self.read(directory.oldUserConfiguration, following: true) {
            layers.append((directory.oldUserConfiguration, value))
            old = directory.oldUserConfiguration
        }
        let name = Self.variableName(of: package.ident.name, flavour)
        if let text = variable(name) { layers.append((name, try Self.parse(text, ofVariable: name))) }
        if let applied { layers.append(("the applied configuration", applied)) }
        var merged = DocumentObject()
        for (origin, value) in layers {
            merged = try Self.merge(value.object ?? DocumentObject(), over: merged, origin: origin, depth: 0)
        }
        value = .object(merged)
        oldUserConfiguration = old
    }

    /// `HAB_MY_APP` for `my-app`.
    package static func variableName(of name: String, _ flavour: Flavour) -> String {
        flavour.environmentPrefix + name.uppercased().replacing("-", with: "_")
    }

    /// The value at a path such as `network.port`; nil when there is none.
    package subscript(path path: String) -> DocumentValue? {
        path.split(separator: ".", omittingEmptySubsequences: false).reduce(value) { $0?[String($1)] }
    }

    /// Tables are merged member by member; whatever else is in `over` takes the place of what was there.
    static func merge(
        _ value: DocumentObject, over base: DocumentObject, origin: String, depth: Int
    ) throws(SupervisorError) -> DocumentObject {
        guard depth <= mergeDepth else { throw .tooDeep(origin: origin, limit: mergeDepth) }
        var result = base
        for member in value.members {
            if case .object(let inner) = member.value, case .object(let below)? = result[member.key] {
                result[member.key] = .object(try merge(inner, over: below, origin: origin, depth: depth + 1))
            } else {
                result[member.key] = member.value
            }
        }
        return result
    }

    /// TOML, else JSON; a JSON object is never TOML.
    private static func parse(_ text: String, ofVariable name: String) throws(SupervisorError) -> DocumentValue {
        let problem: DocumentError
        do throws(DocumentError) { return try TOMLDocument(parsing: text).value } catch { problem = error }
        let json: DocumentValue
        do throws(DocumentError) { json = try DocumentValue(json: text) } catch {
            let isJSON = text.drop { $0.isWhitespace }.first == "{"
            throw .badVariable(name, isJSON ? error : problem, language: isJSON ? "JSON" : "TOML")
        }
        guard json.object != nil else { throw .badVariable(name, problem, language: "TOML") }
        return json
    }

    private static func read(_ path: String, following: Bool) throws(SupervisorError) -> DocumentValue? {
        guard let bytes = try TextFile.bytes(path, limit: fileLimit, following: following) else { return nil }
        do throws(DocumentError) { return try TOMLDocument(parsing: bytes).value } catch {
            throw .badConfiguration(path: path, error)
        }
    }
}

/// Files that are read whole.
enum TextFile {
    /// nil when it is not there; anything but a regular file is refused.
    static func bytes(_ path: String, limit: Int, following: Bool = false) throws(SupervisorError) -> [UInt8]? {
        do throws(SystemError) {
            let file: FileDescriptor
            do throws(SystemError) {
                file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | (following ? 0 : O_NOFOLLOW))
            } catch {
                if error.errno == .noSuchFile || error.errno == .notDirectory { return nil }
                throw error
            }
            do throws(Errno) {
                guard try file.status().kind == .file else { throw .invalidArgument }
                return try file.readToEnd(limit: limit)
            } catch { throw SystemError("read", path, error) }
        } catch { throw .system(error) }
    }

    /// The same as text; one that is not UTF-8 is refused.
    static func text(_ path: String, limit: Int) throws(SupervisorError) -> String? {
        guard let bytes = try bytes(path, limit: limit) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
        return text
    }
}
