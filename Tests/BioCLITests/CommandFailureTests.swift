// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioAttestation
import BioCLI
import BioCrypto
import BioDocument
import BioExport
import BioHTTP
import BioHart
import BioOCI
import BioPackage
import BioPluginHost
import BioRegistry
import BioStore
import BioSupervisor
import BioSystem
import BioTemplate
import BioTestSupport
import BioTrust
import Testing

@testable import BioGraph

@Suite struct CommandFailureTests {
    /// One error of each code of each module, with the exit code it ends with.
    private static let codes: [(any Error & Sendable, ExitCode)] = {
        let system = SystemError("open", "/x", .permissionDenied)
        let key = try! KeyName(parsing: "acme-20260101000000")
        let ident = try! QualifiedIdent(parsing: "acme/app/1/2")
        let badIdent = PackageIdent.ParseError.pieceCount(text: "x", found: 1)
        let badName = KeyName.ParseError.noRevision(text: "x")
        let badTarget = PackageTarget.ParseError(text: "x")
        let badOrigin: Origin.ParseError = {
            do throws(Origin.ParseError) { _ = try Origin(parsing: "X") } catch { return error }
            preconditionFailure("X is no origin")
        }()
        let badReference: ImageReference.ParseError = {
            do throws(ImageReference.ParseError) { _ = try ImageReference(parsing: "X") } catch { return error }
            preconditionFailure("X is no reference")
        }()
        let badTemplate: TemplateError = {
            do throws(TemplateError) { _ = try Template(parsing: "{{", name: "x") } catch { return error }
            preconditionFailure("'{{' is no template")
        }()
        let badTable: TOMLWriter.Refusal = {
            do throws(TOMLWriter.Refusal) { _ = try DocumentValue.null.tomlText() } catch { return error }
            preconditionFailure("null is no table")
        }()
        let digest = Digest.blake2b256(of: [])
        let archive: [(ArchiveError, ExitCode)] = [
            (.memberAbsolute(path: [1]), .failure), (.memberEscapes(path: [1]), .failure),
            (.memberName(path: [1], .empty), .failure), (.memberKind(path: [1], kind: "socket"), .failure),
            (.linkTarget(path: [1], target: [1], .empty), .failure),
            (.hardLinkOutside(path: [1], target: [1]), .failure),
            (.writeThroughSymlink(path: [1], link: [1]), .failure), (.beneathFile(path: [1], file: [1]), .failure),
            (.duplicate(path: [1]), .failure), (.memberReplaces(path: [1], kind: "file"), .failure),
            (.tooLarge(.members, limit: 1), .failure), (.truncated, .failure), (.trailing, .failure),
            (.notDelivered("it says no", hint: nil), .failure),
            (.tar(.checksum, at: 512), .failure), (.memberTime(path: [1], seconds: -1), .failure),
            (.malformed("x"), .failure), (.bodySize(path: [1], announced: 1, delivered: 2), .failure),
            (.content(expected: digest, computed: digest), .trustRefused),
            (.libraryMissing("x"), .failure), (.cancelled, .interrupted), (.system(system), .failure),
        ]
        let keys: [(KeyError, ExitCode)] = [
            (.tooLong(limit: 1), .trustRefused), (.incomplete, .trustRefused),
            (.wrongMagic(found: "x", expected: ["y"]), .trustRefused), (.badName(badName), .trustRefused),
            (.unexpectedText(line: 3), .trustRefused), (.undecodable, .trustRefused),
            (.wrongSize(found: 1, expected: 2), .trustRefused), (.inconsistent, .trustRefused),
            (.noRandomness, .failure),
        ]
        let rings: [(KeyRingError, ExitCode)] = [
            (.missing(key, .signingPublic, path: "/x"), .trustRefused),
            (.noKey(name: "acme", .signingSecret, directory: "/x"), .trustRefused),
            (.unusable(path: "/x", .incomplete), .trustRefused), (.otherName(path: "/x", found: key), .trustRefused),
            (.notAFile(path: "/x"), .trustRefused), (.conflict(path: "/x"), .trustRefused),
            (.importRefused(.incomplete), .trustRefused), (.system(system), .failure),
            (.otherKind(path: "/x", found: .signingPublic, wanted: .boxPublic), .trustRefused),
        ]
        let harts: [(HartError, ExitCode)] = [
            (.notAHart(path: "x"), .failure), (.unsupportedFormat(path: "x", found: "HART-9"), .failure),
            (.headerIncomplete(path: "x", line: 1), .failure),
            (.headerLineTooLong(path: "x", line: 1, limit: 1), .failure), (.headerNotClosed(path: "x"), .failure),
            (.signerUnreadable(path: "x", text: "y"), .failure), (.unsupportedHash(path: "x", found: "y"), .failure),
            (.signatureUndecodable(path: "x"), .failure), (.keyMissing(path: "x", key, keyPath: "y"), .trustRefused),
            (.keyUnusable(path: "x", .notAFile(path: "y")), .trustRefused),
            (.signatureInvalid(path: "x", signer: key), .trustRefused),
            (.signerNotOrigin(path: "x", signer: key, ident: ident), .trustRefused),
            (.signedTextUnreadable(path: "x", signer: key), .trustRefused),
            (.altered(path: "x", expected: digest, computed: digest), .trustRefused),
            (.payload(path: "x", .truncated), .failure), (.payload(path: "x", .cancelled), .interrupted),
            (.memberOutsidePrefix(path: "x", member: [1]), .failure),
            (.prefixKind(path: "x", member: [1], kind: "file"), .failure),
            (.namesCollide(path: "x", first: [1], second: [2]), .failure), (.badPrefix(path: "x", badIdent), .failure),
            (.identMismatch(path: "x", ident: ident, prefix: ident), .failure),
            (.metafileMissing(path: "x", .ident), .failure), (.metafileTwice(path: "x", .ident), .failure),
            (.metafileKind(path: "x", .ident, kind: "link"), .failure),
            (.metafileTooLarge(path: "x", .ident, limit: 1), .failure),
            (.metadata(path: "x", .missing(.ident, of: ident)), .failure), (.inputChanged(path: "x"), .failure),
            (.notAFile(path: "x"), .failure), (.system(system), .failure),
        ]
        let stores: [(StoreError, ExitCode)] = [
            (.hart(.notAHart(path: "x")), .failure), (.hart(.signatureInvalid(path: "x", signer: key)), .trustRefused),
            (.extraction(artifact: "x", .truncated), .failure), (.extraction(artifact: "x", .cancelled), .interrupted),
            (.wrongTarget(artifact: "x", ident, found: .host, allowed: .host), .failure),
            (.otherPackage(artifact: "x", found: ident, expected: ident), .failure),
            (.dependenciesMissing([ident], of: ident, searched: ["/x"]), .packageNotFound),
            (.otherRoot(artifact: "x", ident, found: "hab", expected: "bio"), .failure),
            (.changed(path: "/x", ident), .trustRefused), (.occupied(path: "/x"), .failure),
            (.metadata(.badTarget(badTarget), of: "/x"), .failure),
            (.receipt(.altered, path: "/x"), .trustRefused), (.receipt(.tooLarge(limit: 1), path: "/x"), .failure),
            (.needed(ident, by: [ident]), .failure),
            (.cancelled, .interrupted), (.system(system), .failure),
        ]
        let place = DocumentPosition(line: 1, column: 1)
        let failure = HookFailure(
            hook: .install, ident: ident, ending: .exited(code: 3), lastLines: ["why"], log: "/x")
        let supervisors: [(SupervisorError, ExitCode)] = [
            (.badConfiguration(path: "/x", DocumentError(.notUTF8, at: place)), .failure),
            (.badMockData(path: "/x", DocumentError(.notUTF8, at: place)), .failure),
            (.badVariable("HAB_X", DocumentError(.notUTF8, at: place), language: "TOML"), .failure),
            (.tooDeep(origin: "/x", limit: 30), .failure), (.notText(path: "/x"), .failure),
            (.noAccount("user", "x", of: ident), .failure), (.linkInService(path: "/x"), .failure),
            (.badStatus(path: "/x", text: "y"), .failure),
            (.badSpec(path: "/x"), .failure), (.loaded(ident, spec: "/x"), .failure),
            (.refused(.badGroup("x"), path: "/x"), .failure), (.refused(.badGroup("x"), path: nil), .usage),
            (.badApplied(path: "/x"), .failure), (.badToken(path: "/x"), .failure),
            (.notWritable(badTable, path: "/x"), .failure),
            (.template(badTemplate, path: "/x", of: ident), .failure),
            (.hookNotStarted(.install, of: ident, system), .failure), (.hookFailed(failure), .failure),
            (.store(.cancelled), .interrupted), (.system(system), .failure), (.cancelled, .interrupted),
        ]
        let group = ServiceGroup(service: "x", group: "y")
        let refusals: [(ServiceRefusal, ExitCode)] = [
            (.badGroup("x"), .usage), (.badBind("x"), .usage), (.badAddress("x", "y"), .usage),
            (.bindTwice("x", of: ident), .usage), (.unknownBind("x", of: ident, known: []), .usage),
            (.unbound(["x"], of: ident), .usage), (.addressLacks(["x"], bind: "y", of: ident), .usage),
            (.bindCycle([group, group]), .failure), (.notInstalled(ident.ident), .packageNotFound),
            (.notRunnable(ident), .failure), (.memberMissing(ident, of: ident), .packageNotFound),
            (.noMember("x", of: ident, known: []), .usage), (.memberWithoutComposite("x"), .usage),
            (.bindWithoutMember("x", known: []), .usage), (.alreadyLoaded(group, ident.ident), .failure),
            (.notLoaded("x", known: []), .failure), (.supervisorRuns(pid: 1, lock: "/x"), .failure),
            (.noSupervisor(lock: "/x"), .failure), (.noProcessFiles, .failure), (.badAnswer("x"), .failure),
            (.membersAlike(ident, ident, of: ident), .failure), (.faultySpec("x", fault: "y"), .failure),
            (.unknownEntry("x", near: "y"), .failure), (.badEntry("x", "y", allowed: "z"), .failure),
            (.notNewer(version: 1, than: 2, group), .failure), (.needsRing("x", instead: "y"), .usage),
        ]
        let use = DirectError.Use(
            file: "hooks/run", position: DocumentPosition(line: 1, column: 1), path: "sys.ip", reason: .machine)
        let directs: [(DirectError, ExitCode)] = [
            (.needsSupervisor(use, of: ident), .failure), (.template(badTemplate, of: ident), .failure),
            (.badConfiguration(name: "x", DocumentError(.notUTF8, at: place)), .failure),
            (.tooDeep(name: "x", limit: 30), .failure), (.notBound(["x"], of: ident), .usage),
            (.refused(.badGroup("x")), .usage), (.noRunHook(ident), .usage),
            (.noInterpreter(hook: "hooks/run", of: ident), .failure),
        ]
        let binlinks: [(BinlinkError, ExitCode)] = [
            (.occupied(path: "/x"), .failure), (.outside(path: "/x", leadsTo: "/y", root: "/z"), .failure),
            (.system(system), .failure),
        ]
        let exports: [(ExportError, ExitCode)] = [
            (.changed(path: "/x", ident), .trustRefused), (.notExportable(path: "/x"), .failure),
            (.notFound(ident.ident, cache: "/x"), .packageNotFound),
            (.baseMissing([ident.ident], cache: "/x", option: "--none"), .packageNotFound),
            (.notInstalled("/x.hart"), .packageNotFound), (.noPackage, .failure),
        ]
        let option = PluginFailure(code: 2, subjectKind: .option, subject: "x", message: "no such x")
        let plugins: [(PluginError.Problem, ExitCode)] = [
            (.notLoaded(.noEntry), .pluginUnusable), (.unsound("x"), .pluginUnusable),
            (.descriptionStale, .pluginUnusable), (.missingService(format: "x", service: "y"), .pluginUnusable),
            (.crashed(.run, signal: "SIGSEGV", exitCode: nil), .pluginUnusable),
            (.hung(.run, seconds: 1), .pluginUnusable), (.flooded(lines: 1), .pluginUnusable),
            (.lied(.plan, "x"), .pluginUnusable), (.gaveNoReason(.run, code: 1), .pluginUnusable),
            (.failed(.run, option), .pluginUnusable), (.failed(.validate, option), .usage),
            (.failed(.plan, option), .usage),
            (.failed(.validate, PluginFailure(code: 2, message: "x")), .usage),
            (.failed(.validate, PluginFailure(code: 2, subjectKind: .package, subject: "a/b", message: "x")), .failure),
            (.failed(.validate, PluginFailure(code: 8, message: "x")), .pluginUnusable),
            (.notConfined("x"), .pluginUnusable), (.runnerBroken("x"), .failure),
            (.unconfined(gap: "x", because: "y"), .pluginUnusable),
            (.forbidden(.run, SandboxJudge.Refusal(call: "fork", purpose: .process)), .pluginUnusable),
            (.service(.run, ServiceError(.digest, "x", fault: .package)), .trustRefused),
            (.service(.run, ServiceError(.digest, "x")), .pluginUnusable),
            (.service(.run, ServiceError(.io, "x")), .failure),
            (.service(.run, ServiceError(.cancelled, "x")), .interrupted),
            (.service(.run, ServiceError(.misuse, "x")), .pluginUnusable),
        ]
        var all: [(any Error & Sendable, ExitCode)] = [
            (system, .failure), (Errno.noSpace, .failure), (badIdent, .usage), (badOrigin, .usage),
            (badTarget, .failure), (badName, .usage), (Digest.ParseError.noAlgorithm(text: "x"), .failure),
            (MetadataError.missing(.ident, of: ident), .failure), (ReceiptError.altered, .trustRefused),
            (ReceiptError.badLine(1, "x y"), .trustRefused),
            (ReceiptError.otherPackage(found: ident, expected: ident), .trustRefused),
            (ReceiptError.unknownFormat("x"), .failure), (ReceiptError.tooLarge(limit: 1), .failure),
            (ReceiptError.system(system), .failure),
            (badReference, .usage), (ImageLocation.ParseError.noKind("x"), .usage),
            (DocumentError(.notUTF8, at: DocumentPosition(line: 1, column: 1)), .failure),
            (DocumentError(.libraryMissing("x"), at: DocumentPosition(line: 1, column: 1)), .failure),
            (badTemplate, .failure), (badTable, .failure),
            (UsageError.missingCommand, .usage), (CommandSpec.Conflict.option("--x"), .pluginUnusable),
            (CommandFailure.interrupted, .interrupted), (GraphError.missing([]), .packageNotFound),
            (GraphError.cycle([ident]), .failure),
            (
                GraphError.conflict(
                    root: ident, GraphError.Claim(ident: ident, neededBy: ident),
                    GraphError.Claim(ident: ident, neededBy: ident)), .failure
            ), (PlacementError.badName("-x"), .failure),
            (PluginCatalog.LookupError.unknownFormat("x", known: []), .pluginUnusable),
            (PluginCatalog.LookupError.unknown(format: "x", system), .failure),
            (PluginProjectError.name("X"), .usage), (PluginProjectError.format("X"), .usage),
            (PluginProjectError.id("x", "is none"), .usage), (PluginProjectError.license("\""), .usage),
            (PluginProjectError.exists("/x"), .failure), (PluginProjectError.noTemplates("/x"), .failure),
            (PluginProjectError.system(system), .failure),
            (ExportCancelled(), .interrupted),
        ]
        let engines: [(EngineError, ExitCode)] = [
            (.unsupportedHost("tcp://x"), .usage), (.badTimeout("x"), .usage), (.absent(socket: "/x"), .failure),
            (.forbidden(socket: "/x", .permissionDenied), .failure),
            (.refused(action: "load the image", status: 500, message: "x"), .remoteRefused),
            (.silent(action: "load the image", socket: "/x", seconds: 1), .failure),
            (.died(action: "load the image", socket: "/x"), .failure),
            (.malformed(action: "load the image", problem: "x"), .failure),
            (.otherImage(name: "x", expected: digest, found: "y"), .remoteRefused),
            (.noImage(name: "x", known: []), .failure), (.unnamed(count: 2, known: []), .failure),
            (.layerLength(title: "x", announced: 1, delivered: 2), .failure), (.http(.cancelled), .interrupted),
        ]
        let exchanges: [(HTTPError, ExitCode)] = [
            (.notConnected(peer: "x", .permissionDenied), .failure), (.unknownHost(peer: "x"), .failure),
            (.connectTimedOut(peer: "x", seconds: 1), .failure), (.stalled(peer: "x", seconds: 1), .failure),
            (.cut(peer: "x"), .failure), (.malformed(peer: "x"), .failure), (.tooLarge(peer: "x", limit: 1), .failure),
            (.cancelled, .interrupted), (.libraryMissing("x"), .failure), (.failed(peer: "x", "y"), .failure),
            (.certificate(peer: "x", .expired), .trustRefused), (.certificate(peer: "x", .other("y")), .trustRefused),
            (.noTLS(peer: "x", "y"), .failure), (.ownCertificate("x"), .failure), (.authorities("x"), .failure),
            (.unknownProxy(peer: "x"), .failure), (.proxyRefused(peer: "x", status: 407), .failure),
        ]
        let registries: [(RegistryError, ExitCode)] = [
            (.refused(registry: "r", action: "a", status: 403, code: "DENIED", detail: "d"), .remoteRefused),
            (.unauthorized(registry: "r", action: "a", anonymous: true), .remoteRefused),
            (.missing(what: "manifest", place: "p"), .failure),
            (.otherContent(what: "blob", place: "p", expected: digest, found: digest), .trustRefused),
            (.malformed(registry: "r", problem: "p"), .failure), (.plainHTTP(registry: "r"), .failure),
            (.noPlatform(place: "p", wanted: "w", known: ["k"]), .failure),
            (.redirect(registry: "r", action: "a", problem: "p"), .remoteRefused),
            (.http(.cancelled), .interrupted), (.http(.cut(peer: "x")), .failure),
        ]
        let credentials: [(CredentialError, ExitCode)] = [
            (.file(path: "/x", problem: "it is no JSON", place), .failure), (.missingFile("/x"), .failure),
            (.helperName("a/b", path: "/x"), .failure), (.helperMissing("box"), .failure),
            (.helperFailed("box", action: "get", code: 1), .failure),
            (.helperKilled("box", action: "get", signal: "KILL"), .failure),
            (.helperSlow("box", action: "get", seconds: 1), .failure),
            (.helperNonsense("box", action: "get"), .failure),
            (.unsendable(place: "x"), .failure), (.variableAlone("X", missing: "Y"), .usage),
            (.variableUnknown("X"), .usage), (.variableHost("X"), .usage), (.system(system), .failure),
            (.cancelled, .interrupted),
        ]
        let amazon: [(AmazonError, ExitCode)] = [
            (.noKeys, .usage), (.unsendable, .usage), (.noRegion(registry: "x"), .usage), (.region("x"), .usage),
            (.endpoint(variable: "X"), .usage), (.refused(region: "x", status: 400, type: nil), .remoteRefused),
            (.malformed(region: "x"), .remoteRefused),
        ]
        let images: [(ImageError, ExitCode)] = [
            (.malformed(what: "index", place: "/x", problem: "it is no JSON object"), .failure),
            (.tooLarge(what: "index", place: "/x", limit: 1), .failure), (.system(system), .failure),
            (.tooMany(what: "images", place: "/x", limit: 1), .failure), (.nothingThere(path: "/x"), .failure),
            (.notALayout(path: "/x", problem: "it is no directory"), .failure), (.notAFile(path: "/x"), .failure),
            (.inTheWay(path: "/x"), .failure),
            (.notAnArchive(path: "/x", problem: "it is empty"), .failure), (.empty(place: "/x"), .failure),
            (.compressedArchive(path: "/x", by: "gzip"), .failure), (.blobFile(path: "/x"), .failure),
            (.noImage(place: "/x", wanted: "y", names: []), .failure), (.blobMissing(digest, place: "/x"), .failure),
            (.severalImages(place: "/x", names: ["y"]), .failure), (.compression(.xz, place: "/x"), .failure),
            (.blobSize(digest, place: "/x", expected: 1, found: 2), .failure),
            (.blobDigest(expected: digest, computed: digest, place: "/x"), .trustRefused),
            (.digestAlgorithm(digest: "sha512:0", place: "/x"), .failure),
            (.memberMissing(name: "x", place: "/x"), .failure), (.archive(path: "/x", .truncated), .failure),
            (.memberKind(name: "x", kind: "link", place: "/x"), .failure),
            (.archive(path: "/x", .cancelled), .interrupted),
        ]
        all +=
            engines.map { ($0.0, $0.1) } + exchanges.map { ($0.0, $0.1) }
            + registries.map { ($0.0, $0.1) } + credentials.map { ($0.0, $0.1) } + amazon.map { ($0.0, $0.1) }
        let imageFiles: [(ImageFilesError, ExitCode)] = [
            (.noLayers(place: "/x"), .failure), (.layer(title: "x", place: "/x", .truncated), .failure),
            (.layer(title: "x", place: "/x", .cancelled), .interrupted),
            (.otherContent(title: "x", place: "/x", found: digest, announced: digest), .trustRefused),
            (.layer(title: "x", place: "/x", .content(expected: digest, computed: digest)), .trustRefused),
        ]
        all += images.map { ($0.0, $0.1) } + imageFiles.map { ($0.0, $0.1) }
        let layers: [(LayerError, ExitCode)] = [
            (.compression(.xz), .usage), (.differs(title: "x", cache: "/x"), .trustRefused),
            (.unsafeCache(path: "/x"), .trustRefused), (.cache(system), .failure),
            (.cache(SystemError("lock", "/x", .cancelled)), .interrupted),
        ]
        let naming: [(ImageNamingError, ExitCode)] = [
            (.registryScheme("https://x", use: "x"), .usage), (.contradiction("tag-latest"), .usage),
        ]
        all += [
            (TrustPolicyError(path: "/x", line: 1, problem: "x is y"), .trustRefused),
            (CertificateError.keyAlone("/x"), .failure), (EnvelopeError.malformed("sig"), .trustRefused),
            (StatementError.malformed("subject"), .trustRefused),
            (AttestationError.nothingToSpeakOf("x"), .failure),
            (RegistryPlaceError(option: "push", value: "x", reason: "y is z"), .usage),
            (OptionRefusal(option: "cpu", reason: "x is no amount", hint: nil), .usage),
            (ServiceError(.digest, "x is y", fault: .package), .trustRefused), (ServiceError(.io, "x is y"), .failure),
            (ServiceError(.cancelled, "x is y"), .interrupted), (ServiceError(.misuse, "x is y"), .pluginUnusable),
        ]
        all += installing + trusting.map { ($0, .trustRefused) }
        all += layers.map { ($0.0, $0.1) } + naming.map { ($0.0, $0.1) }
        all += archive.map { ($0.0, $0.1) } + keys.map { ($0.0, $0.1) } + rings.map { ($0.0, $0.1) }
        all += children + exports.map { ($0.0, $0.1) } + plugins.map { (PluginError(plugin: "a.b", $0.0), $0.1) }
        return all + supervisors.map { ($0.0, $0.1) } + refusals.map { ($0.0, $0.1) } + binlinks.map { ($0.0, $0.1) }
            + directs.map { ($0.0, $0.1) }
            + harts.map { ($0.0, $0.1) }
            + stores.map { ($0.0, $0.1) }
    }()

