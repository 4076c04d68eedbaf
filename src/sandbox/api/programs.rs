//! `drydock programs`: what the registries hold.

use crate::error::ApiError;
use crate::operation::Look;
use crate::program::{CATALOGUE, OnSigterm};

shape! {
    /// Which programs to list.
    pub struct ProgramsRequest {
        /// Only those of this repository.
        repository: Option<String> = "repository".positional();
    }
    /// A program, as it declares itself.
    pub struct ProgramAnswer {
        /// Its image.
        image: String = "image";
        /// What it does.
        says: String = "says";
        /// The compressed size in MB.
        compressed_mb: i64 = "compressedMb";
        /// Milliseconds from the start of its process until it serves.
        start_millis: i64 = "startMillis";
        /// How it takes SIGTERM.
        on_sigterm: String = "onSigterm";
        /// What its health check answers once it serves.
        health_check: String = "healthCheck";
        /// When it ends by itself.
        ends: Option<String> = "ends";
        /// Memory in MiB once it serves.
        memory_mib: i64 = "memoryMib";
        /// MiB that it takes more each minute.
        leak_mib_per_minute: i64 = "leakMibPerMinute";
        /// CPU units when idle.
        idle_cpu: i64 = "idleCpu";
        /// Ports it listens on.
        ports: Vec<i64> = "ports";
    }
    /// The programs.
    pub struct ProgramsResponse {
        /// They.
        programs: Vec<ProgramAnswer> = "programs";
    }
}

/// Lists the catalogue, or a part of it.
///
/// # Errors
/// None.
pub fn programs(_cx: &Look<'_>, request: ProgramsRequest) -> Result<ProgramsResponse, ApiError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let shown = CATALOGUE
        .iter()
        .filter(|program| request.repository.as_ref().is_none_or(|asked| asked == program.repository))
        .map(|program| ProgramAnswer {
            image: if program.tags.is_empty() {
                program.repository.to_string()
            } else {
                format!("{}:{}", program.repository, program.tags.join("|"))
            },
            says: program.says.to_string(),
            compressed_mb: number(program.compressed_mb),
            start_millis: number(program.start_millis),
            on_sigterm: match program.on_sigterm {
                OnSigterm::Ends(millis, code) => format!("ends with {code} after {millis} ms"),
                OnSigterm::Ignores => "goes on until SIGKILL".to_string(),
            },
            health_check: if program.healthy { "healthy" } else { "fails" }.to_string(),
            ends: program.ends.map(|(millis, code)| format!("with {code} after {millis} ms")),
            memory_mib: number(program.memory_mib),
            leak_mib_per_minute: number(program.leak_mib_per_minute),
            idle_cpu: number(program.idle_cpu),
            ports: program.ports.iter().map(|port| number(*port)).collect(),
        })
        .collect();
    Ok(ProgramsResponse { programs: shown })
}
