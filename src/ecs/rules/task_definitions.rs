//! What a task definition may say.

const API_REFERENCE: &str = "Amazon ECS API reference, RegisterTaskDefinition";

rules! {
    IMMUTABLE: "TASKDEF-04", Documented, true,
        "A task definition never changes; editing it means registering a new revision.",
        API_REFERENCE;
}
