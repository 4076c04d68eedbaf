//! Which data a function of the linked module mentions, so that data can go where its functions go.
//!
//! The linker leaves behind where it wrote addresses (`--emit-relocs`), and what lies at each address.
//! A piece of data is needed where a function mentions it, or another needed piece does. What nobody
//! mentions is left out; so are the places in the source that a panic would name, as panics are silent.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result};
use wasmparser::{
    DataKind, KnownCustom, Linking, LinkingSectionReader, Name, Operator, Parser, Payload, RelocationEntry,
    RelocationType, SymbolInfo, TypeRef,
};

/// The pieces of a module's data, by their place in memory.
#[derive(Default)]
pub struct Data {
    pieces: BTreeMap<u32, Piece>,
    /// What the functions of a name mention.
    mentions: BTreeMap<String, BTreeSet<u32>>,
}

/// Data that stays together; its place in memory is its name.
#[derive(Default)]
struct Piece {
    size: u32,
    /// Whether it changes while the program runs.
    changes: bool,
    /// Whether it is a place in the source that a panic would name.
    is_location: bool,
    mentions: BTreeSet<u32>,
}

impl Data {
    /// Reads what the linker says.
    pub fn read(linked: &[u8]) -> Result<Data> {
        let raw = Raw::read(linked)?;
        let mut data = Data::default();
        for symbol in raw.symbols.iter().flatten() {
            let segment = &raw.segments[symbol.index as usize];
            let piece = data.pieces.entry(segment.address + symbol.offset).or_default();
            piece.size = piece.size.max(symbol.size);
            piece.changes = !segment.name.starts_with(".rodata");
        }
        for entry in &raw.in_data {
            let at = raw.data_begins + entry.offset as usize;
            let Some(segment) = raw.segments.iter().find(|segment| segment.bytes.contains(&at)) else {
                continue;
            };
            let from = segment.address + u32::try_from(at - segment.bytes.start)?;
            let Some(to) = raw.place(entry) else { continue };
            let to = data.holder(to);
            if let Some(from) = data.holder(from)
                && let Some(piece) = data.pieces.get_mut(&from)
            {
                piece.mentions.extend(to);
            }
        }
        for entry in &raw.in_code {
            let at = raw.code_begins + entry.offset as usize;
            let Some(to) = raw.place(entry).and_then(|place| data.holder(place)) else { continue };
            let function = raw.bodies.partition_point(|body| body.end <= at);
            let name =
                raw.names.get(&(raw.imports + u32::try_from(function)?)).context("a function has no name")?;
            data.mentions.entry(name.clone()).or_default().insert(to);
        }
        data.find_locations(&raw, linked);
        Ok(data)
    }

    /// The piece in which an address lies.
    fn holder(&self, address: u32) -> Option<u32> {
        let (begin, piece) = self.pieces.range(..=address).next_back()?;
        (address < begin + piece.size.max(1)).then_some(*begin)
    }

    /// A place in the source is an address and a length of a path, a line and a column.
    fn find_locations(&mut self, raw: &Raw<'_>, linked: &[u8]) {
        let is_path = |begin: &u32| {
            let size = self.pieces.get(begin).map_or(0, |piece| piece.size);
            raw.bytes(linked, *begin, size)
                .is_some_and(|bytes| bytes.ends_with(b".rs") || bytes.ends_with(b".rs\0"))
        };
        let locations: Vec<u32> = self
            .pieces
            .iter()
            .filter(|(_begin, piece)| piece.size == 16 && piece.mentions.len() == 1)
            .filter(|(_begin, piece)| piece.mentions.iter().all(is_path))
            .map(|(begin, _piece)| *begin)
            .collect();
        for begin in locations {
            if let Some(piece) = self.pieces.get_mut(&begin) {
                piece.is_location = true;
            }
        }
    }

    /// The pieces that functions of these names need.
    pub fn needed<'a>(&self, functions: impl Iterator<Item = &'a str>) -> BTreeSet<u32> {
        let mut needed = BTreeSet::new();
        let mut open: Vec<u32> =
            functions.filter_map(|name| self.mentions.get(name)).flatten().copied().collect();
        while let Some(begin) = open.pop() {
            let Some(piece) = self.pieces.get(&begin).filter(|piece| !piece.is_location) else { continue };
            if needed.insert(begin) {
                open.extend(&piece.mentions);
            }
        }
        needed
    }

    /// The pieces that change while the program runs; they cannot come later.
    pub fn changing(&self) -> BTreeSet<u32> {
        self.pieces.iter().filter(|(_begin, piece)| piece.changes).map(|(begin, _piece)| *begin).collect()
    }

    /// The addresses of a piece.
    pub fn range(&self, begin: u32) -> Range<u32> {
        begin..begin + self.pieces.get(&begin).map_or(0, |piece| piece.size)
    }
}

