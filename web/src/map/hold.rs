//! The exact picture of a hold: each load owns its columns and its rows, so the load climbs like stairs.

/// A rectangle in any unit; `y` is its upper edge when drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// The middle.
    pub fn centre(&self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The same rectangle, grown on every side.
    pub fn grown(&self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }
}

/// How many px a CPU unit and a MiB are; one scale per view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Px per CPU unit.
    pub x: f64,
    /// Px per MiB.
    pub y: f64,
}

/// A task's or a machine's two resources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// CPU units.
    pub cpu: u32,
    /// MiB.
    pub memory: u32,
}

/// Where each load stands, and the corner that is left.
#[derive(Debug, Clone, PartialEq)]
pub struct Stairs {
    /// One box per load, in its order.
    pub steps: Vec<Rect>,
    /// What is left: right of and above the last step. Empty when a resource is used up.
    pub free: Rect,
    /// The same as quantities.
    pub left: Size,
}

/// Stows loads into a hold whose lower left corner stands at `(x, floor)`.
pub fn stow(capacity: Size, loads: &[Size], x: f64, floor: f64, scale: Scale) -> Stairs {
    let mut used = Size::default();
    let mut steps = Vec::with_capacity(loads.len());
    for load in loads {
        steps.push(stand(used, *load, x, floor, scale));
        used.cpu = used.cpu.saturating_add(load.cpu);
        used.memory = used.memory.saturating_add(load.memory);
    }
    let left = Size {
        cpu: capacity.cpu.saturating_sub(used.cpu),
        memory: capacity.memory.saturating_sub(used.memory),
    };
    let free = if left.cpu == 0 || left.memory == 0 {
        Rect { x, y: floor, w: 0.0, h: 0.0 }
    } else {
        stand(used, left, x, floor, scale)
    };
    Stairs { steps, free, left }
}

/// The box of a load that comes after `used`.
pub fn stand(used: Size, load: Size, x: f64, floor: f64, scale: Scale) -> Rect {
    let h = f64::from(load.memory) * scale.y;
    Rect {
        x: x + f64::from(used.cpu) * scale.x,
        y: floor - f64::from(used.memory) * scale.y - h,
        w: f64::from(load.cpu) * scale.x,
        h,
    }
}

/// What is missing for a load, in words; `None` when it fits.
pub fn shortfall(left: Size, load: Size) -> Option<String> {
    let cpu = load.cpu.saturating_sub(left.cpu);
    let memory = load.memory.saturating_sub(left.memory);
    match (cpu, memory) {
        (0, 0) => None,
        (_, 0) => Some(format!("{} CPU short", thousands(cpu))),
        (0, _) => Some(format!("{} MiB short", thousands(memory))),
        _ => Some(format!("{} CPU, {} MiB short", thousands(cpu), thousands(memory))),
    }
}

/// A number with a comma between its thousands.
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale { x: 0.1, y: 0.01 };

    #[test]
    fn each_load_owns_its_columns_and_its_rows() {
        let loads = [
            Size { cpu: 256, memory: 512 },
            Size { cpu: 512, memory: 1024 },
            Size { cpu: 256, memory: 2048 },
        ];
        let stairs = stow(Size { cpu: 2048, memory: 7990 }, &loads, 10.0, 200.0, SCALE);
        for pair in stairs.steps.windows(2) {
            assert!((pair[0].x + pair[0].w - pair[1].x).abs() < 1e-9);
            assert!((pair[0].y - (pair[1].y + pair[1].h)).abs() < 1e-9);
        }
        assert_eq!(stairs.left, Size { cpu: 1024, memory: 4406 });
        assert!((stairs.free.w - 102.4).abs() < 1e-9);
        assert!((stairs.free.y + stairs.free.h - stairs.steps[2].y).abs() < 1e-9);
    }

    #[test]
    fn a_resource_that_is_used_up_leaves_no_corner() {
        let stairs =
            stow(Size { cpu: 512, memory: 4096 }, &[Size { cpu: 512, memory: 512 }], 0.0, 100.0, SCALE);
        assert_eq!((stairs.free.w, stairs.free.h), (0.0, 0.0));
        assert_eq!(stairs.left, Size { cpu: 0, memory: 3584 });
    }

    #[test]
    fn a_load_fits_exactly_when_nothing_is_short() {
        let left = Size { cpu: 256, memory: 2870 };
        assert_eq!(shortfall(left, Size { cpu: 256, memory: 2870 }), None);
        assert_eq!(shortfall(left, Size { cpu: 512, memory: 1024 }).as_deref(), Some("256 CPU short"));
        assert_eq!(shortfall(left, Size { cpu: 256, memory: 4096 }).as_deref(), Some("1,226 MiB short"));
        assert_eq!(
            shortfall(left, Size { cpu: 1024, memory: 4096 }).as_deref(),
            Some("768 CPU, 1,226 MiB short")
        );
    }

    #[test]
    fn thousands_are_parted_by_commas() {
        assert_eq!(
            ["7", "512", "7,990", "1,048,576"],
            [7, 512, 7990, 1_048_576].map(thousands).each_ref().map(String::as_str)
        );
    }
}
