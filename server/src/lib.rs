//! One simulated world behind AWS's wire protocols.
//!
//! [`Endpoint::answer`] is the whole of it, without sockets: a request in, an answer out. [`serve`]
//! puts it behind a port, bounded in every direction.
#![warn(missing_docs)]

mod account;
mod answer;
mod connections;
mod control;
mod endpoint;
mod form;
mod guard;
mod json;
mod live;
mod options;
mod rest;
mod route;
mod services;
mod site;
mod world;
mod xml;

pub use answer::{Answer, Refusal};
pub use connections::{Limits, serve};
pub use endpoint::Endpoint;
pub use form::ec2_form_name;
pub use guard::Guard;
pub use options::Options;
pub use services::{Protocol, SERVICES, Service};
pub use world::{FASTEST, Start, World};
pub use xml::ec2_name;
