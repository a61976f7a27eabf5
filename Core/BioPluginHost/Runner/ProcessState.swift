// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// What a plugin shares with its process and must leave as it is, as it was at one moment.
struct ProcessState {
    private let threads: Int
    private let descriptors: Set<Int>
    private let workingDirectory: [CChar]
    private let umask: UInt32
    private let environment: [String]
    private let locale: String
    private let signals: [UInt]
    private let streams: [UInt64]
    private let written: Int64

    /// - Parameter tasks: `/proc/self/task`, opened before a sandbox closed the way there.
    init(tasks: CInt) {
        threads = Self.threads(tasks)
        descriptors = Set((0..<1024).filter { fcntl(CInt($0), F_GETFD) >= 0 })
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        if getcwd(&path, path.count) == nil { path = [] }
        workingDirectory = path
        umask = bio_trial_mask()
        environment = Self.variables()
        locale = bio_trial_locale().map { String(cString: $0) } ?? ""
        signals = (1...64).map { UInt(bio_trial_signal_handler(CInt($0))) }
        streams = [0, 1].flatMap { Self.identity(CInt($0)) }
        var status = stat()
        written = fstat(1, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : 0
    }

    /// What is otherwise now. Descriptors are the affair of the whole life: `isOver`.
    func changes(tasks: CInt, isOver: Bool) -> [RunnerObservation] {
        // A joined thread is in the list for a moment longer.
        var now = ProcessState(tasks: tasks)
        for _ in 0..<50 where now.threads > threads {
            usleep(1000)
            now = ProcessState(tasks: tasks)
        }
        var changes: [RunnerObservation] = []
        if now.threads > threads { changes.append(.threads(now.threads - threads)) }
        let opened = now.descriptors.subtracting(descriptors).sorted()
        if isOver && !opened.isEmpty { changes.append(.descriptors(opened)) }
        if now.workingDirectory != workingDirectory { changes.append(.workingDirectory) }
        if now.umask != umask { changes.append(.umask) }
        if now.environment != environment { changes.append(.environment) }
        if now.locale != locale { changes.append(.locale) }
        let other = zip(1..., zip(signals, now.signals)).filter { $0.1.0 != $0.1.1 }.map(\.0)
        if !other.isEmpty { changes.append(.signals(other)) }
        if now.streams != streams || now.written != written { changes.append(.streams) }
        return changes
    }

    /// Each thread is one more link of the directory.
    private static func threads(_ tasks: CInt) -> Int {
        var status = stat()
        return fstat(tasks, &status) == 0 ? Int(status.st_nlink) - 2 : 0
    }

    private static func identity(_ descriptor: CInt) -> [UInt64] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return [0, 0] }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    private static func variables() -> [String] {
        var variables: [String] = []
        var index: CInt = 0
        while let entry = bio_trial_variable(index) {
            variables.append(String(cString: entry))
            index += 1
        }
        return variables
    }
}