    private static let installing: [(any Error & Sendable, ExitCode)] = {
        let version = ABIVersion(rawValue: 0x1_0000)
        let cases: [(PluginInstallError, ExitCode)] = [
            (.noPlugin(source: "x"), .pluginUnusable), (.severalPlugins(source: "x", ["a", "b"]), .pluginUnusable),
            (.stranger(source: "x", path: "y", why: "is a link"), .pluginUnusable),
            (.tooLarge(source: "x"), .pluginUnusable), (.disagree(plugin: "a.b", "x says y"), .pluginUnusable),
            (.otherTarget(plugin: "a.b", .aarch64Linux), .pluginUnusable),
            (.otherABI(plugin: "a.b", built: version, needed: version), .pluginUnusable),
            (.present(plugin: "a.b", version: "1", wanted: "1", directory: "/x"), .failure),
            (.present(plugin: "a.b", version: "1", wanted: "2", directory: "/x"), .failure),
            (.bundled(plugin: "a.b", directory: "/x"), .pluginUnusable),
            (.absent(plugin: "a.b", place: "/x"), .failure),
            (.notInstalledHere(plugin: "a.b", directory: "/x"), .failure),
            (.older(plugin: "a.b", version: "1", installed: "2"), .failure), (.noSource(plugin: "a.b"), .failure),
            (.declined(plugin: "a.b"), .failure),
        ]
        return cases.map { ($0.0, $0.1) }
    }()

