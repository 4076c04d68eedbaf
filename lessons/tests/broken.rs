//! A small lesson that proves, and every way of breaking it: the failure names lesson, step and line.
#![cfg(feature = "authoring")]

use drydock_lessons::Lesson;
use drydock_lessons::authoring::{Files, load};
use drydock_lessons::prove::{Report, Statement, prove_files};

const NAME: &str = "07-names";

const LESSON: &str = r#"id = "names"
number = 7
title = "Names"
goal = "Say what a cluster is."
minutes = 5
needs = []
statements = ["N-901", "N-902"]
misconceptions = []

[[step]]
id = "make"
text = "step-1"
why = "step-1-why"
statements = ["N-901"]
hints = { look = "hint-1-look", idea = "hint-1-idea" }
goal = [
  { state = "clusters[?clusterName=='shop' && status=='ACTIVE'] | length(@)", is = 1, says = "there is 1 cluster shop" },
]

[[step.feedback]]
wrong = "wrong/other-name.script"
text = "feedback-name"
when = [{ did = "ecs CreateCluster", with = "clusterName!='shop' && !starts_with(clusterName,'detour')", says = "a cluster of another name was made" }]

[[step]]
id = "away"
text = "step-2"
why = "step-2-why"
statements = []
hints = { look = "hint-2-look", idea = "hint-2-idea" }
goal = [
  { in_order = [
    { state = "clusters[?clusterName=='shop' && status=='ACTIVE'] | length(@)", is = 1, says = "there is 1 cluster shop" },
    { held = { state = "clusters[?clusterName=='shop' && status=='ACTIVE'] | length(@)", is = 0, says = "there is no cluster shop" }, for = "30s" },
  ] },
]

[step.prediction]
id = "p2"
ask = "How many clusters are left?"
answer = "a"
shows = { state = "clusters[?clusterName=='shop' && status=='ACTIVE'] | length(@)" }
options = [ { text = "0", why = "It is gone." }, { text = "1, as before", why = "It would have to stay." } ]

[[quiz]]
id = "q1"
statements = ["N-902"]
objective = "know what a new cluster holds"
level = "understand"
stem = "How many tasks run in a new cluster?"
run = '''
aws ecs create-cluster --cluster-name shop
'''

[[quiz.option]]
text = "None"
correct = true
why = "It is a name."
shows = { query = "aws ecs describe-clusters --clusters shop --query 'clusters[0].runningTasksCount'", equals = 0 }

[[quiz.option]]
text = "One"
why = "Nothing was started."
misconception = "takes a cluster for a machine"
refutes = "N-902"
shows = { query = "aws ecs describe-clusters --clusters shop --query 'clusters[0].runningTasksCount'", equals = 1 }
"#;

const TEXT: &str = "# Names

## {#intro} What this is about
A name.

## {#step-1} Make it
Type this.

## {#step-1-why} Why
<!-- N-901 -->
A cluster is a name.

## {#step-2} Away with it
Type that.

## {#step-2-why} Why
<!-- N-902 -->
A cluster holds nothing at first.

## {#aha} A name
It is a name.

## {#outro} The end
Well done.

## {#hint-1-look}
Look.

## {#hint-1-idea}
Think.

## {#hint-2-look}
Look.

## {#hint-2-idea}
Think.

## {#feedback-name}
The name is another one.
";

const SOLUTION: &str = "drydock 1 seed=7 from=lesson/7 behaviour=1
# step: make
aws ecs create-cluster --cluster-name shop
drydock wait 5s
# step: away
aws ecs delete-cluster --cluster shop
drydock wait 30s
";

fn files() -> Files {
    [
        ("lesson.toml", LESSON),
        ("text.en.md", TEXT),
        ("start.script", "drydock 1 seed=7 behaviour=1\naws ecs create-cluster --cluster-name default\n"),
        ("solution.script", SOLUTION),
        ("wrong/other-name.script", "aws ecs create-cluster --cluster-name shopp\n"),
    ]
    .map(|(path, text)| (path.to_string(), text.to_string()))
    .into()
}

