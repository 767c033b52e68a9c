use super::*;

#[test]
fn a_panic_of_the_crate_is_a_damaged_file() {
    let result = guarded(|| panic!("index out of bounds"));
    assert!(matches!(result, Err::<(), _>(Problem::Damaged(_))));
    assert!(!IS_GUARDED.get());
}

#[test]
fn a_panic_of_a_callback_stays_a_bug_of_this_program() {
    let result = catch_unwind(|| guarded(|| unguarded(|| panic!("a bug"))));
    let panic = result.map(|result: Result<(), Problem>| result.is_ok());
    assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"a bug"));
    assert!(!IS_GUARDED.get());
    assert_eq!(unguarded(|| 7), 7);
}