    private static let trusting: [PluginTrustError] = [
        .altered(plugin: "a.b", directory: "/x", file: "y"), .badSignature(plugin: "a.b", "x is y"),
        .otherFiles(plugin: "a.b", changed: ["x"], missing: [], extra: []), .unsigned(plugin: "a.b"),
        .unknownKey(plugin: "a.b", key: try! KeyName(parsing: "acme-20260101000000")),
        .keyLost(plugin: "a.b", expected: "acme-1"), .otherKey(plugin: "a.b", found: "x", expected: "y"),
    ]

    @Test func everyCodeHasItsExitCodeAndASentence() {
        for (error, code) in Self.codes {
            let failure = CommandFailure(mapping: error)
            #expect(failure.exitCode == code, "\(error)")
            #expect(!failure.message.isEmpty && failure.message.last != ".", "\(failure.message)")
            // A sentence, not the name of a case.
            #expect(failure.message.contains(" ") || failure.kind == .interrupted, "\(failure.message)")
        }
    }

    private static var children: [(any Error, ExitCode)] {
        func error(_ problem: ChildExportError.Problem) -> ChildExportError {
            ChildExportError(parent: "kubernetes", format: "docker", problem)
        }
        let unknown = PluginCatalog.LookupError.unknownFormat("docker", known: [])
        return [
            (error(.unavailable(unknown)), .pluginUnusable), (error(.refused(UsageError.missingCommand)), .usage),
            (error(.failed(ExportCancelled())), .interrupted), (error(.failed(PlacementError.badName("-x"))), .failure),
            (error(.cycle(["a", "a"])), .pluginUnusable), (error(.tooDeep(["a"])), .pluginUnusable),
            (error(.tooMany(1)), .pluginUnusable),
            (error(.nameTaken("a:b")), .usage), (error(.placeTaken("a")), .usage), (error(.noImage), .pluginUnusable),
            (error(.noRoot(1)), .pluginUnusable),
        ]
    }

