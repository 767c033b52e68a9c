//! How the values of a column are to be read: what its physical and its logical type mean for the field.

use std::borrow::Cow;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::schema::types::ColumnDescriptor;

use super::bytes_value;
use crate::format;
use crate::ingest::text::account;
use crate::ingest::text::value::EXACT;
use crate::schema::{Address, FieldId, Kind, Storage};

/// What numbers, or bytes, mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A whole number with a sign.
    Signed,
    /// A whole number without one.
    Unsigned,
    /// A decimal with so many digits behind the point, whose unscaled value has the most significant byte first.
    Decimal(u8),
    /// A whole number whose least significant byte comes first: `Int128` to `UInt256` of
    /// `ClickHouse`.
    LittleEndian,
    /// The 4 or 16 bytes of an IP address.
    AddressBytes,
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
        let form = match column.physical_type() {
            Type::FIXED_LEN_BYTE_ARRAY => Self::of_fixed(column, field)?,
            _ => Self::of_type(column)?,
        };
        let fits = match (form, field.storage()) {
            (Self::Truth, Storage::Number | Storage::Address)
            | (Self::Days | Self::Stamp(_), Storage::Address) => false,
            (Self::Days | Self::Stamp(_), Storage::Number) => field.kind() == Kind::Time,
            _ => true,
        };
        fits.then_some(form)
    }

    /// The form of values that all have the same number of bytes.
    fn of_fixed(column: &ColumnDescriptor, field: FieldId) -> Option<Self> {
        let width = usize::try_from(column.type_length()).ok()?;
        if let Some(scale) = decimal_scale(column) {
            let most = match field.storage() {
                Storage::Word => size_of::<i128>(),
                Storage::Number | Storage::Address => MAX_NUMBER_BYTES,
            };
            return (1..=most).contains(&width).then_some(Self::Decimal(scale));
        }
        if column.logical_type_ref().is_some() || column.converted_type() != ConvertedType::NONE {
            return None;
        }
        match (field.storage(), width) {
            (Storage::Address, 4 | 16) => Some(Self::AddressBytes),
            (Storage::Number, 16 | 32) => Some(Self::LittleEndian),
            // `FixedString` of `ClickHouse`. Other columns may have any bytes.
            (_, 1..=MAX_TEXT_BYTES) if field.def().is_some() => Some(Self::Word),
            _ => None,
        }
    }

    fn of_type(column: &ColumnDescriptor) -> Option<Self> {
        let logical = column.logical_type_ref();
        let converted = column.converted_type();
        if let Some(scale) = decimal_scale(column) {
            return Some(Self::Decimal(scale));
        }
        match column.physical_type() {
            Type::BOOLEAN => Some(Self::Truth),
            Type::FLOAT | Type::DOUBLE => Some(Self::Fraction),
            Type::INT96 => Some(Self::Stamp(1)),
            Type::FIXED_LEN_BYTE_ARRAY => None,
            Type::BYTE_ARRAY => match logical {
                None | Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => {
                    Some(Self::Word)
                }
                Some(_) => None,
            },
            Type::INT32 | Type::INT64 => match logical {
                Some(logical) => Self::of_logical(logical),
                None => Some(Self::of_converted(converted)),
            },
        }
    }

    /// The form of whole numbers, as programs of today say it.
    fn of_logical(logical: &LogicalType) -> Option<Self> {
        match logical {
            LogicalType::Integer(integer) if !integer.is_signed => Some(Self::Unsigned),
            LogicalType::Integer(_) => Some(Self::Signed),
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
    fn of_converted(converted: ConvertedType) -> Self {
        match converted {
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Self::Unsigned,
            ConvertedType::DATE => Self::Days,
            ConvertedType::TIMESTAMP_MILLIS => Self::Stamp(1_000),
            ConvertedType::TIMESTAMP_MICROS => Self::Stamp(1_000_000),
            _ => Self::Signed,
        }
    }
}

/// The most bytes of a number in bytes.
const MAX_NUMBER_BYTES: usize = 32;
/// The most bytes of text of a fixed length.
const MAX_TEXT_BYTES: usize = 256;

/// How many digits behind the point the decimals of a column have; none where it has no decimals, or more digits than
/// any number of a flow log.
fn decimal_scale(column: &ColumnDescriptor) -> Option<u8> {
    let scale = match column.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) => decimal.scale,
        None if column.converted_type() == ConvertedType::DECIMAL => column.type_scale(),
        _ => return None,
    };
    u8::try_from(scale).ok().filter(|scale| *scale <= 38)
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
    /// A number with a fraction, or too large.
    Fraction(f64),
    /// A decimal with a fraction, or too large: its unscaled value, and how many digits are behind the point.
    Decimal(i128, u8),
    Address(Address),
    Truth(bool),
    /// None: not a number, which stands for missing where there was no other way to say it.
    Missing,
}

/// A physical value that is a number.
pub(super) trait Numeric {
    /// What it is in `form`.
    fn number(&self, form: Form) -> Number;

    /// Whether it may be another number that was rounded.
    fn is_inexact(&self) -> bool {
        false
    }
}

impl Numeric for i32 {
    #[inline]
    fn number(&self, form: Form) -> Number {
        match form {
            Form::Unsigned => Number::Whole(self.cast_unsigned().into()),
            Form::Days => Number::Whole(i64::from(*self) * SECONDS_A_DAY),
            Form::Decimal(scale) => Number::of_decimal((*self).into(), scale),
            _ => Number::Whole((*self).into()),
        }
    }
}

