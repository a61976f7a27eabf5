// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What a service under the supervisor needs of the base packages.
public struct BasePrograms {
    public let shell: PackageProgram
    /// All that the shell's package can do: a busybox is a whole user space.
    public let tools: [PackageProgram]
    /// The package manager, which starts the supervisor.
    public let cli: PackageProgram
    /// Absolute, of CA certificates.
    public let certificates: String

    /// - Parameter hint: what else the user can do when they are left out.
    public init(
        _ packages: ServicePackages, _ host: Host, hint: String = "leave out --base-pkgs none"
    ) throws(ExportFailure) {
        guard let cli = packages[.cli], packages[.supervisor] != nil, packages[.launcher] != nil,
            let shell = packages[.shell], let certificates = packages[.certificates]
        else {
            throw ExportFailure(
                code: 2, subject: .option("base-pkgs"),
                "the supervisor needs the base packages, and they are left out", hint: hint)
        }
        tools = try PackageProgram.all(of: shell, host)
        guard let sh = tools.first(where: { $0.name.elementsEqual("sh".utf8) }) else {
            throw ExportFailure(
                code: 2, subject: .package(shell.ident), "it is to be the shell, and has no program 'sh'")
        }
        self.shell = sh
        self.cli = try Self.packageManager(cli, host)
        self.certificates = "/\(certificates.prefix)/ssl"
    }

    /// The program called like its package, or like the package manager of a flavour.
    private static func packageManager(_ package: Package, _ host: Host) throws(ExportFailure) -> PackageProgram {
        let programs = try PackageProgram.all(of: package, host)
        for name in [package.name, "bio", "hab"] {
            if let found = programs.first(where: { $0.name.elementsEqual(name.utf8) }) { return found }
        }
        throw ExportFailure(
            code: 2, subject: .package(package.ident),
            "it is to be the package manager, and has no program '\(package.name)', 'bio' or 'hab'",
            hint: "name another with --bio-pkg")
    }
}
