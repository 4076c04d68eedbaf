//! Splits the module into the one that every page loads and parts that are fetched when they are needed.
//!
//! Every function belongs to one module. Those that a part's name claims, and those that only such
//! functions call, go with the part; all else stays. Where a function of a part can be reached from
//! outside it, a door stays behind: it lets the page fetch the part if that is not there yet, and
//! goes on through the table of functions, into which the part writes itself. So the program is the
//! same with and without splitting, and a part that was foreseen too late costs a wait, not a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalId, GlobalKind, ImportedFunction, LocalFunction, MemoryId, Module, ModuleConfig, TableId, ValType,
};

use crate::data::Data;

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
        first: first(module, &plan, parts)?,
        parts: (0..parts.len()).map(|part| later(parse(bytes)?, &plan, part)).collect::<Result<_>>()?,
    })
}

fn parse(bytes: &[u8]) -> Result<Module> {
    ModuleConfig::new().parse(bytes)
}

/// A function, a global or a table by its index, which is the same in every reading of the same bytes.
type Index = usize;

/// Where everything goes.
struct Plan {
    /// The part of a function; those that are not here stay in the first module.
    homes: BTreeMap<Index, usize>,
    /// What stands in the table of functions, by place.
    table: BTreeMap<u32, Index>,
    /// The place in the table through which a door leads, for functions that are reached from outside.
    doors: BTreeMap<Index, u32>,
    /// How large the table is with the places for doors.
    table_size: u32,
    /// What each part uses of the rest.
    uses: Vec<Uses>,
    /// The data of the first module, by addresses.
    first_data: Vec<Range<u32>>,
    /// The data that comes with each part.
    part_data: Vec<Vec<Range<u32>>>,
}

impl Plan {
    fn of(
        module: &Module,
        parts: usize,
        part_of: &dyn Fn(&str, u64) -> Option<usize>,
        data: &Data,
    ) -> Result<Plan> {
        let functions = table_of_functions(module)?;
        let table = table(module, functions)?;
        let uses: BTreeMap<Index, Uses> =
            module.funcs.iter_local().map(|(id, function)| (id.index(), Uses::of(function))).collect();
        let homes = homes(module, &uses, &table, part_of);
        let mut doors = BTreeMap::new();
        for (place, id) in &table {
            if homes.contains_key(id) {
                doors.entry(*id).or_insert(*place);
            }
        }
        let mut table_size = u32::try_from(module.tables.get(functions).initial)?;
        for (caller, used) in &uses {
            for id in &used.functions {
                if homes.contains_key(id) && homes.get(id) != homes.get(caller) {
                    doors.entry(*id).or_insert_with(|| {
                        table_size += 1;
                        table_size - 1
                    });
                }
            }
        }
        let mut by_part = vec![Uses::default(); parts];
        for (id, part) in &homes {
            by_part[*part].add(&uses[id]);
        }
        for (part, used) in by_part.iter_mut().enumerate() {
            used.functions.retain(|id| homes.get(id) != Some(&part));
        }
        let (first_data, part_data) = data_homes(module, &homes, parts, data);
        Ok(Plan { homes, table, doors, table_size, uses: by_part, first_data, part_data })
    }

    /// The functions of a part that others reach, by every place at which they stand.
    fn entries(&self, part: usize) -> BTreeMap<u32, Index> {
        let in_part = |id: &Index| self.homes.get(id) == Some(&part);
        let standing = self.table.iter().map(|(place, id)| (*place, *id));
        let added = self.doors.iter().map(|(id, place)| (*place, *id));
        standing.chain(added).filter(|(_place, id)| in_part(id)).collect()
    }
}

/// What a function mentions.
#[derive(Default, Clone)]
struct Uses {
    functions: BTreeSet<Index>,
    globals: BTreeSet<Index>,
    tables: BTreeSet<Index>,
}

impl Uses {
    fn of(function: &LocalFunction) -> Uses {
        let mut uses = Uses::default();
        dfs_in_order(&mut uses, function, function.entry_block());
        uses
    }

