//! `hoesu user`: people who sign in to the console.

use std::io::Read as _;

use clap::{Args, Subcommand};
use hoesu_ledger::{Deed, IssuedLink, Ledger, Member, Person, Role, Unfit};
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Failure, Result, fail};
use crate::lang::say;
use crate::pick;
use crate::record::record;
use crate::shell::Shell;
use crate::table::table;

/// People who sign in to the console: add one, list them, change what they may do.
#[derive(Debug, Args)]
pub(crate) struct User {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a person, and print the link by which they choose a password.
    Add {
        /// What the person types to sign in.
        name: String,
        /// What the person may do: viewer, operator or admin.
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
        /// Take the password from standard input instead, one line.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        whose: Whose,
    },
    /// List who may see a seller.
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Say what a person may do with a seller.
    Role {
        /// The person's sign-in name.
        name: String,
        /// viewer, operator, admin; none to show the seller no more.
        #[arg(value_name = "ROLE", value_parser = role_or_none)]
        role: Chosen,
        #[command(flatten)]
        whose: Whose,
    },
    /// Let a person in no more; sessions end at once.
    Disable {
        /// The person's sign-in name.
        name: String,
    },
    /// Let a disabled person in again.
    Enable {
        /// The person's sign-in name.
        name: String,
    },
    /// Print a link by which a person chooses a new password.
    Reset {
        /// The person's sign-in name.
        name: String,
    },
}

/// A role, or none.
#[derive(Debug, Clone, Copy)]
struct Chosen(Option<Role>);

fn role(text: &str) -> std::result::Result<Role, String> {
    Role::from_name(text).ok_or_else(|| Role::ALL.map(Role::name).join(", "))
}

fn role_or_none(text: &str) -> std::result::Result<Chosen, String> {
    if text == "none" {
        return Ok(Chosen(None));
    }
    role(text).map(Some).map(Chosen).map_err(|roles| format!("{roles}, none"))
}

impl User {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        match self.verb {
            Verb::Add { name, role, password_stdin, whose } => {
                add(shell, &ledger, &name, role, password_stdin, whose.seller.as_deref()).await
            }
            Verb::List { whose } => list(shell, &ledger, whose.seller.as_deref()).await,
            Verb::Role { name, role, whose } => {
                set_role(shell, &ledger, &name, role.0, whose.seller.as_deref()).await
            }
            Verb::Disable { name } => set_disabled(shell, &ledger, &name, true).await,
            Verb::Enable { name } => set_disabled(shell, &ledger, &name, false).await,
            Verb::Reset { name } => reset(shell, &ledger, &name).await,
        }
    }
}

async fn add(
    shell: &Shell,
    ledger: &Ledger,
    name: &str,
    role: Role,
    password_stdin: bool,
    of: Option<&str>,
) -> Result<Exit> {
    let seller = pick::whose(ledger, of).await?;
    let password = if password_stdin { Some(one_line()?) } else { None };
    let added = ledger.add_person(seller.id, name, role, password.as_deref(), shell.now).await?;
    let (person, link) = added.map_err(|unfit| unfit_of(unfit, name))?;
    record(shell, ledger, seller.id, Deed::PersonAdd, &person.name, role.name()).await?;
    if shell.json {
        let link = link.map(|link| link_of(shell, &link));
        let (person, role) = (&person.name, role.name());
        shell.value(
            &json!({ "seller": seller.name, "person": person, "role": role, "link": link }),
        )?;
        return Ok(Exit::Done);
    }
    let (name, role) = (&person.name, role.name());
    shell.line(say!(shell.lang, "사용자: {name} ({role})", "person: {name} ({role})"))?;
    match link {
        Some(link) => show(shell, &link),
        None => Ok(Exit::Done),
    }
}

fn one_line() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut text).map_err(|error| {
        fail!("표준 입력을 읽지 못했어요 ({error})", "standard input could not be read ({error})")
    })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Shows a link, once.
fn show(shell: &Shell, link: &IssuedLink) -> Result<Exit> {
    shell.line(format!("  {}", link_of(shell, link)))?;
    shell.note(shell.lang.pick(
        "이 링크는 지금만 보여 드려요. 7일 동안 한 번 쓸 수 있어요.",
        "This link is shown only now; it is good once within 7 days.",
    ));
    Ok(Exit::Done)
}

fn link_of(shell: &Shell, link: &IssuedLink) -> String {
    let scheme = if shell.settings.tls_cert.is_some() { "https" } else { "http" };
    format!("{scheme}://{}/console/set-up/{}", shell.settings.listen(), *link.text)
}

