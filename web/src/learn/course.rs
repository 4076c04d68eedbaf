//! The course as a line map: which lessons there are, what builds on what, and where each one stands.

/// The lines of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Module {
    /// The letter on its sign.
    pub letter: char,
    /// What it is about.
    pub title: &'static str,
}

/// A lesson on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Station {
    /// Its place in the course, from 1.
    pub number: u8,
    /// Which module it belongs to, as an index into [`MODULES`].
    pub module: usize,
    /// Its name as it fits beside the station.
    pub title: &'static str,
    /// What it teaches, in one clause.
    pub about: &'static str,
    /// What can be opened, once it is built.
    pub lesson: Option<Lesson>,
    /// Its column, a step apart each.
    pub x: u8,
    /// Its row from the top, a step apart each.
    pub y: u8,
    /// On which side its name stands.
    pub label: Side,
}

impl Station {
    /// The last part of its address, once it is built.
    pub fn slug(&self) -> Option<&'static str> {
        self.lesson.map(|lesson| lesson.slug)
    }
}

/// A lesson that is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// The last part of its address.
    pub slug: &'static str,
    /// How long it takes, about.
    pub minutes: u8,
    /// How many steps it has.
    pub steps: u8,
}

/// A side of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Over it.
    Above,
    /// Over it, ending at its right edge.
    AboveLeft,
    /// Under it.
    Below,
    /// Under it, ending at its right edge.
    BelowLeft,
    /// To its right.
    Right,
}

impl Side {
    /// The word that style sheets use.
    pub fn name(self) -> &'static str {
        match self {
            Side::Above => "above",
            Side::AboveLeft => "above-left",
            Side::Below => "below",
            Side::BelowLeft => "below-left",
            Side::Right => "right",
        }
    }
}

/// The five modules in their order.
pub const MODULES: [Module; 5] = [
    Module { letter: 'A', title: "Words and desired state" },
    Module { letter: 'B', title: "Where tasks run" },
    Module { letter: 'C', title: "Wiring a task" },
    Module { letter: 'D', title: "Change and load" },
    Module { letter: 'E', title: "Beyond one service" },
];

const A: usize = 0;
const B: usize = 1;
const C: usize = 2;
const D: usize = 3;
const E: usize = 4;

/// Every lesson of the course, built or not.
#[rustfmt::skip]
pub const STATIONS: [Station; 18] = [
    station(1, A, "What ECS is for", "An image, a container, a task, and who starts it again at night", built("01-what-ecs-is-for", 15, 6), 0, 1, Side::Below),
    station(2, A, "Recipe and meal", "A task definition is a versioned blueprint, not something that runs", built("02-recipe-and-meal", 20, 7), 1, 1, Side::Above),
    station(3, A, "Table service", "Desired against running, healing, and what a cluster really groups", built("03-table-service", 20, 6), 2, 1, Side::BelowLeft),
    station(4, B, "Your own machines", "Make an instance join a cluster, and know what stays your job", built("04-your-own-machines", 25, 7), 3, 0, Side::AboveLeft),
    station(5, B, "The seating plan", "Predict where a task lands", built("05-seating-plan", 25, 6), 4, 0, Side::Above),
    station(6, B, "No machines: Fargate", "Run and size tasks without instances", built("06-no-machines-fargate", 30, 8), 3, 2, Side::Below),
    station(7, B, "Choosing", "Control, cost, and the cues for each", None, 4, 1, Side::Right),
    station(8, C, "Three keys", "Instance profile, execution role, task role", None, 5, 0, Side::Above),
    station(9, C, "Images in, logs out", "What a task fetches, and where its words go", None, 6, 0, Side::Below),
    station(10, C, "Config and secrets", "Give a task its settings without baking them in", None, 7, 0, Side::Above),
    station(11, C, "Ports and cards", "How a task gets an address", None, 5, 2, Side::BelowLeft),
    station(12, C, "The front door", "Load balancers in front of a service", None, 6, 2, Side::Below),
    station(13, C, "What survives", "Storage that outlives a task", None, 6, 3, Side::Right),
    station(14, D, "From v1 to v2", "Bounds that make a release safe and possible", built("14-from-v1-to-v2", 20, 6), 7, 2, Side::Below),
    station(15, D, "More or fewer", "Let a service follow its load", None, 7, 1, Side::Above),
    station(16, D, "Room for tasks", "Let the machines follow the tasks", None, 6, 1, Side::Below),
    station(17, E, "Event-driven", "Tasks that start because something happened", None, 8, 1, Side::Above),
    station(18, E, "Exam clinic", "The family, and questions in exam style", None, 8, 3, Side::Below),
];

