// SPDX-License-Identifier: Apache-2.0

/// What the platforms' exporters are tried on: redis as it is in the real world, a service that binds to it, and all
/// base packages.
///
/// Installed are `core/redis`, `core/jq`, `core/busybox-static` and `core/cacerts` of the closure maker, `core/jq-static`
/// (jq under the name that exporters look for), `acme/guestbook` (which binds to redis), `acme/twoports` (two ports,
/// another user), `acme/plain` (no service), `acme/Big_Shop` and `acme/tail_` (odd names), and stand-ins for the package
/// manager, the supervisor and the launcher.
package enum PlatformWorld {
    package static let shared = Result { try make() }

    /// The same redis, and `acme/guestbook` and `acme/ready`, without a base package: they are those that come with the
    /// program.
    package static let supplied = Result {
        let closure = try RealClosure.shared.get()
        return try ExportWorld(on: [try closure.artifact("redis")], keys: closure.keys) { _ in
            [PlatformFixture.guestbook, PlatformFixture.ready]
        }
    }

    private static func make() throws -> ExportWorld {
        let closure = try RealClosure.shared.get()
        let real = try ["redis", "jq", "busybox-static", "cacerts"].map { try closure.artifact($0) }
        return try ExportWorld(on: real, keys: closure.keys) { root in
            let jq = try closure.ident("jq")
            let needed = try String(decoding: contents(of: "\(root)/hab/pkgs/\(jq)/TDEPS"), as: UTF8.self)
            return PlatformFixture.all
                + [PlatformFixture.staticJQ(jq, needed: [jq] + needed.split(separator: "\n").map(String.init))]
        }
    }
}

extension ExportDesk {
    /// A desk of the platforms' world.
    package static func platforms() throws -> ExportDesk { try ExportDesk(try PlatformWorld.shared.get()) }

    /// A desk of the platforms' world without base packages.
    package static func supplied() throws -> ExportDesk { try ExportDesk(try PlatformWorld.supplied.get()) }
}
