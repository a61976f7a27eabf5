// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioSystem
import Glibc

/// Who a service and its hooks run as (package-model: 5 "Service user resolution").
package struct ServiceUser: Hashable, Sendable {
    package let user: String
    package let group: String
    /// nil when this process cannot become somebody else: everything runs as who it is then.
    package let identity: ChildProcess.Identity?

    /// SVC_USER and SVC_GROUP when the package has both; else `hab` and `hab` when the system has both; else who this
    /// process is. Only root can become the user, and then the system must know both.
    package init(
        of package: PackageMetadata, flavour: Flavour = .biome, effectiveUserID: UInt32
    ) throws(SupervisorError) {
        if let user = package.serviceUser, let group = package.serviceGroup {
            (self.user, self.group) = (user, group)
        } else if Account.user(flavour.serviceUser) != nil, Account.group(flavour.serviceGroup) != nil {
            (user, group) = (flavour.serviceUser, flavour.serviceGroup)
        } else {
            user = Account.name(ofUser: effectiveUserID) ?? "\(effectiveUserID)"
            group = Account.name(ofGroup: getegid()) ?? "\(getegid())"
            identity = nil
            return
        }
        guard effectiveUserID == 0 else {
            identity = nil
            return
        }
        guard let account = Account.user(user) else { throw .noAccount("user", user, of: package.ident) }
        guard let gid = Account.group(group) else { throw .noAccount("group", group, of: package.ident) }
        identity = ChildProcess.Identity(
            uid: account, gid: gid, groups: Account.groups(ofUser: user, with: gid))
    }
}

/// The users and groups of the system.
enum Account {
    private static let bufferSize = 1 << 16

    static func user(_ name: String) -> UInt32? {
        withBuffer { buffer in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard getpwnam_r(name, &record, buffer, bufferSize, &found) == 0 else { return nil }
            return found?.pointee.pw_uid
        }
    }

    static func group(_ name: String) -> UInt32? {
        withBuffer { buffer in
            var record = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            guard getgrnam_r(name, &record, buffer, bufferSize, &found) == 0 else { return nil }
            return found?.pointee.gr_gid
        }
    }

    static func name(ofUser uid: UInt32) -> String? {
        withBuffer { buffer in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard getpwuid_r(uid, &record, buffer, bufferSize, &found) == 0 else { return nil }
            return found?.pointee.pw_name.map { String(cString: $0) }
        }
    }

    static func name(ofGroup gid: UInt32) -> String? {
        withBuffer { buffer in
            var record = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            guard getgrgid_r(gid, &record, buffer, bufferSize, &found) == 0 else { return nil }
            return found?.pointee.gr_name.map { String(cString: $0) }
        }
    }

    /// Every group that the user is in; `gid` at least.
    static func groups(ofUser name: String, with gid: UInt32) -> [UInt32] {
        var groups = [gid_t](repeating: 0, count: 1024)
        var count = CInt(groups.count)
        guard getgrouplist(name, gid, &groups, &count) >= 0 else { return [gid] }
        return groups.prefix(Int(count)).map { UInt32($0) }
    }

    private static func withBuffer<R>(_ body: (UnsafeMutablePointer<CChar>) -> R) -> R {
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: bufferSize)
        defer { buffer.deallocate() }
        return body(buffer)
    }
}
