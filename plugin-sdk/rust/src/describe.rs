// SPDX-License-Identifier: Apache-2.0

use crate::{Exporter, Failure, Host};

/// Who a plugin is, and the formats that it offers: `bio_plugin`.
#[derive(Default)]
pub struct Plugin {
    /// Reverse domain: `org.example.nomad`.
    pub id: String,
    pub name: String,
    pub version: String,
    pub vendor: String,
    /// An SPDX expression.
    pub license: String,
    pub url: String,
    pub formats: Vec<Format>,
}

/// One format: `bio_format`.
pub struct Format {
    /// What the user types.
    pub id: String,
    pub summary: String,
    pub doc: String,
    pub aliases: Vec<String>,
    pub options: Vec<Opt>,
    /// Option groups of the host: `bio.options.packages/1`.
    pub groups: Vec<String>,
    pub artifact_kinds: Vec<String>,
    /// Host services that the format cannot do without.
    pub needs: Vec<String>,
    /// The same graph and options give the same bytes: its artifacts say so, too.
    pub is_reproducible: bool,
    /// There is one primary file, which `-o -` can send to standard output.
    pub is_streamable: bool,
    pub create: fn(&Host) -> Result<Box<dyn Exporter>, Failure>,
}

impl Format {
    pub fn new(id: &str, summary: &str, create: fn(&Host) -> Result<Box<dyn Exporter>, Failure>) -> Format {
        Format {
            id: id.into(),
            summary: summary.into(),
            doc: String::new(),
            aliases: Vec::new(),
            options: Vec::new(),
            groups: Vec::new(),
            artifact_kinds: Vec::new(),
            needs: Vec::new(),
            is_reproducible: true,
            is_streamable: false,
            create,
        }
    }
}

/// One option of a format: `bio_option`.
#[derive(Clone)]
pub struct Opt {
    pub(crate) kind: u32,
    pub(crate) flags: u32,
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) doc: String,
    pub(crate) value_name: String,
    pub(crate) default: String,
    pub(crate) environment: String,
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) aliases: Vec<String>,
    pub(crate) range: (i64, i64),
}

impl Opt {
    fn new(kind: u32, id: &str, value_name: &str, summary: &str) -> Opt {
        Opt {
            kind,
            flags: 0,
            id: id.into(),
            summary: summary.into(),
            doc: String::new(),
            value_name: value_name.into(),
            default: String::new(),
            environment: String::new(),
            choices: Vec::new(),
            aliases: Vec::new(),
            range: (0, 0),
        }
    }
    pub fn flag(id: &str, summary: &str) -> Opt { Opt::new(1, id, "", summary) }
    pub fn integer(id: &str, value_name: &str, least: i64, most: i64, summary: &str) -> Opt {
        Opt { range: (least, most), ..Opt::new(2, id, value_name, summary) }
    }
    pub fn string(id: &str, value_name: &str, summary: &str) -> Opt { Opt::new(3, id, value_name, summary) }
    pub fn path(id: &str, value_name: &str, summary: &str) -> Opt { Opt::new(4, id, value_name, summary) }
    /// `choices`: each value and what it means.
    pub fn choice(id: &str, choices: &[(&str, &str)], summary: &str) -> Opt {
        let choices = choices.iter().map(|(value, meaning)| (value.to_string(), meaning.to_string())).collect();
        Opt { choices, ..Opt::new(5, id, "NAME", summary) }
    }
    pub fn list(id: &str, value_name: &str, summary: &str) -> Opt { Opt::new(6, id, value_name, summary) }
    pub fn compression(id: &str, summary: &str) -> Opt { Opt::new(7, id, "NAME", summary) }

    pub fn default(self, value: &str) -> Opt { Opt { default: value.into(), ..self } }
    pub fn doc(self, doc: &str) -> Opt { Opt { doc: doc.into(), ..self } }
    pub fn environment(self, variable: &str) -> Opt { Opt { environment: variable.into(), ..self } }
    pub fn alias(mut self, spelling: &str) -> Opt {
        self.aliases.push(spelling.into());
        self
    }
    pub fn hidden(self) -> Opt { Opt { flags: self.flags | 1, ..self } }
    pub fn required(self) -> Opt { Opt { flags: self.flags | 1 << 16, ..self } }
    /// Its value may also be the last word behind the packages.
    pub fn operand(self) -> Opt { Opt { flags: self.flags | 1 << 17, ..self } }
}
