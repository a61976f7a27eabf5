// SPDX-License-Identifier: Apache-2.0

use crate::abi::*;
use crate::Failure;

/// Bytes of the host; they live as long as what they were read from.
pub(crate) unsafe fn bytes<'a>(text: bio_str) -> &'a [u8] {
    if text.ptr.is_null() || text.len == 0 { &[] } else { std::slice::from_raw_parts(text.ptr as *const u8, text.len as usize) }
}

/// Text of the host, which sends nothing that is not UTF-8.
pub(crate) unsafe fn text<'a>(text: bio_str) -> &'a str { std::str::from_utf8(bytes(text)).unwrap_or("") }

pub(crate) unsafe fn slice<'a, T>(start: *const T, count: u64) -> &'a [T] {
    if start.is_null() || count == 0 { &[] } else { std::slice::from_raw_parts(start, count as usize) }
}

/// Who gave an option its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    Default,
    CommandLine,
    Environment,
}

/// What one export is asked to do.
pub struct Job<'a> {
    raw: bio_job,
    graph: bio_graph,
    options: &'a [String],
}

impl<'a> Job<'a> {
    /// # Safety
    /// `raw` is a job of the host, which outlives what is returned.
    pub(crate) unsafe fn new(raw: *const bio_job, options: &'a [String]) -> Job<'a> {
        let raw = copied(raw);
        Job { raw, graph: copied(raw.graph), options }
    }
    // SAFETY of all below: the host's tables live from create until destroy, and a Job is given out for one phase.

    /// Absolute; the only place for artifacts.
    pub fn out_dir(&self) -> &str { unsafe { text(self.raw.out_dir) } }
    /// Absolute; gone after the export.
    pub fn scratch_dir(&self) -> &str { unsafe { text(self.raw.scratch_dir) } }
    /// The file name that the user wants for the primary artifact, or empty.
    pub fn output_name(&self) -> &str { unsafe { text(self.raw.output_name) } }
    pub fn target(&self) -> &str { unsafe { text(self.raw.target) } }
    /// Seconds since 1970; the only time that an artifact may show.
    pub fn source_date_epoch(&self) -> i64 { self.raw.source_date_epoch }

    /// The closure in layer order; a package's index is its identity.
    pub fn packages(&self) -> Vec<Package<'_>> {
        let tables = unsafe { slice(self.graph.packages, self.graph.package_count as u64) };
        tables.iter().enumerate().map(|(index, table)| Package::new(index as u32, unsafe { copied(*table) })).collect()
    }
    /// The packages that the user named, in his order.
    pub fn roots(&self) -> &[u32] { unsafe { slice(self.graph.roots, self.graph.root_count as u64) } }
    /// What a package needs, and whether DEPS names it.
    pub fn dependencies(&self, package: u32) -> Vec<(u32, bool)> {
        let starts = unsafe { slice(self.graph.edge_starts, self.graph.package_count as u64 + 1) };
        let edges = unsafe { slice(self.graph.edges, self.graph.edge_count as u64) };
        let range = starts[package as usize] as usize..starts[package as usize + 1] as usize;
        edges[range].iter().map(|edge| (edge.to, edge.kind == 1)).collect()
    }
    /// The value of an option of this format; a plugin that asks for another has a mistake, which is said.
    pub fn values(&self, option: &str) -> Result<Values<'_>, Failure> {
        let values = unsafe { slice(self.raw.values, self.raw.value_count as u64) };
        match self.options.iter().position(|id| id == option).and_then(|index| values.get(index)) {
            Some(raw) => Ok(Values { raw }),
            None => Err(Failure::new(BIO_E_MISUSE, format!("the plugin asks for an option that it lacks: {option}"))),
        }
    }
    pub fn text(&self, option: &str) -> Result<&str, Failure> { Ok(self.values(option)?.text()) }
    pub fn flag(&self, option: &str) -> Result<bool, Failure> { Ok(self.values(option)?.raw.integer != 0) }
}

/// The value of one option.
pub struct Values<'a> {
    raw: &'a bio_value,
}

impl<'a> Values<'a> {
    /// `BIO_KIND_…`; 0 when there is neither value nor default.
    pub fn kind(&self) -> u32 { self.raw.kind }
    pub fn source(&self) -> Source {
        match self.raw.source {
            1 => Source::CommandLine,
            2 => Source::Environment,
            _ => Source::Default,
        }
    }
    pub fn integer(&self) -> i64 { self.raw.integer }
    pub fn text(&self) -> &'a str { unsafe { text(self.raw.text) } }
    pub fn list(&self) -> Vec<&'a str> {
        unsafe { slice(self.raw.items, self.raw.item_count).iter().map(|item| text(*item)).collect() }
    }
}

/// A package of the closure.
pub struct Package<'a> {
    pub index: u32,
    raw: bio_package,
    job: std::marker::PhantomData<&'a ()>,
}

impl<'a> Package<'a> {
    fn new(index: u32, raw: bio_package) -> Package<'a> { Package { index, raw, job: std::marker::PhantomData } }
    /// `origin/name/version/release`.
    pub fn ident(&self) -> &'a str { unsafe { text(self.raw.ident) } }
    pub fn origin(&self) -> &'a str { unsafe { text(self.raw.origin) } }
    pub fn name(&self) -> &'a str { unsafe { text(self.raw.name) } }
    pub fn version(&self) -> &'a str { unsafe { text(self.raw.version) } }
    pub fn release(&self) -> &'a str { unsafe { text(self.raw.release) } }
    pub fn target(&self) -> &'a str { unsafe { text(self.raw.target) } }
    /// `hab/pkgs/…`, without a leading slash.
    pub fn prefix(&self) -> &'a str { unsafe { text(self.raw.prefix) } }
    pub fn artifact(&self) -> &'a str { unsafe { text(self.raw.artifact) } }
    pub fn signer(&self) -> &'a str { unsafe { text(self.raw.signer) } }
    pub fn requested(&self) -> &'a str { unsafe { text(self.raw.requested) } }
    /// `BIO_PACKAGE_…` bits.
    pub fn flags(&self) -> u32 { self.raw.flags }
    pub fn installed_size(&self) -> u64 { self.raw.installed_size }
    pub fn file_count(&self) -> u64 { self.raw.file_count }
    /// Metafiles by name.
    pub fn metadata(&self) -> Vec<(&'a str, &'a str)> {
        let pairs = unsafe { slice(self.raw.metadata, self.raw.metadata_count as u64) };
        pairs.iter().map(|pair| unsafe { (text(pair.key), text(pair.value)) }).collect()
    }
}
