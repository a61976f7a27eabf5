// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import Testing

@Suite struct ServiceCallTests {
    private static var artifact: EmittedArtifact {
        var artifact = EmittedArtifact(form: .reference, role: .sidecar)
        artifact.isReproducible = true
        artifact.kind = "image"
        artifact.mediaType = "application/json"
        artifact.reference = "registry.example/app:1"
        artifact.digest = "sha256:00"
        artifact.size = 1 << 40
        return artifact
    }

    static let calls: [ServiceCall] = [
        .emit(artifact), .filesPage(package: 1, first: 2, capacity: 3), .filesOpen(package: 4, file: 5), .rootfsBegin,
        .rootfsAddPackage(tree: 6, package: 7), .rootfsAddCopy(tree: 8, path: [0xFF, 1], package: 9, file: 10),
        .rootfsAddFile(tree: 11, path: [0x61], mode: 0o644, content: [1, 2, 3]),
        .rootfsAddDirectory(tree: 12, path: [0x62], mode: 0o755),
        .rootfsAddSymlink(tree: 13, path: [0x63], target: [0x64]),
        .rootfsAddTree(tree: 23, path: [0x65, 0xFF], other: 24), .archiveSuffix(compression: "gzip"),
        .archiveWrite(tree: 14, path: "a.tar", compression: "zstd:3"), .imageReference(package: 3, index: 15),
        .childRun(
            ChildRequest(
                format: "docker", roots: [1, 2],
                options: [.init(id: "runtime", value: "none"), .init(id: "e", value: "")])),
        .childImage(ChildRequest(format: "docker")),
        .imageBegin,
        .imageAddPackages(image: 16, packages: [17, 18]), .imageAddTree(image: 19, tree: 20, title: "users"),
        .imageConfigure(image: 21, settings), .imagePublish(image: 22),
        .secretOpen(option: "passphrase"), .toolRun(tool), .registryPush(pushed),
    ]

    private static var pushed: RegistryArtifact {
        var artifact = RegistryArtifact()
        (artifact.option, artifact.name, artifact.tag) = ("push", "redis", "1.0_1")
        (artifact.configType, artifact.config) = ("application/json", [0x7B, 0x7D])
        (artifact.layerType, artifact.layer) = ("application/gzip", "redis.tgz")
        artifact.annotations = [.init(key: "a", value: "1"), .init(key: "b", value: "")]
        return artifact
    }

    private static var tool: ToolRequest {
        var request = ToolRequest(program: "gpg")
        request.arguments = ["--sign", ""]
        request.seconds = 9
        (request.input, request.output) = ("in", "out")
        request.secret = 1 << 60
        return request
    }

    private static var settings: ContainerSettings {
        var settings = ContainerSettings()
        settings.user = "42"
        settings.workingDirectory = "/srv"
        settings.stopSignal = "SIGTERM"
        settings.author = "somebody"
        settings.entrypoint = ["/init.sh"]
        settings.command = ["start", ""]
        settings.ports = ["80/tcp"]
        settings.volumes = ["/data"]
        settings.healthTest = ["NONE"]
        settings.environment = [.init(key: "A", value: "1")]
        settings.labels = [.init(key: "b", value: "")]
        settings.annotations = [.init(key: "c", value: "2")]
        settings.healthInterval = 1
        settings.healthTimeout = 2
        settings.healthStartPeriod = -3
        settings.healthRetries = .max
        return settings
    }

    private func parse(_ bytes: [UInt8]) throws(FrameError) -> RunnerMessage { try RunnerMessage(parsing: bytes) }

    @Test(arguments: calls)
    func comesBack(_ call: ServiceCall) throws {
        #expect(try parse(RunnerMessage.service(call).bytes) == .service(call))
    }

    @Test(arguments: calls)
    func nothingElseIsRead(_ call: ServiceCall) {
        let bytes = RunnerMessage.service(call).bytes
        FrameAssault.cut(bytes) { (bytes) throws(FrameError) in try parse(bytes) }
        FrameAssault.flip(bytes) { (bytes) throws(FrameError) in try parse(bytes) }
    }

    @Test func listsOfAnImageHaveLimits() {
        let packages = ServiceCall.imageAddPackages(image: 1, packages: Array(repeating: 0, count: 4097))
        #expect(throws: FrameError.tooMany(field: "packages", count: 4097)) {
            try parse(RunnerMessage.service(packages).bytes)
        }
        var settings = ContainerSettings()
        settings.ports = Array(repeating: "80/tcp", count: 257)
        #expect(throws: FrameError.tooMany(field: "ports", count: 257)) {
            try parse(RunnerMessage.service(.imageConfigure(image: 1, settings)).bytes)
        }
    }

    @Test func formsAndRolesAreFromTheHeader() {
        #expect(throws: FrameError.unknown(field: "artifact form", value: 9)) {
            try parse([7, 1, 9, 0, 0, 0, 1, 0, 0, 0])
        }
        #expect(throws: FrameError.unknown(field: "artifact role", value: 9)) {
            try parse([7, 1, 1, 0, 0, 0, 9, 0, 0, 0])
        }
    }
}
