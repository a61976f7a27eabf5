// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage
package import BioStore
import BioSystem
import BioTemplate

/// One installed package as a service: what does not change while it runs.
package struct ServiceDefinition: Sendable {
    package let package: InstalledPackage
    package let metadata: PackageMetadata
    package let user: ServiceUser
    package let directory: ServiceDirectory
    let variables: HookVariables
    let root: FileSystemRoot
    let host: HostFacts

    package init(
        _ package: InstalledPackage, in store: PackageStore, _ host: HostFacts
    ) throws(SupervisorError) {
        self.package = package
        do throws(StoreError) { metadata = try package.metadata() } catch { throw .store(error) }
        variables = try HookVariables(of: package, in: store, host)
        root = store.root
        user = try ServiceUser(of: metadata, flavour: root.flavour, effectiveUserID: host.effectiveUserID)
        directory = ServiceDirectory(package.ident.name, in: root)
        self.host = host
    }

    package var ident: QualifiedIdent { package.ident }

    /// Whether the package has something to run.
    package func isRunnable() throws(SupervisorError) -> Bool {
        if try Hook(.run, of: package) != nil { return true }
        return try hasPlainRun()
    }

    /// `run` in the package's directory: no template.
    func hasPlainRun() throws(SupervisorError) -> Bool {
        do throws(SystemError) { return try FileStatus.ofLink("\(package.path)/run")?.kind == .file } catch {
            throw .system(error)
        }
    }

    package func configuration(applied: DocumentValue? = nil) throws(SupervisorError) -> ServiceConfiguration {
        try ServiceConfiguration(
            of: package, directory, flavour: root.flavour, applied: applied, variable: host.variable)
    }

    func renderer(
        _ configuration: ServiceConfiguration, group: String = ServiceGroup.defaultGroup,
        binds: DocumentObject = DocumentObject()
    ) -> TemplateRenderer {
        let context = RenderContext(
            RenderContext.Package(
                metadata, path: package.path, environment: variables.package, directory: directory, user: user),
            configuration: configuration, host: host, group: group, binds: binds)
        return TemplateRenderer(package, context, dependencies: metadata.tdeps, root: root)
    }

    func process(_ kind: Hook.Kind) -> HookProcess {
        HookProcess(
            kind: kind, ident: ident, directory: directory, user: user.identity, variables: variables.list)
    }

    /// What the service exports of its configuration, by the public names; what is not there is left out.
    package func exports(of configuration: ServiceConfiguration) -> DocumentObject {
        var result = DocumentObject()
        for export in metadata.exports { result[export.name] = configuration[path: export.value] }
        return result
    }
}
