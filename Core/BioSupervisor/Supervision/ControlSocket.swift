// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Glibc

/// What commands ask a running supervisor: one line of JSON each way over `sup/default/control`, which only its user
/// and root may open. Nothing that is asked here changes what files say should be.
package enum ControlRequest: Hashable, Sendable {
    /// How all services are.
    case status
    /// Look at specs and configuration now, then tell how all services are.
    case sync

    var document: DocumentValue {
        switch self {
        case .status: ["command": "status"]
        case .sync: ["command": "sync"]
        }
    }

    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), let value = try? DocumentValue(json: text) else {
            return nil
        }
        switch value["command"]?.string {
        case "status": self = .status
        case "sync": self = .sync
        default: return nil
        }
    }
}

/// The command's end.
package struct ControlClient: Sendable {
    private let places: SupervisorPlaces

    package init(_ places: SupervisorPlaces) { self.places = places }

    /// The services as they are.
    package func ask(_ request: ControlRequest) throws(SupervisorError) -> [ServiceStatus] {
        let answer: [UInt8]
        do throws(SystemError) {
            let connection = try LocalConnection(SupervisorPlaces.control, in: places.directory)
            answer = try connection.ask(request.document.jsonBytes(.compact))
        } catch {
            let absent: [Errno] = [.noSuchFile, .notDirectory, Errno(rawValue: ECONNREFUSED)]
            guard absent.contains(error.errno) else { throw .system(error) }
            guard SupervisorPlaces.seesProcesses else { throw .refused(.noProcessFiles, path: nil) }
            throw .refused(.noSupervisor(lock: places.lock), path: nil)
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard let value = try? DocumentValue(json: text), let services = value["services"]?.array else {
            throw .refused(.badAnswer(String(text.prefix(200))), path: nil)
        }
        return services.map { ServiceStatus(value: $0) }
    }

    /// Whether a supervisor answers.
    package var isThere: Bool { (try? ask(.status)) != nil }
}

/// One that has connected and asks, to the control socket or to the gateway: what came so far, what is to go out.
final class Conversation {
    let descriptor: FileDescriptor
    let isGateway: Bool
    var request: [UInt8] = []
    private var answer: [UInt8]?
    private var sent = 0
    /// Who says nothing is not listened to for ever.
    let deadline = MonotonicClock.nanoseconds + 5 * nanosecondsPerSecond

    init(_ connection: CInt, isGateway: Bool) {
        descriptor = FileDescriptor(owning: connection)
        self.isGateway = isGateway
    }

    var isAnswering: Bool { answer != nil }

    /// Reads what is there. False when it has gone, or says too much.
    func read(limit: Int) -> Bool {
        do throws(Errno) {
            guard let bytes = try descriptor.readSome(limit: 4096) else { return true }
            request += bytes
            return !bytes.isEmpty && request.count <= limit
        } catch { return false }
    }

    func reply(_ bytes: [UInt8]) { answer = bytes }

    /// Writes on. True when all is written, or nobody takes it.
    func write() -> Bool {
        guard let answer else { return false }
        do throws(Errno) {
            while sent < answer.count {
                guard let count = try descriptor.writeSome(answer[sent...]) else { return false }
                sent += count
            }
        } catch { return true }
        shutdown(descriptor.rawValue, CInt(SHUT_WR))
        return true
    }
}
