// SPDX-License-Identifier: Apache-2.0

//! The tables behind `bio_export_entry`, built once and kept for ever, and the functions that the host enters.

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::abi::*;
use crate::value::borrow;
use crate::{Exporter, Failure, Format, Host, Job, Opt, Plugin};

/// The place of a plugin's tables; one of them is in `export_plugin!`.
pub struct Tables(AtomicPtr<bio_plugin>);

impl Tables {
    pub const fn new() -> Tables { Tables(AtomicPtr::new(std::ptr::null_mut())) }
}

impl Default for Tables {
    fn default() -> Tables { Tables::new() }
}

/// Answers the host: what `bio_export_entry` does.
///
/// # Safety
/// Called by the host with its own tables.
pub unsafe fn answer(
    tables: &'static Tables, describe: fn() -> Plugin, negotiation: *const bio_negotiation,
    out: *mut *const bio_plugin,
) -> i32 {
    let theirs = copied(negotiation);
    if theirs.abi_max < BIO_ABI_1_0 {
        return BIO_E_NEWER;
    }
    let mut plugin = tables.0.load(Ordering::Acquire);
    if plugin.is_null() {
        match catch_unwind(|| make(describe())) {
            Ok(made) => plugin = made,
            Err(_) => return BIO_E_FAILED,
        }
        tables.0.store(plugin, Ordering::Release);
    }
    *out = plugin;
    BIO_OK
}

fn kept<T>(values: Vec<T>) -> &'static [T] { Box::leak(values.into_boxed_slice()) }

fn kept_text(text: &str) -> bio_str { borrow(Box::leak(text.to_string().into_boxed_str())) }

fn kept_texts(texts: &[String]) -> &'static [bio_str] { kept(texts.iter().map(|text| kept_text(text)).collect()) }

fn make(described: Plugin) -> *mut bio_plugin {
    let formats: Vec<*const bio_format> = described.formats.iter().map(make_format).collect();
    let formats = kept(formats);
    let mut plugin: bio_plugin = table();
    plugin.abi = BIO_ABI_1_0;
    plugin.abi_built = BIO_ABI_VERSION;
    plugin.abi_needed = BIO_ABI_1_0;
    plugin.id = kept_text(&described.id);
    plugin.name = kept_text(&described.name);
    plugin.version = kept_text(&described.version);
    plugin.vendor = kept_text(&described.vendor);
    plugin.license = kept_text(&described.license);
    plugin.url = kept_text(&described.url);
    plugin.format_count = formats.len() as u32;
    plugin.formats = formats.as_ptr();
    Box::into_raw(Box::new(plugin))
}

/// A format's table with what its exporters need behind it.
#[repr(C)]
struct Record {
    table: bio_format,
    options: Vec<String>,
    needs: Vec<String>,
    create: fn(&Host) -> Result<Box<dyn Exporter>, Failure>,
}

fn make_format(format: &Format) -> *const bio_format {
    let options: Vec<*const bio_option> = format.options.iter().map(make_option).collect();
    let options = kept(options);
    let (aliases, groups) = (kept_texts(&format.aliases), kept_texts(&format.groups));
    let (kinds, needs) = (kept_texts(&format.artifact_kinds), kept_texts(&format.needs));
    let mut made: bio_format = table();
    made.flags = format.is_reproducible as u32 | (format.is_streamable as u32) << 1;
    made.id = kept_text(&format.id);
    made.summary = kept_text(&format.summary);
    made.doc = kept_text(&format.doc);
    made.alias_count = aliases.len() as u32;
    made.aliases = aliases.as_ptr();
    made.option_count = options.len() as u32;
    made.options = options.as_ptr();
    made.group_count = groups.len() as u32;
    made.groups = groups.as_ptr();
    made.artifact_kind_count = kinds.len() as u32;
    made.artifact_kinds = kinds.as_ptr();
    made.need_count = needs.len() as u32;
    made.needs = needs.as_ptr();
    made.create = Some(create);
    let ids = format.options.iter().map(|option| option.id.clone()).collect();
    let record = Record { table: made, options: ids, needs: format.needs.clone(), create: format.create };
    Box::into_raw(Box::new(record)) as *const bio_format
}

