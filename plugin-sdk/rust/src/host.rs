// SPDX-License-Identifier: Apache-2.0

use std::ffi::CString;
use std::os::unix::io::FromRawFd;

use crate::abi::*;
use crate::job::{bytes, text};
use crate::value::{borrow, Value};
use crate::Failure;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Level {
    Debug = 1,
    Note,
    Warning,
}

/// Something that an export makes: a file in the output directory.
#[derive(Clone, Default)]
pub struct Artifact {
    /// One of the format's `artifact_kinds`.
    pub kind: String,
    pub media_type: String,
    /// Relative to the output directory.
    pub path: String,
    pub is_sidecar: bool,
    pub is_directory: bool,
}

/// One entry of an installed package.
pub struct File {
    /// Bytes, relative to the package's prefix.
    pub path: Vec<u8>,
    pub link_target: Vec<u8>,
    /// Of a regular file: `blake2b-256:…`.
    pub digest: String,
    pub size: u64,
    /// 1 regular, 2 directory, 3 symbolic link.
    pub kind: u32,
    pub mode: u32,
}

/// The host of one export. It is lent to each function of an exporter, on the export's thread, and to nobody else: what it
/// leads to is gone with the exporter.
pub struct Host {
    raw: *const bio_host,
    artifact_flags: u32,
}

// SAFETY of all below: the host's tables live until destroy returns, and arguments live during a call.
impl Host {
    pub(crate) fn new(raw: *const bio_host, artifact_flags: u32) -> Host { Host { raw, artifact_flags } }

    /// The host as the header has it, for services that are not wrapped here.
    pub fn raw(&self) -> *const bio_host { self.raw }

    /// The table of a service; all zero when this host does not have it.
    ///
    /// # Safety
    /// `T` is the table that belongs to `id`.
    pub unsafe fn service<T: Table>(&self, id: &str) -> T {
        match (copied(self.raw).get_extension, CString::new(id)) {
            (Some(find), Ok(id)) => copied(find(self.raw, id.as_ptr()) as *const T),
            _ => std::mem::zeroed(),
        }
    }
    /// Refuses a host that lacks a service.
    pub(crate) fn check_need(&self, id: &str) -> Result<(), Failure> {
        let found = match (unsafe { copied(self.raw) }.get_extension, CString::new(id)) {
            (Some(find), Ok(id)) => unsafe { find(self.raw, id.as_ptr()) },
            _ => std::ptr::null(),
        };
        if !found.is_null() {
            return Ok(());
        }
        Err(Failure::new(BIO_E_UNSUPPORTED, format!("this host does not offer {}", id)).hint("use a newer bio"))
    }
    /// Shows one line to the user.
    pub fn log(&self, level: Level, line: &str) {
        if let Some(write) = unsafe { self.service::<bio_log>("bio.host.log/1") }.write {
            unsafe { write(self.raw, level as u32, &borrow(line)) }
        }
    }
    /// Whether the user asked to stop.
    pub fn is_cancelled(&self) -> bool {
        let requested = unsafe { self.service::<bio_cancel>("bio.host.cancel/1") }.requested;
        requested.map_or(false, |requested| unsafe { requested(self.raw) } != 0)
    }
    /// Takes an artifact: intended while planning, made while running.
    pub fn emit(&self, artifact: &Artifact) -> Result<(), Failure> {
        let mut made: bio_artifact = table();
        made.flags = self.artifact_flags;
        made.form = if artifact.is_directory { 2 } else { 1 };
        made.role = if artifact.is_sidecar { 2 } else { 1 };
        made.kind = borrow(&artifact.kind);
        made.media_type = borrow(&artifact.media_type);
        made.path = borrow(&artifact.path);
        let emit = unsafe { copied(self.raw) }.emit.ok_or_else(unsupported)?;
        Failure::check(unsafe { emit(self.raw, &made) })
    }
    /// The entries of a package, in byte order of their paths; an entry's index is its number.
    pub fn files(&self, package: u32) -> Result<Vec<File>, Failure> {
        let page = unsafe { self.service::<bio_files>("bio.host.files/1") }.page.ok_or_else(unsupported)?;
        let mut found = Vec::new();
        loop {
            let mut batch: Vec<bio_file> = Vec::with_capacity(256);
            let mut count = 0;
            unsafe {
                Failure::check(page(self.raw, package, found.len() as u64, batch.as_mut_ptr(), 256, &mut count))?;
                batch.set_len(count as usize);
                found.extend(batch.iter().map(|file| File {
                    path: bytes(file.path).to_vec(),
                    link_target: bytes(file.link_target).to_vec(),
                    digest: text(file.digest).to_string(),
                    size: file.size,
                    kind: file.kind,
                    mode: file.mode,
                }));
            }
            if count == 0 {
                return Ok(found);
            }
        }
    }
    /// Opens a regular file of a package, by its number.
    pub fn open(&self, package: u32, file: u64) -> Result<std::fs::File, Failure> {
        let open = unsafe { self.service::<bio_files>("bio.host.files/1") }.open.ok_or_else(unsupported)?;
        let mut descriptor = -1;
        Failure::check(unsafe { open(self.raw, package, file, &mut descriptor) })?;
        Ok(unsafe { std::fs::File::from_raw_fd(descriptor) })
    }
    /// The text of a document, two blanks a level.
    pub fn json(&self, value: &Value) -> Result<String, Failure> {
        let write = unsafe { self.service::<bio_documents>("bio.host.document/1") }.write.ok_or_else(unsupported)?;
        let mut nodes = Vec::new();
        value.flatten("", &mut nodes);
        let mut made = borrow("");
        Failure::check(unsafe { write(self.raw, 1, nodes.as_ptr(), nodes.len() as u64, &mut made) })?;
        Ok(unsafe { text(made) }.to_string())
    }

    /// Hands a failure's reason to the host; returns its code.
    pub(crate) fn fail(&self, failure: &Failure) -> i32 {
        let code = if (1..=999).contains(&failure.code) { failure.code } else { BIO_E_FAILED };
        let service = unsafe { self.service::<bio_fail>("bio.host.fail/1") };
        if let (Some(fail), false) = (service.fail, failure.message.is_empty()) {
            let mut error: bio_error = table();
            error.code = code;
            let (kind, subject) = failure.subject.abi();
            error.subject_kind = kind;
            error.subject = borrow(subject);
            error.message = borrow(&failure.message);
            error.hint = borrow(&failure.hint);
            unsafe { fail(self.raw, &error) };
        }
        code
    }
}

fn unsupported() -> Failure { Failure::new(BIO_E_UNSUPPORTED, "this host lacks a service that the plugin uses") }
