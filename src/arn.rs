//! Names of things: ARNs and ids, each a type of its own.

use std::cmp::Ordering;
use std::fmt;

/// The Region of every run.
pub const REGION: &str = "us-east-1";
/// The account of every run.
pub const ACCOUNT: &str = "111122223333";

/// Compares two names as texts are compared.
///
/// ARNs of one kind begin alike for some seventy bytes. WebAssembly has no instruction that compares
/// memory, so there they are taken eight at a time.
#[inline(never)]
fn compare(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while cfg!(target_arch = "wasm32")
        && let (Some((a, one_rest)), Some((b, other_rest))) =
            (one.split_first_chunk::<8>(), other.split_first_chunk::<8>())
        && u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b)
    {
        (one, other) = (one_rest, other_rest);
    }
    one.cmp(other)
}

macro_rules! names {
    ($( $(#[doc = $doc:literal])* $name:ident; )*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name(String);

        impl Ord for $name {
            fn cmp(&self, other: &$name) -> Ordering {
                compare(&self.0, &other.0)
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &$name) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The part behind the last slash: the resource's own name or id.
            pub fn short(&self) -> &str {
                self.0.rsplit('/').next().unwrap_or(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.to_string())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl crate::shape::Slot for $name {
            const TYPE: crate::shape::Type = crate::shape::Type::String;
            fn read(&mut self, value: &serde_json::Value, place: &crate::shape::Place, issues: &mut Vec<String>) {
                crate::shape::Slot::read(&mut self.0, value, place, issues);
            }
            fn write(&self) -> Option<serde_json::Value> {
                crate::shape::Slot::write(&self.0)
            }
        }
    )* };
}

names! {
    /// `arn:aws:ecs:<region>:<account>:cluster/<name>`.
    ClusterArn;
    /// `arn:aws:ecs:<region>:<account>:service/<cluster>/<name>`.
    ServiceArn;
    /// `arn:aws:ecs:<region>:<account>:task/<cluster>/<32 hex>`.
    TaskArn;
    /// `arn:aws:ecs:<region>:<account>:container-instance/<cluster>/<32 hex>`.
    ContainerInstanceArn;
    /// `arn:aws:ecs:<region>:<account>:task-definition/<family>:<revision>`.
    TaskDefinitionArn;
    /// An EC2 instance: `i-` and 17 hex digits.
    InstanceId;
    /// A subnet: `subnet-` and a tail.
    SubnetId;
    /// A launch template: `lt-` and 17 hex digits.
    LaunchTemplateId;
    /// The name of an Auto Scaling group, by which requests name it.
    GroupName;
}

impl ClusterArn {
    /// The cluster of this name.
    pub fn named(name: &str) -> ClusterArn {
        format!("arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{name}").into()
    }
}

impl ServiceArn {
    /// The service of this name in this cluster.
    pub fn named(cluster: &str, name: &str) -> ServiceArn {
        format!("arn:aws:ecs:{REGION}:{ACCOUNT}:service/{cluster}/{name}").into()
    }

    /// The name of the service's cluster.
    pub fn cluster(&self) -> &str {
        self.as_str().rsplit('/').nth(1).unwrap_or_default()
    }
}

impl TaskArn {
    /// The task of this id in this cluster.
    pub fn named(cluster: &str, id: &str) -> TaskArn {
        format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task/{cluster}/{id}").into()
    }

    /// The name of the task's cluster.
    pub fn cluster(&self) -> &str {
        self.as_str().rsplit('/').nth(1).unwrap_or_default()
    }
}

impl ContainerInstanceArn {
    /// The container instance of this id in this cluster.
    pub fn named(cluster: &str, id: &str) -> ContainerInstanceArn {
        format!("arn:aws:ecs:{REGION}:{ACCOUNT}:container-instance/{cluster}/{id}").into()
    }

    /// The name of the instance's cluster.
    pub fn cluster(&self) -> &str {
        self.as_str().rsplit('/').nth(1).unwrap_or_default()
    }
}

impl TaskDefinitionArn {
    /// This revision of this family.
    pub fn named(family: &str, revision: u64) -> TaskDefinitionArn {
        format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{family}:{revision}").into()
    }
}
