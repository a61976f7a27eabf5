// SPDX-License-Identifier: Apache-2.0

//! `bio.host.template/1`: texts rendered as packages' templates are, and whole services rendered when they are exported.

use crate::abi::*;
use crate::job::{slice, text};
use crate::value::{borrow, Value};
use crate::{Failure, Host, Subject};

/// The name of the service: a format that uses it has it among its needs.
pub const TEMPLATE: &str = "bio.host.template/1";

/// A service that is configured once, when it is exported.
#[derive(Clone, Debug, Default)]
pub struct ServiceCall {
    /// Its index.
    pub package: u32,
    /// Where binds lead, as the user writes it: `database=10.0.0.7:5432`.
    pub binds: Vec<String>,
    /// TOML over the package's `default.toml`.
    pub configuration: String,
    /// What messages call that.
    pub configuration_name: String,
    /// Empty: default.
    pub group: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// `init`, `run`, `post-run`, `post-stop`, `health-check`.
    pub name: String,
    /// In the tree.
    pub path: String,
    /// Absolute, of its first line.
    pub interpreter: String,
}

/// What whoever starts the service must know.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderedService {
    /// In the tree: `hab/svc/redis`.
    pub directory: String,
    pub user: String,
    pub group: String,
    /// Without `SIG`.
    pub stop_signal: String,
    pub stop_seconds: u32,
    /// `run` is among them.
    pub hooks: Vec<Hook>,
    /// Of its programs, PATH too.
    pub environment: Vec<(String, String)>,
    /// Hooks of the package that only a supervisor runs.
    pub left_out: Vec<String>,
}

// SAFETY of all below: as in host.rs.
impl Host {
    /// The text of a template, with the members of the map `context` filled in. `name` is what messages call it, `subject`
    /// what it came from.
    pub fn render(&self, template: &str, name: &str, context: &Value, subject: &Subject) -> Result<String, Failure> {
        let render = unsafe { self.service::<bio_template>(TEMPLATE) }.render.ok_or_else(lacking)?;
        let (kind, about) = subject.abi();
        let mut source: bio_source = table();
        source.subject_kind = kind;
        source.subject = borrow(about);
        source.name = borrow(name);
        source.text = borrow(template);
        let mut nodes = Vec::new();
        context.flatten("", &mut nodes);
        let mut made = borrow("");
        Failure::check(unsafe { render(self.raw(), &source, nodes.as_ptr(), nodes.len() as u64, &mut made) })?;
        Ok(unsafe { text(made) }.to_string())
    }

    /// Renders the configuration and the hooks of a service into a tree of `bio_rootfs`, below its directory.
    pub fn render_service(&self, call: &ServiceCall, tree: bio_handle) -> Result<RenderedService, Failure> {
        let render = unsafe { self.service::<bio_template>(TEMPLATE) }.service.ok_or_else(lacking)?;
        let binds: Vec<bio_str> = call.binds.iter().map(|bind| borrow(bind)).collect();
        let mut raw: bio_service_call = table();
        raw.package = call.package;
        raw.bind_count = binds.len() as u32;
        raw.binds = binds.as_ptr();
        raw.configuration = borrow(&call.configuration);
        raw.configuration_name = borrow(&call.configuration_name);
        raw.group = borrow(&call.group);
        let mut service = std::ptr::null();
        Failure::check(unsafe { render(self.raw(), &raw, tree, &mut service) })?;
        Ok(unsafe { RenderedService::new(copied(service)) })
    }
}

impl RenderedService {
    unsafe fn new(raw: bio_service) -> RenderedService {
        let owned = |raw: bio_str| text(raw).to_string();
        let hooks = slice(raw.hooks, raw.hook_count as u64).iter().map(|hook| copied(*hook));
        let variables = slice(raw.environment, raw.environment_count as u64).iter();
        RenderedService {
            directory: owned(raw.directory),
            user: owned(raw.user),
            group: owned(raw.group),
            stop_signal: owned(raw.stop_signal),
            stop_seconds: raw.stop_seconds,
            hooks: hooks
                .map(|hook| Hook { name: owned(hook.name), path: owned(hook.path), interpreter: owned(hook.interpreter) })
                .collect(),
            environment: variables.map(|pair| (owned(pair.key), owned(pair.value))).collect(),
            left_out: slice(raw.left_out, raw.left_out_count as u64).iter().map(|name| owned(*name)).collect(),
        }
    }
}

fn lacking() -> Failure {
    Failure::new(BIO_E_UNSUPPORTED, format!("this host does not offer {TEMPLATE}")).hint("use a newer bio")
}
