//! Where everything goes: which functions and which data belong to which module.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Result, bail};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, GlobalId, LocalFunction, Module, TableId,
};

use super::table_of_functions;
use crate::data::Data;

/// A function, a global or a table by its index, which is the same in every reading of the same bytes.
pub(super) type Index = usize;

/// Where everything goes.
pub(super) struct Plan {
    /// The part of a function; those that are not here stay in the first module.
    pub(super) homes: BTreeMap<Index, usize>,
    /// What stands in the table of functions, by place.
    table: BTreeMap<u32, Index>,
    /// The place in the table through which a door leads, for functions that are reached from outside.
    pub(super) doors: BTreeMap<Index, u32>,
    /// How large the table is with the places for doors.
    pub(super) table_size: u32,
    /// What each part uses of the rest.
    pub(super) uses: Vec<Uses>,
    /// The data of the first module, by addresses.
    pub(super) first_data: Vec<Range<u32>>,
    /// The data that comes with each part.
    pub(super) part_data: Vec<Vec<Range<u32>>>,
}

impl Plan {
    pub(super) fn of(
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
    pub(super) fn entries(&self, part: usize) -> BTreeMap<u32, Index> {
        let in_part = |id: &Index| self.homes.get(id) == Some(&part);
        let standing = self.table.iter().map(|(place, id)| (*place, *id));
        let added = self.doors.iter().map(|(id, place)| (*place, *id));
        standing.chain(added).filter(|(_place, id)| in_part(id)).collect()
    }
}

/// What a function mentions.
#[derive(Default, Clone)]
pub(super) struct Uses {
    pub(super) functions: BTreeSet<Index>,
    pub(super) globals: BTreeSet<Index>,
    pub(super) tables: BTreeSet<Index>,
}

impl Uses {
    fn of(function: &LocalFunction) -> Uses {
        let mut uses = Uses::default();
        dfs_in_order(&mut uses, function, function.entry_block());
        uses
    }

    pub(super) fn add(&mut self, other: &Uses) {
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
