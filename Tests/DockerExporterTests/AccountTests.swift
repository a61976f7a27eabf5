// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// Users and groups of an image, row by row of the original's table.
@Suite struct AccountTests {
    private static let added: [(passwd: [String], group: [String])] = [
        (["hab 84:84"], ["hab 84 hab"]),
        (["hab 84:42"], ["hab 42 hab"]),
        (["hab 84:84"], ["web 42 ", "hab 84 hab"]),
        (["hab 42:42"], ["hab 42 hab"]),
        (["hab 42:84"], ["hab 84 hab"]),
        (["hab 42:42"], ["web 42 hab"]),
        (["web 42:42", "hab 84:84"], ["www 42 web", "hab 84 hab"]),
        // What is missing is hab.
        (["hab 42:42"], ["hab 42 hab"]),
        // The original writes the group hab, or root, twice; only the first line is ever found.
        (["web 42:42", "hab 84:42"], ["hab 42 web,hab"]),
        (["web 42:0", "hab 84:84"], ["hab 84 hab"]),
        // An account that is there keeps its numbers.
        (["hab 84:84"], ["hab 84 hab"]),
        (["web 42:999", "hab 84:84"], ["hab 84 hab"]),
        // What is empty is missing.
        (["hab 42:42"], ["hab 42 hab"]),
    ]

    @Test(arguments: ImageFixture.accounts.indices) func aServiceHasItsAccounts(number: Int) throws {
        let desk = try ExportDesk()
        let image = try desk.image(ImageFixture.account(number).ident)
        let passwd = try image.text("etc/passwd")
        let group = try image.text("etc/group")
        #expect(passwd.hasPrefix(Self.users) && group.hasPrefix(Self.groups))
        let users = passwd.dropFirst(Self.users.count).split(separator: "\n").map { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            #expect(fields.count == 7 && line.hasSuffix(":\(fields[0]) User:/:/bin/false") && fields[1] == "x")
            return "\(fields[0]) \(fields[2]):\(fields[3])"
        }
        let groups = group.dropFirst(Self.groups.count).split(separator: "\n").map { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            #expect(fields.count == 4 && fields[1] == "x")
            return "\(fields[0]) \(fields[2]) \(fields[3])"
        }
        #expect(users == Self.added[number].passwd && groups == Self.added[number].group)
    }

    private static let users = """
        root:x:0:0:root:/root:/bin/sh
        bin:x:1:1:bin:/dev/null:/bin/false
        daemon:x:6:6:Daemon User:/dev/null:/bin/false
        nobody:x:99:99:Unprivileged User:/dev/null:/bin/false

        """

    private static let groups = """
        root:x:0:
        bin:x:1:daemon
        sys:x:2:
        kmem:x:3:
        tape:x:4:
        tty:x:5:
        daemon:x:6:
        floppy:x:7:
        disk:x:8:
        lp:x:9:
        dialout:x:10:
        audio:x:11:
        video:x:12:
        utmp:x:13:
        usb:x:14:
        cdrom:x:15:
        adm:x:16:
        messagebus:x:18:
        systemd-journal:x:23:
        input:x:24:
        mail:x:34:
        nogroup:x:99:
        users:x:999:

        """
}
