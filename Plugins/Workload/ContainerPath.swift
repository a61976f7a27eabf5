// SPDX-License-Identifier: Apache-2.0

/// Where a container has things that storage would hide.
public enum ContainerPath {
    private static let system = ["bin", "dev", "etc", "init.sh", "lib", "lib64", "proc", "sys", "usr"]
    /// Below what packages are below, which is taken itself.
    private static let own = ["bin", "cache", "pkgs", "user"]

    /// - Parameter root: what packages are below, as in `/hab`.
    static func isTaken(_ path: String, root: String) -> Bool {
        path == root
            || (system.map { "/\($0)" } + own.map { "\(root)/\($0)" }).contains {
                path == $0 || path.hasPrefix($0 + "/")
            }
    }

    /// The same as a regular expression.
    public static func takenPattern(root: String) -> String {
        func words(_ names: [String]) -> String { names.joined(separator: "|").replacing(".", with: "[.]") }
        return "^(\(root)|\(root)/(\(words(own)))(/.*)?|/(\(words(system)))(/.*)?)$"
    }
}
