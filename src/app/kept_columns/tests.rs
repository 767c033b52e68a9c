use crate::app::Msg;
use crate::app::tests::Session;
use crate::config::{Change, ColumnLayout, SavedState};
use crate::schema::id;

/// The layouts that a session has kept.
fn kept(session: &mut Session) -> Vec<ColumnLayout> {
    let kept = session.kept.drain(..);
    kept.filter_map(|change| match change {
        Change::KeepColumns(layout) => Some(layout),
        _ => None,
    })
    .collect()
}

fn with(columns: Vec<ColumnLayout>) -> Session {
    let mut lab = Session::lab(120, 36);
    lab.update(Msg::SavedState(Box::new(SavedState {
        columns,
        ..SavedState::default()
    })));
    lab
}

#[test]
fn columns_come_back_for_logs_with_the_same_fields() {
    let mut lab = Session::lab(120, 36);
    lab.press("0l->");
    let layouts = kept(&mut lab);
    let columns = lab.app.records.columns.clone();
    let later = with(layouts.clone());
    assert_eq!(later.app.records.columns, columns);
    assert!(
        layouts
            .iter()
            .all(|layout| layout.fields.contains(&"action".to_owned()))
    );
    // Those of other logs do not matter.
    let others = layouts.into_iter().map(|layout| ColumnLayout {
        fields: vec!["bytes".into()],
        ..layout
    });
    let later = with(others.collect());
    assert!(
        later
            .app
            .records
            .columns
            .iter()
            .any(|column| column.field == id::ACTION)
    );
}

#[test]
fn the_columns_of_all_logs_are_used_where_there_are_no_others() {
    let mut lab = Session::lab(120, 36);
    lab.press("CgjD ");
    let [default, own] = &kept(&mut lab)[..] else {
        panic!("two changes")
    };
    assert_eq!((default.fields.len(), default.hidden.len()), (0, 0));
    assert_eq!(own.hidden, ["action"]);
    let hidden = ColumnLayout {
        hidden: vec!["bytes".into()],
        ..default.clone()
    };
    let later = with(vec![hidden.clone()]);
    assert!(
        later
            .app
            .records
            .columns
            .iter()
            .all(|column| column.field != id::BYTES)
    );
    let later = with(vec![own.clone(), hidden]);
    assert!(
        later
            .app
            .records
            .columns
            .iter()
            .any(|column| column.field == id::BYTES)
    );
}
