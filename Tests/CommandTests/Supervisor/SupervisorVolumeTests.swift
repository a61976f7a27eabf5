// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Disks that are full, and directories that are not ours.
@Suite(.timeLimit(.minutes(15))) struct SupervisorVolumeTests {
    private func desk(_ hooks: [String: String] = [:]) throws -> SupervisorDesk {
        try SupervisorDesk([.configured("app", hooks: hooks)])
    }

    @Test func aFullDiskIsWaitedFor() throws {
        try #require(geteuid() == 0, "only root can mount")
        let desk = try desk()
        let place = "\(desk.root)/hab/svc"
        try Directory.create(place)
        let mounted = try Tool.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place])
        #expect(mounted.code == 0, "\(mounted.errorText)")
        defer { _ = umount2(place, CInt(MNT_DETACH)) }
        let filled = try Tool.run(["sh", "-c", "head -c 200000 /dev/zero >'\(place)/full' || :"])
        #expect(filled.code == 0)
        try desk.start("acme/app")
        try desk.wait(for: "No space left on device")
        #expect(try desk.status("app")["state"] == "waiting")
        #expect(unlink("\(place)/full") == 0)
        try desk.wait(for: "started")
        #expect(desk.end() == 0)
    }

    /// As OpenShift runs it: some user of group 0, on directories that are not his.
    @Test func anybodyInGroupZeroMayRunIt() throws {
        try #require(geteuid() == 0, "only root can give directories to others")
        let desk = try SupervisorDesk([
            .service(
                "app", run: "id -u; \(PackageFixture.patient)", metafiles: ["SVC_USER": "hab\n", "SVC_GROUP": "hab\n"])
        ])
        for name in ["sup", "svc", "svc/app", "svc/app/data", "svc/app/config", "user"] {
            let path = "\(desk.root)/hab/\(name)"
            try Directory.create(path)
            #expect(chmod(path, 0o2775) == 0)
        }
        desk.bio.wrapper = ["setpriv", "--reuid", "12345", "--regid", "0", "--clear-groups"]
        try desk.start("acme/app")
        try desk.wait(for: "app.default(O): 12345")
        #expect(try FileStatus.of("\(desk.root)/hab/svc/app/data")?.mode == 0o2775)
        #expect(desk.end() == 0)
    }

    @Test func aDiskThatFillsWhileItRunsChangesNothing() throws {
        try #require(geteuid() == 0, "only root can mount")
        let desk = try desk(["reconfigure": "echo told {{cfg.port}}"])
        let place = "\(desk.root)/hab/svc"
        try Directory.create(place)
        #expect(try Tool.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place]).code == 0)
        defer { _ = umount2(place, CInt(MNT_DETACH)) }
        try desk.start("acme/app")
        try desk.wait(for: "started")
        #expect(try Tool.run(["sh", "-c", "cat /dev/zero >'\(place)/full' || :"]).code == 0)
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "keeps its last good configuration: ")
        #expect(desk.output.contains("No space left on device"))
        #expect(
            try desk.status("app")["state"] == "up"
                && desk.text(desk.service("app", "config/app.conf")) == "port 1 1 2\n")
        #expect(unlink("\(place)/full") == 0)
        // No event tells of room.
        try desk.wait(for: "told 2")
        #expect(try desk.text(desk.service("app", "config/app.conf")) == "port 2 1 2\n")
        #expect(desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    @Test func directoriesThatMayNotBeChangedAreTakenAsTheyAre() throws {
        try #require(geteuid() == 0, "only root can mount")
        let desk = try SupervisorDesk([
            .service(
                "app", run: "cat {{pkg.svc_files_path}}/list; \(PackageFixture.patient)",
                metafiles: ["SVC_USER": "daemon\n", "SVC_GROUP": "daemon\n"])
        ])
        let place = desk.service("app", "files")
        try Directory.create(place)
        #expect(try Tool.run(["mount", "-t", "tmpfs", "tmpfs", place]).code == 0)
        defer { _ = umount2(place, CInt(MNT_DETACH)) }
        try desk.write("from the volume\n", to: "\(place)/list")
        #expect(try Tool.run(["mount", "-o", "remount,ro", place]).code == 0)
        try desk.start("acme/app")
        try desk.wait(for: "app.default(O): from the volume")
        try desk.wait(for: "started")
        #expect(desk.end() == 0)
    }

    @Test func installHooksRunOnceWherePackagesAreNotWritable() throws {
        try #require(geteuid() == 0, "only root can mount")
        let app = PackageFixture.service("app", hooks: ["install": "echo is installed"])
        let desk = try SupervisorDesk([app])
        let packages = "\(desk.root)/hab/pkgs"
        #expect(try Tool.run(["mount", "--bind", packages, packages]).code == 0)
        defer { _ = umount2(packages, CInt(MNT_DETACH)) }
        #expect(try Tool.run(["mount", "-o", "remount,bind,ro", packages]).code == 0)
        for count in [1, 0] {
            try desk.start("acme/app")
            try desk.wait(for: "started")
            #expect(desk.count("is installed") == count)
            #expect(desk.end() == 0)
        }
        #expect(try FileStatus.of("\(packages)/\(app.ident)/INSTALL_HOOK_STATUS") == nil)
    }

    @Test func aLinkThatTheServiceCouldHaveMadeIsNotFollowed() throws {
        try #require(geteuid() == 0, "only root can give directories to others")
        let desk = try SupervisorDesk([
            .service("app", metafiles: ["SVC_USER": "daemon\n", "SVC_GROUP": "daemon\n"])
        ])
        let (service, secret) = (desk.service("app", ""), desk.file("secret"))
        for path in [service, secret] { try Directory.create(path, mode: 0o700) }
        #expect(symlink(secret, desk.service("app", "config")) == 0)
        #expect(chown(service, 1, 1) == 0)
        try desk.start("acme/app")
        try desk.wait(for: "app.default(SR): Waiting: cannot follow the link '\(desk.service("app", "config"))'")
        #expect(try FileStatus.of(secret)?.owner == 0)
        #expect(desk.end() == 0)
    }

    @Test func withoutProcItSaysWhatItNeeds() throws {
        try #require(geteuid() == 0, "only root can unmount")
        let desk = try desk()
        desk.bio.wrapper = ["unshare", "--mount", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh"]
        for words in [["sup", "run"], ["svc", "status"]] {
            let outcome = try desk.bio.run(words)
            #expect(outcome.code == 1 && outcome.errorText.contains("'/proc' is not mounted"), "\(outcome.errorText)")
            #expect(outcome.errorText.contains("mount -t proc proc"))
        }
        // For the next start, as in a chroot that becomes an image, nobody has to run here.
        let loaded = try desk.bio.run("svc", "load", "acme/app")
        #expect(
            loaded.code == 0 && loaded.errorText.contains("whether a supervisor runs cannot be seen")
                && !loaded.errorText.contains("no supervisor runs"), "\(loaded.errorText)")
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/specs/app.spec") != nil)
    }
}
