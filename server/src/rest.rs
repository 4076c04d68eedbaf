//! The protocol of methods, paths and JSON bodies: EFS speaks it.

use crate::answer::{Answer, Refusal};
use crate::json;
use crate::route::Form;
use crate::services::Service;
use drydock::Operation;
use drydock::shape::{Shape, Type};
use serde_json::{Map, Value};

/// An operation's place: its method, its path, and the status code of its success.
struct Place {
    method: &'static str,
    path: &'static str,
    status: u16,
    operation: &'static str,
}

const fn place(method: &'static str, path: &'static str, status: u16, operation: &'static str) -> Place {
    Place { method, path, status, operation }
}

/// Every place of EFS, behind the version of its API.
static PLACES: &[Place] = &[
    place("GET", "access-points", 200, "DescribeAccessPoints"),
    place("POST", "access-points", 200, "CreateAccessPoint"),
    place("DELETE", "access-points/{AccessPointId}", 204, "DeleteAccessPoint"),
    place("GET", "account-preferences", 200, "DescribeAccountPreferences"),
    place("PUT", "account-preferences", 200, "PutAccountPreferences"),
    place("POST", "create-tags/{FileSystemId}", 204, "CreateTags"),
    place("POST", "delete-tags/{FileSystemId}", 204, "DeleteTags"),
    place("GET", "file-systems", 200, "DescribeFileSystems"),
    place("POST", "file-systems", 201, "CreateFileSystem"),
    place("GET", "file-systems/replication-configurations", 200, "DescribeReplicationConfigurations"),
    place("DELETE", "file-systems/{FileSystemId}", 204, "DeleteFileSystem"),
    place("PUT", "file-systems/{FileSystemId}", 202, "UpdateFileSystem"),
    place("GET", "file-systems/{FileSystemId}/backup-policy", 200, "DescribeBackupPolicy"),
    place("PUT", "file-systems/{FileSystemId}/backup-policy", 200, "PutBackupPolicy"),
    place(
        "GET",
        "file-systems/{FileSystemId}/lifecycle-configuration",
        200,
        "DescribeLifecycleConfiguration",
    ),
    place("PUT", "file-systems/{FileSystemId}/lifecycle-configuration", 200, "PutLifecycleConfiguration"),
    place("DELETE", "file-systems/{FileSystemId}/policy", 200, "DeleteFileSystemPolicy"),
    place("GET", "file-systems/{FileSystemId}/policy", 200, "DescribeFileSystemPolicy"),
    place("PUT", "file-systems/{FileSystemId}/policy", 200, "PutFileSystemPolicy"),
    place("PUT", "file-systems/{FileSystemId}/protection", 200, "UpdateFileSystemProtection"),
    place(
        "DELETE",
        "file-systems/{SourceFileSystemId}/replication-configuration",
        204,
        "DeleteReplicationConfiguration",
    ),
    place(
        "POST",
        "file-systems/{SourceFileSystemId}/replication-configuration",
        200,
        "CreateReplicationConfiguration",
    ),
    place("GET", "mount-targets", 200, "DescribeMountTargets"),
    place("POST", "mount-targets", 200, "CreateMountTarget"),
    place("DELETE", "mount-targets/{MountTargetId}", 204, "DeleteMountTarget"),
    place("GET", "mount-targets/{MountTargetId}/security-groups", 200, "DescribeMountTargetSecurityGroups"),
    place("PUT", "mount-targets/{MountTargetId}/security-groups", 204, "ModifyMountTargetSecurityGroups"),
    place("DELETE", "resource-tags/{ResourceId}", 200, "UntagResource"),
    place("GET", "resource-tags/{ResourceId}", 200, "ListTagsForResource"),
    place("POST", "resource-tags/{ResourceId}", 200, "TagResource"),
    place("GET", "tags/{FileSystemId}", 200, "DescribeTags"),
];

