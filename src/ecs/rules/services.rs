//! How services keep their wish, and how they change versions.

const GUIDE: &str = "Amazon ECS developer guide";
const API_REFERENCE: &str = "Amazon ECS API reference, 2014-11-13";
const PUBLISHED: &str = "published output of real clusters";
const MODEL: &str = "our own choice, to agree with published logs";

rules! {
    SERVICE_NAMES: "SVC-01", Documented, true,
        "A service's name has 1 to 255 letters, digits, hyphens and underscores and is unique among ACTIVE and DRAINING services; the same CreateService twice is done once.",
        API_REFERENCE;
    SERVICE_REQUIRED: "SVC-02", Documented, true,
        "CreateService needs a task definition, and a desired count for REPLICA; 0 is a desired count.",
        API_REFERENCE;
    STATUS: "SVC-04", Documented, true,
        "A service is ACTIVE, then DRAINING while its tasks end, then INACTIVE; DeleteService needs desired count 0 or force.",
        API_REFERENCE;
    FORGOTTEN: "SVC-05", Modelled, true,
        "A deleted service stops its tasks; INACTIVE, it can be described for 3600 seconds.",
        MODEL;
    SERVICE_EXISTS: "SVC-06", Documented, true,
        "A service that does not exist is refused; what exists counts its tasks over all deployments.",
        API_REFERENCE;
    EVENTS_KEPT: "SVC-07", Documented, true,
        "The last 100 events are kept, newest first; the same placement message is told again only after it was resolved or after 6 hours.",
        GUIDE;
    PASSES: "SVC-08", Modelled, true,
        "The scheduler looks at a service at once after a request, and every 10 seconds while there is something to do.",
        MODEL;
    NEW_DEPLOYMENT: "SVC-09", Documented, true,
        "A new task definition, network configuration or platform version, or forceNewDeployment, starts a deployment; a new desired count does not.",
        API_REFERENCE;
    LOAD_BALANCERS: "SVC-10", Observed, true,
        "A load balancer names a container port of the task definition, and a target group that a listener uses.",
        PUBLISHED;
    DESIRED_COUNT: "SVC-11", Documented, true,
        "A REPLICA service keeps its desired count of tasks; a DAEMON service one per instance.",
        GUIDE;
    DAEMON_FIRST: "SVC-12", Documented, true,
        "Tasks of DAEMON services start first on a new instance, and stop last.",
        GUIDE;
    DAEMON_BOUNDS: "SVC-13", Documented, true,
        "A DAEMON service replaces its tasks within 0 and 100 % unless told otherwise: an old task stops, then the new one starts on its instance.",
        API_REFERENCE;
    DAEMON_DRAINING: "SVC-14", Documented, true,
        "A DAEMON service's task on a DRAINING instance is stopped; a new instance gets one as soon as it is ACTIVE.",
        GUIDE;
    EVENT_TEXTS: "SVC-16", Observed, true,
        "What the scheduler does is told in the service's events, in fixed words.",
        PUBLISHED;
    STEADY_STATE: "SVC-17", Modelled, true,
        "A service is steady with one deployment, all desired tasks RUNNING and healthy, none pending, and none on a DRAINING instance.",
        MODEL;
    THROTTLE: "SVC-19", Documented, true,
        "Tasks that end before they were RUNNING make the scheduler wait longer between attempts, up to 27 minutes; a new deployment resets that.",
        GUIDE;
    THROTTLE_STEPS: "SVC-20", Modelled, true,
        "After the third such failure in a row the wait is 10, 20, 40, 80, 160, 320, 640, 1280, then 1620 seconds.",
        MODEL;
    CRASHES: "SVC-21", Documented, true,
        "A task that ends after it was RUNNING is replaced without throttle.",
        GUIDE;
    UNHEALTHY_REPLACED: "SVC-22", Documented, true,
        "Where maximumPercent leaves room, the replacement of an unhealthy task is started first; else unhealthy tasks are stopped one by one.",
        GUIDE;
    GRACE_PERIOD: "SVC-23", Documented, true,
        "Within healthCheckGracePeriodSeconds of a task's start, failed checks do not count.",
        API_REFERENCE;
    UNHEALTHY_REASON: "SVC-24", Observed, true,
        "A task whose container is UNHEALTHY is stopped with `Task failed container health checks`.",
        PUBLISHED;
    REBALANCING: "SVC-26", Documented, true,
        "CreateService enables zone rebalancing unless told otherwise; UpdateService keeps what is.",
        API_REFERENCE;
    REBALANCING_WHERE: "SVC-27", Documented, true,
        "Zone rebalancing works without placement strategies, on Fargate, and where the first strategy spreads over zones: it starts a task in the emptiest zone, waits until it is healthy, then stops one in the fullest. It does not go with DAEMON, a maximumPercent of 100 or constraints on the zone.",
        GUIDE;
    REBALANCING_PACE: "SVC-28", Modelled, true,
        "Zones differ by more than one task, 300 seconds after the steady state: tasks are moved one at a time.",
        MODEL;
    REBALANCING_MAXIMUM: "SVC-29", Observed, true,
        "Zone rebalancing needs a maximumPercent above 100; without being asked for, it gives way.",
        PUBLISHED;
    REPLACED: "LIFE-18", Observed, true,
        "A service replaces a task that stopped at its next pass, about 10 to 20 seconds later.",
        PUBLISHED;
    DEPLOYMENTS: "DEPLOY-01", Documented, true,
        "The newest deployment is PRIMARY; an older one is ACTIVE while it has tasks, then it leaves the list.",
        API_REFERENCE;
    ROLLOUT_STATE: "DEPLOY-02", Documented, true,
        "A deployment is IN_PROGRESS, then COMPLETED or FAILED.",
        API_REFERENCE;
    CONTROLLERS: "DEPLOY-29", Documented, true,
        "Service deployments are made by a deployment controller and a strategy; here by ECS, ROLLING.",
        API_REFERENCE;
    SERVICE_DEPLOYMENTS: "DEPLOY-04", Documented, true,
        "Each deployment of a service is kept as a service deployment: IN_PROGRESS, then SUCCESSFUL, STOPPED, or rolled back; StopServiceDeployment rolls back one that is in progress.",
        API_REFERENCE;
    SUPERSEDED: "DEPLOY-05", Documented, true,
        "A new deployment makes the one in progress ACTIVE, and its tasks are replaced too.",
        API_REFERENCE;
    ROLLOUT_BOUNDS: "DEPLOY-06", Documented, true,
        "minimumHealthyPercent of the desired count rounds up, maximumPercent rounds down; the defaults are 100 and 200.",
        "Amazon ECS API reference, DeploymentConfiguration";
    WHAT_BOUNDS: "DEPLOY-07", Documented, true,
        "The ceiling bounds RUNNING and pending tasks of all deployments, the floor bounds healthy tasks.",
        "Amazon ECS API reference, DeploymentConfiguration";
    STUCK: "DEPLOY-08", Documented, true,
        "When the ceiling is not above and the floor not below the desired count, a deployment cannot move and an event says so.",
        GUIDE;
    FIRST_WAVE: "DEPLOY-09", Documented, true,
        "The first wave starts and stops as many tasks as floor and ceiling allow.",
        GUIDE;
    HEALTHY: "DEPLOY-10", Documented, true,
        "A task with container health checks is healthy when they say so; one without any 40 seconds after RUNNING.",
        GUIDE;
    FAILING_REVISION: "DEPLOY-11", Documented, true,
        "A task that fails its checks does not count as healthy, so at a minimum of 100 % a bad revision never replaces a good one.",
        GUIDE;
    ROLLOUT_STEP: "DEPLOY-12", Modelled, true,
        "A pass starts what the ceiling allows, then stops old tasks as far as the floor allows, those that are not healthy first.",
        MODEL;
    UNDER_DESIRED: "DEPLOY-13", Documented, true,
        "With a minimum under 100 % the scheduler may go under the desired count; with 100/200 a whole second set comes first.",
        GUIDE;
    NEW_BOUNDS: "DEPLOY-15", Documented, true,
        "A new desired count changes floor and ceiling of a deployment at once.",
        GUIDE;
    STABLE: "DEPLOY-17", Documented, true,
        "The waiter services-stable wants one deployment and runningCount equal to desiredCount.",
        "AWS CLI reference, wait services-stable";
    PLACEMENT_STRATEGIES: "PLACE-07", Documented, true,
        "spread takes instanceId or an attribute, binpack cpu or memory, random nothing.",
        GUIDE;
    STOP_BY_STRATEGY: "PLACE-27", Documented, true,
        "With a strategy, the task is stopped whose removal leaves the best result under it.",
        GUIDE;
    STOP_BY_BALANCE: "PLACE-28", Documented, true,
        "Without a strategy, a task is stopped in the zone with most tasks of the service, there on the instance with most.",
        GUIDE;
    STOP_FIRST: "PLACE-29", Modelled, true,
        "Pending tasks are stopped first, whatever their provider, then unhealthy ones, then those on DRAINING instances, then those whose health is not known yet; of equals the newest.",
        MODEL;
    PLACEMENT_EVENTS: "PLACE-35", Observed, true,
        "A task that finds no place is told in an event that names the closest instance and what it lacks.",
        PUBLISHED;
    PLACEMENT_EVENTS_FARGATE: "PLACE-36", Documented, true,
        "On Fargate such an event names the reason without an instance.",
        GUIDE;
    CIRCUIT_BREAKER: "DEPLOY-18", Documented, true,
        "A deployment circuit breaker gives a deployment up that keeps failing; without one it goes on trying.",
        API_REFERENCE;
    BREAKER_THRESHOLD: "DEPLOY-19", Documented, true,
        "The threshold is 50 % of the latest desired count, at least 3 and at most 200; a threshold configuration names another share, a share without bounds, or a number.",
        API_REFERENCE;
    FAILED_TASKS: "DEPLOY-20", Documented, true,
        "A task that cannot be launched, or ends before it was RUNNING, is a failed task of its deployment.",
        GUIDE;
    FAILED_CHECKS: "DEPLOY-21", Documented, true,
        "A task that is replaced because of its health checks is a failed task of its deployment.",
        GUIDE;
    FAILED_HEALTHY: "DEPLOY-22", Modelled, true,
        "A task that ends by itself before it was ever healthy is a failed task; one that becomes healthy sets the count to 0, unless resetOnHealthyTask is false.",
        MODEL;
    ROLLBACK: "DEPLOY-23", Documented, true,
        "A deployment at the threshold is FAILED and starts nothing more; with rollback the one that was COMPLETED last is PRIMARY again, and without one nothing comes back.",
        GUIDE;
    ROLLED_BACK: "DEPLOY-24", Observed, true,
        "A rollback is told in an event, and the service runs the earlier revision again.",
        PUBLISHED;
    ALARMS: "DEPLOY-27", Documented, true,
        "Alarms can fail a deployment and roll it back.",
        API_REFERENCE;
    DRAINING_INSTANCE: "CINST-15", Documented, true,
        "A service replaces its tasks on a DRAINING instance within its floor and ceiling; those that do not run yet stop at once.",
        GUIDE;
}
