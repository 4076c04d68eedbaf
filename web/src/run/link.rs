//! A run as the fragment of an address: `#run=1.` and the script, deflated, in letters.
use super::base64;

/// The form that this program writes; a later form gets the next number.
const FORM: &str = "1";
/// A script longer than this did not come from a link that we wrote.
const LONGEST: usize = 1 << 20;

/// The fragment that carries this script, without the `#`.
pub fn fragment(script: &str) -> String {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(script.as_bytes(), 9);
    format!("run={FORM}.{}", base64::encode(&packed))
}

/// The script in a fragment; `None` when the fragment speaks of something else.
///
/// # Errors
/// One sentence for the reader when the link cannot be read.
pub fn script(fragment: &str) -> Option<Result<String, String>> {
    let rest = fragment.trim_start_matches('#').strip_prefix("run=")?;
    Some(read(rest))
}

fn read(rest: &str) -> Result<String, String> {
    let (form, letters) = rest.split_once('.').ok_or_else(damaged)?;
    if form != FORM {
        return Err(if form.parse::<u32>().is_ok() {
            "This link was made by a newer Drydock than this one. Reload the page and try it again; your own run is as it was.".to_string()
        } else {
            damaged()
        });
    }
    let packed = base64::decode(letters.trim()).ok_or_else(damaged)?;
    let bytes =
        miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&packed, LONGEST).map_err(|_| damaged())?;
    String::from_utf8(bytes).map_err(|_| damaged())
}

fn damaged() -> String {
    "This link to a run is damaged: some of its letters are missing or changed. Your own run is as it was."
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::{fragment, script};

    const RUN: &str = "drydock 1 seed=7 from=01-what-ecs-is-for/start@1 behaviour=1\n\
        drydock docker run shop/web:1 --on $INSTANCE\n+12.400 drydock docker kill web --on $INSTANCE\n\
        +60.000 aws ecs create-cluster --cluster-name shop\n";

    #[test]
    fn a_run_comes_back_from_its_link() {
        assert_eq!(script(&fragment(RUN)), Some(Ok(RUN.to_string())));
        assert_eq!(script(&format!("#{}", fragment(RUN))), Some(Ok(RUN.to_string())));
    }

    #[test]
    fn another_fragment_is_not_ours() {
        assert_eq!(script("#step-3"), None);
        assert_eq!(script(""), None);
    }

    #[test]
    fn every_lost_or_changed_letter_is_noticed() {
        let whole = fragment(RUN);
        for cut in 5..whole.len() {
            assert!(matches!(script(&whole[..cut]), Some(Err(_))), "cut at {cut}");
        }
        let changed = whole.replacen(&whole[20..21], if &whole[20..21] == "A" { "B" } else { "A" }, 1);
        assert!(matches!(script(&changed), Some(Err(_))), "{changed}");
    }

    #[test]
    fn a_newer_form_says_so() {
        let Some(Err(sentence)) = script("run=2.abc") else { panic!("a newer form was read") };
        assert!(sentence.contains("newer"), "{sentence}");
    }
}
