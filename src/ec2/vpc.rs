//! The network that every run starts with: one VPC, and a public and a private subnet per zone.

use crate::arn::SubnetId;
use crate::state::State;

/// The VPC's id. Real tails are 17 hex digits; ours are readable, says the fidelity ledger.
pub const VPC: &str = "vpc-main";
/// The id of the VPC's default security group.
pub const DEFAULT_GROUP: &str = "sg-default";

/// A VPC.
#[derive(Debug, Clone, PartialEq)]
pub struct Vpc {
    /// Its id.
    pub id: String,
    /// Its addresses.
    pub cidr: String,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq)]
pub struct Subnet {
    /// Its id.
    pub id: SubnetId,
    /// Its zone, such as `us-east-1a`.
    pub availability_zone: String,
    /// The first three numbers of its addresses, such as `10.0.10`.
    pub prefix: String,
    /// Whether its default route leads to the internet gateway.
    pub public: bool,
    /// How many addresses were given out.
    pub given: u64,
}

/// A security group.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityGroup {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// Puts the VPC, its subnets and its default group into a new world.
pub fn furnish(state: &mut State) {
    state.vpcs.insert(VPC.to_string(), Vpc { id: VPC.to_string(), cidr: "10.0.0.0/16".to_string() });
    for (index, zone) in ["a", "b", "c"].into_iter().enumerate() {
        for (kind, public, tens) in [("pub", true, 0), ("pri", false, 10)] {
            let id = SubnetId::from(format!("subnet-{kind}-{zone}"));
            state.subnets.insert(
                id.clone(),
                Subnet {
                    id,
                    availability_zone: format!("{}{zone}", crate::arn::REGION),
                    prefix: format!("10.0.{}", tens + index),
                    public,
                    given: 0,
                },
            );
        }
    }
    state.security_groups.insert(
        DEFAULT_GROUP.to_string(),
        SecurityGroup {
            id: DEFAULT_GROUP.to_string(),
            name: "default".to_string(),
            description: "default VPC security group".to_string(),
        },
    );
}
