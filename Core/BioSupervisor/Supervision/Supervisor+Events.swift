// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSystem
import Glibc

/// What a supervisor waits for.
extension Supervisor {
    func waitForEvents() {
        let poller = EventPoll()
        poller.add(signals.descriptor.rawValue) { [unowned self] in takeSignals() }
        if let watch {
            poller.add(watch.descriptor.rawValue) { [unowned self] in
                // A service may change what is watched as often as it likes.
                if watch.hasChanged(), lookTime == nil { lookTime = max(now + Self.settle, lastLook + Self.rest) }
            }
        }
        if output.isWaiting {
            poller.add(output.number, forWriting: true) { [unowned self] in output.flush(isReady: true) }
        }
        if output.hasRoom { for service in services { addOutput(of: service, to: poller) } }
        for service in services {
            if let process = service.process, let watch = process.watch, !process.hasEnded {
                poller.add(watch.descriptor.rawValue) { service.processEnded(.unknown) }
            }
        }
        addConversations(to: poller, control)
        poller.wait(until: [deadline, lookTime ?? .max, nextRound, restTime].min() ?? .max)
        if now >= restTime {
            restTime = .max
            ProcessImage.rest()
        }
        if now >= nextRound {
            (lookTime, nextRound) = (now, .max)
        }
    }

    private func addOutput(of service: SupervisedService, to poller: EventPoll) {
        if let process = service.process {
            for pipe in [process.output, process.errors] where !process.hasEnded && !process.isAtEnd(pipe) {
                poller.add(pipe.reader.rawValue) { [log, output] in
                    guard output.hasRoom else { return }
                    process.drain(pipe) { log.output(service.group, isError: $0, $1) }
                }
            }
        }
        if let hook = service.hook {
            for pipe in [hook.output, hook.errors] where !hook.isAtEnd(pipe) {
                poller.add(pipe.reader.rawValue) { [log, output] in
                    guard output.hasRoom else { return }
                    hook.drain(pipe) { log.output(service.group, hook.kind, $0) }
                }
            }
        }
    }

    private var deadline: Int64 {
        (services.compactMap(\.deadline) + conversations.map(\.deadline)).min() ?? .max
    }

    private func takeSignals() {
        while let number = signals.next() {
            switch number {
            case SIGCHLD: break
            case SIGTERM, SIGINT, SIGQUIT: end(number)
            default: for service in services { service.process?.signal(number) }
            }
        }
        while let child = ReapedChild.next() {
            for service in services {
                if service.process?.pid == child.pid { service.processEnded(child.ending) }
                if service.hook?.pid == child.pid { service.hookEnded(child.ending) }
            }
        }
    }

    /// Ends all services, those that others are bound to with the others. Asked again, it does not wait for them.
    func end(_ number: CInt) {
        guard ending == nil else {
            // A signal that several send at once is one wish.
            if now - endingSince > nanosecondsPerSecond / 2 {
                log.say("Asked again: services are killed")
                for service in services {
                    service.kill()
                    service.hook?.end()
                }
            }
            return
        }
        (ending, endingSince) = (number, now)
        log.say("Ending all services, by SIG\(SignalName.of(number) ?? "\(number)")")
        for service in services {
            service.nextSpec = nil
            service.wish = .down
        }
    }
}
