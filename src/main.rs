//! The program `woodgate`: reads the command line and carries out one command. Every failure is one line and an exit code of its own kind.

mod commands;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run(commands::CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let (code, text) = failure.message();
            eprintln!("woodgate: {}", text.split_whitespace().collect::<Vec<_>>().join(" "));
            ExitCode::from(code)
        }
    }
}
