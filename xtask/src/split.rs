//! Splits the module into the one that every page loads and parts that are fetched when they are needed.
//!
//! Every function belongs to one module. Those that a part's name claims, and those that only such
//! functions call, go with the part; all else stays. Where a function of a part can be reached from
//! outside it, a door stays behind: it lets the page fetch the part if that is not there yet, and
//! goes on through the table of functions, into which the part writes itself. So the program is the
//! same with and without splitting, and a part that was foreseen too late costs a wait, not a fault.

mod first;
mod later;
mod plan;

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, Result};
use walrus::ir::Value;
use walrus::{
    ConstExpr, DataKind, FunctionId, GlobalId, LocalFunction, MemoryId, Module, ModuleConfig, TableId,
    ValType,
};

use crate::data::Data;
use plan::{Index, Plan};

/// Under which name the parts import what the first module exports to them.
const FIRST: &str = "first";
/// Under which name the first module imports what fetches the parts.
const IMPORTS: &str = "parts";

/// A function of fewer instructions stays: a door in its place would be as large.
pub const WORTH_A_DOOR: u64 = 30;

/// A function of a module.
pub struct Function {
    /// The same in every reading of the same bytes.
    pub index: usize,
    pub name: String,
    /// In instructions.
    pub size: u64,
}

/// The functions of a module with names.
pub fn functions(bytes: &[u8]) -> Result<Vec<Function>> {
    let module = parse(bytes)?;
    let function = |(id, function): (FunctionId, &LocalFunction)| Function {
        index: id.index(),
        name: demangled(module.funcs.get(id).name.as_deref().unwrap_or_default()),
        size: function.size(),
    };
    Ok(module.funcs.iter_local().map(function).collect())
}

fn demangled(name: &str) -> String {
    rustc_demangle::demangle(name).to_string()
}

/// The module with a call to the page at the beginning of each function, which says its index.
pub fn noting(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new().generate_name_section(false).parse(bytes)?;
    let kind = module.types.add(&[ValType::I32], &[]);
    let (note, _import) = module.add_import_func(IMPORTS, "note", kind);
    for (id, function) in module.funcs.iter_local_mut() {
        let index = Value::I32(i32::try_from(id.index())?);
        function.builder_mut().func_body().const_at(0, index).call_at(1, note);
    }
    Ok(module.emit_wasm())
}

/// The modules that one became, as bytes.
pub struct Pieces {
    pub first: Vec<u8>,
    pub parts: Vec<Vec<u8>>,
}

/// Splits a module with names; `part_of` says which part claims a function by its name and its size.
pub fn split(
    bytes: &[u8],
    parts: &[&str],
    part_of: &dyn Fn(&str, u64) -> Option<usize>,
    data: &Data,
) -> Result<Pieces> {
    let module = parse(bytes)?;
    let plan = Plan::of(&module, parts.len(), part_of, data)?;
    Ok(Pieces {
        first: first::first(module, &plan, parts)?,
        parts: (0..parts.len())
            .map(|part| later::later(parse(bytes)?, &plan, part))
            .collect::<Result<_>>()?,
    })
}

fn parse(bytes: &[u8]) -> Result<Module> {
    ModuleConfig::new().parse(bytes)
}

fn table_of_functions(module: &Module) -> Result<TableId> {
    module.tables.main_function_table()?.context("the module has no table of functions")
}

fn memory(module: &Module) -> Result<MemoryId> {
    Ok(module.memories.iter().next().context("the module has no memory")?.id())
}

/// The things of a module by their indices.
struct Ids {
    functions: BTreeMap<Index, FunctionId>,
    globals: BTreeMap<Index, GlobalId>,
    tables: BTreeMap<Index, TableId>,
}

impl Ids {
    fn of(module: &Module) -> Ids {
        Ids {
            functions: module.funcs.iter().map(|function| (function.id().index(), function.id())).collect(),
            globals: module.globals.iter().map(|global| (global.id().index(), global.id())).collect(),
            tables: module.tables.iter().map(|table| (table.id().index(), table.id())).collect(),
        }
    }
}

/// Where a segment of data lies in memory.
fn address(segment: &walrus::Data) -> Option<u32> {
    match segment.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(begin)), .. } => u32::try_from(begin).ok(),
        _ => None,
    }
}

/// Where addresses lie in a segment that holds them all.
fn within(range: &Range<u32>, begin: u32, len: usize) -> Option<Range<usize>> {
    let start = range.start.checked_sub(begin)? as usize;
    let end = start + range.len();
    (end <= len).then_some(start..end)
}

/// Makes room in the table for the doors.
fn resize(module: &mut Module, functions: TableId, plan: &Plan) {
    let table = module.tables.get_mut(functions);
    table.initial = u64::from(plan.table_size);
    table.maximum = table.maximum.map(|_maximum| u64::from(plan.table_size));
}
