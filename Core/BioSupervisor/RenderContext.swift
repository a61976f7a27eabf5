// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage

/// What templates of a service find: `cfg`, `pkg`, `sys`, `svc` and `bind`. Without a ring the service's group has one
/// member, itself, and so has every bind.
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

    package init(
        _ package: Package, configuration: ServiceConfiguration, host: HostFacts,
        group: String = ServiceGroup.defaultGroup, binds: DocumentObject = DocumentObject()
    ) {
        let sys = Self.sys(host)
        let ident = package.metadata.ident
        let me = Self.member(
            ServiceGroup(service: ident.name, group: group), ident, sys: sys, cfg: configuration.value, isAlive: true)
        value = [
            "sys": sys, "pkg": Self.pkg(package), "cfg": configuration.value,
            "svc": [
                "service": .string(ident.name), "group": .string(group), "org": nil, "election_is_running": false,
                "election_is_no_quorum": false, "election_is_finished": false, "me": me, "first": me,
                "leader": nil, "members": [me],
            ],
            "bind": .object(binds),
        ]
    }

    /// One member of a group, as others see it.
    static func member(
        _ group: ServiceGroup, _ ident: QualifiedIdent, sys: DocumentValue, cfg: DocumentValue, isAlive: Bool
    ) -> DocumentValue {
        [
            "member_id": "", "service": .string(group.service), "group": .string(group.group), "org": nil,
            "package": .string(ident.description), "pkg": Self.ident(ident), "sys": sys, "cfg": cfg,
            "alive": .bool(isAlive), "suspect": false, "confirmed": .bool(!isAlive), "departed": false, "leader": false,
            "follower": false, "persistent": false,
        ]
    }

    /// The member that stands for an address: nothing is known of its package.
    static func member(at address: BoundAddress, _ host: HostFacts) -> DocumentValue {
        var sys = Self.sys(host).object ?? DocumentObject()
        sys["ip"] = .string(address.host)
        sys["hostname"] = .string(address.host)
        return [
            "member_id": "", "service": .string(address.name), "group": .string(ServiceGroup.defaultGroup), "org": nil,
            "package": nil, "pkg": nil, "sys": .object(sys), "cfg": .object(address.configuration), "alive": true,
            "suspect": false, "confirmed": false, "departed": false, "leader": false, "follower": false,
            "persistent": true,
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

    static func sys(_ host: HostFacts) -> DocumentValue {
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
