//! The words of the command line.

use crate::world::FASTEST;
use anyhow::{Context, Result, bail};
use std::net::IpAddr;
use std::path::PathBuf;

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The address to listen at.
    pub bind: IpAddr,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// A script to begin with.
    pub script: Option<PathBuf>,
    /// The seed, where there is no script.
    pub seed: u64,
    /// How fast time passes; 0 when it passes by request only.
    pub speed: u32,
    /// The account as clients see it.
    pub account: Option<String>,
    /// Origins that may ask besides this machine's own.
    pub allowed: Vec<String>,
    /// The built site.
    pub site: PathBuf,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            bind: IpAddr::from([127, 0, 0, 1]),
            port: 4566,
            script: None,
            seed: 7,
            speed: 1,
            account: None,
            allowed: Vec::new(),
            site: PathBuf::from("dist"),
        }
    }
}

impl Options {
    /// Reads the words.
    ///
    /// # Errors
    /// The first word that is not known or does not fit.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Options> {
        let mut options = Options::default();
        let (mut seeded, mut paced) = (false, false);
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} wants a value"));
            match word.as_str() {
                "--port" => options.port = number(&word, &value()?)?,
                "--bind" => {
                    let text = value()?;
                    options.bind = text.parse().with_context(|| format!("`{text}` is not an address"))?;
                }
                "--script" => options.script = Some(PathBuf::from(value()?)),
                "--seed" => (options.seed, seeded) = (number(&word, &value()?)?, true),
                "--speed" => {
                    options.speed = number(&word, value()?.trim_end_matches('x'))?;
                    paced = true;
                    if !(1..=FASTEST).contains(&options.speed) {
                        bail!("--speed takes 1 to {FASTEST}");
                    }
                }
                "--clock" => match value()?.as_str() {
                    "manual" if paced => bail!("--clock manual and --speed exclude each other"),
                    "manual" => (options.speed, paced) = (0, true),
                    other => bail!("--clock takes `manual`, not `{other}`"),
                },
                "--account" => {
                    let text = value()?;
                    if text.len() != 12 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
                        bail!("`{text}` is not an account: twelve digits");
                    }
                    options.account = Some(text);
                }
                "--allow-origin" => {
                    let text = value()?;
                    if !text.starts_with("http://") && !text.starts_with("https://") {
                        bail!("`{text}` is not an origin such as http://shop.test:8080");
                    }
                    options.allowed.push(text);
                }
                "--site" => options.site = PathBuf::from(value()?),
                other => bail!(
                    "endpoint does not know `{other}`; it knows --port, --bind, --script, --seed, --speed, --clock manual, --account, --allow-origin and --site"
                ),
            }
        }
        if seeded && options.script.is_some() {
            bail!("a script brings its own seed; leave --seed out");
        }
        Ok(options)
    }
}

fn number<T: std::str::FromStr>(word: &str, text: &str) -> Result<T> {
    text.parse().ok().with_context(|| format!("{word} takes a number, not `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options> {
        Options::read(line.split_whitespace().map(str::to_string))
    }

    #[test]
    fn words_are_read_or_refused_with_a_reason() {
        let options =
            read("--port 0 --speed 60x --account 000000000000 --allow-origin http://a.test").unwrap();
        assert_eq!((options.port, options.speed), (0, 60));
        assert_eq!(read("--clock manual").unwrap().speed, 0);
        for (line, part) in [
            ("--port x", "number"),
            ("--port", "wants a value"),
            ("--speed 0", "1 to 600"),
            ("--speed 601", "1 to 600"),
            ("--speed 2 --clock manual", "exclude"),
            ("--account 12", "twelve digits"),
            ("--script a --seed 3", "its own seed"),
            ("--allow-origin shop", "not an origin"),
            ("--colour", "does not know"),
        ] {
            let error = read(line).expect_err(line).to_string();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
