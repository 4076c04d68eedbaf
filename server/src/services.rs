//! Which services are spoken to here, and how: a row for each way of speaking to each service.

/// A wire protocol of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// JSON bodies, the operation in `X-Amz-Target`; the version stands in the content type.
    Json(&'static str),
    /// A form in, XML out.
    Query,
    /// The form and the XML of EC2.
    Ec2,
    /// Methods, paths and JSON bodies.
    RestJson,
}

/// A service in one protocol.
#[derive(Debug)]
pub struct Service {
    /// As the CLI and the engine name it.
    pub name: &'static str,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// The service's name in the credential scope.
    pub scope: &'static str,
    /// What stands before the dot of `X-Amz-Target`; empty where nothing does.
    pub target: &'static str,
    /// The version of the API, as forms send it and paths begin with.
    pub version: &'static str,
    /// The namespace of its XML; empty where there is none.
    pub namespace: &'static str,
}

const fn json(name: &'static str, scope: &'static str, target: &'static str) -> Service {
    Service { name, protocol: Protocol::Json("1.1"), scope, target, version: "", namespace: "" }
}

const fn json10(name: &'static str, scope: &'static str, target: &'static str) -> Service {
    Service { name, protocol: Protocol::Json("1.0"), scope, target, version: "", namespace: "" }
}

const fn query(
    name: &'static str,
    scope: &'static str,
    version: &'static str,
    namespace: &'static str,
) -> Service {
    Service { name, protocol: Protocol::Query, scope, target: "", version, namespace }
}

/// Every service that a client may ask here; which of its operations exist, the engine says.
pub static SERVICES: &[Service] = &[
    json("ecs", "ecs", "AmazonEC2ContainerServiceV20141113"),
    json("application-autoscaling", "application-autoscaling", "AnyScaleFrontendService"),
    json("events", "events", "AWSEvents"),
    json("logs", "logs", "Logs_20140328"),
    json("ssm", "ssm", "AmazonSSM"),
    json("ecr", "ecr", "AmazonEC2ContainerRegistry_V20150921"),
    json("secretsmanager", "secretsmanager", "secretsmanager"),
    json("servicediscovery", "servicediscovery", "Route53AutoNaming_v20170314"),
    json("drydock", "drydock", "Drydock"),
    json10("cloudwatch", "monitoring", "GraniteServiceVersion20100801"),
    query("cloudwatch", "monitoring", "2010-08-01", "http://monitoring.amazonaws.com/doc/2010-08-01/"),
    json10("sqs", "sqs", "AmazonSQS"),
    query("sqs", "sqs", "2012-11-05", "http://queue.amazonaws.com/doc/2012-11-05/"),
    query("sns", "sns", "2010-03-31", "http://sns.amazonaws.com/doc/2010-03-31/"),
    query(
        "elbv2",
        "elasticloadbalancing",
        "2015-12-01",
        "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    ),
    query(
        "elb",
        "elasticloadbalancing",
        "2012-06-01",
        "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/",
    ),
    query("autoscaling", "autoscaling", "2011-01-01", "http://autoscaling.amazonaws.com/doc/2011-01-01/"),
    query("iam", "iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"),
    query("sts", "sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
    Service {
        name: "ec2",
        protocol: Protocol::Ec2,
        scope: "ec2",
        target: "",
        version: "2016-11-15",
        namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    },
    Service {
        name: "efs",
        protocol: Protocol::RestJson,
        scope: "elasticfilesystem",
        target: "",
        version: "2015-02-01",
        namespace: "",
    },
];

/// The service of this target prefix.
pub fn by_target(prefix: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| !service.target.is_empty() && service.target == prefix)
}

/// The service that takes forms under this scope; of several, the one of this version.
pub fn by_form(scope: Option<&str>, version: Option<&str>) -> Option<&'static Service> {
    let takes_forms = || {
        SERVICES
            .iter()
            .filter(|service| matches!(service.protocol, Protocol::Query | Protocol::Ec2))
            .filter(|service| scope.is_none_or(|scope| service.scope == scope))
    };
    let of_version = takes_forms().find(|service| Some(service.version) == version);
    of_version.or_else(|| takes_forms().next().filter(|_| scope.is_some()))
}

/// The service whose paths begin like this one.
pub fn by_path(path: &str) -> Option<&'static Service> {
    SERVICES.iter().filter(|service| service.protocol == Protocol::RestJson).find(|service| {
        path.strip_prefix('/')
            .and_then(|path| path.strip_prefix(service.version))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
