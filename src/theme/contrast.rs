//! Colours as red, green and blue, and how well one can be read on another.

use ratatui::style::Color;

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// The six steps of red, green and blue among the 256 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Rgb {
    /// The relative luminance of WCAG 2.2, from 0 to 1.
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio of WCAG 2.2, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The colour of a theme; `None` for the colours that each terminal chooses itself.
    pub(crate) fn of(colour: Color) -> Option<Self> {
        match colour {
            Color::Rgb(red, green, blue) => Some(Self([red, green, blue])),
            Color::Indexed(index @ 16..=231) => {
                let index = index - 16;
                let parts = [index / 36, index / 6 % 6, index % 6];
                Some(Self(parts.map(|part| STEPS[usize::from(part)])))
            }
            Color::Indexed(index @ 232..=255) => Some(Self([8 + (index - 232) * 10; 3])),
            _ => None,
        }
    }
}

/// The colour among those of all terminals of 256 colours that is most like `colour`.
pub fn nearest_of_256(colour: Rgb) -> u8 {
    let distance = |index: &u8| -> u32 {
        let other = Rgb::of(Color::Indexed(*index)).map_or([0; 3], |other| other.0);
        let parts = colour.0.into_iter().zip(other);
        parts
            .map(|(one, two)| u32::from(one.abs_diff(two)).pow(2))
            .sum()
    };
    (16..=255).min_by_key(distance).unwrap_or(16)
}