    @Test func aChildIsToldWithWhoAskedForItAndWhatToDo() {
        var error = ChildExportError(
            parent: "kubernetes", format: "docker",
            .unavailable(PluginCatalog.LookupError.unknownFormat("docker", known: ["tar"])))
        error.advice = "leave the image out with --no-docker-image"
        let failure = CommandFailure(mapping: error)
        #expect(
            failure.message
                == "the format 'kubernetes' needs an export as 'docker': no plugin exports the format 'docker'")
        #expect(
            failure.hints == ["there are: tar; see 'bio plugin list'", "leave the image out with --no-docker-image"])
    }

    /// Of a type whose cases end differently, every case stands above: one that is not decided ends as any failure.
    @Test func everyCaseThatIsMappedByItselfIsDecided() throws {
        var decided: [String: Set<String>] = [:]
        for (error, _) in Self.codes {
            let name =
                (error as? PluginError).map { Self.caseName($0.problem) }
                ?? (error as? ChildExportError).map { Self.caseName($0.problem) } ?? Self.caseName(error)
            decided["\(type(of: error))", default: []].insert(name)
        }
        let mapping = try SourceTree.text("Core/BioCLI/CommandFailure+Mapping.swift")
        let types = mapping.matches(of: /case let error as (\w+Error): self.init\(error\)/).map { String($0.output.1) }
        #expect(types.count >= 7)
        for type in types {
            let declared = try Self.cases(of: type)
            #expect(!declared.isEmpty, "\(type)")
            let missing = declared.subtracting(decided[type] ?? [])
            #expect(missing.isEmpty, "\(type): which exit code has \(missing.sorted())?")
        }
    }

    /// An error type that the table does not know must be one that never leaves its module.
    @Test func everyErrorTypeIsInTheTable() throws {
        let inner: Set<String> = [
            "FrameError", "LoadRefusal", "Wrong", "VersionOrder.Undecidable", "Compression.ParseError",
            "TemplateFunctionError", "ReferenceGrammar.Fault", "ChildExchange.Failure", "YAMLScalar.Problem",
            "DocumentRefusal", "ChildRecording.Failure", "PluginPattern.ParseError", "FunctionError",
            "PluginFiles.Stranger", "ConformanceCancelled", "PluginNarration.Breach",
        ]
        let mapping = try SourceTree.text("Core/BioCLI/CommandFailure+Mapping.swift")
        let declaration = /^ *(package )?(enum|struct) (\w+):.*\bError\b.*/
        for path in try SourceTree.files("Core", ".swift") {
            for line in try SourceTree.lines(path) {
                guard let match = String(line).wholeMatch(of: declaration) else { continue }
                let name = String(match.output.3)
                let file = path.split(separator: "/").last?.dropLast(6).prefix { $0 != "+" } ?? ""
                let isKnown = mapping.contains("s \(name):") || mapping.contains("as \(file).\(name):")
                #expect(isKnown || inner.contains(name) || inner.contains("\(file).\(name)"), "\(path): \(name)")
            }
        }
    }

    /// What an error prints of itself is a sentence; this is the name of its case.
    private static func caseName<Value>(_ value: Value) -> String {
        enumCaseName(value).map { String(cString: $0) } ?? ""
    }

    /// The names of the cases that the sources give an error type, or its problem.
    private static func cases(of type: String) throws -> Set<String> {
        var found: Set<String> = []
        for path in try SourceTree.files("Core", ".swift") where path.hasSuffix("/\(type).swift") {
            var indent: String?
            for line in try SourceTree.lines(path) {
                if line.contains("enum \(type): ") { indent = "    " }
                if line.contains("enum Problem: ") { indent = "        " }
                if line == "}" { indent = nil }
                guard let indent else { continue }
                if line.hasPrefix("\(indent)case "), !line.contains("case .") {
                    // Labels in brackets are no cases.
                    let plain = line.dropFirst(indent.count + 5).replacing(/\([^()]*(\([^()]*\)[^()]*)*\)/, with: "")
                    for name in plain.split(separator: ",") {
                        found.insert(name.trimmingPrefix(" ").prefix { $0.isLetter || $0.isNumber }.description)
                    }
                }
            }
        }
        return found
    }

    @Test func exitCodesAreTheDocumentedOnes() {
        #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 3, 4, 5, 6, 7, 64, 130])
        #expect(Set(CommandFailure.Kind.allCases.map(\.exitCode)).count == 8)
    }
}

/// The runtime's own name of an enum's case, as `print` shows it when a type has no description.
@_silgen_name("swift_EnumCaseName") private func enumCaseName<Value>(_ value: Value) -> UnsafePointer<CChar>?
