// SPDX-License-Identifier: Apache-2.0

//! `bio_export.h` as Rust sees it, name for name; the header says what everything means. Sizes are checked below.

#![allow(non_camel_case_types, missing_docs)]

use std::os::raw::{c_char, c_void};

/// What these tables are made for, and the oldest that they work with.
pub const BIO_ABI_VERSION: u32 = 0x10001;
pub const BIO_ABI_1_0: u32 = 0x10000;

pub const BIO_OK: i32 = 0;
pub const BIO_E_FAILED: i32 = 1;
pub const BIO_E_INVALID: i32 = 2;
pub const BIO_E_UNSUPPORTED: i32 = 3;
pub const BIO_E_NEWER: i32 = 4;
pub const BIO_E_SIZE: i32 = 5;
pub const BIO_E_CANCELLED: i32 = 7;
pub const BIO_E_IO: i32 = 8;
pub const BIO_E_LIMIT: i32 = 9;
pub const BIO_E_NOT_FOUND: i32 = 11;
pub const BIO_E_MISUSE: i32 = 13;

/// A host resource; 0 is none.
pub type bio_handle = u64;

/// Text or bytes; `ptr` may be null when `len` is 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bio_str {
    pub ptr: *const c_char,
    pub len: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct bio_kv {
    pub key: bio_str,
    pub value: bio_str,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct bio_edge {
    pub from: u32,
    pub to: u32,
    pub kind: u32,
    pub reserved0: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct bio_value {
    pub kind: u32,
    pub source: u32,
    pub integer: i64,
    pub text: bio_str,
    pub items: *const bio_str,
    pub item_count: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct bio_file {
    pub path: bio_str,
    pub link_target: bio_str,
    pub digest: bio_str,
    pub size: u64,
    pub kind: u32,
    pub mode: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct bio_node {
    pub key: bio_str,
    pub text: bio_str,
    pub integer: i64,
    pub kind: u32,
    pub count: u32,
    pub line: u32,
    pub column: u32,
}

/// An open struct: its first member is its size, and all bytes zero are a value of it.
///
/// # Safety
/// The type is `repr(C)`, begins with a `u32` size, and all of its bytes may be zero.
pub unsafe trait Table: Copy {}

macro_rules! tables {
    ($(pub struct $name:ident { $(pub $member:ident: $type:ty,)* })*) => {$(
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name {
            pub struct_size: u32,
            pub flags: u32,
            $(pub $member: $type,)*
        }
        unsafe impl Table for $name {}
    )*};
}

pub type Phase = Option<unsafe extern "C" fn(*mut bio_exporter, *const bio_job) -> i32>;

tables! {
    pub struct bio_package {
        pub ident: bio_str,
        pub origin: bio_str,
        pub name: bio_str,
        pub version: bio_str,
        pub release: bio_str,
        pub target: bio_str,
        pub prefix: bio_str,
        pub artifact: bio_str,
        pub signer: bio_str,
        pub installed_size: u64,
        pub file_count: u64,
        pub metadata: *const bio_kv,
        pub metadata_count: u32,
        pub reserved0: u32,
        pub requested: bio_str,
    }
    pub struct bio_graph {
        pub package_count: u32,
        pub edge_count: u32,
        pub root_count: u32,
        pub reserved0: u32,
        pub packages: *const *const bio_package,
        pub edges: *const bio_edge,
        pub edge_starts: *const u32,
        pub roots: *const u32,
    }
    pub struct bio_option {
        pub kind: u32,
        pub choice_count: u32,
        pub alias_count: u32,
        pub reserved0: u32,
        pub id: bio_str,
        pub summary: bio_str,
        pub doc: bio_str,
        pub value_name: bio_str,
        pub default_value: bio_str,
        pub environment: bio_str,
        pub choices: *const bio_kv,
        pub aliases: *const bio_str,
        pub minimum: i64,
        pub maximum: i64,
        pub check: bio_str,
    }
    pub struct bio_base_package {
        pub role: u32,
        pub reserved0: u32,
        pub omit_when: bio_str,
        pub name: bio_str,
        pub package: bio_str,
    }
    pub struct bio_job {
        pub graph: *const bio_graph,
        pub values: *const bio_value,
        pub value_count: u32,
        pub reserved0: u32,
        pub out_dir: bio_str,
        pub scratch_dir: bio_str,
        pub output_name: bio_str,
        pub target: bio_str,
        pub source_date_epoch: i64,
    }
    pub struct bio_artifact {
        pub form: u32,
        pub role: u32,
        pub kind: bio_str,
        pub media_type: bio_str,
        pub path: bio_str,
        pub reference: bio_str,
        pub digest: bio_str,
        pub size: u64,
    }
    pub struct bio_error {
        pub code: i32,
        pub subject_kind: u32,
        pub subject: bio_str,
        pub message: bio_str,
        pub hint: bio_str,
    }
    pub struct bio_host {
        pub context: *mut c_void,
        pub get_extension: Option<unsafe extern "C" fn(*const bio_host, *const c_char) -> *const c_void>,
        pub emit: Option<unsafe extern "C" fn(*const bio_host, *const bio_artifact) -> i32>,
    }
    pub struct bio_negotiation {
        pub abi_min: u32,
        pub abi_max: u32,
        pub host_name: bio_str,
        pub host_version: bio_str,
        pub host: *const bio_host,
        pub directory: bio_str,
    }
    pub struct bio_exporter {
        pub context: *mut c_void,
        pub validate: Phase,
        pub plan: Phase,
        pub run: Phase,
        pub destroy: Option<unsafe extern "C" fn(*mut bio_exporter)>,
    }
    pub struct bio_format {
        pub id: bio_str,
        pub summary: bio_str,
        pub doc: bio_str,
        pub alias_count: u32,
        pub option_count: u32,
        pub group_count: u32,
        pub base_count: u32,
        pub artifact_kind_count: u32,
        pub need_count: u32,
        pub aliases: *const bio_str,
        pub options: *const *const bio_option,
        pub groups: *const bio_str,
        pub bases: *const *const bio_base_package,
        pub artifact_kinds: *const bio_str,
        pub needs: *const bio_str,
        pub tag_prefix: bio_str,
        pub create: Option<unsafe extern "C" fn(*const bio_format, *const bio_host, *mut *mut bio_exporter) -> i32>,
    }
    pub struct bio_function {
        pub name: bio_str,
        pub signature: bio_str,
        pub doc: bio_str,
        pub function: Option<unsafe extern "C" fn()>,
    }
    pub struct bio_plugin {
        pub abi: u32,
        pub abi_built: u32,
        pub abi_needed: u32,
        pub format_count: u32,
        pub id: bio_str,
        pub name: bio_str,
        pub version: bio_str,
        pub vendor: bio_str,
        pub license: bio_str,
        pub url: bio_str,
        pub formats: *const *const bio_format,
        pub functions: *const *const bio_function,
        pub function_count: u32,
        pub reserved0: u32,
    }
    pub struct bio_log {
        pub enabled: Option<unsafe extern "C" fn(*const bio_host, u32) -> u32>,
        pub write: Option<unsafe extern "C" fn(*const bio_host, u32, *const bio_str)>,
    }
    pub struct bio_cancel {
        pub requested: Option<unsafe extern "C" fn(*const bio_host) -> u32>,
        pub descriptor: Option<unsafe extern "C" fn(*const bio_host) -> i32>,
    }
    pub struct bio_fail {
        pub fail: Option<unsafe extern "C" fn(*const bio_host, *const bio_error) -> i32>,
    }
    pub struct bio_files {
        pub page:
            Option<unsafe extern "C" fn(*const bio_host, u32, u64, *mut bio_file, u64, *mut u64) -> i32>,
        pub open: Option<unsafe extern "C" fn(*const bio_host, u32, u64, *mut i32) -> i32>,
    }
    pub struct bio_progress {
        pub begin: Option<unsafe extern "C" fn(*const bio_host, *const bio_str, u64) -> bio_handle>,
        pub step: Option<unsafe extern "C" fn(*const bio_host, bio_handle, u64)>,
        pub end: Option<unsafe extern "C" fn(*const bio_host, bio_handle)>,
    }
    pub struct bio_rootfs {
        pub begin: Option<unsafe extern "C" fn(*const bio_host, *mut bio_handle) -> i32>,
        pub add_package: Option<unsafe extern "C" fn(*const bio_host, bio_handle, u32) -> i32>,
        pub add_copy: Option<unsafe extern "C" fn(*const bio_host, bio_handle, *const bio_str, u32, u64) -> i32>,
        pub add_file: Option<unsafe extern "C" fn(*const bio_host, bio_handle, *const bio_str, u32, *const bio_str) -> i32>,
        pub add_directory: Option<unsafe extern "C" fn(*const bio_host, bio_handle, *const bio_str, u32) -> i32>,
        pub add_symlink: Option<unsafe extern "C" fn(*const bio_host, bio_handle, *const bio_str, *const bio_str) -> i32>,
        pub add_tree: Option<unsafe extern "C" fn(*const bio_host, bio_handle, *const bio_str, bio_handle) -> i32>,
    }
    pub struct bio_written {
        pub size: u64,
        pub digest: bio_str,
    }
    pub struct bio_archive {
        pub suffix: Option<unsafe extern "C" fn(*const bio_host, *const bio_str, *mut bio_str) -> i32>,
        pub write: Option<
            unsafe extern "C" fn(*const bio_host, bio_handle, *const bio_str, *const bio_str, *mut bio_written) -> i32,
        >,
    }
    pub struct bio_documents {
        pub read: Option<unsafe extern "C" fn(*const bio_host, *const c_void, *mut *const c_void) -> i32>,
        pub write: Option<unsafe extern "C" fn(*const bio_host, u32, *const bio_node, u64, *mut bio_str) -> i32>,
    }
    pub struct bio_source {
        pub syntax: u32,
        pub subject_kind: u32,
        pub subject: bio_str,
        pub name: bio_str,
        pub text: bio_str,
    }
    pub struct bio_service_call {
        pub package: u32,
        pub bind_count: u32,
        pub binds: *const bio_str,
        pub configuration: bio_str,
        pub configuration_name: bio_str,
        pub group: bio_str,
    }
    pub struct bio_hook {
        pub name: bio_str,
        pub path: bio_str,
        pub interpreter: bio_str,
    }
    pub struct bio_service {
        pub directory: bio_str,
        pub user: bio_str,
        pub group: bio_str,
        pub stop_signal: bio_str,
        pub stop_seconds: u32,
        pub hook_count: u32,
        pub hooks: *const *const bio_hook,
        pub environment: *const bio_kv,
        pub environment_count: u32,
        pub left_out_count: u32,
        pub left_out: *const bio_str,
    }
    pub struct bio_template {
        pub render: Option<
            unsafe extern "C" fn(*const bio_host, *const bio_source, *const bio_node, u64, *mut bio_str) -> i32,
        >,
        pub service: Option<
            unsafe extern "C" fn(*const bio_host, *const bio_service_call, bio_handle, *mut *const bio_service) -> i32,
        >,
    }
}

/// A table of zeros that knows its size.
pub fn table<T: Table>() -> T {
    // SAFETY: all bytes of a Table may be zero, and it begins with its size.
    unsafe {
        let mut made: T = std::mem::zeroed();
        *(&mut made as *mut T as *mut u32) = std::mem::size_of::<T>() as u32;
        made
    }
}

/// A copy of a table of the host: as many bytes as both sides know, the rest zero; all of it zero when there is none.
///
/// # Safety
/// `theirs` is null or points to an open struct.
pub unsafe fn copied<T: Table>(theirs: *const T) -> T {
    let mut made: T = std::mem::zeroed();
    if !theirs.is_null() {
        let size = (*(theirs as *const u32) as usize).min(std::mem::size_of::<T>());
        std::ptr::copy_nonoverlapping(theirs as *const u8, &mut made as *mut T as *mut u8, size);
    }
    made
}

macro_rules! locked {
    ($($name:ident $size:literal)*) => {$(const _: () = assert!(std::mem::size_of::<$name>() == $size);)*};
}

locked! {
    bio_str 16 bio_kv 32 bio_edge 16 bio_value 48 bio_file 64 bio_node 56 bio_package 200 bio_graph 56 bio_option 168
    bio_base_package 64 bio_job 104 bio_artifact 104 bio_error 64 bio_host 32 bio_negotiation 72 bio_exporter 48
    bio_format 152 bio_function 64 bio_plugin 144 bio_log 24 bio_cancel 24 bio_fail 16 bio_files 24 bio_documents 24
    bio_progress 32 bio_rootfs 64 bio_written 32 bio_archive 24 bio_source 64 bio_service_call 72 bio_hook 56
    bio_service 112 bio_template 24
}
