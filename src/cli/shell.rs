//! `flowdeck completions` and `flowdeck man`: what shells and manuals want to know of the command line.

use std::io;
use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::Cli;
use super::destination::Destination;
use super::failure::{Outcome, Verdict};
use super::interrupt::Interrupt;

/// Print the completions of a shell, to be sourced by it
#[derive(Args, Clone, Debug)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Print the manual page, to be read with `man -l -`
#[derive(Args, Clone, Debug)]
pub(super) struct Man {}

impl Completions {
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "flowdeck", &mut script);
        Destination::stdout().write(interrupt, |out| out.write_all(&script))?;
        Ok(Verdict::Found)
    }
}

impl Man {
    #[expect(clippy::unused_self, reason = "every command runs alike")]
    pub(super) fn run(self, interrupt: &Interrupt) -> Outcome {
        let mut page = Vec::new();
        Destination::stdout().write(interrupt, |out| {
            write_page(&mut page)?;
            out.write_all(&page)
        })?;
        Ok(Verdict::Found)
    }
}

/// One page for everything: the program first, then a section for each subcommand.
fn write_page(out: &mut dyn Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let page = Page::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    for subcommand in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let name = subcommand.get_name().to_uppercase();
        let page = Page::new(subcommand.clone());
        let mut section = Vec::new();
        page.render_synopsis_section(&mut section)?;
        page.render_description_section(&mut section)?;
        page.render_options_section(&mut section)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        writeln!(out, ".SH \"FLOWDECK {name}\"")?;
        out.write_all(section.as_bytes())?;
    }
    page.render_extra_section(out)?;
    page.render_version_section(out)
}
