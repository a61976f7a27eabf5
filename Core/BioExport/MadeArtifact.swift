// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioSystem
import Glibc

/// An artifact that lies, whole and checked, in the workspace.
package struct MadeArtifact: Sendable {
    package let emitted: EmittedArtifact
    package let digest: Digest?
    package let size: Int64?
    /// Where `emitted.path` lies.
    let directory: String
    /// Of one that is shown, what it says.
    var shownText: String?

    /// The last component of the path.
    var name: [UInt8] { OutputDirectory.Place(emitted.path).name }

    /// The artifact itself; nothing on its way is a symbolic link.
    func open(_ flags: CInt) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY).openBeneath(Array(emitted.path.utf8), flags)
    }

    /// The directory it lies in.
    func openDirectory() throws(SystemError) -> FileDescriptor {
        let parent = OutputDirectory.Place.joined(OutputDirectory.Place(emitted.path).parents[...])
        return try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            .openBeneath(parent.isEmpty ? [0x2E] : parent, O_RDONLY | O_DIRECTORY)
    }

    /// Gives a file its mode and puts it on the medium; a directory has been through that when it was sealed.
    func settle() throws(SystemError) {
        guard emitted.form == .file else { return }
        let file = try open(O_RDONLY | O_NONBLOCK)
        do throws(Errno) {
            try file.setMode(0o644)
            try file.synchronize()
        } catch { throw SystemError("write", emitted.path, error) }
    }
}
