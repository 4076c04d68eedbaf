//! The behaviours of scaling policies that the engine follows, each with its source.

const GUIDE: &str = "Amazon EC2 Auto Scaling user guide";
const API_REFERENCE: &str = "Amazon EC2 Auto Scaling API reference, 2011-01-01";

rules! {
    STEPS: "ASG-07", Documented, true,
        "A step policy adjusts the current capacity by the step that the distance from the threshold selects; scale-in waits while instances warm up.",
        GUIDE;
    TARGET_TRACKING: "ASG-08", Documented, true,
        "A target tracking policy makes two alarms, three minutes above the target and fifteen below nine tenths of it, and goes to instances x metric / target, rounded up.",
        GUIDE;
    WARM_UP: "ASG-09", Documented, true,
        "A new instance warms up for the policy's, else the group's time, else the cooldown; until then it is not in the mean, and nothing scales in.",
        GUIDE;
    INTERVALS: "AAS-41", Documented, true,
        "A step holds from its bound nearer to the threshold, which belongs to it above the threshold and below it alike, to the farther one.",
        API_REFERENCE;
    STEPS_CHECKED: "AAS-42", Documented, true,
        "Steps leave no gap and do not overlap; negative and positive bounds ask for a step without an end on that side.",
        API_REFERENCE;
    ADJUSTMENTS: "AAS-45", Documented, true,
        "An adjustment is a change, an exact capacity or a percentage.",
        API_REFERENCE;
    ROUNDING: "AAS-46", Documented, true,
        "A percentage is rounded towards zero, but a fraction of one instance is a whole one.",
        GUIDE;
    MAGNITUDE: "AAS-47", Documented, true,
        "A percentage changes the capacity at least by the minimum adjustment magnitude.",
        API_REFERENCE;
    POLICY_NAMED: "AAPI-04", Modelled, true,
        "A policy that does not exist, or a request without what its policy type needs, is refused with ValidationError.",
        "codes documented, sentences ours where not published";
}
