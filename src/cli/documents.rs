//! Documents that a command names instead of holding: `file://web.json`.

use std::collections::BTreeMap;

/// The sandbox's documents, by name.
pub struct Documents<'a>(pub &'a BTreeMap<String, String>);

impl Documents<'_> {
    /// The text of the document that `value` names; `None` when it names none.
    pub fn load(&self, value: &str) -> Result<Option<String>, String> {
        let Some(path) = value.strip_prefix("file://").or_else(|| value.strip_prefix("fileb://")) else {
            return Ok(None);
        };
        let name = path.strip_prefix("./").unwrap_or(path);
        match self.0.get(name) {
            Some(text) => Ok(Some(text.clone())),
            None => Err(format!(
                "Unable to load paramfile {value}: [Errno 2] No such file or directory: {}",
                super::names::quoted(path)
            )),
        }
    }
}
