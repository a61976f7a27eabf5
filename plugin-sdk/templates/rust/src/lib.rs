// SPDX-License-Identifier: Apache-2.0

//! The format @FORMAT@: the packages of an export, one a line, under a heading.

use bio_export::{abi, export_plugin, Artifact, Exporter, Failure, Format, Host, Job, Opt, Plugin, Subject};
use std::fmt::Write;

struct PackageList;

fn file_name<'a>(job: &'a Job) -> &'a str {
    if job.output_name().is_empty() { "@NAME@.txt" } else { job.output_name() }
}

impl Exporter for PackageList {
    fn validate(&mut self, _host: &Host, job: &Job) -> Result<(), Failure> {
        if !job.text("heading")?.contains('\n') {
            return Ok(());
        }
        let failure = Failure::new(abi::BIO_E_INVALID, "the heading has more than one line");
        Err(failure.about(Subject::Option("heading".into())).hint("leave the newline out"))
    }

    fn plan(&mut self, host: &Host, job: &Job) -> Result<(), Failure> {
        let (kind, media_type, path) = ("package-list".into(), "text/plain".into(), file_name(job).into());
        host.emit(&Artifact { kind, media_type, path, ..Artifact::default() })
    }

    fn run(&mut self, host: &Host, job: &Job) -> Result<(), Failure> {
        let mut text = format!("{}\n", job.text("heading")?);
        for package in job.packages() {
            let _ = writeln!(text, "{}", package.ident());
        }
        std::fs::write(format!("{}/{}", job.out_dir(), file_name(job)), text)?;
        self.plan(host, job)
    }
}

fn describe() -> Plugin {
    let mut format = Format::new("@FORMAT@", "@SUMMARY@", |_| Ok(Box::new(PackageList)));
    format.options = vec![Opt::string("heading", "TEXT", "Begin with this line").default("packages")];
    format.groups = vec!["bio.options.packages/1".into()];
    format.artifact_kinds = vec!["package-list".into()];
    format.needs = vec!["bio.host.fail/1".into()];
    format.is_streamable = true;
    Plugin {
        id: "@ID@".into(),
        name: "@NAME@".into(),
        version: "0.1.0".into(),
        license: "@LICENSE@".into(),
        formats: vec![format],
        ..Plugin::default()
    }
}

export_plugin!(describe);
