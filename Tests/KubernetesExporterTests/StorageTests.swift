// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Where a claim is, and who made the directories around it.
@Suite struct StorageTests {
    /// The claim is mounted by a directory in it, which `prepare` makes with those above it.
    @Test(arguments: [
        ("/hab/svc/cache/data", "/hab/svc/cache"), ("/hab/svc/cache/data/db", "/hab/svc/cache/data"),
        ("/hab/svc/cache", "/hab/svc"), ("/hab/svc", "/hab/svc/cache"), ("/data", "/hab/svc/cache"),
    ]) func directories(path: String, parent: String) throws {
        let manifest = try ExportDesk().manifest("acme/cache", "--storage", "1Gi:\(path):fast")
        let prepare = manifest.pod("cache")?["initContainers"]?.array?.first
        #expect(
            prepare?["command"]?.array?.compactMap(\.string) == ["/bin/mkdir", "-p", parent, "/storage/data"])
        let mount = manifest.container("cache")?["volumeMounts"]?.array?.last
        #expect(mount?["mountPath"]?.string == path && mount?["subPath"]?.string == "data")
        #expect(try manifest.faults() == "")
    }

    /// Root needs nobody to make its directories.
    @Test func rootHasTheWholeClaim() throws {
        let manifest = try ExportDesk().manifest("acme/root", "--storage", "1Gi:/data:fast")
        let mount = manifest.container("root")?["volumeMounts"]?.array?.last
        #expect(mount?["mountPath"]?.string == "/data" && mount?["subPath"] == nil)
        #expect(manifest.pod("root")?["initContainers"] == nil)
    }

    /// On a real engine, with directories of the owners and modes that a kubelet gives them: what the service runs as may
    /// write to the claim and beside it, and change the claim's mode.
    @Test func theClaimIsTheServicesOwn() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.platforms()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.bio.kubernetes(
            "acme/guestbook", "--image-name", "kube-storage/{{pkg_name}}", "--to", "docker-daemon", "-b", "redis:a.b",
            "--storage", "1Gi:/hab/svc/guestbook/data/db:fast")
        let pod = try Manifest(outcome).pod("guestbook")
        let image = pod?["containers"]?.array?.first?["image"]?.string ?? ""
        let command = pod?["initContainers"]?.array?.first?["command"]?.array?.compactMap(\.string) ?? [""]
        let place = try Scratch()
        func run(_ user: String, _ mounts: [(String, String)], _ command: [String]) throws {
            let outcome = try engine.docker(
                ["run", "--rm", "--user", user, "--entrypoint", command[0]]
                    + (user == "0" ? [] : ["--cap-drop", "ALL"])
                    + mounts.flatMap { ["--volume", "\(place.path)/\($0):\($1)"] } + [image] + command.dropFirst())
            #expect(outcome.code == 0, "\(command): \(outcome.errorText)")
        }
        try run(
            "0", [("", "/place")],
            [
                "/bin/sh", "-c",
                "cd /place && mkdir svc claim && chown 0:42 svc claim && chmod 2777 svc && chmod 2775 claim && mkdir -m 700 claim/lost+found",
            ])
        try run("42:42", [("svc", "/hab/svc"), ("claim", "/storage")], command)
        try run(
            "42:42", [("svc", "/hab/svc"), ("claim/data", "/hab/svc/guestbook/data/db")],
            [
                "/bin/sh", "-c",
                "cd /hab/svc/guestbook/data && echo x >y && cd db && test -z \"$(ls -A)\" && chmod 700 . && echo x >y",
            ])
    }
}
