// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Tells that something in one of many directories has changed; what, the reader finds out (inotify(7)).
package final class DirectoryWatch {
    package let descriptor: FileDescriptor
    /// What is asked for, and what is watched for it: the directory itself or, while it is not there, the nearest one
    /// above that is.
    private var wanted: [String: (watched: String, number: CInt)] = [:]

    package init() throws(SystemError) {
        let fd = bio_watch_open()
        guard fd >= 0 else { throw SystemError("watch", "directories") }
        descriptor = FileDescriptor(owning: fd)
    }

    /// Watches exactly these directories, absolute paths, which need not be there. Asked again after a change, it follows
    /// those that have come and gone.
    /// - Returns: false when one of them cannot be watched: then only looking tells.
    package func watch(_ paths: Set<String>) -> Bool {
        var isWhole = true
        var next: [String: (watched: String, number: CInt)] = [:]
        for path in paths {
            var candidate = path
            while true {
                // Asked twice the kernel gives the same number, and a directory that was replaced a new one.
                let number = bio_watch_directory(descriptor.rawValue, candidate)
                if number >= 0 {
                    next[path] = (candidate, number)
                    break
                }
                guard errno == ENOENT || errno == ENOTDIR, let slash = candidate.lastIndex(of: "/"),
                    slash != candidate.startIndex
                else {
                    isWhole = false
                    break
                }
                candidate = String(candidate[..<slash])
            }
        }
        let kept = Set(next.values.map(\.number))
        for number in Set(wanted.values.map(\.number)) where !kept.contains(number) {
            bio_watch_forget(descriptor.rawValue, number)
        }
        wanted = next
        return isWhole
    }

    /// Whether anything has changed since the last question.
    package func hasChanged() -> Bool { bio_watch_drain(descriptor.rawValue) == 1 }
}
