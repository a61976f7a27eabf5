// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc

extension FuzzTarget {
    /// Everything that a plugin may ask of the host, in any order and with anything in it, first while it plans and then
    /// while it runs. An input is calls as they travel, each with two bytes before it that tell its length.
    static let serviceCalls = FuzzTarget("service-calls", seeds: { ServiceCallSeeds.all }) { bytes in
        guard case let calls = ServiceCallSeeds.calls(in: bytes), !calls.isEmpty else { return }
        let world = ServiceCallWorld.shared
        guard let workspace = try? ExportWorkspace(in: world.parent) else { broken("there is no room to export in") }
        let services = world.services(in: workspace)
        for isPlanning in [true, false] {
            services.phaseBegan(isPlanning: isPlanning, isRunning: !isPlanning)
            for call in calls { world.check(call, services) }
            do throws(ServiceError) {
                let paths = try isPlanning ? services.plan().map(\.path) : services.made().map(\.emitted.path)
                paths.forEach(world.checkPath)
            } catch { promise(!error.message.isEmpty, "a refusal without a text") }
        }
        world.checkNothingElseChanged()
    }
}

/// Two packages, and beside them what no call may touch.
private final class ServiceCallWorld {
    // SAFETY: only the thread that fuzzes uses it.
    nonisolated(unsafe) static let shared: ServiceCallWorld = {
        do { return try ServiceCallWorld() } catch { broken("the packages cannot be made: \(error)") }
    }()

    let parent: String
    private let scratch: Scratch
    private let fixture: ExportFixture
    private let canary: String
    private let secret: String

    private init() throws {
        scratch = try Scratch()
        let root = scratch.path
        fixture = try ExportFixture.small(in: "\(root)/root")
        parent = "\(root)/exports"
        canary = "\(root)/canary"
        secret = "\(root)/secret"
        try Directory.create(parent)
        try AtomicFile.write(Array("sings".utf8), to: canary)
        try AtomicFile.write(Array("hidden word\n".utf8), to: secret)
    }

    func services(in workspace: ExportWorkspace) -> ExportServices {
        var tools = ToolBox(listed: ["true"])
        tools.searchPath = "/usr/bin:/bin"
        return ExportServices(
            job: fixture.job(), artifactKinds: ["thing", "other"], bytes: fixture.bytes, workspace: workspace,
            options: ["passphrase": OptionValue(.text(secret, kind: OptionValue.pathKind))],
            reach: ExportReach(tools: tools, secrets: .filesAlone), threads: 1, isCancelled: { false },
            progress: { _, _ in })
    }

    func check(_ call: ServiceCall, _ services: ExportServices) {
        // What is run is not what is asked here, and takes its time.
        if case .toolRun(let request) = call, request.program == "true" { return }
        let answer = ServiceAnswer(to: call, services)
        defer { answer.closeDescriptor() }
        promise((0...99).contains(answer.code), "a code that the header does not know: \(answer.code)")
        promise(answer.payload.count <= FrameChannel.largestFrame, "an answer that no frame holds")
        promise(answer.code == 0 || answer.payload.isEmpty, "a refusal that tells something")
        promise(answer.code == 0 || services.lastRefusal?.message.isEmpty == false, "a refusal without a text")
        promise(answer.payload.firstRange(of: "hidden word".utf8) == nil, "a plugin is told a secret")
    }

    func checkPath(_ path: String) {
        promise(!path.hasPrefix("/"), "an artifact at an absolute path")
        promise(!path.split(separator: "/").contains(".."), "an artifact that leaves its directory")
    }

    func checkNothingElseChanged() {
        promise((try? FileStatus.of(canary))??.size == 5, "the canary is gone")
        promise((try? Directory.names("\(parent)/.."))?.count == 4, "there is something beside the exports")
        promise((try? Directory.names(parent))?.count == 1, "there is something beside the export")
    }
}

private enum ServiceCallSeeds {
    static func calls(in bytes: [UInt8]) -> [ServiceCall] {
        var calls: [ServiceCall] = []
        var rest = bytes[...]
        while rest.count > 2, calls.count < 64 {
            let count = Int(rest.removeFirst()) | Int(rest.removeFirst()) << 8
            let frame = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            if case .service(let call)? = try? RunnerMessage(parsing: frame) { calls.append(call) }
        }
        return calls
    }

    private static func bytes(of calls: [ServiceCall]) -> [UInt8] {
        calls.flatMap { call in
            let frame = RunnerMessage.service(call).bytes
            return [UInt8(frame.count & 0xFF), UInt8(frame.count >> 8)] + frame
        }
    }

    private static func path(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func file(_ path: String) -> EmittedArtifact {
        var artifact = EmittedArtifact(form: .file, role: .primary)
        (artifact.kind, artifact.path) = ("thing", path)
        return artifact
    }

    static var all: [[UInt8]] {
        // The first handles that there are.
        let tree: UInt64 = 0x7265_6500_0000_0001
        let other: UInt64 = 0x7265_6500_0000_0002
        let made: [ServiceCall] = [
            .rootfsBegin, .rootfsAddPackage(tree: tree, package: 0),
            .rootfsAddFile(tree: tree, path: path("etc/a"), mode: 0o644, content: [1, 2, 3]),
            .rootfsAddDirectory(tree: tree, path: path("var/tmp"), mode: 0o1777),
            .rootfsAddSymlink(tree: tree, path: path("bin"), target: path("usr/bin")),
            .rootfsAddCopy(tree: tree, path: path("hello"), package: 0, file: 1), .rootfsBegin,
            .rootfsAddTree(tree: other, path: path("rootfs"), other: tree),
            .archiveSuffix(compression: "gzip"), .archiveWrite(tree: other, path: "a.tar", compression: "none"),
            .emit(file("a.tar")),
        ]
        let hostile: [ServiceCall] = [
            .rootfsBegin, .rootfsAddFile(tree: tree, path: path("../../canary"), mode: 0o644, content: [1]),
            .rootfsAddSymlink(tree: tree, path: path("l"), target: path("/")),
            .rootfsAddFile(tree: tree, path: path("l/canary"), mode: 0o644, content: [1]),
            .archiveWrite(tree: tree, path: "../canary", compression: "none"),
            .archiveWrite(tree: tree, path: "/canary", compression: "zstd:99"), .emit(file("../canary")),
            .emit(file("/canary")), .filesOpen(package: 9, file: 9), .filesOpen(package: 0, file: .max),
            .filesPage(package: 0, first: .max, capacity: .max), .rootfsAddTree(tree: tree, path: [], other: tree),
            .rootfsAddPackage(tree: tree, package: .max), .imageBegin, .imagePublish(image: tree),
        ]
        var tool = ToolRequest(program: "sh")
        (tool.arguments, tool.input, tool.output, tool.secret) = (["-c", ":"], "../canary", "/canary", tree)
        let asked: [ServiceCall] = [
            .filesPage(package: 0, first: 0, capacity: 64), .filesOpen(package: 1, file: 2),
            .secretOpen(option: "passphrase"), .secretOpen(option: "../x"), .toolRun(tool),
            .imageReference(package: 0, index: 0), .registryPush(RegistryArtifact()),
        ]
        return [made, hostile, asked].map(bytes(of:))
    }
}
