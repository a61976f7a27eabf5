// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
import BioOCI

// SPEC: distribution-spec 1.1, "Listing Tags".
extension RegistryClient {
    /// Tags of one repository that are looked at.
    package static let tagLimit = 10_000
    private static let pageLimit = 1000
    private static let pageSize = 1000

    /// The tags of a repository, in the registry's order; nil when there is no such repository. What cannot be a tag is
    /// left out.
    package func tags(of repository: Repository) throws -> [String]? {
        var tags: [String] = []
        let first = Request.Target.path("tags/list?n=\(Self.pageSize)")
        let isThere = try pages(of: repository, from: first, action: "list its tags") { document, _ in
            let page = document["tags"]?.array ?? []
            tags += page.compactMap(\.string).filter { ImageReference.isTag($0) }
            guard tags.count <= Self.tagLimit else {
                throw ImageError.tooMany(what: "tags", place: "\(repository)", limit: Self.tagLimit)
            }
        }
        return isThere ? tags : nil
    }

    /// Gives `take` each page of an answer: what is behind `Link: …; rel="next"`, too.
    /// - Returns: false when there is nothing (404).
    func pages(
        of repository: Repository, from first: Request.Target, accept: String = "application/json", action: String,
        _ take: (DocumentValue, HTTPResponse) throws -> Void
    ) throws -> Bool {
        var target = first
        for number in 1...Self.pageLimit {
            var request = Request("GET", repository, target, action: action)
            request.headers = [HTTPHeader("Accept", accept)]
            let answer = try send(request)
            if number == 1, answer.response.status == 404 { return false }
            guard answer.response.status == 200 else { throw refusal(answer, request) }
            let document = try? DocumentValue(json: answer.body)
            guard let document, document.object != nil else {
                throw RegistryError.malformed(registry: session.registry.name, problem: "a list is no JSON object")
            }
            try take(document, answer.response)
            guard let next = try Self.next(answer.response, from: address(of: request)) else { return true }
            guard .location(next) != target else { return true }
            target = .location(next)
        }
        throw ImageError.tooMany(what: "pages", place: "\(repository)", limit: Self.pageLimit)
    }

    /// The address of the next page (RFC 8288): `<…>; rel="next"`.
    private static func next(_ response: HTTPResponse, from url: HTTPURL) -> String? {
        for header in response.headers where header.name.lowercased() == "link" {
            guard let start = header.value.firstIndex(of: "<"), let end = header.value.firstIndex(of: ">"), start < end
            else { continue }
            let relation = header.value[end...].lowercased().filter { $0 != "\"" && $0 != " " }
            guard relation.split(separator: ";").contains("rel=next") else { continue }
            return url.resolve(String(header.value[header.value.index(after: start)..<end]))?.text
        }
        return nil
    }
}
