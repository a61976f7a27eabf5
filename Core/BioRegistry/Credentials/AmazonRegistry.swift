// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
import BioSystem

/// Amazon's Elastic Container Registry as far as it is its own: who may push there is asked of a service of the region,
/// which gives a password for twelve hours (API ECR 2015-09-21, "GetAuthorizationToken").
package struct AmazonRegistry: Sendable {
    private let region: String
    private let endpoint: HTTPURL
    /// `public.ecr.aws` has a service of its own.
    private let isPublic: Bool

    private static let answerLimit = 1 << 16
    private static let publicHost = "public.ecr.aws"

    /// `region` is what the user says; else the registry's name tells it, as in
    /// `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, else `AWS_REGION` or `AWS_DEFAULT_REGION`. `AWS_ENDPOINT_URL_ECR`, or
    /// `AWS_ENDPOINT_URL`, is asked in place of the region's own service.
    package init(
        _ registry: RegistryHost, region: String? = nil, lookup: (String) -> String?
    ) throws(AmazonError) {
        isPublic = registry.name == Self.publicHost
        let parts = Self.parts(of: registry.name)
        // The public registry's service is in one place alone.
        let told = isPublic ? "us-east-1" : region ?? parts?.region
        guard let found = told ?? lookup("AWS_REGION") ?? lookup("AWS_DEFAULT_REGION") else {
            throw .noRegion(registry: registry.name)
        }
        guard found.utf8.count <= 32, found.utf8.first != 0x2D, Self.isName(found) else { throw .region(found) }
        self.region = found
        let own = isPublic ? lookup("AWS_ENDPOINT_URL_ECR_PUBLIC") : lookup("AWS_ENDPOINT_URL_ECR")
        if let text = own ?? lookup("AWS_ENDPOINT_URL") {
            guard let url = HTTPURL(text), !url.target.contains("?") else {
                let name = own == nil ? "AWS_ENDPOINT_URL" : "AWS_ENDPOINT_URL_ECR" + (isPublic ? "_PUBLIC" : "")
                throw .endpoint(variable: name)
            }
            endpoint = url
            return
        }
        let domain = found.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let service = isPublic ? "api.ecr-public" : parts?.isFIPS == true ? "ecr-fips" : "api.ecr"
        endpoint = HTTPURL(scheme: "https", host: "\(service).\(found).\(domain)", port: nil, target: "/")
    }

    /// What the name of a registry tells: `ACCOUNT.dkr.ecr.REGION.…` or `ACCOUNT.dkr-ecr.REGION.…`, with `-fips` perhaps.
    private static func parts(of name: String) -> (region: String, isFIPS: Bool)? {
        let labels = name.lowercased().split(separator: ".").map(String.init)
        for (kind, next) in [(["dkr", "ecr"], 3), (["dkr", "ecr-fips"], 3), (["dkr-ecr"], 2), (["dkr-ecr-fips"], 2)]
        where labels.count > next + 1 && Array(labels[1..<next]) == kind {
            return (labels[next], kind.last?.hasSuffix("-fips") == true)
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2D }
    }

    /// Asks for a credential of the registry.
    package func credential(_ keys: AmazonKeys, _ settings: RegistrySettings) throws -> RegistryCredential {
        guard endpoint.scheme == "https" || endpoint.isLoopback || settings.allowsPlainHTTP else {
            throw RegistryError.plainHTTP(registry: endpoint.authority)
        }
        let request = try request(keys, settings)
        let answer: HTTPAnswer
        do { answer = try send(request, settings) } catch let error as HTTPError { throw RegistryError.http(error) }
        guard answer.response.isSuccess else {
            throw AmazonError.refused(
                region: region, status: answer.response.status, type: Self.type(of: answer.body))
        }
        return try credential(in: answer.body)
    }

    /// Again, as long as that may help: nothing is changed by asking.
    private func send(_ request: HTTPRequest, _ settings: RegistrySettings) throws -> HTTPAnswer {
        let client = HTTPClient(limits: settings.limits, cancellation: settings.cancellation)
        var plan = RetryPlan(retries: settings.retries)
        while true {
            let wait: Double
            do {
                let answer = try client.send(request, limit: Self.answerLimit)
                guard RetryPlan.isPassing(answer.response.status),
                    let seconds = plan.wait(RetryAfter.seconds(answer.response["Retry-After"]))
                else { return answer }
                wait = seconds
            } catch HTTPError.cut(let peer) {
                guard let seconds = plan.wait(nil) else { throw HTTPError.cut(peer: peer) }
                wait = seconds
            }
            try RetryPlan.sleep(wait, settings.cancellation)
        }
    }

    private func request(_ keys: AmazonKeys, _ settings: RegistrySettings) throws -> HTTPRequest {
        let api = isPublic ? "SpencerFrontendService" : "AmazonEC2ContainerRegistry_V20150921"
        var request = HTTPRequest("POST", endpoint.text, body: .bytes(Array("{}".utf8)))
        request.headers = [
            HTTPHeader("Content-Type", "application/x-amz-json-1.1"),
            HTTPHeader("X-Amz-Target", "\(api).GetAuthorizationToken"),
            HTTPHeader("User-Agent", settings.userAgent),
        ]
        if let token = keys.sessionToken { request.headers.append(HTTPHeader("X-Amz-Security-Token", token)) }
        request.signing = AWSSignature(
            region: region, service: isPublic ? "ecr-public" : "ecr", accessKey: keys.accessKey,
            secretKey: keys.secretKey)
        // A client certificate is for the registry.
        let tls = try settings.tls(RegistryHost(endpoint.authority))
        request.tls = TLSSettings(authorities: tls.authorities, verifiesPeer: tls.verifiesPeer)
        return request
    }

    private func credential(in body: [UInt8]) throws(AmazonError) -> RegistryCredential {
        let document = try? DocumentValue(json: body)
        let entry = document?["authorizationData"]
        let text = (entry?.array?.first ?? entry)?["authorizationToken"]?.string
        guard let text, let credential = RegistryCredential(auth: text), credential.isSendable else {
            throw .malformed(region: region)
        }
        return credential
    }

    /// Amazon's word for what is wrong, as in `UnrecognizedClientException`; what it says besides may repeat the request.
    private static func type(of body: [UInt8]) -> String? {
        guard let text = (try? DocumentValue(json: body))?["__type"]?.string else { return nil }
        let name = text.split(separator: "#").last ?? ""
        guard !name.isEmpty, name.utf8.count <= 64,
            name.utf8.allSatisfy({ 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 })
        else { return nil }
        return String(name)
    }
}
