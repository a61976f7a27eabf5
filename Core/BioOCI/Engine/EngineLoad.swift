// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioDocument
import BioHTTP

extension DockerEngine {
    /// Begins to load an archive ("Import images"), which is then written into the load.
    func load() throws -> EngineLoad { try EngineLoad(self) }
}

/// An archive on its way into an engine. The engine unpacks nothing before the archive's end is there: without `finish` it
/// forgets what it got.
final class EngineLoad {
    static let action = "load the image"

    private let exchange: HTTPExchange
    private let answer = LoadAnswer()
    /// What ended the load before the archive did.
    private var failure: (any Error)?
    private(set) var hasAnsweredEarly = false

    fileprivate init(_ engine: DockerEngine) throws {
        let answer = self.answer
        exchange = try engine.begin(
            "POST", "/images/load?quiet=0", headers: [HTTPHeader("Content-Type", "application/x-tar")]
        ) { try answer.take($0, $1) }
    }

    var bytesSent: Int64 { exchange.bytesSent }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if let failure { throw failure }
        do {
            if try exchange.push(bytes) { return }
            hasAnsweredEarly = true
            throw EngineError.malformed(action: Self.action, problem: "it comes before the archive's end")
        } catch {
            let told = EngineError.told(by: error, action: Self.action)
            failure = told
            throw told
        }
    }

    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    /// What `body` throws, or what has ended the load meanwhile.
    func reason(_ error: any Error) -> any Error { failure ?? error }

    /// Ends the archive, and waits until the engine has loaded it.
    func finish() throws {
        let response: HTTPResponse
        do { response = try exchange.finish() } catch { throw EngineError.told(by: error, action: Self.action) }
        let refusal = answer.refusal()
        if !response.isSuccess || refusal != nil {
            throw EngineError.refused(
                action: Self.action, status: response.status, message: refusal ?? answer.plainText)
        }
        if let failure { throw failure }
    }
}

/// A sink for a layer, within the archive.
struct LoadSink: ByteSink {
    let load: EngineLoad

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        // The load keeps the reason: a sink has no words for it.
        do { try load.write(bytes) } catch { throw .cancelled }
    }
}

/// The documents that an engine streams while it loads, one on a line: progress, and at the end what it loaded or why not.
private final class LoadAnswer {
    private static let lineLimit = 1 << 20

    private var line: [UInt8] = []
    private var message: String?
    private(set) var plainText = ""

    func take(_ response: HTTPResponse, _ bytes: UnsafeRawBufferPointer) throws {
        for byte in bytes {
            if byte == 0x0A { endLine() } else { line.append(byte) }
            guard line.count <= Self.lineLimit else {
                throw EngineError.malformed(action: EngineLoad.action, problem: "a line is longer than 1 MiB")
            }
        }
    }

    /// Why it did not load the archive; asked when all has come.
    func refusal() -> String? {
        endLine()
        return message
    }

    private func endLine() {
        defer { line.removeAll(keepingCapacity: true) }
        guard line.contains(where: { $0 > 0x20 }) else { return }
        guard let document = try? DocumentValue(json: line) else {
            if plainText.isEmpty { plainText = EngineMessage.text(of: line) }
            return
        }
        // `message` is that of a response which says no from the start.
        let text = document["errorDetail"]?["message"] ?? document["error"] ?? document["message"]
        if let text = text?.string { message = message ?? EngineMessage.printable(text) }
    }
}