    fn add(&mut self, other: &Uses) {
        self.functions.extend(&other.functions);
        self.globals.extend(&other.globals);
        self.tables.extend(&other.tables);
    }
}

impl Visitor<'_> for Uses {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.functions.insert(id.index());
    }

    fn visit_global_id(&mut self, id: &GlobalId) {
        self.globals.insert(id.index());
    }

    fn visit_table_id(&mut self, id: &TableId) {
        self.tables.insert(id.index());
    }
}

fn table_of_functions(module: &Module) -> Result<TableId> {
    module.tables.main_function_table()?.context("the module has no table of functions")
}

fn memory(module: &Module) -> Result<MemoryId> {
    Ok(module.memories.iter().next().context("the module has no memory")?.id())
}

/// What stands in the table of functions.
fn table(module: &Module, functions: TableId) -> Result<BTreeMap<u32, Index>> {
    let mut table = BTreeMap::new();
    for element in module.elements.iter() {
        let ElementKind::Active { table: of, offset: ConstExpr::Value(Value::I32(offset)) } = &element.kind
        else {
            continue;
        };
        if *of == functions {
            let ElementItems::Functions(items) = &element.items else {
                bail!("the table of functions holds something else");
            };
            table.extend((u32::try_from(*offset)?..).zip(items.iter().map(|id| id.index())));
        }
    }
    Ok(table)
}

/// The part of each function that leaves the first module.
///
/// What a name claims is settled. What is reached from outside (an export, a place in the table) and
/// claimed by no name stays. The rest goes with its callers, where they all are in one part.
fn homes(
    module: &Module,
    uses: &BTreeMap<Index, Uses>,
    table: &BTreeMap<u32, Index>,
    part_of: &dyn Fn(&str, u64) -> Option<usize>,
) -> BTreeMap<Index, usize> {
    let exported = module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(id) => Some(id.index()),
        _ => None,
    });
    let mut settled: BTreeMap<Index, Option<usize>> =
        exported.chain(module.start.map(|id| id.index())).map(|id| (id, None)).collect();
    for (id, function) in module.funcs.iter_local() {
        let name = module.funcs.get(id).name.as_deref();
        if let Some(part) = name.and_then(|name| part_of(name, function.size())) {
            settled.entry(id.index()).or_insert(Some(part));
        }
    }
    for id in table.values() {
        settled.entry(*id).or_insert(None);
    }
    let mut found = settled.clone();
    let mut open: Vec<Index> = settled.keys().copied().collect();
    while let Some(caller) = open.pop() {
        let home = found[&caller];
        for callee in uses.get(&caller).into_iter().flat_map(|uses| &uses.functions) {
            if settled.contains_key(callee) || !uses.contains_key(callee) {
                continue;
            }
            let before = found.get(callee).copied();
            let after = if before.is_none_or(|before| before == home) { home } else { None };
            if before != Some(after) {
                found.insert(*callee, after);
                open.push(*callee);
            }
        }
    }
    found.into_iter().filter_map(|(id, home)| Some((id, home?))).collect()
}

