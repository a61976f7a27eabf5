// SPDX-License-Identifier: Apache-2.0

import BioTestSupport

/// The packages that the tests make images of. The base packages are stand-ins: upstream's cannot be had.
enum ImageFixture {
    static let libc = PackageFixture(
        "core/libc/2.36/20260101000000", files: [.init("lib/libc.so.6", "the C library\n", mode: 0o755)])

    static let busybox = PackageFixture(
        "core/busybox-static/1.36.1/20260101000000", path: ["bin"],
        files: [.init("bin/busybox", "a shell\n", mode: 0o755), .init("bin/applets/none", "no command\n")],
        extra: { tar, prefix in
            for name in ["env", "ls", "sh"] { tar.symlink("\(prefix)/bin/\(name)", to: "busybox") }
            tar.symlink("\(prefix)/bin/directory", to: "applets")
            tar.symlink("\(prefix)/bin/far", to: "../share")
            tar.directory("\(prefix)/share/")
        })
    static let certificates = PackageFixture(
        "core/cacerts/2026.01.01/20260101000000", files: [.init("ssl/cert.pem", "certificates\n")])
    static let bio = PackageFixture(
        "biome/bio/2.1.0/20260105000000", path: ["bin"],
        files: [.init("bin/bio", "the package manager\n", mode: 0o755), .init("bin/other", "no link\n", mode: 0o755)])
    static let supervisor = PackageFixture(
        "biome/bio-sup/2.1.0/20260105000000", tdeps: [libc.ident], path: ["bin"],
        files: [.init("bin/bio-sup", "the supervisor\n", mode: 0o755)])
    static let launcher = PackageFixture(
        "biome/bio-launcher/2.1.0/20260105000000", path: ["bin"],
        files: [.init("bin/bio-launch", "the launcher\n", mode: 0o755)])

    static let base = [busybox, certificates, bio, supervisor, launcher]

    static let library = PackageFixture(
        "acme/lib/1.2.0/20260102000000", tdeps: [libc.ident], path: ["bin"],
        files: [.init("lib/libacme.so", "a library\n"), .init("bin/lib-tool", "no link\n", mode: 0o755)])

    /// A service with one of everything.
    static let web = PackageFixture(
        "acme/web/2.0.1/20260103000000", tdeps: [library.ident, libc.ident], path: ["bin", "sbin"],
        foreignPath: ["/hab/pkgs/\(library.ident)/bin"],
        metafiles: [
            "SVC_USER": "web\n", "SVC_GROUP": "www\n", "EXPOSES": "8080 8443 70000 8080\n",
            "SHUTDOWN_SIGNAL": "QUIT\n", "RUNTIME_ENVIRONMENT": "PATH=/old\nWEB_HOME=/hab/pkgs/acme/web\nOPTS=a=b\n",
            "MANIFEST": manifest,
        ],
        files: [
            .init("bin/web", "#!/bin/sh\nexec web\n", mode: 0o755), .init("bin/ls", "another ls\n", mode: 0o755),
            .init("sbin/web-admin", "admin\n", mode: 0o755), .init("sbin/web", "the second web\n", mode: 0o755),
            .init("hooks/run", "#!/bin/sh\nexec web\n", mode: 0o755), .init("etc/secret", "secret\n", mode: 0o600),
        ],
        extra: { tar, prefix in
            tar.directory("\(prefix)/locked/", mode: 0o555)
            tar.file("\(prefix)/locked/file", "nobody writes me\n", mode: 0o444)
            tar.directory("\(prefix)/private/", mode: 0o700)
            tar.hardLink("\(prefix)/bin/twin", to: "\(prefix)/bin/web")
        })

    /// Another service, with a command of the same name.
    static let worker = PackageFixture(
        "acme/worker/0.9/20260104000000", tdeps: [libc.ident], path: ["bin"],
        metafiles: ["SVC_USER": "worker\n", "EXPOSES": "9000 8080\n"],
        files: [.init("bin/web", "the worker's web\n", mode: 0o755), .init("run", "#!/bin/sh\nexec worker\n")])