/// A segment of the data section.
struct Segment<'a> {
    address: u32,
    /// Where its bytes stand in the file.
    bytes: Range<usize>,
    name: &'a str,
}

/// What the file says, as it says it.
#[derive(Default)]
struct Raw<'a> {
    imports: u32,
    names: BTreeMap<u32, String>,
    code_begins: usize,
    bodies: Vec<Range<usize>>,
    data_begins: usize,
    segments: Vec<Segment<'a>>,
    symbols: Vec<Option<wasmparser::DefinedDataSymbol>>,
    in_code: Vec<RelocationEntry>,
    in_data: Vec<RelocationEntry>,
}

impl<'a> Raw<'a> {
    fn read(linked: &'a [u8]) -> Result<Raw<'a>> {
        let mut raw = Raw::default();
        let mut section = 0;
        let (mut code, mut data) = (u32::MAX, u32::MAX);
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(linked) {
            let payload = payload?;
            if let Some((id, _range)) = payload.as_section()
                && !matches!(payload, Payload::CodeSectionEntry(_))
            {
                match id {
                    10 => code = section,
                    11 => data = section,
                    _ => {}
                }
                section += 1;
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        raw.imports += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => raw.code_begins = range.start,
                Payload::CodeSectionEntry(body) => raw.bodies.push(body.range()),
                Payload::DataSection(reader) => {
                    raw.data_begins = reader.range().start;
                    for segment in reader {
                        let segment = segment?;
                        let address = match segment.kind {
                            DataKind::Active { offset_expr, .. } => {
                                match offset_expr.get_operators_reader().read()? {
                                    Operator::I32Const { value } => u32::try_from(value)?,
                                    _ => anyhow::bail!("a segment of the data has no address"),
                                }
                            }
                            DataKind::Passive => continue,
                        };
                        let end = segment.range.end;
                        raw.segments.push(Segment {
                            address,
                            bytes: end - segment.data.len()..end,
                            name: "",
                        });
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(linking) => raw.read_linking(linking, &mut names)?,
                    KnownCustom::Reloc(relocs) => {
                        let entries = relocs.entries().into_iter().collect::<Result<Vec<_>, _>>()?;
                        if relocs.section_index() == code {
                            raw.in_code = entries;
                        } else if relocs.section_index() == data {
                            raw.in_data = entries;
                        }
                    }
                    KnownCustom::Name(reader) => {
                        for name in reader {
                            if let Name::Function(map) = name? {
                                for naming in map {
                                    let naming = naming?;
                                    raw.names.insert(naming.index, naming.name.to_owned());
                                }
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        for (segment, name) in raw.segments.iter_mut().zip(names) {
            segment.name = name;
        }
        Ok(raw)
    }

    fn read_linking(&mut self, linking: LinkingSectionReader<'a>, names: &mut Vec<&'a str>) -> Result<()> {
        for part in linking.subsections() {
            match part? {
                Linking::SegmentInfo(segments) => {
                    for segment in segments {
                        names.push(segment?.name);
                    }
                }
                Linking::SymbolTable(symbols) => {
                    for symbol in symbols {
                        self.symbols.push(match symbol? {
                            SymbolInfo::Data { symbol, .. } => symbol,
                            _ => None,
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The address that the linker wrote, where it is one of data.
    fn place(&self, entry: &RelocationEntry) -> Option<u32> {
        use RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
        if !matches!(entry.ty, MemoryAddrI32 | MemoryAddrLeb | MemoryAddrSleb) {
            return None;
        }
        let symbol = (*self.symbols.get(entry.index as usize)?)?;
        // What is added may lead out of the piece; it is the piece that counts.
        Some(self.segments.get(symbol.index as usize)?.address + symbol.offset)
    }

    fn bytes<'b>(&self, linked: &'b [u8], address: u32, size: u32) -> Option<&'b [u8]> {
        let segment = self.segments.iter().find(|segment| {
            let end = segment.address as usize + segment.bytes.len();
            segment.address <= address && address as usize + size as usize <= end
        })?;
        let at = segment.bytes.start + (address - segment.address) as usize;
        linked.get(at..at + size as usize)
    }
}
