// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioPluginHost
import BioSystem

extension FuzzTarget {
    /// The first byte chooses which of the frames that cross the runner's socket the rest is.
    static let frames = FuzzTarget("frames", seeds: { FrameSeeds.all }) { bytes in
        guard let first = bytes.first else { return }
        let frame = Array(bytes.dropFirst())
        switch first % 4 {
        case 0: checkRound(frame, { (bytes) throws(FrameError) in try HostMessage(parsing: bytes) }) { $0.bytes }
        case 1: checkRound(frame, { (bytes) throws(FrameError) in try RunnerMessage(parsing: bytes) }) { $0.bytes }
        case 2: checkRound(frame, { (bytes) throws(FrameError) in try JobSnapshot(parsing: bytes) }) { $0.bytes }
        default:
            let parse = { (bytes: [UInt8]) throws(FrameError) -> PluginDescription in
                var reader = FrameReader(bytes)
                let description = try PluginDescription(from: &reader)
                try reader.end()
                return description
            }
            checkRound(frame, parse) { description in
                if let problem = description.problem { promise(!problem.isEmpty, "a problem without a text") }
                promise(PluginDescription(description.document) == description, "a description is its JSON")
                var writer = FrameWriter()
                description.write(to: &writer)
                return writer.bytes
            }
        }
    }

    private static func checkRound<Value: Equatable>(
        _ bytes: [UInt8], _ parse: ([UInt8]) throws(FrameError) -> Value, _ write: (Value) -> [UInt8]
    ) {
        do throws(FrameError) {
            let value = try parse(bytes)
            let again = try parse(write(value))
            promise(again == value, "a message reads otherwise when it is written anew")
        } catch { promise(!error.description.isEmpty, "an error without a text") }
    }
}

private enum FrameSeeds {
    static var all: [[UInt8]] {
        let host: [HostMessage] = [
            .start(RunnerStart(bundle: PluginBundle(libraryPath: "/lib/a.so"), hostVersion: "1.0")), .start(confined),
            .job(format: "tar"), .call(.plan),
            .reply(code: -3, payload: [1, 2, 3]),
            .invoke(function: "f", values: [.bool(true), .signed(-1), .unsigned(1), .double(0.5), .text("a")]),
        ]
        let runner: [RunnerMessage] = [
            .described, .loadFailed(.library("no such file")), .loadFailed(.refused(code: 4)),
            .sandboxed(SandboxReport(missing: [.files])), .notSandboxed("no"), .broken("no"),
            .loadFailed(.abi(used: .init(rawValue: 9), built: .init(rawValue: 9), needed: .init(rawValue: 9))),
            .log(level: .warning, message: "careful"), .progressBegan(id: 1, title: "work", total: 9),
            .progressed(id: 1, done: 3), .progressEnded(id: 1), .service(.rootfsBegin),
            .service(.rootfsAddFile(tree: 1, path: [97, 47, 98], mode: 0o644, content: [1, 2])),
            .service(.archiveWrite(tree: 1, path: "a.tar", compression: "gzip")),
            .service(.filesPage(package: 0, first: 0, capacity: 64)), .service(.secretOpen(option: "passphrase")),
            .answered(.value(.text("a"))), .answered(.refused(code: 2, why: "no")), .answered(.value(.double(1))),
            .traced(TracedCall(moment: .ended, name: "oci.begin", arguments: "", result: "0", nanoseconds: 9)),
            .service(.toolRun(tool)), .service(.registryPush(artifact)),
            .ended(
                phase: .run, code: 1,
                failure: PluginFailure(code: 1, subjectKind: .option, subject: "name", message: "wrong", hint: "no")),
        ]
        return host.map { [0] + $0.bytes } + runner.map { [1] + $0.bytes } + [[2] + JobSeed.bytes]
            + [[3] + description]
    }

    private static var confined: RunnerStart {
        var start = RunnerStart(bundle: PluginBundle(libraryPath: "/lib/a.so"), hostVersion: "1.0")
        start.sandbox = SandboxRequest(writable: ["/out", "/scratch"], readable: ["/lib"], startsProcesses: true)
        return start
    }

    private static var tool: ToolRequest {
        var request = ToolRequest(program: "gpg")
        request.arguments = ["--batch", ""]
        (request.input, request.output, request.secret) = ("a.aci", "a.aci.asc", 1)
        return request
    }

    private static var artifact: RegistryArtifact {
        var artifact = RegistryArtifact()
        (artifact.option, artifact.name, artifact.tag) = ("push", "redis", "1.0")
        (artifact.configType, artifact.config) = ("application/json", [0x7B, 0x7D])
        (artifact.layerType, artifact.layer) = ("application/gzip", "redis.tgz")
        artifact.annotations = [.init(key: "a", value: "1")]
        return artifact
    }

    /// What the runner would say of the plugin in the tables' seed.
    private static var description: [UInt8] {
        var writer = FrameWriter()
        PluginTables.with(PluginTables.seed) { plugin in
            (try? PluginTableReader.description(plugin))?.write(to: &writer)
        }
        return writer.bytes
    }
}
