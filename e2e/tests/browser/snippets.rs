//! Tests of snippets, which are saved messages with names.

use serde_json::json;

use crate::page::{Page, on_page};

impl Page {
    pub async fn save_snippet(&self, name: &str, text: &str) {
        self.paste(text).await;
        self.fill("#snippet-name", name).await;
        self.click("#snippet-save").await;
        self.until_snippets_say(&format!("“{name}” is saved.")).await;
    }

    async fn until_snippets_say(&self, text: &str) {
        let said = "document.querySelector('#snippet-status').textContent";
        self.until(&format!("{said} === {}", json!(text))).await;
    }

    pub async fn snippets(&self) -> serde_json::Value {
        self.eval("[...document.querySelectorAll('#snippet-list .load')].map(load => load.textContent)").await
    }

    pub async fn import_snippets(&self, text: &str) {
        let script = "const data = new DataTransfer(); data.items.add(new File([arguments[0]], 'a.json')); \
                      const input = document.querySelector('#snippet-import'); input.files = data.files; \
                      input.dispatchEvent(new Event('change', { bubbles: true }))";
        self.client.execute(script, vec![json!(text)]).await.unwrap();
    }
}

#[tokio::test]
async fn a_message_is_saved_had_back_renamed_and_deleted() {
    on_page(|page| async move {
        page.show("snippets").await;
        page.save_snippet("greeting", "hello").await;
        page.save_snippet("bye", "good bye").await;
        assert_eq!(page.snippets().await, json!(["bye", "greeting"]));

        page.paste("a draft").await;
        page.click("#snippet-list li:nth-child(2) .load").await;
        page.until("document.querySelector('#message').value === 'hello'").await;
        page.find("#message").await.send_keys("\u{e013}").await.unwrap();
        page.until("document.querySelector('#message').value === 'a draft'").await;

        page.fill("#snippet-name", "bye").await;
        page.click("#snippet-rename").await;
        page.until_snippets_say("Another snippet has this name; choose another name.").await;
        page.fill("#snippet-name", "a greeting").await;
        page.click("#snippet-rename").await;
        page.until_snippets_say("Renamed to “a greeting”.").await;
        assert_eq!(page.snippets().await, json!(["a greeting", "bye"]));

        page.click("#snippet-list li:nth-child(2) .delete").await;
        page.until_snippets_say("“bye” is deleted.").await;
        assert_eq!(page.snippets().await, json!(["a greeting"]));
        page.until("document.activeElement.id === 'snippet-undo'").await;
        page.click("#snippet-undo").await;
        page.until_snippets_say("“bye” is saved.").await;
        assert_eq!(page.eval("document.activeElement.id").await, "snippet-name");

        page.open().await;
        page.show("snippets").await;
        assert_eq!(page.snippets().await, json!(["a greeting", "bye"]), "the browser keeps them");
    })
    .await;
}

#[tokio::test]
async fn a_snippet_needs_a_name() {
    on_page(|page| async move {
        page.show("snippets").await;
        page.fill("#snippet-name", "  ").await;
        page.click("#snippet-save").await;
        page.until_snippets_say("Give it a name.").await;
        assert_eq!(
            page.find("#snippet-name").await.attr("aria-invalid").await.unwrap().as_deref(),
            Some("true")
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_exported_can_be_imported() {
    on_page(|page| async move {
        page.show("snippets").await;
        page.save_snippet("one", "{\"a\": \"🦀\"}").await;
        page.save_snippet("two", "2").await;
        let folder = page.downloads().await;
        page.click("#snippet-export").await;
        let exported = Page::downloaded(&folder, "ws-echo-snippets.json").await;
        let exported = String::from_utf8(exported).unwrap();

        page.eval("localStorage.clear()").await;
        page.open().await;
        page.show("snippets").await;
        page.import_snippets(&exported).await;
        page.until_snippets_say("2 snippets imported.").await;
        assert_eq!(page.snippets().await, json!(["one", "two"]));
        page.click("#snippet-list .load").await;
        page.until("document.querySelector('#message').value === '{\"a\": \"🦀\"}'").await;
    })
    .await;
}

#[tokio::test]
async fn a_bad_file_is_told_with_its_place_and_changes_nothing() {
    on_page(|page| async move {
        page.show("snippets").await;
        page.save_snippet("mine", "x").await;
        page.import_snippets("{\n\"version\": 1,}").await;
        page.until_snippets_say(
            "Nothing imported: the file is not JSON. Line 2, column 13: there is nothing after this comma; take it out.",
        )
        .await;
        page.import_snippets("[1, 2]").await;
        page.until_snippets_say("Nothing imported: the file has no snippets; choose one that was exported here.").await;
        assert_eq!(page.snippets().await, json!(["mine"]));
    })
    .await;
}

#[tokio::test]
async fn what_the_browser_does_not_keep_stays_as_long_as_the_page() {
    on_page(|page| async move {
        page.show("snippets").await;
        page.save_snippet("kept", "1").await;
        page.eval("void (Storage.prototype.setItem = () => { throw new DOMException('full') })").await;
        for (count, name) in [(2, "second"), (3, "third")] {
            page.fill("#snippet-name", name).await;
            page.click("#snippet-save").await;
            page.until_snippets_say("The browser does not store it; it is gone when the page is left.").await;
            page.until(&format!("document.querySelectorAll('#snippet-list .load').length === {count}")).await;
        }
    })
    .await;
}
