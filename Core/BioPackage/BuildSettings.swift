// SPDX-License-Identifier: Apache-2.0

/// What a package tells the plans that depend on it (package-model: 5): nothing at run time reads any of it.
package struct BuildSettings: Hashable, Sendable {
    /// Directories of LD_RUN_PATH, PKG_CONFIG_PATH, LIB_DIRS and INCLUDE_DIRS.
    package let ldRunPath: [String]
    package let pkgConfigPath: [String]
    package let libDirs: [String]
    package let includeDirs: [String]
    /// Words of LDFLAGS, CFLAGS, CPPFLAGS and CXXFLAGS.
    package let ldflags: [String]
    package let cflags: [String]
    package let cppflags: [String]
    package let cxxflags: [String]
    package let buildtimeEnvironment: [PackageMetadata.Entry]
    package let buildtimeEnvironmentPaths: [PackageMetadata.PathVariable]
    /// Which packages gave a variable its value: `KEY=ident [ident…]`.
    package let buildtimeProvenance: [PackageMetadata.Entry]
    package let runtimeProvenance: [PackageMetadata.Entry]
    /// ENVIRONMENT and ENVIRONMENT_SEP of 2017, before there were the files above; the latter tells what stands between
    /// the values of several packages.
    package let legacyEnvironment: [PackageMetadata.Entry]
    package let legacySeparators: [PackageMetadata.Entry]

    /// `separator` stands between the directories of a search path.
    init(_ reader: MetaFileReader, separator: UInt8) throws(MetadataError) {
        ldRunPath = reader.pieces(.ldRunPath, separator: separator) ?? []
        pkgConfigPath = reader.pieces(.pkgConfigPath, separator: separator) ?? []
        libDirs = reader.pieces(.libDirs, separator: separator) ?? []
        includeDirs = reader.pieces(.includeDirs, separator: separator) ?? []
        ldflags = reader.words(.ldflags)
        cflags = reader.words(.cflags)
        cppflags = reader.words(.cppflags)
        cxxflags = reader.words(.cxxflags)
        buildtimeEnvironment = try reader.entries(.buildtimeEnvironment)
        buildtimeEnvironmentPaths = try reader.pathVariables(.buildtimeEnvironmentPaths)
        buildtimeProvenance = try reader.entries(.buildtimeEnvironmentProvenance)
        runtimeProvenance = try reader.entries(.runtimeEnvironmentProvenance)
        legacyEnvironment = try reader.entries(.environment)
        legacySeparators = try reader.entries(.environmentSep)
    }
}
