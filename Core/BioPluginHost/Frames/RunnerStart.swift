// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// What a runner needs to know before it opens a library.
package struct RunnerStart: Hashable, Sendable {
    package var bundle: PluginBundle
    package var hostVersion: String
    /// Whether the library comes as a descriptor after the event; the bundle's has only its name then.
    package var sendsLibrary = false
    /// Whether log lines of the level debug are shown.
    package var showsDebug = false
    /// Whether the plugin gets no process to itself.
    package var sharesProcess = false
    /// Of `bio plugin check` alone.
    package var trial: RunnerTrial?
    /// Whether the runner tells of every call across the boundary.
    package var traces = false

    /// What its process may do; nil: it shares the host's.
    package var sandbox: SandboxRequest?

    package init(bundle: PluginBundle, hostVersion: String) {
        self.bundle = bundle
        self.hostVersion = hostVersion
    }

    func write(to frame: inout FrameWriter) {
        frame.text(bundle.directory)
        frame.text(bundle.library)
        frame.text(hostVersion)
        frame.bool(showsDebug)
        frame.bool(sharesProcess)
        frame.bool(trial != nil)
        trial?.write(to: &frame)
        frame.bool(sendsLibrary)
        frame.bool(sandbox != nil)
        sandbox?.write(to: &frame)
        frame.bool(traces)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        bundle = PluginBundle(directory: try frame.text("directory"), library: try frame.text("library"))
        hostVersion = try frame.text("host version")
        showsDebug = try frame.bool("debug flag")
        sharesProcess = try frame.bool("process flag")
        trial = try frame.bool("trial flag") ? try RunnerTrial(from: &frame) : nil
        sendsLibrary = try frame.bool("library flag")
        sandbox = try frame.bool("sandbox flag") ? try SandboxRequest(from: &frame) : nil
        traces = try frame.bool("trace flag")
    }
}
