//! Runs the tool as trunk does.

#![allow(clippy::unwrap_used)] // clippy recognizes tests by #[test], but not their helpers

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn run(profile: &str, staging: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_precompress"))
        .env("TRUNK_PROFILE", profile)
        .env("TRUNK_STAGING_DIR", staging)
        .output()
        .unwrap()
}

fn dist() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let text = "fn echo() -> Message { message }\n".repeat(100);
    fs::create_dir(folder.path().join("snippets")).unwrap();
    for name in ["index.html", "snippets/a.js", "photo.png"] {
        fs::write(folder.path().join(name), &text).unwrap();
    }
    fs::write(folder.path().join("tiny.css"), "a{}").unwrap();
    (folder, text)
}

#[test]
fn a_release_build_gets_a_brotli_and_a_gzip_version_of_what_gets_smaller() {
    let (folder, text) = dist();
    let output = run("release", folder.path());
    assert!(output.status.success(), "{output:?}");

    for name in ["index.html", "snippets/a.js"] {
        let mut from_brotli = Vec::new();
        let mut compressed = fs::File::open(folder.path().join(format!("{name}.br"))).unwrap();
        brotli::BrotliDecompress(&mut compressed, &mut from_brotli).unwrap();
        assert_eq!(from_brotli, text.as_bytes());

        let mut from_gzip = String::new();
        let compressed = fs::File::open(folder.path().join(format!("{name}.gz"))).unwrap();
        flate2::read::GzDecoder::new(compressed).read_to_string(&mut from_gzip).unwrap();
        assert_eq!(from_gzip, text);

        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
    for name in ["photo.png.br", "photo.png.gz", "tiny.css.br", "tiny.css.gz"] {
        assert!(!folder.path().join(name).exists(), "{name}");
    }
}

#[test]
fn a_module_and_its_script_become_smaller_together() {
    let (folder, _) = dist();
    let read = |file: &str| fs::read(folder.path().join(file)).unwrap();
    // Has the signature () -> (), an import of it, and a custom section without content.
    let begin = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".as_slice();
    let module = [begin, b"\x02\x12\x01\x01m\x0c__wbg_send_1\0\0\0\x02\x01c"].concat();
    let script = "// A comment.\nimports = { m: { __wbg_send_1: function() { } } };\n";
    for (file, content) in [
        ("page-0123456789abcdef.js", script.as_bytes()),
        ("page-0123456789abcdef_bg.wasm", &module),
        ("other.js", script.as_bytes()),
    ] {
        fs::write(folder.path().join(file), content).unwrap();
    }
    assert!(run("debug", folder.path()).status.success());
    assert_eq!(read("page-0123456789abcdef_bg.wasm"), module);
    assert!(run("release", folder.path()).status.success());
    assert_eq!(read("page-0123456789abcdef.js"), b"imports={a:{b:function(){}}};");
    assert_eq!(read("page-0123456789abcdef_bg.wasm"), [begin, b"\x02\x07\x01\x01a\x01b\0\0"].concat());
    assert_eq!(read("other.js"), script.as_bytes(), "it has no module");
}

#[test]
fn the_style_sheets_of_the_page_become_one() {
    let (folder, _) = dist();
    let write = |file: &str, text: &str| fs::write(folder.path().join(file), text).unwrap();
    write("a-1.css", "a{}");
    write("b-2.css", "b{}");
    let html = "<link href=./b-2.css rel=stylesheet><link href=./a-1.css rel=stylesheet><p>";
    write("index.html", html);
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    assert!(run("debug", folder.path()).status.success());
    assert_eq!(read("index.html"), html);
    assert!(run("release", folder.path()).status.success());
    // The beginning of the SHA-256 of "b{}a{}".
    let name = "style-3ac14157761f58fc.css";
    assert_eq!(read("index.html"), format!("<link href=./{name} rel=stylesheet><p>"));
    assert_eq!(read(name), "b{}a{}");
    assert!(!folder.path().join("a-1.css").exists());
    assert_eq!(read("tiny.css"), "a{}", "the page has no link to it");
}

#[test]
fn a_debug_build_is_left_alone() {
    let (folder, _) = dist();
    assert!(run("debug", folder.path()).status.success());
    assert!(!folder.path().join("index.html.br").exists());
}

#[test]
fn a_failure_is_one_line_that_names_the_path() {
    let output = run("release", Path::new("/no/such/folder"));
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("precompress: cannot read /no/such/folder/index.html: "), "{said}");
}