    /// No service: two programs, none called like the package.
    static let tool = PackageFixture(
        "acme/tool/0.9/20260104000000", tdeps: [libc.ident], path: ["bin"],
        metafiles: [
            "MANIFEST": """
            # acme / tool

            \u{1B}]0;title\u{7}Two\u{9B} tools.\u{7F}

            * __License__: MIT\u{1B}[2J
            * __Source__: [https://acme.example/\u{8}](https://acme.example/\u{8})

            """
        ],
        files: [
            .init("bin/one", "one\n", mode: 0o755), .init("bin/two", "two\n", mode: 0o755),
            .init("bin/notes.txt", "no program\n"),
        ])
    /// One program, called otherwise.
    static let lonely = PackageFixture(
        "acme/lonely/1.0/20260104000000", path: ["bin"],
        metafiles: ["RUNTIME_PATH": "/somewhere/bin:/else/bin\n", "SHUTDOWN_SIGNAL": "\n"],
        files: [.init("bin/alone", "alone\n", mode: 0o755), .init("bin/read-me", "no program\n")])
    static let bare = PackageFixture("acme/bare/1.0/20260104000000", files: [.init("share/data", "data\n")])
    /// A version that a shell would take apart.
    static let odd = PackageFixture(
        "acme/odd/1.0;'x'&$y/20260104000000", metafiles: ["SVC_USER": "root", "SVC_GROUP": "root"],
        files: [.init("hooks/run", "#!/bin/sh\n", mode: 0o755)])

    static let hookedLibrary = PackageFixture(
        "acme/hooklib/1.0/20260104000000", files: [.init("hooks/install", "#!/bin/sh\n", mode: 0o755)],
        extra: { tar, prefix in tar.directory("\(prefix)/", mode: 0o750) }, hasOwnDirectory: false)
    static let hooked = PackageFixture(
        "acme/hooked/1.0/20260104000000", tdeps: [hookedLibrary.ident], path: ["bin"],
        files: [
            .init("bin/hooked", "hooked\n", mode: 0o755), .init("hooks/install", "#!/bin/sh\n", mode: 0o755),
            .init("hooks/run", "#!/bin/sh\n", mode: 0o755),
        ])

    /// Services by their user and group; nil: the metafile is missing.
    static let accounts: [(user: String?, group: String?)] = [
        ("root", "root"), ("root", "hab"), ("root", "web"), ("hab", "hab"), ("hab", "root"), ("hab", "web"),
        ("web", "www"), (nil, nil), ("web", nil), ("web", "root"), ("nobody", "nogroup"), ("web", "users"),
        ("", "\n"),
    ]

    static func account(_ number: Int) -> PackageFixture {
        PackageFixture(
            "acme/account\(number)/1.0/20260104000000",
            metafiles: ["SVC_USER": accounts[number].user, "SVC_GROUP": accounts[number].group],
            files: [.init("hooks/run", "#!/bin/sh\n", mode: 0o755)])
    }

    /// Dependencies first.
    static let all =
        [libc] + base + [library, web, worker, tool, lonely, bare, odd, hookedLibrary, hooked]
        + accounts.indices.map(account)

    private static let manifest = """
        # acme / web

        Serves pages.
        Quickly, too.

        * __Maintainer__: The Acme People <web@acme.example>
        * __Version__: 2.0.1
        * __Upstream URL__: [https://acme.example/web](https://acme.example/web)
        * __License__: Apache-2.0 MIT\u{20}
        * __Source__: [https://acme.example/web-2.0.1.tar.gz](https://acme.example/web-2.0.1.tar.gz)
        * __SHA__: SHA256 checksum not provided or required

        # Plan

        * __License__: not this one

        """
}

extension PackageFixture {
    /// - Parameters:
    ///   - path: directories of the package that PATH names.
    ///   - foreignPath: further entries of PATH.
    init(
        _ ident: String, tdeps: [String] = [], path: [String] = [], foreignPath: [String] = [],
        metafiles: [String: String?] = [:], files: [File],
        extra: (@Sendable (inout RawTar, String) -> Void)? = nil, hasOwnDirectory: Bool = true
    ) {
        self.init(ident, tdeps: tdeps, files: files)
        self.extra = extra
        self.hasOwnDirectory = hasOwnDirectory
        self.metafiles = metafiles
        let directories = path.map { "/hab/pkgs/\(ident)/\($0)" } + foreignPath
        if !directories.isEmpty { self.metafiles["PATH"] = directories.joined(separator: ":") + "\n" }
    }
}
