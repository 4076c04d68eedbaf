//! Writes the module that every page loads.

use anyhow::Result;
use walrus::ir::Value;
use walrus::{ConstExpr, FunctionBuilder, FunctionKind, Module, ValType};

use super::plan::{Plan, Uses};
use super::{IMPORTS, Ids, address, memory, resize, table_of_functions, within};

/// The first module: doors in the place of what went, and exports for those who went.
pub(super) fn first(mut module: Module, plan: &Plan, parts: &[&str]) -> Result<Vec<u8>> {
    let ids = Ids::of(&module);
    let functions = table_of_functions(&module)?;
    let kind = module.types.add(&[], &[]);
    let mut ensures = Vec::new();
    for part in parts {
        let (fetch, _import) = module.add_import_func(IMPORTS, part, kind);
        let here = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        module.exports.add(&format!("here_{part}"), here);
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body().global_get(here).if_else(
            None,
            |_here| {},
            |away| {
                away.call(fetch);
            },
        );
        ensures.push(builder.finish(Vec::new(), &mut module.funcs));
    }
    for (index, part) in &plan.homes {
        let id = ids.functions[index];
        let kind = module.funcs.get(id).ty();
        let (params, results) = module.types.params_results(kind);
        let (params, results) = (params.to_vec(), results.to_vec());
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        let locals: Vec<_> = params.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut body = builder.func_body();
        match plan.doors.get(index) {
            Some(place) => {
                body.call(ensures[*part]);
                for local in &locals {
                    body.local_get(*local);
                }
                body.i32_const(i32::try_from(*place)?).call_indirect(kind, functions);
            }
            None => {
                body.unreachable();
            }
        }
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(locals));
    }
    resize(&mut module, functions, plan);
    let segments: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in segments {
        let segment = module.data.get_mut(id);
        let Some(begin) = address(segment) else { continue };
        let mut kept = vec![0; segment.value.len()];
        for range in &plan.first_data {
            if let Some(at) = within(range, begin, kept.len()) {
                kept[at.clone()].copy_from_slice(&segment.value[at]);
            }
        }
        segment.value = kept;
    }
    let mut used = Uses::default();
    plan.uses.iter().for_each(|uses| used.add(uses));
    for index in used.functions {
        module.exports.add(&format!("f{index}"), ids.functions[&index]);
    }
    for index in used.globals {
        module.exports.add(&format!("g{index}"), ids.globals[&index]);
    }
    used.tables.insert(functions.index());
    for index in used.tables {
        module.exports.add(&format!("t{index}"), ids.tables[&index]);
    }
    if !module.exports.iter().any(|export| export.name == "memory") {
        let memory = memory(&module)?;
        module.exports.add("memory", memory);
    }
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}
