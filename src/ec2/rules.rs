//! The behaviours of EC2 that the engine follows, each with its source.

rules! {
    INSTANCE_BOOT: "CINST-01", Documented, true,
        "User data writes ECS_CLUSTER to /etc/ecs/ecs.config; the agent joins that cluster, `default` when it is not set, and tries again where the cluster does not exist.",
        "Amazon ECS developer guide, ecs-agent-config";
    INSTANCE_TYPES: "CINST-22", Documented, true,
        "An instance type says how much CPU, memory and how many network cards an instance has.",
        "Amazon EC2 user guide, instance types";
    INSTANCE_TIMES: "SIM-02", Modelled, true,
        "An instance boots in 45 to 60 seconds, its agent registers 30 seconds later, and its end takes 30 seconds.",
        "chosen to agree with common practice";
    INSTANCE_FOUND: "SIM-03", Documented, false,
        "EC2 refuses a request that names an instance, subnet, group or image that does not exist.",
        "Amazon EC2 API reference";
    LAUNCH_ONCE: "EC2-01", Documented, false,
        "RunInstances with a ClientToken that was used before launches nothing and answers as before; with other parameters it is refused.",
        "Amazon EC2 API reference, ensuring idempotency";
    LAUNCH_TEMPLATE: "EC2-02", Documented, false,
        "A launch template has a name of its own and versions that never change; where no version is named, its default version counts.",
        "Amazon EC2 user guide, launch templates";
    LAUNCH_TEMPLATE_DATA: "EC2-03", Documented, false,
        "User data in a launch template is base64; what a launch says itself counts before what its template says.",
        "Amazon EC2 API reference, RequestLaunchTemplateData";
    SPOT_NOTICE: "EC2-04", Documented, false,
        "EC2 interrupts a Spot instance with a notice of two minutes, and then terminates it.",
        "Amazon EC2 user guide, Spot Instance interruption notices";
    DOCKER_ALONE: "SIM-04", Modelled, true,
        "A container that is run by hand belongs to nobody: Docker alone restarts nothing.",
        "Docker's default restart policy";
    SANDBOX: "SIM-05", Modelled, true,
        "The sandbox's own operations stand outside AWS.",
        "our own";
    WORLD: "SIM-06", Modelled, true,
        "A run starts with one VPC, a public and a private subnet in each of three zones, and a default security group.",
        "our own";
}
