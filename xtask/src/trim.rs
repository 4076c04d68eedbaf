//! Takes out of the module and its glue what nobody can use.
//!
//! A panic in the browser ends the module, and nothing prints what it says: the console shows the
//! trap alone. So the functions that write such words become that trap, and wasm-opt drops what
//! only they needed. Leptos brings the streams of a server along, and as wasm-bindgen exports
//! classes whether a page names them or not, they are taken out here: the site has no server.

use std::path::Path;

use crate::parts;
use anyhow::{Context, Result};
use walrus::{ExportId, FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig};

/// Where functions begin that end the module and do nothing else, without the marks of their build.
const ENDS: [&str; 14] = [
    "core::cell::panic_already",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::slice::sort::shared::smallsort::panic_on_ord_violation",
    "core::str::slice_error_fail",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "std::panicking::begin_panic",
    "std::panicking::panic_handler",
    "std::panicking::panic_with_hook",
    "std::thread::local::panic_access_error",
];

/// How the classes begin that only a site with a server would use.
const CLASSES: &str = "IntoUnderlying";

/// Lets every panic be a trap and no more, and exports no class that the site does not use.
pub fn module(wasm: &Path) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new().parse_file(wasm)?;
    let ends: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .map(|(id, _function)| id)
        .filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(ends_the_module))
        .collect();
    for id in ends {
        trap(&mut module, id);
    }
    let class = CLASSES.to_ascii_lowercase();
    let unused: Vec<ExportId> = module
        .exports
        .iter()
        .filter(|export| export.name.trim_start_matches("__wbg_").starts_with(&class))
        .map(walrus::Export::id)
        .collect();
    for id in unused {
        module.exports.delete(id);
    }
    // What the linker left for `data` has been read.
    let notes = |name: &str| name == "linking" || name.starts_with("reloc.");
    let unused: Vec<_> =
        module.customs.iter().filter(|(_id, custom)| notes(custom.name())).map(|(id, _)| id).collect();
    for id in unused {
        module.customs.delete(id);
    }
    Ok(module.emit_wasm())
}

/// Leaves the classes that the site does not use, comments and indentation out of the glue.
pub fn glue(js: &Path) -> Result<()> {
    let text = std::fs::read_to_string(js).with_context(|| format!("{} could not be read", js.display()))?;
    std::fs::write(js, trimmed(&text)).with_context(|| format!("{} could not be written", js.display()))
}

/// The glue's lines without those that say nothing to a browser; it holds no text of several lines.
fn trimmed(glue: &str) -> String {
    let class = format!("export class {CLASSES}");
    let register = format!("const {CLASSES}");
    let dispose = format!("if (Symbol.dispose) {CLASSES}");
    let mut out = String::new();
    let mut lines = glue.lines();
    while let Some(line) = lines.next() {
        let inner = line.trim();
        if line.starts_with(&class) {
            lines.find(|line| *line == "}");
        } else if line.starts_with(&register) {
            lines.find(|line| line.ends_with(';'));
        } else if inner == "/**" {
            lines.find(|line| line.trim() == "*/");
        } else if !inner.is_empty() && !inner.starts_with("//") && !line.starts_with(&dispose) {
            out.push_str(inner);
            out.push('\n');
        }
    }
    out
}

fn trap(module: &mut Module, id: FunctionId) {
    let (params, results) = module.types.params_results(module.funcs.get(id).ty());
    let (params, results) = (params.to_vec(), results.to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().unreachable();
    let locals = params.iter().map(|kind| module.locals.add(*kind)).collect();
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(locals));
}

fn ends_the_module(name: &str) -> bool {
    let plain = parts::plain(&rustc_demangle::demangle(name).to_string());
    ENDS.iter().any(|begin| plain.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::{ends_the_module, trimmed};

    #[test]
    fn the_glue_keeps_what_the_site_calls() {
        let glue = "export class IntoUnderlyingSink {\n    free() {\n    }\n}\n\n/**\n * Starts it.\n */\n\
                    export function main() {\n    wasm.main();\n}\nconst IntoUnderlyingSinkFinalization = (a)\n    \
                    ? b\n    : c;\nlet wasm;\n";
        assert_eq!(trimmed(glue), "export function main() {\nwasm.main();\n}\nlet wasm;\n");
    }

    #[test]
    fn only_what_ends_the_module_loses_its_words() {
        assert!(ends_the_module("core[c5930c85a12de822]::panicking::panic_fmt"));
        assert!(ends_the_module("core::option::expect_failed::h0123456789abcdef"));
        assert!(!ends_the_module("core[c5930c85a12de822]::fmt::write"));
        assert!(!ends_the_module("core::ptr::drop_in_place<core::panicking::Payload>"));
    }
}
