// SPDX-License-Identifier: Apache-2.0

//! Export plugins for `bio` in Rust: a trait, a description, and one macro.
//!
//!     fn describe() -> Plugin { … }
//!     bio_export::export_plugin!(describe);
//!
//! A panic in a plugin's code ends the phase with a reason, not the process; so a plugin must unwind. What is not wrapped
//! here is reached by [`Host::service`] and [`abi`]. Older compilers than 1.63 will not do; crates are not needed.

#[cfg(panic = "abort")]
compile_error!("a plugin must unwind: leave out panic = \"abort\"");

pub mod abi;
mod describe;
mod entry;
mod host;
mod job;
mod template;
mod value;

pub use abi::bio_negotiation;
pub use describe::{Format, Opt, Plugin};
pub use entry::{answer, Tables};
pub use host::{Artifact, File, Host, Level};
pub use job::{Job, Package, Source, Values};
pub use template::{Hook, RenderedService, ServiceCall, TEMPLATE};
pub use value::Value;

/// What a failure is about, as the user reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    None,
    Option(String),
    Package(String),
    Path(String),
}

impl Subject {
    /// `BIO_SUBJECT_…` and its text.
    pub(crate) fn abi(&self) -> (u32, &str) {
        match self {
            Subject::None => (0, ""),
            Subject::Option(id) => (1, id.as_str()),
            Subject::Package(ident) => (2, ident.as_str()),
            Subject::Path(path) => (3, path.as_str()),
        }
    }
}

/// Why an export cannot go on.
#[derive(Clone, Debug)]
pub struct Failure {
    /// `abi::BIO_E_…`, or 100-999 for the plugin's own.
    pub code: i32,
    pub subject: Subject,
    /// Lower case, no final period. Empty: the host service that failed has said it already.
    pub message: String,
    /// The next step, or empty.
    pub hint: String,
}

impl Failure {
    pub fn new(code: i32, message: impl Into<String>) -> Failure {
        Failure { code, subject: Subject::None, message: message.into(), hint: String::new() }
    }
    pub fn about(mut self, subject: Subject) -> Failure {
        self.subject = subject;
        self
    }
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = hint.into();
        self
    }
    /// Nothing for 0; else a failure whose reason the host keeps itself.
    pub(crate) fn check(code: i32) -> Result<(), Failure> {
        if code == abi::BIO_OK { Ok(()) } else { Err(Failure::new(code, "")) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure { Failure::new(abi::BIO_E_IO, error.to_string()) }
}

/// The code that makes one format. One of them serves one export, on one thread. It cannot keep the host, whose tables
/// end with it: each phase is lent it.
pub trait Exporter {
    /// Refuses options or graphs that cannot be exported; writes nothing.
    fn validate(&mut self, _host: &Host, _job: &Job) -> Result<(), Failure> { Ok(()) }
    /// Emits the artifacts that `run` would make; writes nothing.
    fn plan(&mut self, host: &Host, job: &Job) -> Result<(), Failure>;
    /// Makes the planned artifacts and emits them.
    fn run(&mut self, host: &Host, job: &Job) -> Result<(), Failure>;
}

/// Exports the one function of a plugin; the argument is a `fn() -> Plugin`.
#[macro_export]
macro_rules! export_plugin {
    ($describe:expr) => {
        #[no_mangle]
        pub unsafe extern "C" fn bio_export_entry(
            negotiation: *const $crate::bio_negotiation,
            out: *mut *const $crate::abi::bio_plugin,
        ) -> i32 {
            static TABLES: $crate::Tables = $crate::Tables::new();
            $crate::answer(&TABLES, $describe, negotiation, out)
        }
    };
}
