//! The same connection by programs of the command line, which can do what a browser cannot.

use yew::AttrValue;

use super::authority::without_credentials;

/// Returns the command lines of `websocat` and `wscat` for a URL and subprotocols, with a header to fill in. User name and password are
/// left out, as wherever others may see them.
pub fn command_lines(url: &str, protocols: &[AttrValue]) -> [String; 2] {
    const HEADER: &str = "-H 'Authorization: Bearer TOKEN'";
    let url = quoted(&without_credentials(url));
    // The form with `=`: a name may begin with a hyphen, which alone would be an option.
    let option = |names: &str| format!("{} ", quoted(&format!("--{names}")));
    let all = if protocols.is_empty() {
        String::new()
    } else {
        option(&format!("protocol={}", protocols.join(",")))
    };
    let each: String = protocols.iter().map(|name| option(&format!("subprotocol={name}"))).collect();
    [format!("websocat {all}{HEADER} {url}"), format!("wscat {each}{HEADER} -c {url}")]
}

/// Quotes a text for a POSIX shell, so that nothing in it has a meaning there.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn both_programs_get_the_url_and_the_subprotocols() {
        assert_eq!(
            command_lines("ws://a/b?c=d&e", &["chat".into(), "v2".into()]),
            [
                "websocat '--protocol=chat,v2' -H 'Authorization: Bearer TOKEN' 'ws://a/b?c=d&e'",
                "wscat '--subprotocol=chat' '--subprotocol=v2' -H 'Authorization: Bearer TOKEN' -c 'ws://a/b?c=d&e'",
            ]
        );
        assert_eq!(
            command_lines("ws://me:secret@a", &[])[0],
            "websocat -H 'Authorization: Bearer TOKEN' 'ws://a'"
        );
    }

    #[test]
    fn a_hostile_url_stays_a_single_argument() {
        let url = r#"ws://a/';echo "$(id)" `id` \'"'"'&|<>*?~!#$IFS"#;
        for line in command_lines(url, &["it's".into()]) {
            let (_, arguments) = line.split_once(' ').unwrap();
            let shown =
                Command::new("sh").arg("-c").arg(format!(r"printf '[%s]\n' {arguments}")).output().unwrap();
            let shown = String::from_utf8(shown.stdout).unwrap();
            assert!(shown.ends_with(&format!("[{url}]\n")), "{shown}");
            assert!(shown.contains("protocol=it's]\n"), "{shown}");
        }
    }
}
