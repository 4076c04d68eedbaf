//! Drydock's chores: `cargo xtask build | serve | endpoint | size | …`.

mod bench;
mod cases;
mod checks;
mod clients;
mod coverage;
mod css;
mod data;
mod docs;
mod endpoint;
mod lessons;
mod model;
mod page;
mod parts;
mod replay;
mod serve;
mod site;
mod size;
mod split;
mod terminal;
mod tidy;
mod tools;
mod trim;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask CHORE

  build                       put the site into dist/, ready for any static host
  serve [--port N] [--open] [--prefix /PATH/] [--draft | --no-build]
                              build the site and serve it on 127.0.0.1; --draft builds
                              quickly and large, for those who change something
  endpoint [--port N] [--script FILE | --seed N] [--speed N | --clock manual] [--account N]
           [--bind ADDRESS] [--allow-origin ORIGIN] [--draft]
                              serve a simulated world to the real AWS CLI and SDKs at
                              127.0.0.1:4566; --draft builds the program quickly and slow
  test [--fast]               run every check that CI runs; --fast leaves AWS's clients
                              and the browser out
  docs [--check]              write the pages of docs/ that come from the code, or compare them
  terminal [--seed N] [--json]
                              the site's terminal on standard input
  clients                     try the endpoint with boto3 and the aws command
  model                       take the digest of AWS's models anew from the pinned botocore
  replay FILE                 play a script twice and say where the two runs part
  cases KIND FILE [--answers OUT.json]
                              judge the engine by cases: placement, rolling
  bench [--no-count | --page | --faults]
                              how fast the engine is, with instructions counted where valgrind
                              is there; --page measures the site in a browser instead, --faults
                              plays a thousand runs in which things go wrong
  lessons                     play the scripts of every lesson and say what does not hold
  tidy                        check the layout: rules are followed and tested, operations have rows
  size [--check]              say how large each file of dist/ is, and hold it to the budget
  parts                       play the first seconds of every page and list anew what they do
                              not call, which is fetched after them (web/parts.txt)
  assets                      write only the stylesheet and the lessons, for `trunk serve`
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match chore(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nStopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn chore(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build"] => site::build(),
        ["serve", options @ ..] => serve::serve(options),
        ["endpoint", options @ ..] => endpoint::run(options),
        ["size"] => size::report(&tools::root().join("dist")),
        ["size", "--check"] => size::check(&tools::root().join("dist")),
        ["test", options @ ..] => checks::test(options),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["terminal", options @ ..] => terminal::terminal(options),
        ["model"] => clients::write_model(),
        ["clients"] => clients::check(),
        ["replay", file] => replay::replay(std::path::Path::new(file)),
        ["bench", options @ ..] => bench::bench(options),
        ["cases", words @ ..] => cases::judge(words),
        ["lessons"] => lessons::prove(),
        ["tidy"] => tidy::check(),
        ["parts"] => parts::learn(),
        ["assets"] => site::assets(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        [other, ..] => bail!("there is no chore `{other}` with these options.\n\n{HELP}"),
    }
}
