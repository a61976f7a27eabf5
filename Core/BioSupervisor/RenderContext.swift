// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage

/// What templates of a service find: `cfg`, `pkg`, `sys`, `svc` and `bind`. Without a ring the service's group has one
/// member, itself, and nothing is bound.
package struct RenderContext: Hashable, Sendable {
    package let value: DocumentValue

    /// Facts of the package that the metafiles do not have.
    package struct Package: Sendable {
        package let metadata: PackageMetadata
        /// Its directory, below FS_ROOT.
        package let path: String
        /// Of a hook's process: that of the package, with the whole PATH.
        package let environment: [(name: String, value: String)]
        package let directory: ServiceDirectory
        package let user: ServiceUser

        package init(
            _ metadata: PackageMetadata, path: String, environment: [(name: String, value: String)],
            directory: ServiceDirectory, user: ServiceUser
        ) {
            self.metadata = metadata
            self.path = path
            self.environment = environment
            self.directory = directory
            self.user = user
        }
    }

    package init(_ package: Package, configuration: ServiceConfiguration, host: HostFacts, group: String = "default") {
        let pkg = Self.pkg(package)
        let sys = Self.sys(host)
        let name = package.metadata.ident.name
        let me: DocumentValue = [
            "member_id": "", "service": .string(name), "group": .string(group), "org": nil,
            "package": .string(package.metadata.ident.description), "pkg": Self.ident(package.metadata.ident),
            "sys": sys, "cfg": configuration.value, "alive": true, "suspect": false, "confirmed": false,
            "departed": false, "leader": false, "follower": false, "persistent": false,
        ]
        value = [
            "sys": sys, "pkg": pkg, "cfg": configuration.value,
            "svc": [
                "service": .string(name), "group": .string(group), "org": nil, "election_is_running": false,
                "election_is_no_quorum": false, "election_is_finished": false, "me": me, "first": me,
                "leader": nil, "members": [me],
            ],
            "bind": [:],
        ]
    }

    private static func pkg(_ package: Package) -> DocumentValue {
        let (metadata, directory) = (package.metadata, package.directory)
        let ident = metadata.ident
        let dependencies = DocumentValue.array(metadata.tdeps.map(Self.ident))
        return [
            "ident": .string(ident.description), "origin": .string(ident.origin), "name": .string(ident.name),
            "version": .string(ident.version), "release": .string(ident.release), "deps": dependencies,
            "dependencies": dependencies, "env": object(package.environment),
            "exposes": .strings(metadata.exposes.map { "\($0)" }),
            "exports": object(metadata.exports.map { ($0.name, $0.value) }), "path": .string(package.path),
            "svc_path": .string(directory.path), "svc_config_path": .string(directory.config),
            "svc_config_install_path": .string(directory.configInstall), "svc_data_path": .string(directory.data),
            "svc_files_path": .string(directory.files), "svc_static_path": .string(directory.fixed),
            "svc_var_path": .string(directory.variable), "svc_pid_file": .string(directory.pidFile),
            "svc_run": .string(directory.runFile), "svc_user": .string(package.user.user),
            "svc_group": .string(package.user.group),
            "shutdown_signal": .string(metadata.shutdownSignal ?? "TERM"),
            "shutdown_timeout": .integer(metadata.shutdownTimeout ?? 8),
        ]
    }

    private static func sys(_ host: HostFacts) -> DocumentValue {
        [
            "version": .string(host.version), "member_id": "", "ip": .string(host.address),
            "hostname": .string(host.hostName), "gossip_ip": "0.0.0.0", "gossip_port": 9638,
            "http_gateway_ip": "0.0.0.0", "http_gateway_port": 9631, "ctl_gateway_ip": "127.0.0.1",
            "ctl_gateway_port": 9632, "permanent": false,
        ]
    }

    private static func ident(_ ident: QualifiedIdent) -> DocumentValue {
        [
            "origin": .string(ident.origin), "name": .string(ident.name), "version": .string(ident.version),
            "release": .string(ident.release),
        ]
    }

    /// Of one name twice the last counts.
    private static func object(_ pairs: [(name: String, value: String)]) -> DocumentValue {
        var object = DocumentObject()
        for (name, value) in pairs { object[name] = .string(value) }
        return .object(object)
    }
}
