use crate::app::Overlay;
use crate::app::tests::Session;
use crate::schema::{FieldId, id};

fn fields(session: &Session) -> Vec<FieldId> {
    let columns = session.app.records.columns.iter();
    columns.map(|column| column.field).collect()
}

#[test]
fn a_column_is_hidden_and_shown_again() {
    let mut lab = Session::lab(200, 50);
    let before = fields(&lab);
    lab.press("0l-");
    assert!(!fields(&lab).contains(&id::ACTION));
    lab.press("C/action<enter> ");
    assert_eq!(fields(&lab), before);
    lab.press("  <enter>");
    assert!(lab.app.overlay.is_none());
    assert_eq!(lab.app.records.field(), Some(id::ACTION));
    lab.press("C r<esc>");
    assert_eq!(fields(&lab), before);
}

#[test]
fn columns_are_moved_resized_and_frozen() {
    let mut lab = Session::lab(80, 24);
    lab.press("0CJ>>f<esc>");
    let fields = fields(&lab);
    assert_eq!(fields[..2], [id::ACTION, id::START]);
    let records = &lab.app.records;
    let width = records.columns[1].width;
    lab.press("<");
    assert_eq!(lab.app.records.columns[1].width, width - 1);
    // The frozen columns stay on the screen.
    lab.press("$");
    assert_eq!(lab.app.records.visible()[..2], [0, 1]);
    assert_eq!(lab.app.records.has_more(), [true, false]);
    lab.press("Cgjf<esc>0");
    assert_eq!(lab.app.records.choice.frozen, 0);
}

#[test]
fn the_list_says_how_many_records_have_a_value() {
    let mut lab = Session::lab(80, 24);
    lab.press("C");
    let Some(Overlay::Columns(chooser)) = &lab.app.overlay else {
        panic!("not open")
    };
    let records = |field| {
        chooser
            .rows
            .iter()
            .find(|row| row.field == field)
            .unwrap()
            .records
    };
    assert_eq!(records(id::START), lab.app.store.rows() as u64);
    let addresses = (0..lab.app.store.rows()).filter(|row| {
        let row = crate::store::RowId(u32::try_from(*row).unwrap());
        lab.app.store.cell_text(row, id::SRCADDR) != "-"
    });
    assert_eq!(records(id::SRCADDR), addresses.count() as u64);
}