/// The operation at this place, and what its path and query say.
pub fn find(service: &Service, method: &str, path: &str, query: &str) -> Option<(&'static str, Form)> {
    let path = path.trim_start_matches('/').strip_prefix(service.version)?.trim_matches('/');
    let given: Vec<&str> = path.split('/').collect();
    let fits = |place: &&Place| {
        let own = place.path.split('/');
        place.method == method
            && own.clone().count() == given.len()
            && own
                .zip(&given)
                .all(|(own, given)| own == *given || (own.starts_with('{') && !given.is_empty()))
    };
    let place = PLACES.iter().find(fits)?;
    let mut form: Form =
        form_urlencoded::parse(query.as_bytes()).into_owned().fold(Form::new(), |mut form, (name, value)| {
            // A list is a name that stands several times.
            form.entry(name)
                .and_modify(|values: &mut String| {
                    values.push('\n');
                    values.push_str(&value);
                })
                .or_insert(value);
            form
        });
    for (own, given) in place.path.split('/').zip(&given) {
        if let Some(name) = own.strip_prefix('{').and_then(|own| own.strip_suffix('}')) {
            form.insert(name.to_string(), decoded(given));
        }
    }
    Some((place.operation, form))
}

/// A segment of a path without its escapes; a plus is a plus there.
fn decoded(segment: &str) -> String {
    let whole = segment.replace('+', "%2B");
    let pair = form_urlencoded::parse(whole.as_bytes()).next();
    pair.map_or_else(String::new, |(name, _)| name.into_owned())
}

/// Reads a request: what the path and the query say, and the members of the body.
///
/// # Errors
/// As [`json::read`].
pub fn read(service: &Service, shape: &Shape, form: &Form, body: &[u8]) -> Result<Value, Refusal> {
    let mut members = match body.trim_ascii() {
        [] => Map::new(),
        body => match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => members,
            _ => return Err(Refusal::new("BadRequest", "The body is no JSON object.")),
        },
    };
    for field in shape.fields {
        let named = form.iter().find(|(name, _)| name.eq_ignore_ascii_case(field.name));
        let Some((_, text)) = named else { continue };
        let value = match field.ty {
            Type::List(_) => text.split('\n').map(Value::from).collect(),
            Type::Integer => text.parse::<i64>().map_or_else(|_| Value::from(text.as_str()), Value::from),
            Type::Boolean => text.parse::<bool>().map_or_else(|_| Value::from(text.as_str()), Value::from),
            _ => Value::from(text.as_str()),
        };
        members.insert(field.name.to_string(), value);
    }
    json::structure(service, shape, &Value::Object(members), "").map(Value::Object)
}

/// A whole answer.
pub fn answer(operation: &Operation, answer: Value) -> Answer {
    let status =
        PLACES.iter().find(|place| place.operation == operation.name).map_or(200, |place| place.status);
    let body = if status == 204 { Vec::new() } else { json::body(operation.output, answer) };
    Answer { status, content_type: "application/json".to_string(), headers: Vec::new(), body }
}

/// A refusal: its code stands in a header, and in the body as EFS has it.
pub fn refusal(refusal: &Refusal) -> Answer {
    let mut answer = json::refusal("1.1", refusal, false);
    let body = serde_json::json!({ "ErrorCode": refusal.code, "Message": refusal.message });
    answer.content_type = "application/json".to_string();
    answer.body = body.to_string().into_bytes();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::SERVICES;

    #[test]
    fn places_are_found_by_method_and_path() {
        let efs = SERVICES.iter().find(|service| service.name == "efs").unwrap();
        let rows = [
            ("GET", "/2015-02-01/file-systems", "Marker=a%20b", Some("DescribeFileSystems"), "Marker", "a b"),
            (
                "GET",
                "/2015-02-01/file-systems/replication-configurations",
                "",
                Some("DescribeReplicationConfigurations"),
                "",
                "",
            ),
            ("PUT", "/2015-02-01/file-systems/fs-1", "", Some("UpdateFileSystem"), "FileSystemId", "fs-1"),
            ("GET", "/2015-02-01/tags/fs-1/", "", Some("DescribeTags"), "FileSystemId", "fs-1"),
            (
                "DELETE",
                "/2015-02-01/resource-tags/arn%3Aa%2Fb+c",
                "tagKeys=a&tagKeys=b",
                Some("UntagResource"),
                "ResourceId",
                "arn:a/b+c",
            ),
            ("PATCH", "/2015-02-01/file-systems", "", None, "", ""),
            ("GET", "/2015-02-01/nothing", "", None, "", ""),
            ("GET", "/2015-02-01", "", None, "", ""),
        ];
        for (method, path, query, operation, name, value) in rows {
            let found = find(efs, method, path, query);
            assert_eq!(found.as_ref().map(|(operation, _)| *operation), operation, "{method} {path}");
            if let Some((_, form)) = found {
                assert_eq!(form.get(name).map_or("", String::as_str), value, "{method} {path}");
            }
        }
    }
}
