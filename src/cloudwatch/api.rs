//! The operations of CloudWatch, a row each; one file each.

use crate::operation::Operation;

pub mod describe_alarms;

/// Every operation of CloudWatch that exists.
pub static OPERATIONS: &[Operation] = operations! { "cloudwatch":
    look "DescribeAlarms" describe_alarms::describe_alarms, DescribeAlarmsRequest => DescribeAlarmsResponse,
        "Describes alarms: what they watch, and where they stand.";
};
