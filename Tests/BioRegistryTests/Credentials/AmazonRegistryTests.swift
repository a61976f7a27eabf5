// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
import BioRegistry
import BioSystem
import BioTestSupport
import Testing

/// Against a service that works every signature out again (Tests/Support/registries/amazon).
@Suite(.timeLimit(.minutes(15))) struct AmazonRegistryTests {
    private static let host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    private static let session = "IQoJb3JpZ2luX2VjEXAMPLE/+=="
    private static let settings = RegistrySettings(retries: 2)

    private func credential(
        from service: AmazonService, of registry: String = host, secret: String = AmazonService.secret,
        region: String? = nil, variables: [String: String] = [:]
    ) throws -> RegistryCredential {
        var variables = variables
        variables["AWS_ENDPOINT_URL"] = service.address
        let keys = try AmazonKeys(accessKey: AmazonService.access, secretKey: secret) { variables[$0] }
        let place = try AmazonRegistry(RegistryHost(registry), region: region) { variables[$0] }
        return try place.credential(keys, Self.settings)
    }

    private static let expected = RegistryCredential.basic(username: "AWS", password: AmazonService.password)

    @Test func theRegionIsInTheRegistrysName() throws {
        let service = try AmazonService()
        #expect(try credential(from: service) == Self.expected)
        #expect(try service.seen() == "good\n")
    }

    @Test func aSessionIsShownAndSigned() throws {
        let service = try AmazonService(session: Self.session)
        #expect(try credential(from: service, variables: ["AWS_SESSION_TOKEN": Self.session]) == Self.expected)
        let own = ["AWS_ACCESS_KEY_ID": AmazonService.access, "AWS_SESSION_TOKEN": Self.session]
        #expect(try credential(from: service, variables: own) == Self.expected)
        #expect(try service.seen() == "good\ngood\n")
    }

    /// The session of the variables belongs to their key, not to the one that is given.
    @Test func theSessionOfAnotherKeyIsNotShown() throws {
        let service = try AmazonService()
        let other = ["AWS_ACCESS_KEY_ID": "AKIDOTHER", "AWS_SESSION_TOKEN": Self.session]
        #expect(try credential(from: service, variables: other) == Self.expected)
    }

    @Test(
        arguments: [
            ("111122223333.dkr.ecr.ap-southeast-2.amazonaws.com", nil, "ap-southeast-2"),
            ("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com", nil, "us-gov-west-1"),
            ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", nil, "cn-north-1"),
            ("111122223333.dkr-ecr.eu-central-1.on.aws", nil, "eu-central-1"),
            ("mirror.example", nil, "sa-east-1"), ("mirror.example", "eu-north-1", "eu-north-1"),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com", "eu-north-1", "eu-north-1"),
        ] as [(String, String?, String)])
    func anyRegionDoes(_ registry: String, _ given: String?, _ region: String) throws {
        let service = try AmazonService(region: region)
        let variables = ["AWS_REGION": "sa-east-1", "AWS_DEFAULT_REGION": "us-east-2"]
        #expect(try credential(from: service, of: registry, region: given, variables: variables) == Self.expected)
    }

    @Test func thePublicRegistryHasAServiceOfItsOwn() throws {
        let service = try AmazonService(region: "us-east-1", service: "ecr-public", target: "SpencerFrontendService")
        #expect(try credential(from: service, of: "public.ecr.aws", region: "eu-west-1") == Self.expected)
    }

    @Test func aWrongKeyIsRefusedAndNothingOfItIsRepeated() throws {
        let service = try AmazonService(session: Self.session)
        let error = #expect(throws: AmazonError.self) {
            try credential(from: service, secret: "other", variables: ["AWS_SESSION_TOKEN": Self.session])
        }
        #expect(error == .refused(region: "eu-west-1", status: 400, type: "InvalidSignatureException"))
        #expect(try service.seen() == "another signature\n")
        let text = "\(error!) \(error?.hint ?? "")"
        #expect(![AmazonService.secret, Self.session, AmazonService.access].contains { text.contains($0) })
    }

    @Test func whatPassesIsTriedAgain() throws {
        let service = try AmazonService(answers: [500, 429])
        #expect(try credential(from: service) == Self.expected)
        #expect(try service.seen() == "good\ngood\ngood\n")
        let down = try AmazonService(answers: [503, 503, 503, 503])
        #expect(throws: AmazonError.refused(region: "eu-west-1", status: 503, type: "InvalidSignatureException")) {
            try credential(from: down)
        }
        let denied = try AmazonService(answers: [403])
        #expect(throws: AmazonError.self) { try credential(from: denied) }
        #expect(try denied.seen() == "good\n")
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"authorizationData":[]}"#, #"{"authorizationData":[{"authorizationToken":1}]}"#,
        #"{"authorizationData":[{"authorizationToken":"bm90aGluZw=="}]}"#,
        #"{"authorizationData":[{"authorizationToken":"QVdTOmEKYg=="}]}"#,
    ])
    func anAnswerThatIsNoneIsRefused(_ body: String) throws {
        let service = try AmazonService(answers: [.string(body)])
        #expect(throws: AmazonError.malformed(region: "eu-west-1")) { try credential(from: service) }
    }

    // MARK: - Without asking

    private func registry(_ name: String, region: String? = nil, _ variables: [String: String] = [:]) throws {
        _ = try AmazonRegistry(RegistryHost(name), region: region) { variables[$0] }
    }

    @Test func whatCannotBeIsSaidBeforeAnybodyIsAsked() throws {
        #expect(throws: AmazonError.noRegion(registry: "mirror.example")) { try registry("mirror.example") }
        for text in ["", "eu west", "eu-west-1.evil.example/", "-x", "EU", String(repeating: "a", count: 33)] {
            #expect(throws: AmazonError.region(text)) { try registry(Self.host, region: text) }
        }
        for text in ["ftp://x", "x", "https://", "https://a:b@x", "https://x/?q=1"] {
            #expect(throws: AmazonError.endpoint(variable: "AWS_ENDPOINT_URL_ECR")) {
                try registry(Self.host, ["AWS_ENDPOINT_URL_ECR": text])
            }
        }
    }

    @Test func aServiceElsewhereIsNotAskedOverHTTP() throws {
        let variables = ["AWS_ENDPOINT_URL": "http://ecr.example"]
        let place = try AmazonRegistry(RegistryHost(Self.host)) { variables[$0] }
        let keys = try AmazonKeys(accessKey: "a", secretKey: "b") { _ in nil }
        #expect(throws: RegistryError.plainHTTP(registry: "ecr.example")) { try place.credential(keys, Self.settings) }
    }

    @Test func keysComeFromOptionsOrVariables() throws {
        let variables = ["AWS_ACCESS_KEY_ID": "one", "AWS_SECRET_ACCESS_KEY": "two", "AWS_SESSION_TOKEN": "three"]
        let keys = try AmazonKeys(accessKey: nil, secretKey: nil) { variables[$0] }
        #expect("\(keys) \(String(reflecting: keys))" == "an access key an access key")
        #expect(throws: AmazonError.noKeys) { _ = try AmazonKeys(accessKey: nil, secretKey: nil) { _ in nil } }
        for bad in ["a b", "a\nb", ""] {
            #expect(throws: AmazonError.unsendable) { _ = try AmazonKeys(accessKey: bad, secretKey: "x") { _ in nil } }
        }
    }
}
