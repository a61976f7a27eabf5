// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Testing

@testable import BioRegistry

@Suite struct BlobPlacesTests {
    private static let digest = Digest.sha256(of: [1])
    private static let other = Digest.sha256(of: [2])
    private static let host = RegistryHost("registry.example:5000")

    private static func repository(_ path: String) -> BioRegistry.Repository { .init(host, path: path) }

    @Test func whatIsRememberedIsThereForTheNextRunTheNewestFirst() throws {
        let scratch = try Scratch()
        let directory = scratch.file("cache/registries")
        let places = BlobPlaces(directory: directory)
        places.remember(Self.digest, in: Self.repository("a/one"))
        places.remember(Self.digest, in: Self.repository("a/two"))
        places.remember(Self.other, in: Self.repository("a/three"))
        #expect(places.repositories(of: Self.digest, at: Self.host) == ["a/two", "a/one"])
        places.save()
        let later = BlobPlaces(directory: directory)
        #expect(later.repositories(of: Self.digest, at: Self.host) == ["a/two", "a/one"])
        #expect(later.repositories(of: Self.digest, at: RegistryHost("other.example")) == [])
        let mode = try FileStatus.of("\(directory)/blobs-registry.example:5000")?.mode
        #expect(mode.map { $0 & 0o777 } == 0o600)
    }

    @Test func twoRunsDoNotLoseWhatTheOtherLearned() throws {
        let scratch = try Scratch()
        let (one, two) = (BlobPlaces(directory: scratch.path), BlobPlaces(directory: scratch.path))
        #expect(one.repositories(of: Self.digest, at: Self.host) == [])
        #expect(two.repositories(of: Self.digest, at: Self.host) == [])
        one.remember(Self.digest, in: Self.repository("one"))
        two.remember(Self.other, in: Self.repository("two"))
        one.save()
        two.save()
        let later = BlobPlaces(directory: scratch.path)
        #expect(later.repositories(of: Self.digest, at: Self.host) == ["one"])
        #expect(later.repositories(of: Self.other, at: Self.host) == ["two"])
        later.forget(Self.digest, in: Self.repository("one"))
        later.save()
        #expect(BlobPlaces(directory: scratch.path).repositories(of: Self.digest, at: Self.host) == [])
    }

    @Test func anUploadIsOnTheMediumAtOnceAndOneForEachBlob() throws {
        let scratch = try Scratch()
        let places = BlobPlaces(directory: scratch.path)
        let repository = Self.repository("a")
        places.rememberUpload(of: Self.digest, in: repository, location: "/v2/a/blobs/uploads/1")
        places.rememberUpload(
            of: Self.digest, in: repository,
            location: "https://registry.example:5000/v2/a/blobs/uploads/2?_state=aZ-_%3D")
        let later = BlobPlaces(directory: scratch.path)
        #expect(later.upload(of: Self.digest, in: repository) == "/v2/a/blobs/uploads/2?_state=aZ-_%3D")
        #expect(later.repositories(of: Self.digest, at: Self.host) == [])
        #expect(later.upload(of: Self.digest, in: Self.repository("b")) == nil)
        let rival = BlobPlaces(directory: scratch.path)
        #expect(rival.upload(of: Self.digest, in: repository) != nil)
        #expect(later.takeUpload(of: Self.digest, in: repository) == "/v2/a/blobs/uploads/2?_state=aZ-_%3D")
        // One goes on with it, and nobody else.
        #expect(rival.takeUpload(of: Self.digest, in: repository) == nil)
        #expect(later.takeUpload(of: Self.digest, in: repository) == nil)
        #expect(BlobPlaces(directory: scratch.path).upload(of: Self.digest, in: repository) == nil)
    }

    @Test(arguments: [
        "https://storage.example/upload?signature=s3cret", "/v2/a/blobs/uploads/1?signature=s3cret",
        "/v2/a/blobs/uploads/1?_state=a&token=s3cret", "https://user:s3cret@registry.example:5000/v2/a/uploads/1",
        "//storage.example/s3cret", "relative/s3cret", "/v2/a/\u{1B}s3cret", "https://registry.example:5000",
        "/v2/" + String(repeating: "s3cret", count: 400),
    ])
    func aLocationThatMightHoldASecretIsNotKept(_ location: String) throws {
        let scratch = try Scratch()
        let places = BlobPlaces(directory: scratch.path)
        places.rememberUpload(of: Self.digest, in: Self.repository("a"), location: location)
        places.save()
        #expect(places.upload(of: Self.digest, in: Self.repository("a")) == nil)
        #expect(try Directory.names(scratch.path).isEmpty)
    }

    @Test func linesThatMakeNoSenseAreNoLoss() {
        let good = "\(Self.digest.hex) core/a"
        let text = """
            bio-blob-places/1
            \(good)
            \(Self.other.hex) ../../etc?x
            \(Self.other.hex) core/b https://elsewhere/?token=1
            nonsense
            \(Self.other.hex)
            \(Self.other.hex) core/b /v2/u and more

            """
        let list = BlobPlaceList(parsing: Array(text.utf8))
        #expect(String(decoding: list.bytes, as: UTF8.self) == "bio-blob-places/1\n\(good)\n")
        #expect(BlobPlaceList(parsing: Array("other/1\n\(good)\n".utf8)).repositories(of: Self.digest) == [])
        #expect(BlobPlaceList(parsing: []).repositories(of: Self.digest) == [])
    }

    @Test func theOldestAreForgottenWhenThereAreTooMany() {
        var list = BlobPlaceList(limit: 100)
        for number in 0..<110 {
            let digest = Digest.sha256(of: withUnsafeBytes(of: number) { Array($0) })
            list.apply(.add(.init(digest: digest, repository: "a", upload: nil)))
        }
        let lines = list.bytes.split(separator: 0x0A)
        #expect(lines.count == 101)
        let first = Digest.sha256(of: withUnsafeBytes(of: 0) { Array($0) })
        #expect(BlobPlaceList(parsing: list.bytes).repositories(of: first) == [])
    }

    @Test func whereNothingCanBeWrittenNothingFails() {
        let places = BlobPlaces(directory: "/proc/nothing/here")
        places.remember(Self.digest, in: Self.repository("a"))
        places.save()
        #expect(places.repositories(of: Self.digest, at: Self.host) == ["a"])
    }
}
