//! How services keep their wish, and how they change versions.

const GUIDE: &str = "Amazon ECS developer guide";

rules! {
    DESIRED_COUNT: "SVC-11", Documented, true,
        "A REPLICA service keeps its desired count of tasks.",
        GUIDE;
}
