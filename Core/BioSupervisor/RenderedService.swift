// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioPackage
import BioStore
import BioSystem

/// Everything of a service that depends on its configuration and binds, in memory: an error in any part leaves what is
/// on disk as it was.
package struct RenderedService: Sendable {
    package let configuration: ServiceConfiguration
    let files: [RenderedFile]
    let hooks: [Hook.Kind: String]

    /// The hooks of a running service; install and uninstall have their own time.
    private static let kinds = Hook.Kind.allCases.filter { $0 != .install && $0 != .uninstall && $0 != .suitability }

    package init(
        _ definition: ServiceDefinition, _ configuration: ServiceConfiguration, group: String, binds: DocumentObject
    ) throws(SupervisorError) {
        self.configuration = configuration
        let renderer = definition.renderer(configuration, group: group, binds: binds)
        files = try ConfigurationTemplates(source: "\(definition.package.path)/config", renderer: renderer).files()
        var hooks: [Hook.Kind: String] = [:]
        for kind in Self.kinds { hooks[kind] = try Hook(kind, of: definition.package)?.render(renderer) }
        if hooks[.run] == nil, try definition.hasPlainRun() {
            hooks[.run] = try TextFile.text("\(definition.package.path)/run", limit: Hook.templateLimit)
        }
        self.hooks = hooks
    }

    /// What `write` has changed.
    struct Changes {
        var files: [String]
        var hooks: Set<Hook.Kind>
    }

    /// Makes the service's directories, and writes what is not there as it should be.
    func write(for definition: ServiceDefinition) throws(SupervisorError) -> Changes {
        let directory = definition.directory
        do throws(SystemError) { try directory.create(for: definition.user) } catch { throw .system(error) }
        let files = try ConfigurationFiles(target: directory.config, owner: definition.user.identity).write(files)
        var changed: Set<Hook.Kind> = []
        for (kind, text) in hooks where try definition.process(kind).write(text) { changed.insert(kind) }
        if let run = hooks[.run] {
            // Where upstream has it, and where `pkg.svc_run` leads.
            do throws(SystemError) {
                if changed.contains(.run) || (try? FileStatus.of(directory.runFile)) == nil {
                    try AtomicFile.write(Array(run.utf8), to: directory.runFile, mode: 0o755, synchronizing: false)
                }
            } catch { throw .system(error) }
        }
        return Changes(files: files, hooks: changed)
    }
}
