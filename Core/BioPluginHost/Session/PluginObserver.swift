// SPDX-License-Identifier: Apache-2.0

/// What a plugin says while it works, to whoever shows it to the user.
package protocol PluginObserver: AnyObject {
    func pluginLogged(_ level: RunnerMessage.LogLevel, _ message: String)
    func pluginProgressed(_ title: String, done: UInt64, total: UInt64, ended: Bool)
    /// What the host has to say about how the plugin runs.
    func runnerNoted(_ note: String)
    /// Of a trial alone.
    func pluginObserved(_ phase: ExportPhase, _ observation: RunnerObservation)
    /// What went wrong when the exporter was destroyed: nobody else is told, for the export is over.
    func pluginEndedBadly(_ error: PluginError)
    /// The user wished to stop, and the plugin had to be ended.
    func pluginWasKilled()
}

extension PluginObserver {
    package func runnerNoted(_ note: String) {}
    package func pluginObserved(_ phase: ExportPhase, _ observation: RunnerObservation) {}
    package func pluginEndedBadly(_ error: PluginError) {}
    package func pluginWasKilled() {}
}