async fn list(shell: &Shell, ledger: &Ledger, of: Option<&str>) -> Result<Exit> {
    let sellers = ledger.sellers().await?;
    let of = of.map(|name| pick::seller(&sellers, name)).transpose()?;
    let mut rows = Vec::new();
    for seller in sellers.iter().filter(|seller| of.as_ref().is_none_or(|of| of.id == seller.id)) {
        let members = ledger.members(seller.id).await?;
        rows.extend(members.into_iter().map(|member| (seller.name.clone(), member)));
    }
    if shell.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(seller, Member { person, role })| {
                json!({
                    "seller": seller,
                    "person": person.name,
                    "role": role.name(),
                    "has_password": person.has_password,
                    "has_code": person.has_code,
                    "created_at": person.created_at,
                    "disabled_at": person.disabled_at,
                })
            })
            .collect();
        shell.value(&rows)?;
        return Ok(Exit::Done);
    }
    let headings = [
        shell.lang.pick("판매자", "seller"),
        shell.lang.pick("사용자", "person"),
        shell.lang.pick("역할", "role"),
        shell.lang.pick("상태", "state"),
        shell.lang.pick("인증 앱", "authenticator"),
    ];
    let rows = rows.into_iter().map(|(seller, Member { person, role })| {
        let state = match &person {
            Person { disabled_at: Some(_), .. } => shell.lang.pick("멈춤", "disabled"),
            Person { has_password: false, .. } => shell.lang.pick("초대함", "invited"),
            Person { .. } => shell.lang.pick("사용 중", "active"),
        };
        let code = if person.has_code { shell.lang.pick("씀", "yes") } else { "-" };
        vec![seller, person.name, role.to_string(), state.to_owned(), code.to_owned()]
    });
    shell.line(table(headings, rows))?;
    Ok(Exit::Done)
}

async fn set_role(
    shell: &Shell,
    ledger: &Ledger,
    name: &str,
    role: Option<Role>,
    of: Option<&str>,
) -> Result<Exit> {
    let seller = pick::whose(ledger, of).await?;
    let person = named(ledger, name).await?;
    let set = ledger.set_role(seller.id, person.id, role, shell.now).await?;
    set.map_err(|unfit| unfit_of(unfit, name))?;
    let role = role.map_or("none", Role::name);
    record(shell, ledger, seller.id, Deed::PersonChange, &person.name, role).await?;
    let (name, seller) = (&person.name, &seller.name);
    if shell.json {
        shell.value(&json!({ "seller": seller, "person": name, "role": role }))?;
    } else {
        shell.line(say!(shell.lang, "{name}: {seller} ({role})", "{name}: {seller} ({role})"))?;
    }
    Ok(Exit::Done)
}

async fn set_disabled(shell: &Shell, ledger: &Ledger, name: &str, disabled: bool) -> Result<Exit> {
    let person = named(ledger, name).await?;
    let set = ledger.set_disabled(person.id, disabled, shell.now).await?;
    set.map_err(|unfit| unfit_of(unfit, name))?;
    let to = if disabled { "disabled" } else { "enabled" };
    record(shell, ledger, person.id.home, Deed::PersonChange, &person.name, to).await?;
    let name = &person.name;
    if shell.json {
        shell.value(&json!({ "person": name, "disabled": disabled }))?;
    } else if disabled {
        shell.line(say!(
            shell.lang,
            "{name}: 이제 들어올 수 없어요",
            "{name} is let in no more"
        ))?;
    } else {
        shell.line(say!(shell.lang, "{name}: 다시 들어올 수 있어요", "{name} is let in again"))?;
    }
    Ok(Exit::Done)
}

async fn reset(shell: &Shell, ledger: &Ledger, name: &str) -> Result<Exit> {
    let person = named(ledger, name).await?;
    let link = ledger.reset_link(person.id, shell.now).await?;
    let link = link.map_err(|unfit| unfit_of(unfit, name))?;
    record(shell, ledger, person.id.home, Deed::PersonChange, &person.name, "reset").await?;
    if shell.json {
        shell.value(&json!({ "person": person.name, "link": link_of(shell, &link) }))?;
        return Ok(Exit::Done);
    }
    show(shell, &link)
}

async fn named(ledger: &Ledger, name: &str) -> Result<Person> {
    let person = ledger.person_named(name).await?;
    person.ok_or_else(|| unfit_of(Unfit::Gone, name))
}

fn unfit_of(unfit: Unfit, name: &str) -> Failure {
    match unfit {
        Unfit::Name => fail!(
            "이름은 글자, 숫자, . - _ @ 로 1–64자여야 해요",
            "a name has 1 to 64 letters, digits and . - _ @"
        ),
        Unfit::NameTaken => fail!(
            "{name} 사용자는 이미 있어요. 다른 판매자도 보게 하려면 `hoesu user role`을 써 주세요",
            "there is a person {name} already; `hoesu user role` lets them see another seller"
        ),
        Unfit::PasswordShort => {
            fail!("비밀번호는 10자 이상이어야 해요", "a password has 10 characters at least")
        }
        Unfit::PasswordLong => fail!("비밀번호가 너무 길어요", "the password is too long"),
        Unfit::PasswordIsName => {
            fail!("비밀번호는 이름과 달라야 해요", "the password must not be the name")
        }
        Unfit::LastAdmin => fail!(
            "{name}: 마지막 관리자예요. 다른 관리자를 먼저 정해 주세요",
            "{name} is the last admin; name another one first"
        ),
        Unfit::Gone | Unfit::PasswordWrong | Unfit::CodeWrong => fail!(
            "{name} 사용자가 없어요. `hoesu user list`로 확인해 주세요",
            "there is no person {name}; `hoesu user list` shows those there are"
        ),
    }
}