impl Numeric for i64 {
    #[inline]
    fn number(&self, form: Form) -> Number {
        match form {
            Form::Unsigned if *self < 0 => Number::Large(self.cast_unsigned()),
            Form::Decimal(scale) => Number::of_decimal((*self).into(), scale),
            Form::Stamp(unit) => Number::Whole(self.div_euclid(unit)),
            Form::Days => Number::Whole(self.saturating_mul(SECONDS_A_DAY)),
            _ => Number::Whole(*self),
        }
    }
}

impl Numeric for Int96 {
    fn number(&self, _: Form) -> Number {
        Number::Whole(self.to_seconds())
    }
}

impl Numeric for f32 {
    fn number(&self, form: Form) -> Number {
        f64::from(*self).number(form)
    }

    fn is_inexact(&self) -> bool {
        // A fraction of 32 bits has 24 of them for its digits.
        const EXACT: f32 = 16_777_216.0;
        self.abs() >= EXACT
    }
}

impl Numeric for f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and in the range of the type"
    )]
    fn number(&self, _: Form) -> Number {
        const SIGNED: f64 = 9_223_372_036_854_775_808.0;
        let value = *self;
        if value.is_nan() {
            Number::Missing
        } else if value.fract() != 0.0 {
            Number::Fraction(value)
        } else if (-SIGNED..SIGNED).contains(&value) {
            Number::Whole(value as i64)
        } else if (SIGNED..2.0 * SIGNED).contains(&value) {
            Number::Large(value as u64)
        } else {
            Number::Fraction(value)
        }
    }

    fn is_inexact(&self) -> bool {
        self.abs() >= EXACT
    }
}

impl Numeric for FixedLenByteArray {
    fn number(&self, form: Form) -> Number {
        bytes_value::number(self.data(), form)
    }
}

impl Numeric for ByteArray {
    fn number(&self, form: Form) -> Number {
        bytes_value::number(self.data(), form)
    }
}

impl Numeric for bool {
    fn number(&self, _: Form) -> Number {
        Number::Truth(*self)
    }
}

impl Number {
    /// The decimal with the unscaled value `unscaled`: whole where its fraction is zero.
    pub(super) fn of_decimal(unscaled: i128, scale: u8) -> Self {
        let unit = 10_i128.pow(scale.into());
        let whole = unscaled / unit;
        if unscaled % unit != 0 {
            Self::Decimal(unscaled, scale)
        } else if let Ok(whole) = i64::try_from(whole) {
            Self::Whole(whole)
        } else if let Ok(whole) = u64::try_from(whole) {
            Self::Large(whole)
        } else {
            Self::Decimal(whole, 0)
        }
    }

    /// The value of a numeric field of `kind`; none where it has none.
    #[inline]
    pub(super) fn value(self, kind: Kind) -> Option<u64> {
        match self {
            Self::Whole(number) => u64::try_from(number).ok(),
            Self::Large(number) => Some(number),
            // Parts of a second.
            Self::Fraction(number) if kind == Kind::Time => {
                match number.floor().number(Form::Fraction) {
                    Self::Whole(number) => u64::try_from(number).ok(),
                    _ => None,
                }
            }
            Self::Decimal(number, scale) if kind == Kind::Time => {
                u64::try_from(number / 10_i128.pow(scale.into())).ok()
            }
            Self::Fraction(_)
            | Self::Decimal(..)
            | Self::Address(_)
            | Self::Truth(_)
            | Self::Missing => None,
        }
    }

    /// How it is written, without regard to a field.
    pub(super) fn digits(self) -> Option<String> {
        Some(match self {
            Self::Whole(number) => number.to_string(),
            Self::Large(number) => number.to_string(),
            Self::Fraction(number) => number.to_string(),
            Self::Decimal(number, 0) => number.to_string(),
            Self::Decimal(number, scale) => bytes_value::decimal_text(number, scale),
            Self::Address(address) => address.to_string(),
            Self::Truth(truth) => truth.to_string(),
            Self::Missing => return None,
        })
    }

    /// The IP address that it is: its bytes, or an IPv4 address as a number, which may have become negative where the
    /// type has a sign.
    pub(super) fn address(self) -> Option<Address> {
        match self {
            Self::Address(address) => Some(address),
            Self::Whole(number) => {
                let signed = |number| i32::try_from(number).ok().map(i32::cast_unsigned);
                let bits = u32::try_from(number).ok().or_else(|| signed(number))?;
                Some(Address::V4(bits.into()))
            }
            _ => None,
        }
    }

    /// Whether it is an account that lost the zeros in front of it.
    pub(super) fn has_lost_zeros(self) -> bool {
        matches!(self, Self::Whole(number) if account::number_has_lost_zeros(number))
    }

    /// The word that a flow log would have for it in `field`; none where it is missing.
    pub(super) fn word(self, form: Form, field: FieldId) -> Option<String> {
        Some(match (self, form) {
            (Self::Missing, _) => return None,
            (number, _) if field.storage() == Storage::Address && number.address().is_some() => {
                number.address()?.to_string()
            }
            (number @ (Self::Fraction(_) | Self::Decimal(..)), _)
                if field.kind() == Kind::Time && number.value(Kind::Time).is_some() =>
            {
                number.value(Kind::Time)?.to_string()
            }
            (Self::Whole(time), Form::Days | Form::Stamp(_))
                if field.storage() == Storage::Word =>
            {
                u64::try_from(time).map_or_else(|_| time.to_string(), format::iso)
            }
            (number, _) if account::is_account(field) => {
                let digits = number.digits()?;
                let account = account::of_number(&digits).map(Cow::into_owned);
                account.unwrap_or(digits)
            }
            (number, _) => number.digits()?,
        })
    }
}
