//! `woodgate create-admin`: an account with which somebody can sign in, made at the server.

use std::io::{BufRead, IsTerminal};

use woodgate::service::App;
use woodgate::service::set_up::{self, SetUpForm};

use super::{Failure, say};

/// Creates a Global administrator; the password is asked for, or read from standard input.
pub async fn create_admin(app: &App, name: String, user_name: String, password_stdin: bool) -> Result<(), Failure> {
    let password = read_password(password_stdin)?;
    let form = SetUpForm {
        name,
        user_name,
        again: password.clone(),
        password,
    };
    let actor = set_up::by_command(app, &form).await?;
    say(format!("{} can sign in as {} (Global administrator).", actor.name, actor.user_name))
}

fn read_password(quietly: bool) -> Result<String, Failure> {
    let mut stdin = std::io::stdin().lock();
    let asks = !quietly && stdin.is_terminal();
    if asks {
        eprint!("Password: ");
        echo("-echo");
    }
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    if asks {
        echo("echo");
        eprintln!();
    }
    read.map_err(|error| Failure::Other(format!("the password cannot be read: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Switches the terminal's echo; where there is no `stty`, what is typed stays visible.
fn echo(mode: &str) {
    if let Err(error) = std::process::Command::new("stty").arg(mode).status() {
        tracing::debug!(%error, "the terminal's echo stays as it is");
    }
}
