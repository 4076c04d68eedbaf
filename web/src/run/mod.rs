//! The run on this page: the handle to it, the time that passes, and what is kept of it.
mod base64;
mod berth;
pub mod file;
pub mod futures;
mod handle;
pub mod keep;
pub mod keeper;
pub mod link;
mod play;
mod progress;

pub use berth::{Berth, Found};
pub use handle::RunHandle;
pub use keep::KeptRun;
pub use play::{Player, SPEEDS, wall};
pub use progress::Progress;
