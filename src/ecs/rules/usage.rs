//! What tasks really use, and what is measured of it.

const GUIDE: &str = "Amazon ECS developer guide";

rules! {
    LOAD: "LOAD-01", Modelled, true,
        "drydock load says what its work asks of each task of a service; the first essential container bears it, and no program uses less than it declares.",
        "our own, until there is traffic";
    CPU_SHARES: "TASKDEF-22", Documented, true,
        "A container's CPU units are a reservation and a weight, no cap: idle CPU of a Linux machine is shared in proportion.",
        GUIDE;
    CPU_CAPPED: "CW-20", Documented, true,
        "With CPU at task level, always so on Fargate, a task cannot use more than that; without it, it may use whatever is idle.",
        GUIDE;
}
