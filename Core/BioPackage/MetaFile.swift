// SPDX-License-Identifier: Apache-2.0

/// A file directly in a package's directory that says something of the package. The raw value is the file's name.
package enum MetaFile: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case ident = "IDENT"
    case target = "TARGET"
    case type = "TYPE"
    case packageType = "PACKAGE_TYPE"
    case deps = "DEPS"
    case tdeps = "TDEPS"
    case buildDeps = "BUILD_DEPS"
    case buildTdeps = "BUILD_TDEPS"
    case path = "PATH"
    case runtimePath = "RUNTIME_PATH"
    case runtimeEnvironment = "RUNTIME_ENVIRONMENT"
    case runtimeEnvironmentPaths = "RUNTIME_ENVIRONMENT_PATHS"
    case runtimeEnvironmentProvenance = "RUNTIME_ENVIRONMENT_PROVENANCE"
    case buildtimeEnvironment = "BUILDTIME_ENVIRONMENT"
    case buildtimeEnvironmentPaths = "BUILDTIME_ENVIRONMENT_PATHS"
    case buildtimeEnvironmentProvenance = "BUILDTIME_ENVIRONMENT_PROVENANCE"
    case environment = "ENVIRONMENT"
    case environmentSep = "ENVIRONMENT_SEP"
    case exports = "EXPORTS"
    case exposes = "EXPOSES"
    case binds = "BINDS"
    case bindsOptional = "BINDS_OPTIONAL"
    case bindMap = "BIND_MAP"
    case services = "SERVICES"
    case resolvedServices = "RESOLVED_SERVICES"
    case svcUser = "SVC_USER"
    case svcGroup = "SVC_GROUP"
    case shutdownSignal = "SHUTDOWN_SIGNAL"
    case shutdownTimeout = "SHUTDOWN_TIMEOUT"
    case interpreters = "INTERPRETERS"
    case ldRunPath = "LD_RUN_PATH"
    case ldflags = "LDFLAGS"
    case cflags = "CFLAGS"
    case cppflags = "CPPFLAGS"
    case cxxflags = "CXXFLAGS"
    case pkgConfigPath = "PKG_CONFIG_PATH"
    case libDirs = "LIB_DIRS"
    case includeDirs = "INCLUDE_DIRS"
    case runtimeSandbox = "RUNTIME_SANDBOX"
    case manifest = "MANIFEST"
    case defaultToml = "default.toml"
    /// A signed list of the package's files; it grows with them and is never part of `PackageMetadata`.
    case files = "FILES"

    /// Longer metafiles are refused wherever one is read.
    package static let byteLimit = 4 << 20

    /// The files that `PackageMetadata` is made of.
    package static let metadata: [MetaFile] = allCases.filter { $0 != .files }

    package var description: String { rawValue }
}
