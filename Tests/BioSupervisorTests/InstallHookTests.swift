// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSupervisor
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15))) struct InstallHookTests {
    private func world(
        _ script: String, metafiles: [String: String?] = [:], files: [PackageFixture.File] = [],
        tdeps: [PackageFixture] = []
    ) throws -> SupervisorWorld {
        try SupervisorWorld(
            files: [.init("hooks/install", "#!/bin/sh\n\(script)\n")] + files, metafiles: metafiles, tdeps: tdeps)
    }

    private func status(_ world: borrowing SupervisorWorld) throws -> String {
        try text(of: "\(world.package().path)/INSTALL_HOOK_STATUS")
    }

    @Test func aPackageWithoutOneHasNone() throws {
        let world = try SupervisorWorld(files: [.init("hooks/run", "x")])
        #expect(try InstallHook(of: world.package(), in: world.store, world.host()) == nil)
    }

    @Test func runsOnceInItsDirectoryWithItsTemplatesFilledIn() throws {
        let base = PackageFixture("acme/base/1/2")
        let world = try world(
            "echo {{cfg.port}} {{pkg.name}} {{sys.hostname}} {{svc.group}} {{pkgPathFor \"acme/base\"}}."
                + "{{pkgPathFor \"acme/none\"}}. >>{{pkg.svc_data_path}}/ran; pwd >>{{pkg.svc_data_path}}/ran; echo out; echo err >&2",
            files: [.init("default.toml", "port = 8080\n")], tdeps: [base])
        var events: [PackageHook.Event] = []
        let hook = try world.installHook()
        #expect(try hook.status() == .missing)
        for _ in 0..<2 { try hook.runIfNeeded { events.append($0) } }
        #expect(events == [.executing(.install, try world.package().ident)])
        #expect(
            try text(of: "\(world.directory.data)/ran")
                == "8080 my-app here default \(world.root.packages)/acme/base/1/2..\n\(world.directory.path)\n")
        #expect(try status(world) == "0")
        #expect(try hook.status() == .exited(code: 0))
        #expect(try text(of: "\(world.directory.logs)/install.stdout.log") == "out\n")
        #expect(try text(of: "\(world.directory.logs)/install.stderr.log") == "err\n")
        #expect(try FileStatus.of("\(world.directory.hooks)/install")?.mode == 0o755)
    }

    @Test func oneThatFailsSaysWhyAndRunsAgain() throws {
        let world = try world("echo why >&2; exit $(cat {{pkg.path}}/code)", files: [.init("code", "3")])
        let failure = HookFailure.self
        _ = failure
        #expect {
            try world.installHook().runIfNeeded()
        } throws: { error in
            guard case .hookFailed(let failure)? = error as? SupervisorError else { return false }
            return failure.ending == .exited(code: 3) && failure.lastLines == ["why"]
                && failure.log == "\(world.directory.logs)/install.stderr.log"
        }
        #expect(try status(world) == "3")
        try AtomicFile.write(Array("0".utf8), to: "\(world.package().path)/code")
        try world.installHook().runIfNeeded()
        #expect(try status(world) == "0")
    }

    @Test func oneThatWritesMuchShowsTheEnd() throws {
        let world = try world("i=0; while [ $i -lt 20000 ]; do echo line $i >&2; echo out $i; i=$((i+1)); done; exit 1")
        #expect {
            try world.installHook().runIfNeeded()
        } throws: { error in
            guard case .hookFailed(let failure)? = error as? SupervisorError else { return false }
            return failure.lastLines == (19_990..<20_000).map { "line \($0)" }
        }
        #expect(try FileStatus.of("\(world.directory.logs)/install.stdout.log")?.size ?? 0 > 180_000)
    }

    @Test func linesMayEndAsOnWindows() throws {
        let world = try world("i=0; while [ $i -lt 12 ]; do printf 'line %s\\r\\n' $i >&2; i=$((i+1)); done; exit 1")
        #expect {
            try world.installHook().runIfNeeded()
        } throws: { error in
            guard case .hookFailed(let failure)? = error as? SupervisorError else { return false }
            return failure.lastLines == (2..<12).map { "line \($0)" }
        }
    }

    @Test(arguments: ["KILL", "SEGV"]) func oneThatASignalEndsHasFailed(signal: String) throws {
        let world = try world("kill -\(signal) $$")
        #expect {
            try world.installHook().runIfNeeded()
        } throws: { error in "\(error)".contains("it was killed by SIG\(signal)") }
        #expect(try status(world) == "-1")
    }

    @Test(arguments: [("0", true), ("0\r\nmore", true), ("3", false), ("-1", false)])
    func theStatusDecides(text: String, succeeded: Bool) throws {
        let world = try world("echo ran >{{pkg.svc_data_path}}/ran")
        try AtomicFile.write(Array(text.utf8), to: "\(world.package().path)/INSTALL_HOOK_STATUS")
        try world.installHook().runIfNeeded()
        #expect(try FileStatus.of("\(world.directory.data)/ran") == nil || !succeeded)
        #expect(try FileStatus.of("\(world.directory.data)/ran") != nil || succeeded)
    }

    @Test(arguments: ["", "no", "1x"]) func aStatusThatIsNoNumberIsRefused(text: String) throws {
        let world = try world("exit 0")
        let path = "\(try world.package().path)/INSTALL_HOOK_STATUS"
        try AtomicFile.write(Array(text.utf8), to: path)
        #expect(throws: SupervisorError.badStatus(path: path, text: text)) { try world.installHook().runIfNeeded() }
    }

    @Test func theWishToStopEndsEverythingItStarted() throws {
        let world = try world("sleep 1000 & echo $! >{{pkg.svc_data_path}}/child; trap '' TERM; wait; sleep 1000")
        let child = "\(world.directory.data)/child"
        // The wish comes once the hook has written its file.
        let cancellation = Cancellation { (try? FileStatus.of(child))??.size ?? 0 > 0 }
        #expect(throws: SupervisorError.cancelled) {
            try world.installHook(cancellation: cancellation).runIfNeeded()
        }
        let pid = try #require(Int32(try text(of: child).filter(\.isNumber)))
        // Killed, it may still wait to be reaped by whoever adopts it.
        let state = (try? text(of: "/proc/\(pid)/stat")) ?? ") Z"
        #expect(state.contains(") Z") || state.contains(") X"))
        #expect(try FileStatus.of("\(world.package().path)/INSTALL_HOOK_STATUS") == nil)
    }

    @Test func theEnvironmentIsThePackagesOverOurs() throws {
        let world = try world(
            "env >{{pkg.svc_data_path}}/env",
            metafiles: [
                "RUNTIME_ENVIRONMENT": "GREETING=hello=you\nHOME=/own\nPATH=/wrong\n",
                "RUNTIME_PATH": "/hab/pkgs/\(SupervisorWorld.app)/bin\n",
            ])
        try world.installHook(["PATH=/usr/bin:/bin", "HOME=/root", "KEPT=1"]).runIfNeeded()
        let lines = try text(of: "\(world.directory.data)/env").split(separator: "\n").map(String.init)
        for line in [
            "GREETING=hello=you", "HOME=/own", "KEPT=1", "PATH=\(try world.package().path)/bin:/usr/bin:/bin",
        ] { #expect(lines.contains(line), "\(lines)") }
        #expect(!lines.contains("HOME=/root"))
    }

    @Test func templatesFindThePathOfTheProcess() throws {
        let busybox = "core/busybox-static/1/2"
        var shell = PackageFixture(busybox)
        shell.metafiles = ["PATH": "/hab/pkgs/\(busybox)/bin\n"]
        let world = try world(
            "printf %s '{{pkg.env.PATH}} {{pkg.env.GREETING}}' >{{pkg.svc_data_path}}/rendered; "
                + "printf %s \"$PATH $GREETING\" >{{pkg.svc_data_path}}/seen",
            metafiles: [
                "RUNTIME_ENVIRONMENT": "GREETING=hello\n", "RUNTIME_PATH": "/hab/pkgs/\(SupervisorWorld.app)/bin\n",
            ], tdeps: [shell])
        try world.installHook().runIfNeeded()
        let rendered = try text(of: "\(world.directory.data)/rendered")
        let packages = world.root.packages
        #expect(
            rendered == "\(packages)/\(SupervisorWorld.app)/bin:\(packages)/\(busybox)/bin:/usr/bin:/bin hello")
        #expect(try text(of: "\(world.directory.data)/seen") == rendered)
    }

    @Test(arguments: [("SSL_CERT_FILE=/caller", "/caller"), ("SSL_CERT_FILE=", "/package"), ("KEPT=1", "/package")])
    func theCallersCertificatesWin(variable: String, expected: String) throws {
        let world = try world(
            "printf %s \"$SSL_CERT_FILE\" >{{pkg.svc_data_path}}/seen",
            metafiles: ["RUNTIME_ENVIRONMENT": "SSL_CERT_FILE=/package\n", "RUNTIME_PATH": "/bin\n"])
        try world.installHook(["PATH=/usr/bin:/bin", variable]).runIfNeeded()
        #expect(try text(of: "\(world.directory.data)/seen") == expected)
    }

    @Test func aVariableWhoseValueBeginsWithAMarkIsReplacedToo() throws {
        let world = try world(
            "env | grep -c ^GREETING= >{{pkg.svc_data_path}}/count",
            metafiles: ["RUNTIME_ENVIRONMENT": "GREETING=hello\n", "RUNTIME_PATH": "/bin\n"])
        // "=" and the accent are one Character.
        let hook = try world.installHook(["PATH=/usr/bin:/bin", "GREETING=\u{301}x"])
        try hook.runIfNeeded()
        #expect(try text(of: "\(world.directory.data)/count") == "1\n")
    }

    @Test func configInstallIsRendered() throws {
        let world = try world(
            "cat {{pkg.svc_config_install_path}}/sub/app.conf",
            files: [
                .init("default.toml", "port = 1\n"), .init("config_install/sub/app.conf", "port {{cfg.port}}\n"),
                .init("config_install/top", "{{pkg.ident}}"),
            ])
        try world.installHook().runIfNeeded()
        #expect(try text(of: "\(world.directory.logs)/install.stdout.log") == "port 1\n")
        #expect(try text(of: "\(world.directory.configInstall)/top") == SupervisorWorld.app)
        #expect(try FileStatus.of("\(world.directory.configInstall)/top")?.mode == 0o740)
    }

    @Test func aLinkInTheServicesDirectoryIsNotFollowed() throws {
        let world = try world("exit 0", files: [.init("config_install/sub/app.conf", "x")])
        let target = world.scratch.file("elsewhere")
        try Directory.create(target)
        try Directory.create(world.directory.configInstall)
        #expect(symlink(target, "\(world.directory.configInstall)/sub") == 0)
        let refused = SupervisorError.linkInService(path: "\(world.directory.configInstall)/sub")
        #expect(throws: refused) { try world.installHook().runIfNeeded() }
        #expect(refused.hint == "remove the link: rm '\(world.directory.configInstall)/sub'")
        #expect(try Directory.names(target).isEmpty)
    }

    @Test func errorsInTemplatesNameThePackageAndThePlace() throws {
        let world = try world("{{#if cfg.a}}")
        #expect {
            try world.installHook().runIfNeeded()
        } throws: { error in
            "\(error)".contains(SupervisorWorld.app) && "\(error)".contains("hooks/install:")
        }
        #expect(try FileStatus.of(world.directory.path) == nil)
    }

    @Test func oneWithoutAnInterpreterIsNamed() throws {
        let world = try SupervisorWorld(files: [.init("hooks/install", "echo no shebang\n")])
        #expect {
            try world.installHook().runIfNeeded()
        } throws: { error in
            (error as? SupervisorError)?.hint == "the hook should begin with a line such as #!/bin/sh"
        }
    }

    @Test(arguments: ["#!/hab/pkgs/core/bash/5/1/bin/bash\n", "#!/bin/sh\n/hab/pkgs/core/tool/1/2/bin/tool\n"])
    func belowAnotherRootItNeedsWhatItNames(script: String) throws {
        let world = try SupervisorWorld(files: [.init("hooks/install", script)])
        var events: [PackageHook.Event] = []
        try world.installHook().runIfNeeded { events.append($0) }
        guard case .deferred(.install, _, let path)? = events.first else {
            Issue.record("it was not deferred: \(events)")
            return
        }
        #expect(path.hasPrefix("/hab/pkgs/core/"))
        #expect(try FileStatus.of(world.directory.path) == nil)
        #expect(try FileStatus.of("\(world.package().path)/INSTALL_HOOK_STATUS") == nil)
    }

    @Test func rootBecomesTheServicesUser() throws {
        guard geteuid() == 0 else {
            // Everybody else stays who they are.
            let world = try world(
                "id -u >{{pkg.svc_data_path}}/id", metafiles: ["SVC_USER": "daemon", "SVC_GROUP": "daemon"])
            try world.installHook().runIfNeeded()
            #expect(try text(of: "\(world.directory.data)/id") == "\(geteuid())\n")
            return
        }
        let world = try world(
            "id -u >{{pkg.svc_data_path}}/id; id -g >>{{pkg.svc_data_path}}/id; echo {{pkg.svc_user}} >>{{pkg.svc_data_path}}/id",
            metafiles: ["SVC_USER": "daemon", "SVC_GROUP": "games"])
        try world.installHook().runIfNeeded()
        #expect(try text(of: "\(world.directory.data)/id") == "1\n60\ndaemon\n")
        #expect(try FileStatus.of("\(world.directory.data)/id")?.owner == 1)
        #expect(try status(world) == "0")
    }

    @Test func twoAtOnceRunItOnce() async throws {
        let world = try world("echo ran >>{{pkg.svc_data_path}}/ran; sleep 0.2")
        let hook = try world.installHook()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try hook.runIfNeeded() } }
            try await group.waitForAll()
        }
        #expect(try text(of: "\(world.directory.data)/ran") == "ran\n")
    }

    @Test func anExportSeesNoChange() throws {
        let world = try world("echo x >{{pkg.path}}/made-by-the-hook")
        try world.installHook().runIfNeeded()
        let seen = try ExportFixture.files(of: SupervisorWorld.app, in: world.root.path)
        #expect(!seen.contains("INSTALL_HOOK_STATUS"))
        #expect(seen.contains("hooks/install"))
    }
}
