//! Where AWS does more than we do, or something else: the fidelity ledger.

/// A place where the simulation is simpler than AWS.
#[derive(Debug, PartialEq, Eq)]
pub struct Simplification {
    /// A short id, such as `iam-open`.
    pub id: &'static str,
    /// What AWS does.
    pub aws: &'static str,
    /// What happens here.
    pub here: &'static str,
    /// The version of Drydock since which this is so.
    pub since: &'static str,
}

macro_rules! ledger {
    ($( $id:literal aws $aws:literal here $here:literal; )*) => {
        static LEDGER: &[Simplification] =
            &[ $( Simplification { id: $id, aws: $aws, here: $here, since: "0.1.0" } ),* ];
    };
}

ledger! {
    "iam-open"
        aws "Every request is judged by the policies of who makes it."
        here "Every request is allowed; who makes it is recorded.";
    "ids-readable"
        aws "Ids of VPCs, subnets, security groups and machine images end in 17 hex digits."
        here "Those that a run starts with have readable ends: vpc-main, subnet-pub-a, sg-default, ami-ecs, ami-ecs-2, ami-ecs-old, ami-ecs-gpu, ami-docker.";
    "images-short"
        aws "An image in ECR is named with its registry's host: 111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web:1."
        here "The short form shop/web:1 means the same; real ECS would look for it on Docker Hub.";
    "images-catalogue"
        aws "A container runs whatever program its image holds."
        here "The registries hold a catalogue of small programs that declare how they behave: drydock programs lists them. Of commands only sleep, exit, true, false and echo are followed.";
    "durations"
        aws "How long a step takes varies and is documented nowhere."
        here "Each step takes the time that one table gives it, chosen to agree with published logs.";
    "consistency"
        aws "Describe calls may lag behind changes for a moment."
        here "Every answer is up to date.";
    "pulls-side-by-side"
        aws "Each container starts as soon as its own image is there."
        here "Containers that wait for nothing start together, when the last of their images is there.";
    "memory-shared"
        aws "The kernel ends the largest process when a task's containers together use more than the task's memory."
        here "Each container may use what the others' usual memory leaves of the task's.";
    "daemon-room"
        aws "Resources for the tasks of DAEMON services are reserved ahead of those of REPLICA services."
        here "A daemon's task starts first on a new instance; while it is being replaced, another task may take its room (SVC-12).";
    "verdicts-told"
        aws "ECS does not say why an instance was not chosen."
        here "Each decision tells the verdict on every instance, at most 12 of them.";
    "memory-of-machines"
        aws "The kernel of a machine ends processes when all its memory is in use, whatever the limits say."
        here "Only limits of containers and tasks end a process; a machine's tasks may use more memory than it has.";
    "metrics-few"
        aws "CloudWatch keeps metrics of all services, and anybody can put alarms on them."
        here "Measured are the CPU of groups and the reservation of capacity providers, while a scaling policy looks at them; alarms are those that policies make.";
    "metric-minutes"
        aws "EC2 measures every five minutes unless detailed monitoring is on, and points arrive late."
        here "Instances are measured every minute, and each point can be seen one minute after its end.";
    "host-overhead"
        aws "An instance's CPU use includes its system, its agent and containers that ECS does not know."
        here "It is what the tasks on it use.";
    "managed-draining"
        aws "ECS keeps an instance that drains with heartbeats of its lifecycle hook, for up to 48 hours."
        here "The hook waits for 48 hours by itself.";
    "managed-estimate"
        aws "ECS estimates the instances that waiting tasks need by bin packing; the exact arithmetic is not published."
        here "The scarcest resource of the largest group of like tasks decides, and later minutes correct it.";
    "load-by-hand"
        aws "What a program uses follows from the requests that it serves."
        here "drydock load says what each task of a service uses; its sidecars use what they declare, from their start on.";
    "secrets-logs-volumes"
        aws "A task start fetches secrets, opens log streams and mounts volumes, and fails when it may not."
        here "These steps stand in the chain, take no time and cannot fail yet.";
    "addresses"
        aws "A subnet runs out of addresses, and a freed one is given out again much later."
        here "Addresses are given out in order, and from the first one again after 4091.";
    "elastic-addresses"
        aws "Public addresses come from Amazon's ranges."
        here "They come from the ranges that are kept for documentation.";
    "default-vpc"
        aws "A default VPC has public subnets only."
        here "The one VPC is the default VPC and has private subnets too; nothing is blocked by routes or groups yet.";
    "machine-images"
        aws "A machine image is made for one processor architecture."
        here "The machine images fit every instance type, and an arm64 machine runs every image.";
    "instance-role"
        aws "An agent joins a cluster only with an instance role that allows it."
        here "The instance profile is kept and shown; the agent joins without it too.";
    "identity-document"
        aws "EC2 signs the identity document with which an instance registers, and ECS checks that."
        here "RegisterContainerInstance believes the document, and the instance need not be one that EC2 runs.";
    "instance-memory"
        aws "What the kernel reports differs between machine images by some MiB."
        here "It is computed: 984 thousandths of the advertised memory, less 70 MiB.";
    "instances-shown"
        aws "Terminated instances vanish from describe-instances after about an hour."
        here "They stay.";
    "docker-by-hand"
        aws "docker run pulls the image first, which takes a while."
        here "A container that is run by hand runs at once.";
    "agent-silent"
        aws "An agent without connection goes on with its containers and reports later."
        here "What happens to them meanwhile is worked out when it is back.";
    "agent-updates"
        aws "An update of an agent takes as long as its download; on some systems, Windows among them, UpdateContainerAgent does not work."
        here "It takes 36 seconds on every instance, by hand registered ones too, unless drydock fail agent-update damages what is fetched.";
    "trunks-made"
        aws "A trunk may fail to be made; the instance is then REGISTRATION_FAILED and its statusReason says why."
        here "It is made and taken away in seconds; no registration fails.";
    "bandwidth"
        aws "Pulls share the network of a machine."
        here "Each pull has the same speed, whatever else is pulled.";
    "host-failure"
        aws "A task whose Fargate host fails is told so in words that are not published."
        here "It stops with InfrastructureHealth and the sentence `The underlying infrastructure of the task failed.`";
    "platform-versions"
        aws "Fargate platform versions differ in their network, their logs and their steps, besides what they can run."
        here "1.3.0 runs less than LATEST and 1.4.0, and otherwise behaves like them.";
    "service-passes"
        aws "The service scheduler reacts within seconds to about half a minute, and repeats `has reached a steady state` every six hours."
        here "It looks at once after a request and every ten seconds while there is something to do; the sentence comes once, on entering the state.";
    "service-launch-rate"
        aws "A service starts at most 500 tasks a minute."
        here "All that floor, ceiling and room allow start in one pass.";
    "service-alarms"
        aws "Alarms that are named in a deployment configuration fail a deployment and roll it back."
        here "They are checked, kept and shown; only the circuit breaker fails a deployment.";
    "service-controllers"
        aws "Deployments can be left to CodeDeploy or to another controller, and can be blue/green, linear or canary."
        here "Only the controller ECS with ROLLING is taken; others are refused with a sentence that says so.";
    "service-load-balancers"
        aws "A service registers its tasks with target groups, Cloud Map and Service Connect."
        here "No target group has a listener and there is no namespace, so these are refused in AWS's words; registries are kept and shown.";
    "protected-draining"
        aws "It is not published whether protection also keeps a service's task on an instance that is DRAINING."
        here "It does: the task stays until its protection ends or is taken away.";
    "group-launches"
        aws "A group can launch several instance types, a mix of Spot and On-Demand Instances, and from launch configurations; with capacity rebalancing it replaces a Spot Instance before its notice."
        here "It launches one type from a launch template, all on demand or all as Spot Instances, and replaces one when it is gone.";
    "group-health"
        aws "Load balancers, EBS and VPC Lattice can call an instance unhealthy where its group asks for that."
        here "EC2's word and set-instance-health count; the health check type is kept and shown.";
    "group-hooks"
        aws "A lifecycle action is announced to EventBridge, SNS or SQS."
        here "Nobody is told; describe-auto-scaling-instances shows who waits.";
    "group-refreshes"
        aws "An instance refresh can pause at checkpoints, bake, watch alarms, roll back, and fails where launches fail for long."
        here "It rolls through the group within its bounds of health and fails only where it waits too long for protected instances.";
    "group-schedules"
        aws "A scheduled action can recur by a cron expression in a time zone."
        here "It is done once, at its start time.";
    "group-moves"
        aws "Instances move into Standby and out of it, and in and out of a group, within some seconds."
        here "They move at once.";
    "tag-conditions"
        aws "A tag's characters are restricted."
        here "Any character is taken.";
    "client-tokens"
        aws "A client token is remembered for a day."
        here "It is remembered for the whole run.";
    "cli-version"
        aws "Version 1 of the AWS CLI words the first part of its errors differently."
        here "Errors are worded as by version 2.";
    "cli-beginnings"
        aws "Version 1 of the AWS CLI, at least, takes the beginning of an option's name when no other begins like it."
        here "Options are written out.";
    "cli-outlines"
        aws "--generate-cli-skeleton yaml-input prints the outline as YAML with remarks, and version 1 draws enum values by chance."
        here "Outlines are JSON, of input or output, with the first value of an enum.";
    "cli-profiles"
        aws "Profiles stand in a file of the user's."
        here "There is one profile, default; `as NAME` in a script is another user.";
}

/// Every simplification that stands today.
pub fn fidelity() -> &'static [Simplification] {
    LEDGER
}
