// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// Looks at the runner's process around each call of the plugin, when a trial asks for that.
final class RunnerWatch {
    private let tasks: CInt
    private var before: ProcessState?
    private var directories: [String] = []

    /// Prepares the process as the trial says. To be made before a sandbox is put around it.
    init(_ trial: RunnerTrial) {
        tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // What the plugin prints must not be taken for what the host's own runtime prints.
        let output = bio_memfd("standard output")
        if output >= 0 {
            dup2(output, 1)
            close(output)
        }
        _ = bio_trial_begin(trial.workingDirectory, trial.umask.map { CInt($0) } ?? -1)
        for variable in trial.environment { _ = bio_trial_set_variable(variable) }
    }

    deinit { if tasks >= 0 { close(tasks) } }

    /// The places where nothing must appear before run.
    func watch(_ directories: [String]) { self.directories = directories }

    func begin() { before = ProcessState(tasks: tasks) }

    /// What has changed since `begin`.
    func changes(isOver: Bool = false) -> [RunnerObservation] {
        before?.changes(tasks: tasks, isOver: isOver) ?? []
    }

    func state() -> ProcessState { ProcessState(tasks: tasks) }

    /// Descriptors that are open behind the end and were not before the beginning.
    func left(since beginning: ProcessState) -> [RunnerObservation] {
        beginning.changes(tasks: tasks, isOver: true).filter { if case .descriptors = $0 { true } else { false } }
    }

    func written() -> [RunnerObservation] {
        let names = directories.flatMap { (try? Directory.names($0)) ?? [] }
        return names.isEmpty ? [] : [.written(names.prefix(64).map { String(decoding: $0, as: UTF8.self) })]
    }
}
