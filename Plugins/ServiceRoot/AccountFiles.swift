// SPDX-License-Identifier: Apache-2.0

/// `/etc/passwd` and `/etc/group` of an image: a few fixed accounts, those of the service, and a fallback account that
/// many services expect to be there.
public struct AccountFiles: Sendable {
    public struct User: Equatable, Sendable {
        public var name: String
        var id: Int
        var group: Int
        var comment: String
        var home = "/"
        var shell = "/bin/false"

        var line: String { "\(name):x:\(id):\(group):\(comment):\(home):\(shell)\n" }
    }

    public struct Group: Equatable, Sendable {
        public var name: String
        var id: Int
        var members: [String] = []

        var line: String { "\(name):x:\(id):\(members.joined(separator: ","))\n" }
    }

    public let users: [User]
    public let groups: [Group]

    var passwd: String { users.map(\.line).joined() }
    var group: String { groups.map(\.line).joined() }

    private static let serviceID = 42
    private static let fallbackID = 84

    /// The accounts of a service; `fallback` names the user and the group that always exist.
    public init(user: String, group: String, fallback: String) {
        let known = Self.fixedGroups.first { $0.name == group }?.id
        let (users, groups) = Self.added(user, group, id: known ?? Self.serviceID, fallback)
        // A name that is there already keeps its number: of two lines with one name only the first is ever found.
        self.users = Self.fixedUsers + users.filter { user in !Self.fixedUsers.contains { $0.name == user.name } }
        self.groups = Self.fixedGroups + groups.filter { group in !Self.fixedGroups.contains { $0.name == group.name } }
    }

    /// The lines that the service's user and group ask for; `id` is the number of the group.
    private static func added(_ user: String, _ group: String, id: Int, _ fallback: String) -> ([User], [Group]) {
        func account(_ name: String, _ number: Int, in group: Int) -> User {
            User(name: name, id: number, group: group, comment: "\(name) User")
        }
        let spare = account(fallback, fallbackID, in: fallbackID)
        let spareGroup = Group(name: fallback, id: fallbackID, members: [fallback])
        switch (user, group) {
        case ("root", "root"):
            return ([spare], [spareGroup])
        case ("root", fallback):
            return ([account(fallback, fallbackID, in: id)], [Group(name: fallback, id: id, members: [fallback])])
        case ("root", _):
            return ([spare], [Group(name: group, id: id), spareGroup])
        case (fallback, "root"):
            return ([account(fallback, serviceID, in: fallbackID)], [spareGroup])
        case (fallback, _):
            return ([account(fallback, serviceID, in: id)], [Group(name: group, id: id, members: [fallback])])
        case (_, fallback):
            // Upstream writes two groups of this name here.
            return (
                [account(user, serviceID, in: id), account(fallback, fallbackID, in: id)],
                [Group(name: fallback, id: id, members: [user, fallback])]
            )
        default:
            return (
                [account(user, serviceID, in: id), spare], [Group(name: group, id: id, members: [user]), spareGroup]
            )
        }
    }

    private static let fixedUsers = [
        User(name: "root", id: 0, group: 0, comment: "root", home: "/root", shell: "/bin/sh"),
        User(name: "bin", id: 1, group: 1, comment: "bin", home: "/dev/null"),
        User(name: "daemon", id: 6, group: 6, comment: "Daemon User", home: "/dev/null"),
        User(name: "nobody", id: 99, group: 99, comment: "Unprivileged User", home: "/dev/null"),
    ]

    private static let fixedGroups = [
        Group(name: "root", id: 0), Group(name: "bin", id: 1, members: ["daemon"]), Group(name: "sys", id: 2),
        Group(name: "kmem", id: 3), Group(name: "tape", id: 4), Group(name: "tty", id: 5),
        Group(name: "daemon", id: 6), Group(name: "floppy", id: 7), Group(name: "disk", id: 8),
        Group(name: "lp", id: 9), Group(name: "dialout", id: 10), Group(name: "audio", id: 11),
        Group(name: "video", id: 12), Group(name: "utmp", id: 13), Group(name: "usb", id: 14),
        Group(name: "cdrom", id: 15), Group(name: "adm", id: 16), Group(name: "messagebus", id: 18),
        Group(name: "systemd-journal", id: 23), Group(name: "input", id: 24), Group(name: "mail", id: 34),
        Group(name: "nogroup", id: 99), Group(name: "users", id: 999),
    ]
}
