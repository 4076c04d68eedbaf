//! The page that lists every operation: what exists, made from the declarations.

use super::names::kebab;
use super::{operations_of, services};
use crate::shape::Type;

/// `docs/coverage.md`: each operation with the options that it takes.
pub fn coverage() -> String {
    let mut page = String::from(
        "# Coverage\n\nGenerated from the declarations in the code; do not edit. Every operation that exists is \
         listed with the fields of its request. What AWS does beyond a listed behaviour is in the fidelity \
         ledger.\n",
    );
    for service in services().chain(["drydock"]) {
        let operations: Vec<_> = operations_of(service).collect();
        if operations.is_empty() {
            continue;
        }
        page.push_str(&format!("\n## {service} ({})\n\n", operations.len()));
        page.push_str("| Operation | Command | Does | Fields |\n|---|---|---|---|\n");
        for operation in operations {
            let command = match service {
                "drydock" => format!("drydock {}", kebab(operation.name).replace('-', " ")),
                _ => format!("aws {service} {}", kebab(operation.name)),
            };
            let fields: Vec<String> = operation
                .input
                .fields
                .iter()
                .map(|field| {
                    let list = if matches!(field.ty, Type::List(_)) { "[]" } else { "" };
                    let required = if field.required { "*" } else { "" };
                    format!("`{}{list}`{required}", field.name)
                })
                .collect();
            page.push_str(&format!(
                "| {} | `{command}` | {} | {} |\n",
                operation.name,
                operation.doc.trim().replace('|', "\\|"),
                fields.join(", ")
            ));
        }
    }
    page.push_str("\nA star marks a field that a client refuses to leave out.\n");
    page
}
