//! Moments as requests write them.

use drydock::SimTime;

/// text -> milliseconds since the run began
const MOMENTS: &str = "
    2026-01-05T09:00:00+00:00        -> 0
    2026-01-05T09:00:01.250000+00:00 -> 1250
    2026-01-05T09:01Z                -> 60000
    2026-01-05 10:00                 -> 3600000
    2026-01-06                       -> 54000000
    1767603660                       -> 60000
    1767603660.5                     -> 60500
    2020-01-01                       -> 0
";

#[test]
fn moments_are_read_as_people_and_programs_write_them() {
    for row in MOMENTS.lines().filter(|row| !row.trim().is_empty()) {
        let (text, millis) = row.split_once(" -> ").unwrap();
        assert_eq!(SimTime::from_text(text), Some(SimTime(millis.trim().parse().unwrap())), "{text}");
    }
    for text in
        ["", "soon", "2026-13-01", "2026-01-05T25:00", "2026-01-05T09:61", "1.2.3", "99999999999999999999"]
    {
        assert_eq!(SimTime::from_text(text), None, "{text}");
    }
}
