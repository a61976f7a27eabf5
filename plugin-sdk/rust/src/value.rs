// SPDX-License-Identifier: Apache-2.0

use crate::abi::*;

/// A document that the host writes as JSON; maps keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    pub fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
        Value::Map(members.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    }

    /// The nodes of the document; they point into it.
    pub(crate) fn flatten(&self, key: &str, nodes: &mut Vec<bio_node>) {
        let (kind, integer, text, count) = match self {
            Value::Null => (1, 0, "", 0),
            Value::Bool(truth) => (2, *truth as i64, "", 0),
            Value::Integer(number) => (3, *number, "", 0),
            Value::Text(text) => (5, 0, text.as_str(), 0),
            Value::List(items) => (6, 0, "", items.len()),
            Value::Map(items) => (7, 0, "", items.len()),
        };
        let (key, text) = (borrow(key), borrow(text));
        nodes.push(bio_node { key, text, integer, kind, count: count as u32, line: 0, column: 0 });
        match self {
            Value::List(items) => items.iter().for_each(|item| item.flatten("", nodes)),
            Value::Map(items) => items.iter().for_each(|(key, item)| item.flatten(key, nodes)),
            _ => {}
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value { Value::Text(text.to_string()) }
}
impl From<i64> for Value {
    fn from(number: i64) -> Value { Value::Integer(number) }
}

pub(crate) fn borrow(text: &str) -> bio_str { bio_str { ptr: text.as_ptr() as *const _, len: text.len() as u64 } }
