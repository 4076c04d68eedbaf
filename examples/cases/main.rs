//! Judges the engine by case files: `cargo xtask cases KIND FILE [--answers OUT.json]`.
//!
//! Each kind has a file of its own, which reads a case, plays it through [`client::Client`], and
//! says what disagrees.

mod client;
mod placement;
mod rolling;

use serde_json::Value;
use std::process::ExitCode;

/// What became of the cases of a file.
#[derive(Default)]
struct Report {
    /// How many agree.
    passed: usize,
    /// A line for each case that does not, with the engine's own reason.
    disagreements: Vec<String>,
    /// What the engine did, in the format of the answers.
    answers: Value,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(agrees) if agrees => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::from(2)
        }
    }
}

/// Plays the cases of a file and says whether all of them agree.
fn run(words: &[String]) -> Result<bool, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (kind, file, answers) = match words.as_slice() {
        [kind, file] => (*kind, *file, None),
        [kind, file, "--answers", answers] | [kind, "--answers", answers, file] => {
            (*kind, *file, Some(*answers))
        }
        _ => return Err("cases KIND FILE [--answers OUT.json]".to_string()),
    };
    let judge = match kind {
        "placement" => placement::judge,
        "rolling" => rolling::judge,
        other => return Err(format!("there are no cases of the kind `{other}`")),
    };
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let cases: Value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    let report = judge(&cases).map_err(|complaint| format!("{file}: {complaint}"))?;
    for line in &report.disagreements {
        println!("{line}");
    }
    if let Some(answers) = answers {
        let text = serde_json::to_string(&report.answers).map_err(|error| error.to_string())?;
        std::fs::write(answers, text + "\n").map_err(|error| format!("{answers}: {error}"))?;
    }
    println!("{} passed, {} failed", report.passed, report.disagreements.len());
    Ok(report.disagreements.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PLACE-01, PLACE-07 to PLACE-12, PLACE-17 to PLACE-24: a second reading of the rules, in another
    /// language, wrote these down.
    #[test]
    fn the_engine_places_tasks_as_the_cases_say() {
        let words = ["placement", "tests/cases/placement.json"].map(str::to_string);
        assert_eq!(run(&words), Ok(true));
    }

    /// DEPLOY-06 to DEPLOY-09, DEPLOY-12: the bounds were found by a search through every order of moves.
    #[test]
    fn the_engine_rolls_updates_out_as_the_cases_say() {
        let words = ["rolling", "tests/cases/rolling.json"].map(str::to_string);
        assert_eq!(run(&words), Ok(true));
    }

    #[test]
    fn a_bound_that_is_not_kept_is_told_with_the_engine_s_own_reason() {
        let wrong = |name: &str, value: Value| {
            let mut case = serde_json::json!({"desired": 4, "min": 50, "max": 150,
                "running_min": 2, "total_max": 6, "progress": true});
            case[name] = value;
            let report = rolling::judge(&serde_json::json!({"cases": [case]})).expect("it can be played");
            assert_eq!((report.passed, report.disagreements.len()), (0, 1));
            report.disagreements[0].clone()
        };
        assert!(wrong("running_min", 3.into()).contains("2 running at the least, expected 3 or more"));
        assert!(
            wrong("total_max", 5.into()).contains("6 running or pending at the most, expected 5 or fewer")
        );
        assert!(wrong("progress", false.into()).contains("it finished, and was expected not to move"));
        assert!(wrong("progress", false.into()).contains("the engine says: "));
    }

    #[test]
    fn a_wrong_expectation_is_a_disagreement_with_a_reason() {
        let text = std::fs::read_to_string("tests/cases/placement.json").expect("the cases are there");
        let mut cases: Value = serde_json::from_str(&text).expect("they are JSON");
        let placed = cases["cases"].as_array_mut().expect("a list");
        placed.retain(|case| case["expect"]["failed"] == serde_json::json!([0]));
        placed.truncate(1);
        placed[0]["expect"] =
            serde_json::json!({"first": ["nowhere"], "outcomes": [{"nowhere": 1}], "failed": [0]});
        let report = placement::judge(&cases).expect("they can be played");
        assert_eq!((report.passed, report.disagreements.len()), (0, 1));
        let told = &report.disagreements[0];
        assert!(told.contains("expected one of [\"nowhere\"]") && told.contains("instances fit"), "{told}");
    }

    /// What is wrong with a case is said in a sentence, and the other cases are played.
    #[test]
    fn a_case_that_cannot_be_played_does_not_keep_the_others_from_it() {
        let good = serde_json::json!({"id": "good", "instances": [{"id": "ci-0", "ec2InstanceId": "i-0",
            "attributes": {"stack": "prod"}, "status": "ACTIVE", "cpu": 256, "memory": 512, "ports": [80],
            "tasks": ["family:batch"]}],
            "request": {"group": "family:cron", "cpu": 256, "memory": 512, "ports": [], "count": 2,
                "constraints": [{"type": "memberOf", "expression": "attribute:stack == prod"}],
                "strategies": [{"type": "random"}]},
            "expect": {"first": ["ci-0"], "outcomes": [{"ci-0": 1}], "failed": [1]}});
        for (place, wrong, told) in [
            ("/instances", Value::Null, "the case has no instances"),
            ("/instances/0/memory", Value::Null, "an instance has no memory"),
            ("/instances/0/memory", u64::MAX.into(), "totalResources[1].integerValue"),
            ("/instances/0/ports", 80.into(), "`ports` is 80, and has to be a list"),
            ("/instances/0/tasks", "web".into(), "`tasks` is \"web\", and has to be a list"),
            ("/instances/0/attributes", 1.into(), "attributes of an instance are 1"),
            ("/instances/0/status", "INACTIVE".into(), "no way to make an instance \"INACTIVE\""),
            ("/instances/0/ec2InstanceId", Value::Null, "names no instance"),
            ("/request/group", Value::Null, "the request has no group"),
            ("/request/count", u64::MAX.into(), "the count of the request is 18446744073709551615"),
            ("/request/count", "2".into(), "the count of the request is \"2\""),
            ("/request/constraints", "none".into(), "`constraints` is \"none\", and has to be a list"),
            ("/request/constraints/0/type", "affinity".into(), "'affinity'"),
            ("/request/constraints/0/expression", "attribute:stack = prod".into(), "At character 17"),
            ("/request/strategies/0/type", "pack".into(), "'pack'"),
        ] {
            let mut odd = good.clone();
            *odd.pointer_mut(place).expect("there is such a place") = wrong;
            let report = placement::judge(&serde_json::json!({"cases": [odd, good]})).expect("a list");
            assert_eq!((report.passed, report.disagreements.len()), (1, 1), "{place}");
            assert!(report.disagreements[0].contains(told), "{place}: {}", report.disagreements[0]);
        }
        let good = serde_json::json!({"desired": 2, "min": 50, "max": 100, "running_min": 1, "total_max": 2,
            "progress": true});
        for (name, wrong, told) in [
            ("desired", Value::Null, "case 0 cannot be played: `desired` is null, and has to be a number"),
            ("progress", 1.into(), "case 0 cannot be played: `progress` has to be true or false"),
            ("max", 0.into(), "desired 2 with 50/0: it cannot be played: UpdateService: "),
        ] {
            let mut odd = good.clone();
            odd[name] = wrong;
            let report = rolling::judge(&serde_json::json!({"cases": [odd, good]})).expect("a list");
            assert_eq!((report.passed, report.disagreements.len()), (1, 1), "{name}");
            assert!(report.disagreements[0].contains(told), "{name}: {}", report.disagreements[0]);
        }
    }
}