fn make_option(option: &Opt) -> *const bio_option {
    let pair = |(value, meaning): &(String, String)| bio_kv { key: kept_text(value), value: kept_text(meaning) };
    let choices = kept(option.choices.iter().map(pair).collect());
    let aliases = kept_texts(&option.aliases);
    let mut made: bio_option = table();
    made.flags = option.flags;
    made.kind = option.kind;
    made.id = kept_text(&option.id);
    made.summary = kept_text(&option.summary);
    made.doc = kept_text(&option.doc);
    made.value_name = kept_text(&option.value_name);
    made.default_value = kept_text(&option.default);
    made.environment = kept_text(&option.environment);
    made.choice_count = choices.len() as u32;
    made.choices = choices.as_ptr();
    made.alias_count = aliases.len() as u32;
    made.aliases = aliases.as_ptr();
    made.minimum = option.range.0;
    made.maximum = option.range.1;
    Box::into_raw(Box::new(made))
}

/// The exporter as the host sees it, and ours behind it.
#[repr(C)]
struct Life {
    table: bio_exporter,
    host: Host,
    options: &'static [String],
    exporter: Box<dyn Exporter>,
}

/// Runs `body`; what goes wrong in it becomes a code and its reason. Nothing unwinds into the host.
fn guarded(host: &Host, body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return BIO_OK,
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::new(BIO_E_FAILED, format!("the plugin panicked: {}", words(&*panic)))
            .hint("tell its author"),
    };
    catch_unwind(AssertUnwindSafe(|| host.fail(&failure))).unwrap_or(BIO_E_FAILED)
}

fn words(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "it says nothing",
    }
}

unsafe extern "C" fn create(format: *const bio_format, raw: *const bio_host, out: *mut *mut bio_exporter) -> i32 {
    let record = &*(format as *const Record);
    // Bit 0 of a format and of an artifact: reproducible.
    let host = Host::new(raw, record.table.flags & 1);
    guarded(&host, || {
        record.needs.iter().try_for_each(|need| host.check_need(need))?;
        let exporter = (record.create)(&host)?;
        let mut table: bio_exporter = table();
        table.validate = Some(validate);
        table.plan = Some(plan);
        table.run = Some(run);
        table.destroy = Some(destroy);
        let host = Host::new(raw, record.table.flags & 1);
        let life = Life { table, host, options: &record.options, exporter };
        *out = Box::into_raw(Box::new(life)) as *mut bio_exporter;
        Ok(())
    })
}

unsafe fn enter(
    table: *mut bio_exporter, job: *const bio_job, phase: fn(&mut dyn Exporter, &Host, &Job) -> Result<(), Failure>,
) -> i32 {
    let life = &mut *(table as *mut Life);
    let (exporter, host, options) = (&mut life.exporter, &life.host, life.options);
    guarded(host, || phase(exporter.as_mut(), host, &Job::new(job, options)))
}

unsafe extern "C" fn validate(table: *mut bio_exporter, job: *const bio_job) -> i32 {
    enter(table, job, |exporter, host, job| exporter.validate(host, job))
}
unsafe extern "C" fn plan(table: *mut bio_exporter, job: *const bio_job) -> i32 {
    enter(table, job, |exporter, host, job| exporter.plan(host, job))
}
unsafe extern "C" fn run(table: *mut bio_exporter, job: *const bio_job) -> i32 {
    enter(table, job, |exporter, host, job| exporter.run(host, job))
}
unsafe extern "C" fn destroy(table: *mut bio_exporter) {
    let life = Box::from_raw(table as *mut Life);
    let _ = catch_unwind(AssertUnwindSafe(|| drop(life)));
}
