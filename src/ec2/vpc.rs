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

/// A subnet of 4096 addresses, as the console's VPC wizard cuts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Subnet {
    /// Its id.
    pub id: SubnetId,
    /// Its zone, such as `us-east-1a`.
    pub availability_zone: String,
    /// The third number of its first address: `10.0.<third>.0/20`.
    pub third: u64,
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

/// Addresses that can be given out: AWS keeps the first four and the last.
const ADDRESSES: u64 = 4096 - 5;

impl Subnet {
    /// Its addresses, as `10.0.0.0/20`.
    pub fn cidr(&self) -> String {
        format!("10.0.{}.0/20", self.third)
    }

    /// How many addresses were not given out yet.
    pub fn free(&self) -> i64 {
        i64::try_from(ADDRESSES.saturating_sub(self.given)).unwrap_or(0)
    }

    /// The next address. After the last one it begins anew, as the fidelity ledger says.
    pub fn next_address(&mut self) -> String {
        let offset = 4 + self.given % ADDRESSES;
        self.given += 1;
        format!("10.0.{}.{}", self.third + offset / 256, offset % 256)
    }
}

/// The zones of the Region.
pub fn zones() -> [String; 3] {
    ["a", "b", "c"].map(|letter| format!("{}{letter}", crate::arn::REGION))
}

/// Puts the VPC, its subnets and its default group into a new world (SIM-06).
pub fn furnish(state: &mut State) {
    state.vpcs.insert(VPC.to_string(), Vpc { id: VPC.to_string(), cidr: "10.0.0.0/16".to_string() });
    for (availability_zone, block) in zones().into_iter().zip(0..) {
        let letter = availability_zone.trim_start_matches(crate::arn::REGION).to_string();
        for (kind, public, first) in [("pub", true, 0), ("pri", false, 128)] {
            let id = SubnetId::from(format!("subnet-{kind}-{letter}"));
            let availability_zone = availability_zone.clone();
            let subnet =
                Subnet { id: id.clone(), availability_zone, third: first + 16 * block, public, given: 0 };
            state.subnets.insert(id, subnet);
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
