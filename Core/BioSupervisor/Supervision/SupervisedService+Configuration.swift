// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSystem

/// What a service is configured with, and what follows when that changes.
extension SupervisedService {
    /// What stands in the way of the service, in words.
    private struct Obstacle: Error {
        let text: String
        /// Nobody tells when it has gone.
        var needsRetry = false
        /// What is configured is at fault, and an older configuration is not.
        var isOfConfiguration = false

        init(_ text: String) { self.text = text }

        init(_ error: SupervisorError, isOfConfiguration: Bool = false) {
            text = ([error.description] + [error.hint].compactMap { $0 }).joined(separator: "; ")
            needsRetry = true
            self.isOfConfiguration = isOfConfiguration
        }

        init(_ error: ServiceRefusal) { self.init(SupervisorError.refused(error, path: nil)) }
    }

    /// Something may have changed; what it reads itself is compared, so that a change of one service is not work for all.
    func lookIfChanged() {
        let inputs = self.inputs
        guard phase != .up || reason != nil || inputs != seenInputs || filesNow() != seenFiles else { return }
        seenInputs = inputs
        needsLook = true
    }

    /// The files of its operator.
    private var inputs: [[UInt8]?] {
        let root = surroundings.store.root
        let directory = ServiceDirectory(spec.name, in: root)
        let paths = [
            directory.userConfiguration, directory.oldUserConfiguration, AppliedConfiguration.path(group, in: root),
        ]
        return paths.map { path in
            // What cannot be read is something else than nothing.
            do throws(SupervisorError) { return try TextFile.bytes(path, limit: 2 << 20, following: true) } catch {
                return Array(error.description.utf8)
            }
        }
    }

    /// Before its start: looks whether everything is there, and prepares it.
    func wait() -> Bool {
        guard wish == .up else { return enter(.down) }
        if nextSpec != nil { return enter(.waiting) }
        guard needsLook else { return false }
        (needsLook, nextLook, seenInputs) = (false, nil, inputs)
        do throws(Obstacle) {
            let rendered: RenderedService
            var isOld = false
            do throws(Obstacle) { rendered = try look(isStarting: true) } catch {
                guard error.isOfConfiguration, let last = lastGood else { throw error }
                (rendered, isOld) = (last, true)
                if !hadBinds, let definition { try checkBinds(ServiceBinding(spec, of: definition.metadata)) }
            }
            guard let definition else { return false }
            // Another release prepares itself anew.
            if let lastIdent, lastIdent != definition.ident { isInitialised = false }
            do throws(SupervisorError) {
                _ = try rendered.write(for: definition)
                self.rendered = rendered
                jobs = isInitialised ? [] : try installJobs(definition)
            } catch { throw Obstacle(error) }
            if !isInitialised && rendered.hooks[.initialise] != nil { jobs.append(.hook(.initialise)) }
            seenFiles = filesNow()
            // What is wrong is said once it is up.
            needsLook = isOld
            return enter(.preparing)
        } catch {
            block(error.text)
            nextLook = error.needsRetry ? now + Self.retry * nanosecondsPerSecond : nil
            return false
        }
    }

    /// What it was configured with the last time that this could be done, by the same release and spec.
    private var lastGood: RenderedService? { definition?.ident == lastIdent ? rendered : nil }

    /// While it is up: what differs is written and made known. What is wrong changes nothing.
    func lookAgain() {
        (needsLook, nextLook) = (false, nil)
        if let files = filesNow(), files != seenFiles {
            if seenFiles != nil, rendered?.hooks[.fileUpdated] != nil { queue(.fileUpdated) }
            seenFiles = files
        }
        do throws(Obstacle) {
            let next = try look(isStarting: false)
            guard let definition else { return }
            do throws(SupervisorError) {
                for file in try next.write(for: definition).files { log.say(group, .configuration, "Updated \(file)") }
            } catch { throw Obstacle(error) }
            if reason != nil { log.say(group, .configuration, "The configuration can be followed again") }
            reason = nil
            rendered = next
            keepMembers()
            follow(next)
        } catch {
            block("keeps its last good configuration: \(error.text)", isWaiting: false)
            if error.needsRetry { nextLook = now + Self.retry * nanosecondsPerSecond }
        }
    }

