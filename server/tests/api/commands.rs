//! Commands of the program that do not serve.

use std::net::TcpListener;

use ws_echo_test_support::program::{Running, finish, ws_echo};

#[tokio::test]
async fn health_asks_the_server_where_it_listens() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--drain-wait", "1h"]));
    let address = format!("127.0.0.1:{}", running.port().await);
    for arguments in [&["health", "--listen", &address][..], &["health", "--ready", "--listen", &address]] {
        assert_eq!(
            finish(ws_echo(arguments)).await,
            (Some(0), String::new(), String::new()),
            "{arguments:?}"
        );
    }
    let mut by_variable = ws_echo(&["health"]);
    by_variable.env("WS_ECHO_LISTEN", address.replace("127.0.0.1", "0.0.0.0"));
    assert_eq!(finish(by_variable).await.0, Some(0));

    running.signal("TERM").await;
    running.line("Service stops").await;
    assert_eq!(finish(ws_echo(&["health", "--listen", &address])).await.0, Some(0), "it is alive");
    let (code, _, stderr) = finish(ws_echo(&["health", "--ready", "--listen", &address])).await;
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("error: ") && stderr.contains("503"), "{stderr}");
}

#[tokio::test]
async fn a_server_that_is_not_there_or_does_not_answer_is_one_line_and_exit_code_1() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = silent.local_addr().unwrap().to_string();
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    for address in [there, gone] {
        let (code, stdout, stderr) =
            finish(ws_echo(&["health", "--timeout", "200ms", "--listen", &address])).await;
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        assert!(stderr.starts_with(&format!("error: no answer from {address}: ")), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

#[tokio::test]
async fn completions_and_the_manual_are_written_to_stdout() {
    for (shell, wanted) in
        [("bash", "complete -F"), ("zsh", "#compdef ws-echo"), ("fish", "complete -c ws-echo")]
    {
        let (code, stdout, stderr) = finish(ws_echo(&["completions", shell])).await;
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert!(stdout.contains(wanted) && stdout.contains("max-message"), "{shell}");
    }
    let (code, stdout, _) = finish(ws_echo(&["man"])).await;
    assert_eq!(code, Some(0));
    assert!(stdout.contains(".TH ws-echo 1") && stdout.contains("WS_ECHO_DRAIN_WAIT"), "{stdout}");
    let (code, _, stderr) = finish(ws_echo(&["completions", "tcsh"])).await;
    assert_eq!(code, Some(2));
    assert!(stderr.contains("bash") && stderr.lines().count() == 1, "{stderr}");
}
