// SPDX-License-Identifier: Apache-2.0

/// What a plugin does during an export.
extension PluginRule {
    package static let ofExporters = [
        exporterComplete, survives, inTime, giveReason, callsSound, jobThread, emitInTime, handlesOnly, truthful,
        quiet, destroyable, cancels, faultsHandled, validatePure, graphsTaken, optionsTaken, restartable,
        jobLonger, functionsTaken,
    ]
    package static let ofArtifacts = [
        planIsRun, artifactsInside, artifactsTrue, onePrimary, reproducible, environmentIndependent,
    ]
    package static let ofProcesses = [
        writesInside, noProcesses, noNetwork, listedTools, processUnchanged, threadsJoined, descriptorsClosed,
        streamsUntouched, modestMemory, othersUntouched,
    ]

    package static let exporterComplete = PluginRule(
        "BIO-P-050", "create gives an exporter with validate, plan, run and destroy, or says why not.",
        "export refused", .calling, check: "exporter")
    package static let survives = PluginRule(
        "BIO-P-051", "A phase ends by returning: no crash, no exit, no exception through the entry.", "export ended",
        .calling, check: "survives")
    package static let inTime = PluginRule(
        "BIO-P-052",
        "validate takes at most 10 seconds, plan 30; run shows work (a service, progress) every 300 seconds.",
        "export ended", .calling, check: "in-time")
    package static let giveReason = PluginRule(
        "BIO-P-053",
        "Before a phase returns anything but BIO_OK, bio.host.fail/1 is told why, or a service has failed.",
        "export failed, and the plugin is named", .calling, check: "reasons")
    package static let callsSound = PluginRule(
        "BIO-P-054", "Arguments of services are sound: sizes, counts, texts, numbers of packages and files.",
        "call refused", .calling, check: "calls-sound")
    package static let jobThread = PluginRule(
        "BIO-P-055", "Services that are marked [job] are called from the thread that entered the phase.",
        "call refused", .calling, check: "job-thread")
    package static let emitInTime = PluginRule(
        "BIO-P-056", "Artifacts are emitted in plan and run, archives and images are written in run, and nowhere else.",
        "call refused", .calling, check: "emits-in-time")
    package static let handlesOnly = PluginRule(
        "BIO-P-057", "A handle is one that the host gave to this export, of the right kind.", "call refused", .calling,
        check: "handles")
    package static let truthful = PluginRule(
        "BIO-P-058", "What goes to the host keeps to the protocol.", "export ended", .calling, check: "truthful")
    package static let quiet = PluginRule(
        "BIO-P-059", "It writes at most 100,000 log lines and has at most 64 pieces of progress open.",
        "export ended", .calling, check: "quiet")
    package static let destroyable = PluginRule(
        "BIO-P-060", "destroy works after every phase, also after one that failed.", "export ended", .calling,
        check: "destroy")
    package static let cancels = PluginRule(
        "BIO-P-061", "It ends within 2 seconds when the user asks to stop.", "export ended", .calling,
        check: "cancel")
    package static let faultsHandled = PluginRule(
        "BIO-P-062", "When a service fails, the phase returns a code: no crash, no hang, no success that is none.",
        "check fails", .checked, check: "faults")
    package static let validatePure = PluginRule(
        "BIO-P-063", "validate and plan write nothing.", "check fails", .checked, check: "plan-writes-nothing")
    package static let graphsTaken = PluginRule(
        "BIO-P-064",
        "Every graph is exported, or refused with a reason: one or 500 packages, odd names and modes.",
        "check fails", .checked, check: "graphs")
    package static let optionsTaken = PluginRule(
        "BIO-P-065", "Every value that the option table allows is taken, or refused with a reason.", "check fails",
        .checked, check: "options")
    package static let restartable = PluginRule(
        "BIO-P-066", "It keeps no state outside its exporters: two may live at once.", "check fails", .checked,
        check: "two-exporters")

    package static let jobLonger = PluginRule(
        "BIO-P-067",
        "An export takes the host's structs when they are longer than it knows, and makes the same of them.",
        "check fails", .checked, check: "structs-longer-export")
    package static let functionsTaken = PluginRule(
        "BIO-P-068",
        "A typed function takes every value of its signature: a result of its type or a reason, each time the same.",
        "check fails", .checked, check: "functions")

    package static let planIsRun = PluginRule(
        "BIO-P-070", "run emits what plan has emitted: no artifact more or less, of the same kind and name.",
        "export refused", .afterwards, check: "plan-is-run")
    package static let artifactsInside = PluginRule(
        "BIO-P-071", "Artifacts are regular files or directories in out_dir; no link leads out of them.",
        "export refused", .afterwards, check: "artifacts-inside")
    package static let artifactsTrue = PluginRule(
        "BIO-P-072", "Digest, size, kind and name of an artifact are true.", "export refused", .afterwards,
        check: "artifacts-true")
    package static let onePrimary = PluginRule(
        "BIO-P-073", "An export has one primary artifact, or images or exports of other formats.", "export refused",
        .afterwards, check: "one-primary")
    package static let reproducible = PluginRule(
        "BIO-P-074", "A format that calls itself reproducible makes the same bytes again, later and elsewhere.",
        "check fails", .checked, check: "reproducible")
    package static let environmentIndependent = PluginRule(
        "BIO-P-075", "Working directory, time zone, language and umask are in no artifact.", "check fails", .checked,
        check: "environment")

    package static let writesInside = PluginRule(
        "BIO-P-080", "Nothing is written outside of out_dir and scratch_dir.", "call refused", .sandbox,
        check: "writes-inside")
    package static let noProcesses = PluginRule(
        "BIO-P-081", "It starts no process, unless plugin.toml says `kind = \"exec\"` or `processes = true`.",
        "export ended", .sandbox, check: "no-processes")
    package static let noNetwork = PluginRule(
        "BIO-P-082", "It opens no socket, not even to this machine.", "call refused", .sandbox, check: "no-network")
    package static let listedTools = PluginRule(
        "BIO-P-083", "Programs that bio.host.tool/1 runs for it are listed in plugin.toml and granted by the policy.",
        "call refused", .calling)
    package static let processUnchanged = PluginRule(
        "BIO-P-084", "Working directory, umask, environment, locale and signal dispositions stay as they were.",
        "check fails", .checked, check: "process-unchanged")
    package static let threadsJoined = PluginRule(
        "BIO-P-085", "Threads that it started are joined before the phase returns.", "check fails", .checked,
        check: "threads-joined")
    package static let descriptorsClosed = PluginRule(
        "BIO-P-086", "Descriptors that it opened are closed when destroy returns.", "check fails", .checked,
        check: "descriptors-closed")
    package static let streamsUntouched = PluginRule(
        "BIO-P-087", "Standard input and output are left alone.", "check fails", .checked, check: "streams-untouched")
    package static let modestMemory = PluginRule(
        "BIO-P-088", "It stays within the limits of its process: memory, threads, descriptors, size of a file.",
        "call refused", .sandbox)
    package static let othersUntouched = PluginRule(
        "BIO-P-089", "It leaves other processes, the kernel and the machine's settings alone.", "call refused",
        .sandbox,
        check: "others-untouched")
}
