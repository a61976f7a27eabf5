// SPDX-License-Identifier: Apache-2.0

/// Three services that need each other: nginx passes requests to a page, the page asks redis. Redis and nginx are the closure
/// maker's; the page is a program behind busybox's HTTP server.
package enum RealServices {
    /// They and a shell; no base package is among them.
    package static let world = Result {
        let closure = try RealClosure.shared.get()
        let real = try ["redis", "nginx", "busybox-static", "cacerts"].map { try closure.artifact($0) }
        return try ExportWorld(on: real, keys: closure.keys) { root in
            let (redis, busybox) = (try closure.ident("redis"), try closure.ident("busybox-static"))
            let needed = String(decoding: try contents(of: "\(root)/hab/pkgs/\(redis)/TDEPS"), as: UTF8.self)
            var page = PackageFixture(
                "acme/page/1.0/20260107000000",
                tdeps: [redis, busybox] + needed.split(separator: "\n").map(String.init), files: pageFiles)
            page.metafiles = [
                "DEPS": "\(redis)\n\(busybox)\n", "BINDS": "redis=port\n", "EXPORTS": "port=port\n",
                "EXPOSES": "8080\n", "SVC_USER": "hab\n", "SVC_GROUP": "hab\n",
            ]
            return [page]
        }
    }

    /// Its init hook, which fails when redis is not there, writes the greeting.
    private static let pageFiles = [
        PackageFixture.File("default.toml", "port = 8080\ngreeting = \"hello\"\n"),
        PackageFixture.File(
            "www/cgi-bin/page",
            """
            #!/bin/sh
            printf 'Content-Type: text/plain\\r\\n\\r\\n'
            echo "$(redis-cli -h "$REDIS_HOST" -p "$REDIS_PORT" get greeting), says $(id -u)"

            """, mode: 0o755),
        PackageFixture.File(
            "hooks/init",
            """
            #!/bin/sh
            exec redis-cli -h {{bind.redis.first.sys.ip}} -p {{bind.redis.first.cfg.port}} set greeting "{{cfg.greeting}}"

            """, mode: 0o755),
        PackageFixture.File(
            "hooks/run",
            """
            #!/bin/sh
            exec 2>&1
            {{#with bind.redis.first as |redis|}}
            export REDIS_HOST={{redis.sys.ip}} REDIS_PORT={{redis.cfg.port}}
            {{/with}}
            exec httpd -f -p {{cfg.port}} -h {{pkg.path}}/www

            """, mode: 0o755),
    ]

    /// Where the page is, below the address of nginx or of the page itself.
    package static let path = "/cgi-bin/page"
}
