// SPDX-License-Identifier: Apache-2.0

/// The packages of the platforms' world that are no real software.
package enum PlatformFixture {
    /// Of the stand-ins.
    private static let release = "20260105000000"

    /// The package manager says what it is started with, as whom, and with which settings; it waits when
    /// `STANDIN_WAITS` is set.
    package static let packageManager = PackageFixture(
        "biome/bio/2.1.0/\(release)", path: "bin",
        files: [
            .init(
                "bin/bio",
                """
                #!/bin/sh
                echo "bio $*"
                echo "as $(id -u):$(id -g)"
                for file in /hab/user/*/config/user.toml; do
                    if [ -e "$file" ]; then echo "settings $file" && cat "$file"; fi
                done
                if [ -n "$STANDIN_WAITS" ]; then exec sleep 600; fi

                """, mode: 0o755)
        ])
    package static let supervisor = PackageFixture(
        "biome/bio-sup/2.1.0/\(release)", path: "bin",
        files: [.init("bin/bio-sup", "#!/bin/sh\necho \"bio-sup $*\"\n", mode: 0o755)])
    package static let launcher = PackageFixture(
        "biome/bio-launcher/2.1.0/\(release)", path: "bin",
        files: [.init("bin/bio-launch", "#!/bin/sh\necho \"bio-launch $*\"\n", mode: 0o755)])

    /// A service that needs redis: it signs its book there, through netcat of busybox.
    package static let guestbook = PackageFixture(
        "acme/guestbook/1.4.0/20260106000000", path: "bin",
        metafiles: [
            "BINDS": "redis=port\n", "BINDS_OPTIONAL": "mirror=port host\n", "EXPORTS": "port=web.port\n",
            "EXPOSES": "8080\n", "SVC_USER": "hab\n", "SVC_GROUP": "hab\n", "MANIFEST": manifest,
        ],
        files: [
            .init("default.toml", "greeting = \"hello\"\n\n[web]\nport = 8080\n"),
            .init("bin/guestbook", "#!/bin/sh\nprintf 'INCR guests\\r\\n' | nc \"$1\" \"$2\"\n", mode: 0o755),
            .init(
                "hooks/run",
                """
                #!/bin/sh
                exec 2>&1
                {{#eachAlive bind.redis.members as |member|}}
                guestbook {{member.sys.ip}} {{member.cfg.port}}
                {{/eachAlive}}
                exec httpd -f -p {{cfg.web.port}}

                """, mode: 0o755),
        ])
    /// A service with two ports, a user of its own, and nothing to bind to.
    package static let twoPorts = PackageFixture(
        "acme/twoports/0.9.1/20260106000000", path: "bin",
        metafiles: [
            "EXPORTS": "http=http\nadmin=admin\n", "EXPOSES": "8000 9000\n",
            "SVC_USER": "two\n", "SVC_GROUP": "ports\n",
        ],
        files: [
            .init("default.toml", "http = 8000\nadmin = 9000\n"),
            .init("bin/twoports", "#!/bin/sh\nexec httpd -f -p \"$1\"\n", mode: 0o755),
            .init("hooks/run", "#!/bin/sh\nexec twoports {{cfg.http}} 2>&1\n", mode: 0o755),
        ])
    /// A service that says how it is: well once it has written its data.
    package static let ready = PackageFixture(
        "acme/ready/1.0/20260106000000", path: "bin",
        metafiles: ["SVC_USER": "hab\n", "SVC_GROUP": "hab\n", "SHUTDOWN_TIMEOUT": "20\n"],
        files: [
            .init("default.toml", "word = \"ready\"\n"), .init("config/word", "{{cfg.word}}\n"),
            .init(
                "hooks/run",
                "#!/bin/sh\ncp {{pkg.svc_config_path}}/word {{pkg.svc_data_path}}/word && exec sleep 600\n",
                mode: 0o755),
            .init("hooks/health-check", "#!/bin/sh\ngrep -q ready {{pkg.svc_data_path}}/word || exit 2\n", mode: 0o755),
        ])
    /// No service.
    package static let plain = PackageFixture(
        "acme/plain/1.0/20260106000000", path: "bin",
        files: [.init("bin/plain", "#!/bin/sh\necho plain\n", mode: 0o755)])

    /// Services with names that platforms take apart or refuse.
    package static let oddNames = ["acme/Big_Shop/2.0-rc.1+7/20260106000000", "acme/tail_/1.0/20260106000000"].map {
        PackageFixture(
            $0, path: "bin", metafiles: ["EXPOSES": "8000 8000 70000 x 9631\n"],
            files: [.init("hooks/run", "#!/bin/sh\nexec sleep 600\n", mode: 0o755)])
    }

    /// jq under the name that exporters look for: a link to `real`, which with its own needs is `needed`.
    static func staticJQ(_ real: String, needed: [String]) -> PackageFixture {
        PackageFixture(
            "core/jq-static/1.7.1/20260106000000", tdeps: needed, path: "bin", files: [],
            extra: { tar, prefix in
                tar.directory("\(prefix)/bin/")
                tar.symlink("\(prefix)/bin/jq", to: "/hab/pkgs/\(real)/bin/jq")
            })
    }

    static let all = [packageManager, supervisor, launcher, guestbook, twoPorts, plain] + oddNames

    private static let manifest = """
        # acme / guestbook

        Keeps a "guest book": {{ nothing }} is left out.

        * __Maintainer__: The Acme People <guests@acme.example>
        * __Version__: 1.4.0
        * __Upstream URL__: [https://acme.example/guestbook](https://acme.example/guestbook)
        * __License__: Apache-2.0
        * __Source__: [https://acme.example/guestbook-1.4.0.tar.gz](https://acme.example/guestbook-1.4.0.tar.gz)

        # Plan

        """
}

extension PackageFixture {
    /// - Parameter path: the directory of the package that PATH names.
    fileprivate init(
        _ ident: String, tdeps: [String] = [], path: String, metafiles: [String: String?] = [:], files: [File],
        extra: (@Sendable (inout RawTar, String) -> Void)? = nil
    ) {
        self.init(ident, tdeps: tdeps, files: files)
        self.extra = extra
        self.metafiles = metafiles.merging(["PATH": "/hab/pkgs/\(ident)/\(path)\n"]) { $1 }
    }
}