/// Which data stays, and which comes with each part: what only that part mentions and nothing changes.
fn data_homes(
    module: &Module,
    homes: &BTreeMap<Index, usize>,
    parts: usize,
    data: &Data,
) -> (Vec<Range<u32>>, Vec<Vec<Range<u32>>>) {
    let needed = |home: Option<usize>| {
        let here = module.funcs.iter().filter(|function| homes.get(&function.id().index()).copied() == home);
        data.needed(here.filter_map(|function| function.name.as_deref()))
    };
    let mut first = needed(None);
    first.extend(data.changing());
    let by_part: Vec<BTreeSet<u32>> = (0..parts).map(|part| needed(Some(part))).collect();
    for (part, needed) in by_part.iter().enumerate() {
        for other in &by_part[part + 1..] {
            first.extend(needed.intersection(other));
        }
    }
    let ranges = |pieces: &mut dyn Iterator<Item = &u32>| pieces.map(|begin| data.range(*begin)).collect();
    let of_parts = by_part.iter().map(|needed| ranges(&mut needed.difference(&first))).collect();
    (ranges(&mut first.iter()), of_parts)
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

/// The first module: doors in the place of what went, and exports for those who went.
fn first(mut module: Module, plan: &Plan, parts: &[&str]) -> Result<Vec<u8>> {
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

/// A part: its functions, and imports for what they use.
fn later(mut module: Module, plan: &Plan, part: usize) -> Result<Vec<u8>> {
    let ids = Ids::of(&module);
    let functions = table_of_functions(&module)?;
    let exports: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
    exports.into_iter().for_each(|id| module.exports.delete(id));
    module.start = None;
    let mut data: Vec<(u32, Vec<u8>)> = Vec::new();
    for segment in module.data.iter() {
        let Some(begin) = address(segment) else { continue };
        for range in &plan.part_data[part] {
            let Some(at) = within(range, begin, segment.value.len()) else { continue };
            let bytes = &segment.value[at.clone()];
            match data.last_mut() {
                // A new row costs more than a few bytes that lie between; they are written as they are.
                Some((row, filled)) if *row >= begin && range.start < *row + filled.len() as u32 + 8 => {
                    let from = (*row - begin) as usize;
                    let end = at.end.max(from + filled.len());
                    *filled = segment.value[from..end].to_vec();
                }
                _ => data.push((range.start, bytes.to_vec())),
            }
        }
    }
    let old: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    old.into_iter().for_each(|id| module.data.delete(id));
    let elements: Vec<_> = module.elements.iter().map(walrus::Element::id).collect();
    elements.into_iter().for_each(|id| module.elements.delete(id));

    let uses = &plan.uses[part];
    for index in &uses.functions {
        let id = ids.functions[index];
        if let FunctionKind::Import(old) = &module.funcs.get(id).kind {
            module.imports.delete(old.import);
        }
        let import = module.imports.add(FIRST, &format!("f{index}"), id);
        let function = module.funcs.get_mut(id);
        function.kind = FunctionKind::Import(ImportedFunction { import, ty: function.ty() });
    }
    for index in &uses.globals {
        let id = ids.globals[index];
        let import = module.imports.add(FIRST, &format!("g{index}"), id);
        module.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    let mut tables = uses.tables.clone();
    tables.insert(functions.index());
    for index in tables {
        let id = ids.tables[&index];
        let import = module.imports.add(FIRST, &format!("t{index}"), id);
        let table = module.tables.get_mut(id);
        table.import = Some(import);
        table.elem_segments.clear();
    }
    resize(&mut module, functions, plan);
    let memory = memory(&module)?;
    let import = module.imports.add(FIRST, "memory", memory);
    module.memories.get_mut(memory).import = Some(import);
    module.memories.get_mut(memory).data_segments.clear();
    for (begin, bytes) in data {
        let offset = ConstExpr::Value(Value::I32(i32::try_from(begin)?));
        let id = module.data.add(DataKind::Active { memory, offset }, bytes);
        module.memories.get_mut(memory).data_segments.insert(id);
    }

    let mut rows: Vec<(u32, Vec<FunctionId>)> = Vec::new();
    for (place, index) in plan.entries(part) {
        match rows.last_mut() {
            Some((begin, row)) if *begin as usize + row.len() == place as usize => {
                row.push(ids.functions[&index]);
            }
            _ => rows.push((place, vec![ids.functions[&index]])),
        }
    }
    for (place, row) in rows {
        let offset = ConstExpr::Value(Value::I32(i32::try_from(place)?));
        let kind = ElementKind::Active { table: functions, offset };
        let id = module.elements.add(kind, ElementItems::Functions(row));
        module.tables.get_mut(functions).elem_segments.insert(id);
    }
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}
