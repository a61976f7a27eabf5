// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Glibc

extension PackageFixture {
    /// Says that it runs, and ends when it is asked to.
    static let patient = "trap 'echo asked; exit 0' TERM; echo started; while :; do sleep 0.05; done"

    /// A service `acme/NAME/1.0/20260101000000`, which runs as who runs the tests: `run` and `hooks` are shell texts.
    static func service(
        _ name: String, run: String = patient, hooks: [String: String] = [:], files: [String: String] = [:],
        metafiles: [String: String] = [:], tdeps: [String] = [], release: String = "20260101000000"
    ) -> PackageFixture {
        var all = [File("hooks/run", "#!/bin/sh\n\(run)\n")]
        all += hooks.map { File("hooks/\($0.key)", "#!/bin/sh\n\($0.value)\n") }
        all += files.map { File($0.key, $0.value) }
        var fixture = PackageFixture("acme/\(name)/1.0/\(release)", tdeps: tdeps, files: all)
        for (key, value) in metafiles { fixture.metafiles[key] = value }
        if geteuid() == 0, metafiles["SVC_USER"] == nil {
            fixture.metafiles["SVC_USER"] = "root\n"
            fixture.metafiles["SVC_GROUP"] = "root\n"
        }
        return fixture
    }

    /// A service with the port 1, which its file shows with two more settings.
    static func configured(_ name: String, hooks: [String: String] = [:]) -> PackageFixture {
        .service(
            name, hooks: hooks,
            files: [
                "default.toml": "port = 1\n[net]\na = 1\nb = 2\n",
                "config/app.conf": "port {{cfg.port}} {{cfg.net.a}} {{cfg.net.b}}\n",
            ])
    }

    /// It exports its port, and nothing else.
    static let store = PackageFixture.service(
        "store", files: ["default.toml": "port = 6379\nsecret = 1\n"], metafiles: ["EXPORTS": "port=port\n"])

    /// Bound to `store`, required.
    static func web(_ metafile: String = "BINDS") -> PackageFixture {
        .service(
            "web", hooks: ["reconfigure": "cat {{pkg.svc_config_path}}/web.conf"],
            files: [
                "config/web.conf":
                    "{{#eachAlive bind.store.members as |m|}}{{m.sys.ip}}:{{m.cfg.port}}{{m.cfg.secret}}{{else}}nobody{{/eachAlive}}\n"
            ], metafiles: [metafile: "store=port\n"])
    }
}