fn statements() -> Vec<Statement> {
    [("N-901", "correct"), ("N-902", "wrong")]
        .map(|(id, verdict)| Statement {
            id: id.to_string(),
            notes: vec!["notes-1".to_string()],
            says: "A cluster is a name.".to_string(),
            verdict: verdict.to_string(),
            correction: String::new(),
        })
        .to_vec()
}

fn proved(files: Files) -> Report {
    prove_files(NAME, files, &statements())
}

/// The report of the lesson with `old` replaced by `new` in a file.
fn broken(file: &str, old: &str, new: &str) -> Report {
    let mut files = files();
    let text = files.get_mut(file).expect("the file is there");
    assert!(text.contains(old), "{file} holds {old:?}");
    *text = text.replacen(old, new, 1);
    proved(files)
}

#[test]
fn the_lesson_proves() {
    let report = proved(files());
    assert_eq!(report.problems, [], "{report}");
    assert!(report.runs > 10);
    assert_eq!(report.hashes.len(), 3);
}

#[test]
fn breaking_it_fails_by_name() {
    let mut unsaid = String::new();
    for (file, old, new, says) in [
        (
            "solution.script",
            "aws ecs delete-cluster --cluster shop\n",
            "",
            "07-names, away, solution.script:6 (proof 1): its last line is played and the step is not met",
        ),
        ("solution.script", "# step: away\n", "", "07-names, away, solution.script: no line belongs to away"),
        (
            "solution.script",
            "aws ecs delete-cluster",
            "aws ecs create-cluster --cluster-name more\naws ecs delete-cluster",
            "07-names, away, solution.script:6 (proof 3): every step is met without this line",
        ),
        (
            "solution.script",
            "delete-cluster",
            "drop-cluster",
            "07-names, solution.script:6 (proof 1): this line is not understood",
        ),
        (
            "solution.script",
            "drydock wait 30s\n",
            "drydock wait 30s\naws ecs create-cluster --cluster-name more\n",
            "07-names, solution.script:8 (proof 3): every step is met before this line",
        ),
        (
            "lesson.toml",
            "text = \"None\"\ncorrect = true",
            "text = \"None\"",
            "07-names, q1, lesson.toml:45 (proof 10): exactly one option is right",
        ),
        (
            "lesson.toml",
            "equals = 0",
            "equals = 3",
            "07-names, q1, lesson.toml:45 (proof 10): option a: the key is not true. Wanted is 3; now it is 0.",
        ),
        (
            "lesson.toml",
            "equals = 1",
            "equals = 0",
            "07-names, q1, lesson.toml:45 (proof 10): option b: this wrong option is true",
        ),
        (
            "lesson.toml",
            "answer = \"a\"",
            "answer = \"b\"",
            "07-names, p2, lesson.toml:38 (proof 10): option b: the key does not begin with what is found, 0",
        ),
        (
            "lesson.toml",
            "answer = \"a\"",
            "answer = \"f\"",
            "07-names, p2, lesson.toml:38: the answer `f` is none of the options",
        ),
        (
            "lesson.toml",
            "text = \"step-2\"",
            "text = \"step-3\"",
            "07-names, away, lesson.toml:25 (proof 8): text.en.md has no text under {#step-3}",
        ),
        (
            "lesson.toml",
            "text = \"step-2\"",
            "text = \"step-1\"",
            "07-names, text.en.md:13 (proof 8): nothing in lesson.toml uses the text {#step-2}",
        ),
        (
            "lesson.toml",
            "there is 1 cluster shop\" },\n]",
            "it is there\" },\n]",
            "07-names, make, lesson.toml:10 (proof 6): the sentence “it is there” does not name the 1 that is checked",
        ),
        (
            "lesson.toml",
            "clusterName=='shop' && status=='ACTIVE'] | length(@)\", is = 0, says = \"there is no cluster shop\"",
            "status=='ACTIVE'] | length(@)\", is = 1, says = \"there is 1 cluster\"",
            "07-names, away, lesson.toml:25 (proof 5): a detour",
        ),
        (
            "lesson.toml",
            "clusterName=='shop' && status=='ACTIVE'] | length(@)\", is = 1, says = \"there is 1 cluster shop\" },\n]",
            "status=='ACTIVE'] | length(@)\", at_least = 1, says = \"there is 1 cluster\" },\n]",
            "07-names, make, lesson.toml:10 (proof 2): the start already meets this step",
        ),
        (
            "lesson.toml",
            "clusterName=='shop' && status=='ACTIVE'] | length(@)\", is = 1, says = \"there is 1 cluster shop\" },\n]",
            "clusterName=='shop' &&] | length(@)\", is = 1, says = \"there is 1 cluster shop\" },\n]",
            "07-names, make, lesson.toml:10 (proof 8): this expression cannot be read",
        ),
        (
            "lesson.toml",
            "clusterName!='shop' &&",
            "clusterName=='shoe' &&",
            "07-names, make, wrong/other-name.script:1 (proof 4): this wrong way does not trigger feedback-name",
        ),
        (
            "solution.script",
            "# step: make\n",
            "# step: make\naws ecs create-cluster --cluster-name more\n",
            "07-names, make, solution.script:3 (proof 4): feedback-name is said here although the way is right",
        ),
        (
            "lesson.toml",
            "refutes = \"N-902\"\n",
            "",
            "07-names, lesson.toml (proof 8): the note behind N-902 is wrong, and nothing refutes it",
        ),
        (
            "lesson.toml",
            "statements = [\"N-901\", \"N-902\"]",
            "statements = [\"N-901\", \"N-902\", \"N-903\"]",
            "07-names, lesson.toml (proof 8): N-903 does not stand in statements.json",
        ),
        ("lesson.toml", "minutes = 5", "minutes = \"five\"", "07-names, lesson.toml:5: invalid type: string"),
        ("lesson.toml", "is = 1, says", "ist = 1, says", "07-names, lesson.toml:17: unknown field `ist`"),
        ("text.en.md", "<!-- N-902 -->\n", "", "07-names, text.en.md (proof 8): no paragraph teaches N-902"),
        (
            "text.en.md",
            "## {#aha} A name",
            "## A name",
            "07-names, text.en.md:20: a heading of the second level",
        ),
        (
            "start.script",
            "aws ecs create-cluster",
            "aws ecs delete-cluster",
            "07-names, start.script:2 (proof 1): the start fails here",
        ),
        (
            "wrong/other-name.script",
            "shopp",
            "shop",
            "07-names, make, wrong/other-name.script:1 (proof 4): this wrong way meets the step",
        ),
    ] {
        let report = broken(file, old, new);
        if !report.problems.iter().any(|problem| problem.to_string().starts_with(says)) {
            unsaid.push_str(&format!("{old:?} -> {new:?} should say {says:?}, but says:\n{report}\n\n"));
        }
    }
    assert_eq!(unsaid, "", "{unsaid}");
}

#[test]
fn what_the_browser_reads_is_the_same_lesson() {
    let folder = load(NAME, files()).expect("the lesson can be read");
    let json = folder.lesson.to_json().expect("it can be written");
    assert_eq!(Lesson::from_json(&json).expect("and read again"), folder.lesson);
    assert!(folder.lesson.texts["step-1-why"].html.contains("<p>A cluster is a name.</p>"));
    assert_eq!(
        folder.lesson.play.steps[0].commands,
        ["aws ecs create-cluster --cluster-name shop", "drydock wait 5s"]
    );
    let complaint = Lesson::from_json("{\"id\": 3}").expect_err("this is no lesson");
    assert!(complaint.contains("line 1"), "{complaint}");
}
