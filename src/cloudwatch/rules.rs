//! The behaviours of CloudWatch that the engine follows, each with its source.

const GUIDE: &str = "Amazon CloudWatch user guide";
const API_REFERENCE: &str = "Amazon CloudWatch API reference, 2010-08-01";

rules! {
    METRICS: "CW-01", Documented, true,
        "A metric is a namespace, a name and an exact set of dimensions; another set is another metric.",
        GUIDE;
    INSTANCE_POINTS: "CW-08", Modelled, true,
        "The CPU of an instance is measured over each minute, as detailed monitoring does; basic monitoring takes five.",
        "Amazon EC2 user guide; detailed monitoring is our choice";
    STATES: "CW-50", Documented, true,
        "An alarm is OK, ALARM or INSUFFICIENT_DATA; it tells which points made it change.",
        API_REFERENCE;
    POINTS: "CW-51", Documented, true,
        "An alarm is in ALARM when enough of its last points breach the threshold.",
        API_REFERENCE;
    EVERY_MINUTE: "CW-54", Documented, true,
        "An alarm that calls a scaling policy calls it again each minute while it is in ALARM.",
        GUIDE;
    MISSING: "CW-60", Documented, true,
        "Points that are missing altogether give INSUFFICIENT_DATA; else those that are there decide.",
        GUIDE;
    LOOK_BACK: "CW-61", Modelled, true,
        "An alarm looks at two points more than it needs.",
        "AWS says only that it looks at more; its tables have five for three";
    VISIBLE: "LAT-09", Modelled, true,
        "A point can be seen a minute after the end of its minute.",
        "AWS publishes late and does not say how late";
}