#[allow(clippy::too_many_arguments)]
const fn station(
    number: u8,
    module: usize,
    title: &'static str,
    about: &'static str,
    lesson: Option<Lesson>,
    x: u8,
    y: u8,
    label: Side,
) -> Station {
    Station { number, module, title, about, lesson, x, y, label }
}

const fn built(slug: &'static str, minutes: u8, steps: u8) -> Option<Lesson> {
    Some(Lesson { slug, minutes, steps })
}

/// Stretches of line from station to station, each with the module whose colour it has.
pub const TRACKS: [(usize, &[u8]); 9] = [
    (A, &[1, 2, 3]),
    (B, &[3, 4, 5]),
    (B, &[3, 6, 7]),
    (B, &[4, 7]),
    (C, &[7, 8, 9, 10]),
    (C, &[7, 11, 12]),
    (C, &[11, 13]),
    (D, &[12, 14, 15, 16, 5]),
    (E, &[15, 17, 18]),
];

/// The lesson with this number.
pub fn station_numbered(number: u8) -> Option<&'static Station> {
    STATIONS.get(usize::from(number).checked_sub(1)?)
}

/// How many lessons can be taken.
pub fn open_count() -> usize {
    STATIONS.iter().filter(|station| station.lesson.is_some()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stations_are_numbered_in_order_and_stand_apart() {
        for (index, station) in STATIONS.iter().enumerate() {
            assert_eq!(usize::from(station.number), index + 1);
            let shared = STATIONS.iter().filter(|other| (other.x, other.y) == (station.x, station.y));
            assert_eq!(shared.count(), 1, "station {} shares its place", station.number);
        }
    }

    #[test]
    fn what_is_open_says_what_its_lesson_says() {
        let content = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons/content");
        let mut open = 0;
        for station in &STATIONS {
            let Some(lesson) = station.lesson else { continue };
            let text = std::fs::read_to_string(content.join(lesson.slug).join("lesson.toml")).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.contains(&format!("number = {}", station.number).as_str()));
            assert!(lines.contains(&format!("title = \"{}\"", station.title).as_str()));
            assert!(lines.contains(&format!("minutes = {}", lesson.minutes).as_str()));
            let steps = lines.iter().filter(|line| **line == "[[step]]").count();
            assert_eq!(steps, usize::from(lesson.steps), "{}", lesson.slug);
            open += 1;
        }
        let folders =
            std::fs::read_dir(content).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
        assert_eq!(open, folders.count());
    }

    #[test]
    fn every_station_lies_on_a_line_that_runs_straight_or_at_45_degrees() {
        for station in &STATIONS {
            assert!(TRACKS.iter().any(|(_, stops)| stops.contains(&station.number)));
        }
        for (_, stops) in TRACKS {
            for pair in stops.windows(2) {
                let from = station_numbered(pair[0]).unwrap();
                let to = station_numbered(pair[1]).unwrap();
                let (dx, dy) = (from.x.abs_diff(to.x), from.y.abs_diff(to.y));
                let bends = (pair[0], pair[1]) == (16, 5);
                assert!(dx == 0 || dy == 0 || dx == dy || bends, "{} to {}", pair[0], pair[1]);
            }
        }
    }
}
