// SPDX-License-Identifier: Apache-2.0

import BioStore
import BioSystem

/// A file that a template has become.
struct RenderedFile: Hashable, Sendable {
    /// Below the directory of the templates: the last is the file's name.
    let path: [String]
    let text: String
}

/// The templates in `config` or `config_install` of a package.
struct ConfigurationTemplates {
    /// The package's directory of templates.
    let source: String
    let renderer: TemplateRenderer

    /// Renders every regular file. No directory is fine; nothing is written.
    func files() throws(SupervisorError) -> [RenderedFile] {
        var files: [RenderedFile] = []
        for path in try TemplateTree(source).paths() {
            let text = try renderer.render(
                ([source] + path).joined(separator: "/"), named: TemplateTree(source).name(path))
            files.append(RenderedFile(path: path, text: text))
        }
        return files
    }
}

/// The regular files below a directory of templates.
struct TemplateTree {
    private let directory: String

    private static let depth = 16

    init(_ directory: String) { self.directory = directory }

    /// What errors call the template at `path`, as in `config/app.conf`.
    func name(_ path: [String]) -> String {
        ([String(directory.split(separator: "/").last ?? "")] + path).joined(separator: "/")
    }

    /// The components of each below the directory; none when that is not there.
    func paths() throws(SupervisorError) -> [[String]] {
        do throws(SystemError) {
            guard try FileStatus.of(directory)?.kind == .directory else { return [] }
        } catch { throw .system(error) }
        var found: [[String]] = []
        try collect([], &found)
        return found
    }

    private func collect(_ path: [String], _ found: inout [[String]]) throws(SupervisorError) {
        let folder = ([directory] + path).joined(separator: "/")
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(folder) } catch { throw .system(error) }
        for bytes in names {
            guard let name = String(validating: bytes, as: UTF8.self) else { continue }
            let kind: FileStatus.Kind?
            do throws(SystemError) { kind = try FileStatus.ofLink("\(folder)/\(name)")?.kind } catch {
                throw .system(error)
            }
            switch kind {
            case .file: found.append(path + [name])
            case .directory where path.count < Self.depth: try collect(path + [name], &found)
            default: continue
            }
        }
    }
}
