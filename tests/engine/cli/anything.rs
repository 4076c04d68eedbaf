//! Whatever is typed, the command line says something and never panics.

use super::{answer, documents};
use drydock::cli::{Command, parse};
use proptest::prelude::*;

/// Pieces that lines are made of, so that random lines get past the first word.
fn piece() -> impl Strategy<Value = String> {
    let known = [
        "aws",
        "ecs",
        "ec2",
        "drydock",
        "wait",
        "help",
        "create-cluster",
        "register-task-definition",
        "list-clusters",
        "--cluster-name",
        "--tags",
        "--query",
        "--output",
        "--container-definitions",
        "--cli-input-json",
        "--max-items",
        "--generate-cli-skeleton",
        "file://broken.json",
        "key=a,value=[b",
        "key={a=[{",
        "[[[[",
        "{{{{",
        "tasks[?a=='b'].c | [0]",
        "-1",
        "--",
        "=",
        "é=ü,\\,",
        "5m",
        "99999999999999999999d",
    ];
    prop_oneof![
        3 => proptest::sample::select(known.to_vec()).prop_map(str::to_string),
        1 => any::<String>(),
        1 => "[a-z=,'\"\\[\\]{}\\\\@ é.0-9-]{0,24}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_line_makes_the_command_line_panic(pieces in proptest::collection::vec(piece(), 0..9)) {
        let _ = parse(&pieces, &documents());
    }

    #[test]
    fn no_value_makes_the_command_line_panic(value in piece(), more in piece()) {
        let line = ["ecs", "register-task-definition", "--container-definitions"];
        let mut words: Vec<String> = line.iter().map(ToString::to_string).collect();
        words.extend([value, more]);
        let _ = parse(&words, &documents());
    }

    #[test]
    fn no_line_makes_completion_panic(pieces in proptest::collection::vec(piece(), 0..9), cut in 0usize..200) {
        let line = pieces.join(" ");
        let world = crate::world::World::new();
        let completion = drydock::cli::complete(&line, cut, world.sim.state(), &documents());
        prop_assert!(line.is_char_boundary(completion.start));
    }

    #[test]
    fn no_query_makes_the_command_line_panic(query in piece(), deep in 0usize..400) {
        for text in [query.clone(), "[".repeat(deep), "(".repeat(deep), "!".repeat(deep), "a.".repeat(deep) + "a"] {
            let words = ["ecs", "list-clusters", "--query", &text].map(str::to_string);
            if let Ok(Command::Call(request)) = parse(&words, &documents()) {
                let _ = request.print(&Ok(answer()));
            }
        }
    }
}
