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

    /// Whether the image of a service without a supervisor has there what was rendered, or what is above it.
    static func isConfigured(_ path: String, _ service: ServicePackage) -> Bool {
        let own = "\(service.root)/svc/\(service.name)"
        return "\(own)/".hasPrefix("\(path)/")
            || rendered.contains { path == "\(own)/\($0)" || path.hasPrefix("\(own)/\($0)/") }
    }

    private static let rendered = ["bio-init.spec", "config", "hooks", "run"]

    /// The same as a regular expression.
    public static func configuredPattern(_ service: ServicePackage) -> String {
        func literal(_ text: String) -> String { text.replacing(".", with: "[.]").replacing("+", with: "[+]") }
        let words = rendered.map(literal).joined(separator: "|")
        return "^\(service.root)/svc(/\(literal(service.name))(/(\(words))(/.*)?)?)?$"
    }

    /// What `isTaken` says as a regular expression.
    public static func takenPattern(root: String) -> String {
        func words(_ names: [String]) -> String { names.joined(separator: "|").replacing(".", with: "[.]") }
        return "^(\(root)|\(root)/(\(words(own)))(/.*)?|/(\(words(system)))(/.*)?)$"
    }
}
