//! How tasks live and die, and where they are placed.

const GUIDE: &str = "Amazon ECS developer guide";

rules! {
    TASK_STATES: "LIFE-01", Documented, true,
        "A task passes PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED in this order; states without work are skipped.",
        GUIDE;
}
