//! Values that the names of folders give, as Hive and Spark write partitions: `action=REJECT/`.

#[cfg(test)]
mod tests;

use std::path::{Component, Path};

use percent_encoding::percent_decode_str;

use crate::format::visible;
use crate::ingest::text::fit::{Fit, fit};
use crate::ingest::text::zone::InputZone;
use crate::ingest::text::{account, missing, value};
use crate::schema::{self, FieldId, Kind, TextShape};
use crate::store::{FolderValue, Source};

/// What stands for a missing value in the name of a folder.
const MISSING: &str = "__HIVE_DEFAULT_PARTITION__";

/// Names in the paths of flow logs in S3. They say where and when a file was written, and are no fields of its records.
const NOT_FIELDS: [&str; 8] = [
    "awsaccountid",
    "awsregion",
    "awsservice",
    "service",
    "year",
    "month",
    "day",
    "hour",
];

/// Enters into `source` the values that the folders in its path give.
pub(super) fn enter(source: &mut Source) {
    let Some(folder) = source.path.parent() else {
        return;
    };
    let (mut values, mut warnings) = (Vec::new(), Vec::new());
    for part in folder.components() {
        let Component::Normal(name) = part else {
            continue;
        };
        match name.to_str().and_then(value_of) {
            None => {}
            Some(Ok(mut value)) => {
                if let Some(warning) = restore_account(&mut value) {
                    warnings.push(warning);
                }
                values.retain(|other: &FolderValue| other.field != value.field);
                values.push(value);
            }
            Some(Err(field)) => warnings.push(warning(Path::new(name), field)),
        }
    }
    source.folder_values = values;
    source.warnings.extend(warnings);
}

/// The value that the name of a folder gives, if its name is `field=value`; the field where it cannot have the value.
fn value_of(name: &str) -> Option<Result<FolderValue, FieldId>> {
    let (name, word) = name.split_once('=')?;
    let name = percent_decode_str(name).decode_utf8().ok()?;
    if NOT_FIELDS.contains(&&*schema::normalize(&name)) {
        return None;
    }
    let field = schema::lookup_header(&name)?;
    let Ok(word) = percent_decode_str(word).decode_utf8() else {
        return Some(Err(field));
    };
    let word = Some(word.into_owned())
        .filter(|word| word != MISSING && !missing::is_missing(word.as_bytes()));
    let is_valid = word.as_deref().is_none_or(|word| is_valid(field, word));
    Some(if is_valid {
        Ok(FolderValue { field, word })
    } else {
        Err(field)
    })
}

/// Makes an account of a number that was one, and says so where it had lost its zeros.
fn restore_account(value: &mut FolderValue) -> Option<String> {
    let word = value
        .word
        .as_deref()
        .filter(|_| account::is_account(value.field))?;
    let whole = account::of_number(word)?.into_owned();
    let warning = account::has_lost_zeros(word).then(|| {
        format!("the account {word} in the name of a folder was taken for {whole}, whose zeros were lost")
    });
    value.word = Some(whole);
    warning
}

fn is_valid(field: FieldId, word: &str) -> bool {
    if account::is_account(field) && account::of_number(word).is_some() {
        return true;
    }
    let has_shape = field.def().is_some_and(|def| def.shape != TextShape::Any);
    if field.kind() == Kind::Text && has_shape && fit(field, word) == Fit::Contradicts {
        return false;
    }
    // A time without a zone would be a guess.
    let read = value::read_loosely(field, word, InputZone::Assumed);
    read.is_some_and(|(_, doubt)| doubt.is_none()) && !word.contains(char::is_control)
}

fn warning(folder: &Path, field: FieldId) -> String {
    let name = field.def().map_or("field", |def| def.name);
    format!(
        "the folder name {} has no valid {name}, so it was ignored",
        visible(&folder.to_string_lossy())
    )
}
