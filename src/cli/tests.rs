use clap::CommandFactory;

use super::*;

#[test]
fn the_table_of_arguments_is_consistent() {
    Cli::command().debug_assert();
}
