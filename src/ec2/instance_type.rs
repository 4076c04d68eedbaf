//! Types of instances: what each offers, and what the agent on it registers (CINST-22).

/// What a type of instance offers (CINST-22).
#[derive(Debug, PartialEq)]
pub struct InstanceType {
    /// Its name.
    pub name: &'static str,
    /// `x86_64` or `arm64`.
    pub architecture: &'static str,
    /// CPU units in all.
    pub cpu: u64,
    /// Memory as advertised, in MiB.
    pub nominal_mib: u64,
    /// Network cards in all, its own included.
    pub max_eni: u64,
    /// Network cards that its tasks may have on a trunk; 0 where the type has no trunk (CINST-20).
    pub trunk_slots: u64,
    /// Graphics processors (TASKDEF-59).
    pub gpus: u64,
    /// Price in millionths of a US dollar per hour.
    pub micro_usd_per_hour: u64,
}

impl InstanceType {
    /// Memory that the kernel reports and the agent registers (CINST-03).
    pub fn registered_mib(&self) -> u64 {
        (self.nominal_mib * 984 / 1000).saturating_sub(70)
    }

    /// Network cards that tasks on it may have: all but its own, or those of a trunk (CINST-20).
    pub fn eni_slots(&self, trunk: bool) -> u64 {
        if trunk && self.trunk_slots > 0 { self.trunk_slots } else { self.max_eni.saturating_sub(1) }
    }

    /// The type of this name.
    pub fn find(name: &str) -> Option<&'static InstanceType> {
        INSTANCE_TYPES.iter().find(|each| each.name == name)
    }
}

// Columns: architecture, vCPUs, MiB, network cards, task cards on a trunk, GPUs, price.
macro_rules! types {
    ($( $name:literal $architecture:literal $vcpu:literal $mib:literal $eni:literal $trunk:literal $gpus:literal $price:literal; )*) => {
        /// Every instance type that can be launched; prices are us-east-1, Linux, on demand.
        pub static INSTANCE_TYPES: &[InstanceType] = &[ $( InstanceType {
            name: $name,
            architecture: $architecture,
            cpu: $vcpu * 1024,
            nominal_mib: $mib,
            max_eni: $eni,
            trunk_slots: $trunk,
            gpus: $gpus,
            micro_usd_per_hour: $price,
        } ),* ];
    };
}

types! {
    "t3.micro" "x86_64" 2 1024 2 0 0 10_400;
    "t3.small" "x86_64" 2 2048 3 0 0 20_800;
    "t3.medium" "x86_64" 2 4096 3 0 0 41_600;
    "t3.large" "x86_64" 2 8192 3 0 0 83_200;
    "t3.xlarge" "x86_64" 4 16384 4 0 0 166_400;
    "t4g.medium" "arm64" 2 4096 3 0 0 33_600;
    "m5.large" "x86_64" 2 8192 3 10 0 96_000;
    "m5.xlarge" "x86_64" 4 16384 4 20 0 192_000;
    "m5.2xlarge" "x86_64" 8 32768 4 40 0 384_000;
    "c5.large" "x86_64" 2 4096 3 10 0 85_000;
    "c5.xlarge" "x86_64" 4 8192 4 20 0 170_000;
    "c5.2xlarge" "x86_64" 8 16384 4 40 0 340_000;
    "c5.4xlarge" "x86_64" 16 32768 8 60 0 680_000;
    "r5.large" "x86_64" 2 16384 3 10 0 126_000;
    "r5.xlarge" "x86_64" 4 32768 4 20 0 252_000;
    "m6g.medium" "arm64" 1 4096 2 4 0 38_500;
    "m6g.large" "arm64" 2 8192 3 10 0 77_000;
    "m6g.xlarge" "arm64" 4 16384 4 20 0 154_000;
    "m6i.large" "x86_64" 2 8192 3 10 0 96_000;
    "g4dn.xlarge" "x86_64" 4 16384 3 0 1 526_000;
    "g4dn.12xlarge" "x86_64" 48 196_608 8 0 4 3_912_000;
    "g5.xlarge" "x86_64" 4 16384 4 6 1 1_006_000;
}