    /// Makes known what the process has not been told yet, whoever wrote it.
    private func follow(_ next: RenderedService) {
        let wanted = ToldConfiguration(next)
        guard let told = record.configuration else { return record.configuration = wanted }
        guard told != wanted, telling != wanted else { return }
        if told.hooks != wanted.hooks {
            isInitialised = false
            log.say(group, .service, "Restarting: its hooks have changed")
            restarts = true
            return
        }
        let answers = [Hook.Kind.reload, .reconfigure].filter { next.hooks[$0] != nil }
        if told.files == wanted.files {
            guard answers.contains(.reconfigure) else { return record.configuration = wanted }
            queue(.reconfigure)
        } else if answers.isEmpty {
            log.say(group, .service, "Restarting: its configuration has changed")
            restarts = true
            return
        } else {
            for kind in answers { queue(kind) }
        }
        telling = wanted
    }

    /// Reads and renders everything; nothing is written.
    private func look(isStarting: Bool) throws(Obstacle) -> RenderedService {
        let definition = try currentDefinition()
        let binding = ServiceBinding(spec, of: definition.metadata)
        let configuration: ServiceConfiguration
        do throws(SupervisorError) {
            let applied = try AppliedConfiguration(of: group, in: surroundings.store.root)
            configuration = try definition.configuration(applied: applied?.value)
        } catch { throw Obstacle(error, isOfConfiguration: true) }
        // Others may be bound to what is exported now, whether this one starts or not.
        let before = member
        if let old = configuration.oldUserConfiguration, old != self.configuration?.oldUserConfiguration {
            log.say(group, .configuration, "'\(old)' is read from where older releases had it")
        }
        take(configuration, of: definition)
        if member != before { surroundings.hasChanged() }
        if isStarting && !hadBinds { try checkBinds(binding) }
        do throws(SupervisorError) {
            return try RenderedService(
                definition, configuration, group: spec.group, binds: binding.context(memberEver, surroundings.host))
        } catch { throw Obstacle(error, isOfConfiguration: true) }
    }

    private func checkBinds(_ binding: ServiceBinding) throws(Obstacle) {
        do throws(ServiceRefusal) { try binding.check() } catch { throw Obstacle(error) }
        guard let text = binding.obstacle(surroundings.member) else { return }
        if let cycle = surroundings.cycle(group) { throw Obstacle(.bindCycle(cycle)) }
        throw Obstacle(text)
    }

    private func currentDefinition() throws(Obstacle) -> ServiceDefinition {
        if let definition { return definition }
        do throws(SupervisorError) {
            let package: InstalledPackage?
            do throws(SystemError) { package = try surroundings.store.latest(satisfying: spec.ident) } catch {
                throw .system(error)
            }
            guard let package else { throw .refused(.notInstalled(spec.ident), path: nil) }
            let found = try ServiceDefinition(package, in: surroundings.store, surroundings.host)
            guard try found.isRunnable() else { throw .refused(.notRunnable(package.ident), path: nil) }
            definition = found
            return found
        } catch { throw Obstacle(error) }
    }

    /// The member of a group, also when it is not there any more. What has been alive is so as long as it is wanted:
    /// that it is started again, or looked for by another supervisor, is nobody else's business.
    private func memberEver(_ group: ServiceGroup) -> ServiceMember? {
        let last = lastMembers[group]
        guard let known = surroundings.member(group) ?? last else { return nil }
        let hasLived = known.isAlive || last?.isAlive ?? false
        let member = ServiceMember(
            ident: known.ident, group: group, exports: known.exports,
            isAlive: hasLived && surroundings.isWanted(group))
        lastMembers[group] = member
        return member
    }

    /// Keeps for a later supervisor what the process knows of others.
    func keepMembers() {
        let groups = spec.binds.map(\.target)
        let members = lastMembers.filter { groups.contains($0.key) }
        guard members != keptMembers else { return }
        keptMembers = members
        record.write(members.values)
    }

    /// What tells whether the files that an operator has given the service are others.
    private func filesNow() -> [String]? {
        guard let directory = definition?.directory.files, let names = try? Directory.names(directory) else {
            return nil
        }
        // The service may fill it with as much as it likes.
        return ["\(names.count)"]
            + names.prefix(1000).map { name in
                let path = "\(directory)/\(String(decoding: name, as: UTF8.self))"
                guard let status = try? FileStatus.ofLink(path) else { return path }
                return "\(path) \(status.inode) \(status.size) \(status.modified)"
            }
    }
}
