//! Takes the words out of panics.
//!
//! A panic in the browser ends the module, and nothing prints what it says: the console shows the
//! trap alone. So the functions that write such words become that trap, and wasm-opt drops what
//! only they needed.

use std::path::Path;

use anyhow::Result;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig};

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

/// Lets every panic of the module be a trap and no more.
pub fn silence(wasm: &Path) -> Result<()> {
    let mut module = ModuleConfig::new().generate_name_section(false).parse_file(wasm)?;
    let ends: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .map(|(id, _function)| id)
        .filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(ends_the_module))
        .collect();
    for id in ends {
        trap(&mut module, id);
    }
    module.emit_wasm_file(wasm)
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
    let plain = without_marks(name);
    ENDS.iter().any(|begin| plain.starts_with(begin))
}

/// A name such as `core[0123abcd]::panicking::panic` without what stands in brackets.
fn without_marks(name: &str) -> String {
    let mut depth = 0_u32;
    name.chars()
        .filter(|sign| {
            match sign {
                '[' => depth += 1,
                ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ends_the_module;

    #[test]
    fn only_what_ends_the_module_loses_its_words() {
        assert!(ends_the_module("core[c5930c85a12de822]::panicking::panic_fmt"));
        assert!(ends_the_module("core::option::expect_failed::h0123456789abcdef"));
        assert!(!ends_the_module("core[c5930c85a12de822]::fmt::write"));
        assert!(!ends_the_module("core::ptr::drop_in_place<core::panicking::Payload>"));
    }
}
