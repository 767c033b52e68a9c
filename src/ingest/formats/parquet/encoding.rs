//! How the values of a column are to be read: what its physical and its logical type mean for the field.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::data_type::Int96;
use parquet::schema::types::ColumnDescriptor;

use crate::format;
use crate::ingest::text::value::EXACT;
use crate::schema::{FieldId, Kind, Storage, id};

/// What numbers, or bytes, mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A whole number with a sign.
    Signed,
    /// A whole number without one.
    Unsigned,
    /// Days since the epoch.
    Days,
    /// A time since the epoch, so many to a second.
    Stamp(i64),
    /// A number with a fraction, which only some words have.
    Fraction,
    Truth,
    Word,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Form {
    /// The form of a column that becomes `field`; none where it has none that is read.
    pub(super) fn of(column: &ColumnDescriptor, field: FieldId) -> Option<Self> {
        let form = Self::of_type(column)?;
        let fits = match (form, field.storage()) {
            (Self::Word, _) | (_, Storage::Word) => true,
            (Self::Truth, Storage::Number) | (_, Storage::Address) => false,
            (Self::Days | Self::Stamp(_), Storage::Number) => field.kind() == Kind::Time,
            (_, Storage::Number) => true,
        };
        fits.then_some(form)
    }

    fn of_type(column: &ColumnDescriptor) -> Option<Self> {
        let logical = column.logical_type_ref();
        let converted = column.converted_type();
        match column.physical_type() {
            Type::BOOLEAN => Some(Self::Truth),
            Type::FLOAT | Type::DOUBLE => Some(Self::Fraction),
            Type::INT96 => Some(Self::Stamp(1)),
            Type::FIXED_LEN_BYTE_ARRAY => None,
            Type::BYTE_ARRAY => match logical {
                None if converted == ConvertedType::DECIMAL => None,
                None | Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => {
                    Some(Self::Word)
                }
                Some(_) => None,
            },
            Type::INT32 | Type::INT64 => match logical {
                Some(logical) => Self::of_logical(logical),
                None => Self::of_converted(converted),
            },
        }
    }

    /// The form of whole numbers, as programs of today say it.
    fn of_logical(logical: &LogicalType) -> Option<Self> {
        match logical {
            LogicalType::Integer(integer) if !integer.is_signed => Some(Self::Unsigned),
            LogicalType::Integer(_) => Some(Self::Signed),
            LogicalType::Decimal(decimal) if decimal.scale == 0 => Some(Self::Signed),
            LogicalType::Date => Some(Self::Days),
            LogicalType::Timestamp(stamp) => Some(Self::Stamp(match stamp.unit {
                TimeUnit::MILLIS => 1_000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            })),
            _ => None,
        }
    }

    /// The form of whole numbers, as older programs say it.
    fn of_converted(converted: ConvertedType) -> Option<Self> {
        match converted {
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Some(Self::Unsigned),
            ConvertedType::DATE => Some(Self::Days),
            ConvertedType::TIMESTAMP_MILLIS => Some(Self::Stamp(1_000)),
            ConvertedType::TIMESTAMP_MICROS => Some(Self::Stamp(1_000_000)),
            ConvertedType::DECIMAL => None,
            _ => Some(Self::Signed),
        }
    }
}

/// Whether the times of a column that becomes `field` say in which zone they are, or are none.
pub(super) fn has_zone(column: &ColumnDescriptor, field: FieldId) -> bool {
    match column.logical_type_ref() {
        Some(LogicalType::Timestamp(stamp)) => stamp.is_adjusted_to_u_t_c,
        Some(LogicalType::Date) => field.kind() != Kind::Time,
        Some(_) => true,
        None => column.converted_type() != ConvertedType::DATE || field.kind() != Kind::Time,
    }
}

/// A number of a column, before the field is considered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i64),
    /// A whole number beyond those with a sign.
    Large(u64),
    /// A number with a fraction.
    Fraction(f64),
    Truth(bool),
    /// None: not a number, which stands for missing where there was no other way to say it.
    Missing,
}

/// A physical value that is a number.
pub(super) trait Numeric: Copy {
    /// What it is in `form`.
    fn number(self, form: Form) -> Number;

    /// Whether it may be another number that was rounded.
    fn is_inexact(self) -> bool {
        false
    }
}

impl Numeric for i32 {
    #[inline]
    fn number(self, form: Form) -> Number {
        match form {
            Form::Unsigned => Number::Whole(self.cast_unsigned().into()),
            Form::Days => Number::Whole(i64::from(self) * SECONDS_A_DAY),
            _ => Number::Whole(self.into()),
        }
    }
}

impl Numeric for i64 {
    #[inline]
    fn number(self, form: Form) -> Number {
        match form {
            Form::Unsigned if self < 0 => Number::Large(self.cast_unsigned()),
            Form::Stamp(unit) => Number::Whole(self.div_euclid(unit)),
            Form::Days => Number::Whole(self.saturating_mul(SECONDS_A_DAY)),
            _ => Number::Whole(self),
        }
    }
}

impl Numeric for Int96 {
    fn number(self, _: Form) -> Number {
        Number::Whole(self.to_seconds())
    }
}

impl Numeric for f32 {
    fn number(self, form: Form) -> Number {
        f64::from(self).number(form)
    }

    fn is_inexact(self) -> bool {
        // A fraction of 32 bits has 24 of them for its digits.
        const EXACT: f32 = 16_777_216.0;
        self.abs() >= EXACT
    }
}

impl Numeric for f64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and has at most 53 bits"
    )]
    fn number(self, _: Form) -> Number {
        if self.is_nan() {
            Number::Missing
        } else if self.fract() == 0.0 && self.abs() <= EXACT {
            Number::Whole(self as i64)
        } else {
            Number::Fraction(self)
        }
    }

    fn is_inexact(self) -> bool {
        self.abs() >= EXACT
    }
}

impl Numeric for bool {
    fn number(self, _: Form) -> Number {
        Number::Truth(self)
    }
}

impl Number {
    /// The word that a flow log would have for it in `field`; none where it is missing.
    pub(super) fn word(self, form: Form, field: FieldId) -> Option<String> {
        Some(match (self, form) {
            (Self::Missing, _) => return None,
            (Self::Whole(time), Form::Days | Form::Stamp(_))
                if field.storage() == Storage::Word =>
            {
                u64::try_from(time).map_or_else(|_| time.to_string(), format::iso)
            }
            // Programs that took the digits for a number have lost the zeros in front.
            (Self::Whole(number), _) if field == id::ACCOUNT_ID => format!("{number:012}"),
            (Self::Whole(number), _) => number.to_string(),
            (Self::Large(number), _) => number.to_string(),
            (Self::Fraction(number), _) => number.to_string(),
            (Self::Truth(truth), _) => truth.to_string(),
        })
    }
}
