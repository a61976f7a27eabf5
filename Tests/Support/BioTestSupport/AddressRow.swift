// SPDX-License-Identifier: Apache-2.0

/// One text `HOST:PORT[,KEY=VALUE…]` that a bind is said to lead to, and who takes it. There are three readers that
/// cannot share code: the supervisor's, that of exports, and the schema of a chart.
package struct AddressRow: Sendable, CustomStringConvertible {
    package let place: String
    package let isForSupervisor: Bool
    package let isForExports: Bool
    package let passesSchema: Bool

    package var description: String { place }

    package static let all =
        taken.map { AddressRow($0, true, true, true) } + refused.map { AddressRow($0, false, false, false) } + [
            // A zone is one of a machine's own.
            AddressRow("[fe80::1%eth0]:6379", true, false, false),
            // A pattern does not compare.
            AddressRow("h:1,a=1,a=2", false, false, true),
        ]

    private init(_ place: String, _ isForSupervisor: Bool, _ isForExports: Bool, _ passesSchema: Bool) {
        (self.place, self.isForSupervisor, self.isForExports) = (place, isForSupervisor, isForExports)
        self.passesSchema = passesSchema
    }

    private static let taken = [
        "db.example:5432", "h:1", "h:9", "h:10000", "h:59999", "h:65535", "10.0.0.7:6379", "Db_1.example-2:80",
        "[::1]:1",
        "[2001:db8::1]:5432", "[::ffff:10.0.0.7]:1", "[FE80::A]:80", "h:1,user=me,pass_word-2=a=b", "h:1,a=",
        "h:1,a= é\"\\'$(x){{y}} ", "h:1,_a=1", "\(String(repeating: "h", count: 255)):1",
        // Whether there is such a host is seen when somebody connects to it.
        "a..b:1", "10.0.0.999:1", "h.:1", "[1::2::3]:1",
    ]

    private static let refused = [
        "h", "h:", ":1", "h:0", "h:65536", "h:99999", "h:100000", "h:+1", "h:-1", "h:080", "h:00000000080", "h: 1",
        "h:1 ",
        "h:x", "-h:1", "_x:1", ".x:1", ".:1", "h%x:1", "é:1", "a b:1", "$(x):1", "a/b:1", "::1:5", "[h]:1", "[]:1",
        "[:]:1", "[::1:1", "::1]:1", "[zz:]:1", "[12345::]:1", "[::1]", "[::1]1", "[::1]:0", "[::1%]:1",
        "h:1,", "h:1,a", "h:1,=1", "h:1,a b=1", "h:1,-a=1", "h:1,a=1,b", "h:1,a=1\n", "h:1,a=\t", "h:1,a=\u{7F}",
        "h:1\n",
        "\(String(repeating: "h", count: 256)):1",
    ]
}
