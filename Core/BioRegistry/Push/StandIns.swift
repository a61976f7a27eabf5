import BioArchive
import BioCrypto
// SPDX-License-Identifier: Apache-2.0
import BioHTTP
import BioOCI

extension RegistryClient {
    func blob(_ descriptor: Descriptor, of: Repository, from offset: Int64) throws -> any ByteSource { fatalError() }
    func referrers(of: Digest, in: Repository) throws -> [Descriptor] { fatalError() }
}
