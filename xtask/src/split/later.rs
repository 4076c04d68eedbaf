//! Writes a module that comes after the page.

use anyhow::Result;
use walrus::ir::Value;
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, FunctionId, FunctionKind, GlobalKind, ImportedFunction,
    Module,
};

use super::plan::Plan;
use super::{FIRST, Ids, address, memory, resize, table_of_functions, within};

/// A part: its functions, and imports for what they use.
pub(super) fn later(mut module: Module, plan: &Plan, part: usize) -> Result<Vec<u8>> {
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
