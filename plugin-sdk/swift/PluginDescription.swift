// SPDX-License-Identifier: Apache-2.0

/// Who a plugin is, and the formats it offers. The C side of it is `bio_plugin`.
public struct PluginDescription: Sendable {
    /// Reverse domain, as in `org.biome.tar`.
    public var id: String
    public var name: String
    public var version: String
    public var vendor: String
    /// An SPDX expression.
    public var license: String
    public var url: String
    public var formats: [FormatDescription]
    public var functions: [Function]

    public init(
        id: String, name: String, version: String, vendor: String = "", license: String, url: String = "",
        formats: [FormatDescription], functions: [Function] = []
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.vendor = vendor
        self.license = license
        self.url = url
        self.formats = formats
        self.functions = functions
    }
}

/// One format: what the user types, its options, and the type that exports it. The C side of it is `bio_format`.
public struct FormatDescription: Sendable {
    /// What the user types: `[a-z][a-z0-9-]{1,31}`.
    public var id: String
    public var aliases: [String]
    public var summary: String
    public var doc: String
    public var options: [Option]
    public var groups: [OptionGroup]
    public var basePackages: [BasePackage]
    public var artifactKinds: [String]
    /// Host services the format cannot do without.
    public var needs: [HostService]
    /// The same graph and options give the same bytes.
    public var isReproducible: Bool
    /// There is one primary file, which `-o -` can send to standard output.
    public var isStreamable: Bool
    /// It goes there when the user names no place.
    public var isStreamed: Bool
    /// Before every tag that the user's naming options make: `cf-`.
    public var tagPrefix: String
    public var exporter: any Exporter.Type

    public init(
        id: String, aliases: [String] = [], summary: String, doc: String = "", options: [Option] = [],
        groups: [OptionGroup] = [], basePackages: [BasePackage] = [], artifactKinds: [String],
        needs: [HostService] = [], isReproducible: Bool = true, isStreamable: Bool = false,
        isStreamed: Bool = false, tagPrefix: String = "", exporter: any Exporter.Type
    ) {
        self.id = id
        self.aliases = aliases
        self.summary = summary
        self.doc = doc
        self.options = options
        self.groups = groups
        self.basePackages = basePackages
        self.artifactKinds = artifactKinds
        self.needs = needs
        self.isReproducible = isReproducible
        self.isStreamable = isStreamable || isStreamed
        self.isStreamed = isStreamed
        self.tagPrefix = tagPrefix
        self.exporter = exporter
    }
}

/// Options that the host offers by name and acts on itself.
public enum OptionGroup: String, Sendable {
    /// Where packages come from, and the base packages.
    case packages = "bio.options.packages/1"
    /// What an image is called.
    case imageName = "bio.options.image-name/1"
    /// Where images go, and how their layers are made and packed. Of a format that does not need `.oci` itself they are
    /// for its child exports.
    case image = "bio.options.image/1"
}

/// The services of the host, by their ids in `bio_export.h`.
public enum HostService: String, Sendable, CaseIterable {
    case log = "bio.host.log/1"
    case progress = "bio.host.progress/1"
    case cancel = "bio.host.cancel/1"
    case fail = "bio.host.fail/1"
    case arena = "bio.host.arena/1"
    case files = "bio.host.files/1"
    case rootfs = "bio.host.rootfs/1"
    case archive = "bio.host.archive/1"
    case oci = "bio.host.oci/1"
    case registry = "bio.host.registry/1"
    case document = "bio.host.document/1"
    case chain = "bio.host.chain/1"
    case tool = "bio.host.tool/1"
    case secret = "bio.host.secret/1"
    case template = "bio.host.template/1"
}

/// A package that a format adds to the user's so that the result can run. The C side of it is `bio_base_package`.
public struct BasePackage: Sendable {
    public enum Role: UInt32, Sendable { case cli = 1, supervisor, launcher, shell, certificates, other }

    public var role: Role
    /// Conditions with blanks between them, any of which is enough: `option` (a flag that is set) or `option=value`;
    /// nil: never omitted.
    public var omitWhen: String?
    /// Of `.other`: the user chooses another package with `--NAME-pkg`.
    public private(set) var name = ""
    /// Of `.other`: `name` or `origin/name`.
    public private(set) var package = ""

    public init(_ role: Role, omitWhen: String? = nil) {
        self.role = role
        self.omitWhen = omitWhen
    }

    /// Any package, which the user can choose another for with `--NAME-pkg`.
    public static func other(_ name: String, package: String, omitWhen: String? = nil) -> BasePackage {
        var base = BasePackage(.other, omitWhen: omitWhen)
        base.name = name
        base.package = package
        return base
    }
}
