// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
package import BioStore
import BioSystem
import Glibc

/// Runs the services of one host, in one thread, until it is asked to end. Files say what should be: specs and
/// configuration; a socket tells what is.
package final class Supervisor {
    package struct Settings: Sendable {
        package var pause = RestartPause()
        /// Seconds that a hook may take which others wait for: all but install and init.
        package var hookLimit: Int64 = 60
        /// Where the gateway listens; nil for nowhere.
        package var gateway: GatewayAddress?
        /// Whether the gateway tells everybody how services are; without, it asks for its token always.
        package var isHealthOpen = false
        /// What the gateway asks for; nil for what its file says.
        package var token: String?

        package init() {}
    }

    let places: SupervisorPlaces
    let store: PackageStore
    let host: HostFacts
    let settings: Settings
    let log: SupervisorLog
    let output: OutputQueue
    private let lock: SupervisorLock
    let signals: SignalQueue
    let control: FileDescriptor
    let gateway: HTTPGateway?
    let watch: DirectoryWatch?
    var watchIsWhole = false

    var services: [SupervisedService] = []
    var conversations: [Conversation] = []
    var specFaults: [String: String] = [:]
    /// Files may have changed: when to look. A change seldom comes alone.
    var lookTime: Int64? = 0
    var lastLook: Int64 = 0
    var nextRound: Int64 = .max
    /// When it has done what there was to do, and rests.
    var restTime: Int64 = .max
    /// Something that binds show has changed.
    var membersChanged = false
    /// The signal that it ends by.
    var ending: CInt?
    var endingSince: Int64 = 0

    static let forwarded: [CInt] = [SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH]
    static let settle = nanosecondsPerSecond / 20
    static let rest = nanosecondsPerSecond / 2
    static let round = 2 * nanosecondsPerSecond

    /// Becomes the supervisor of the store's root.
    /// - Parameter load: writes the specs of what it is started for. It may wait for others, and so comes before signals
    ///   are taken, which would no longer end that.
    package init(
        _ store: PackageStore, _ host: HostFacts, _ settings: Settings, output: OutputQueue,
        load: () throws(SupervisorError) -> Void
    ) throws(SupervisorError) {
        guard SupervisorPlaces.seesProcesses else { throw .refused(.noProcessFiles, path: nil) }
        self.store = store
        self.host = host
        self.settings = settings
        self.output = output
        places = SupervisorPlaces(in: store.root)
        log = SupervisorLog(queue: output, name: "\(store.root.flavour.binary)-sup")
        do throws(SystemError) { try places.create() } catch { throw .system(error) }
        lock = try SupervisorLock(places)
        gateway =
            if let address = settings.gateway {
                try HTTPGateway(address, isHealthOpen: settings.isHealthOpen, token: settings.token, places)
            } else { nil }
        try load()
        do throws(SystemError) {
            control = try Listener.local(SupervisorPlaces.control, in: places.directory)
            signals = try SignalQueue([SIGCHLD, SIGTERM, SIGINT, SIGQUIT] + Self.forwarded)
        } catch { throw .system(error) }
        watch = try? DirectoryWatch()
        ProcessImage.adoptOrphans()
    }

    deinit { unlink("\(places.directory)/\(SupervisorPlaces.control)") }

    /// Runs until a signal ends it, and all services with it.
    /// - Parameter earlier: the signal that came before signals were waited for; 0 for none.
    /// - Returns: the signal's number.
    package func run(earlier: () -> CInt) -> CInt {
        log.say("Supervising \(places.directory), process \(getpid())")
        if let gateway { log.say("Starting http-gateway on \(gateway.shown)") }
        recoverLeftovers()
        while true {
            let number = earlier()
            // There was nobody to pass it on to.
            if number != 0 && number != SIGHUP && ending == nil { end(number) }
            if let time = lookTime, now >= time { lookAtFiles() }
            advanceAll()
            output.flush(isReady: false)
            if let ending, services.allSatisfy({ $0.phase == .down }) {
                // Where nobody has read for long, the last line is one too many until the others are out.
                output.finish()
                log.say("Ended")
                output.finish(milliseconds: 500)
                return ending
            }
            waitForEvents()
        }
    }

    var now: Int64 { MonotonicClock.nanoseconds }
}
