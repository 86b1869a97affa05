//! One style sheet in place of many: it is compressed as a whole and is one request.

use std::ops::Range;

/// A link to a style sheet in an HTML file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Place of the tag.
    pub(crate) tag: Range<usize>,
    /// Place of the sheet's address.
    pub(crate) address: Range<usize>,
}

/// Returns the links to style sheets, in their order.
pub(crate) fn links(html: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find("<link ").map(|next| at + next) {
        let Some(end) = html[start..].find('>').map(|length| start + length + 1) else { break };
        at = end;
        let attributes = &html[start..end - 1];
        let is_sheet = ["rel=stylesheet", "rel=\"stylesheet\""].iter().any(|rel| attributes.contains(rel));
        if let (true, Some(address)) = (is_sheet, address(attributes)) {
            links.push(Link { tag: start..end, address: start + address.start..start + address.end });
        }
    }
    links
}

fn address(attributes: &str) -> Option<Range<usize>> {
    const NAME: &str = " href=";
    let start = attributes.find(NAME)? + NAME.len();
    let value = &attributes[start..];
    let (start, end) = match value.strip_prefix('"') {
        Some(quoted) => (start + 1, quoted.find('"')?),
        None => (start, value.find(' ').unwrap_or(value.len())),
    };
    Some(start..start + end)
}

/// Replaces the links by one link at the place of the first.
pub(crate) fn replace(html: &str, links: &[Link], address: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for (index, link) in links.iter().enumerate() {
        if index == 0 {
            out.push_str(&html[..link.address.start]);
            out.push_str(address);
            out.push_str(&html[link.address.end..link.tag.end]);
        } else {
            out.push_str(&html[at..link.tag.start]);
        }
        at = link.tag.end;
    }
    out.push_str(&html[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_stays_with_another_address() {
        for (html, expected) in [
            (
                "<meta a=b><link href=./a-1.css rel=stylesheet><link href=i.svg rel=icon><link href=./b-2.css rel=stylesheet>text",
                "<meta a=b><link href=./all.css rel=stylesheet><link href=i.svg rel=icon>text",
            ),
            (
                "<link rel=\"stylesheet\" href=\"a.css\"/>\n<link rel=\"stylesheet\" href=\"b.css\"/>",
                "<link rel=\"stylesheet\" href=\"./all.css\"/>\n",
            ),
            ("no link", "no link"),
            ("<link rel=stylesheet", "<link rel=stylesheet"),
        ] {
            assert_eq!(replace(html, &links(html), "./all.css"), expected);
        }
    }

    #[test]
    fn the_addresses_are_in_the_order_of_the_links() {
        let html = "<link href=./b.css rel=stylesheet><link href=x.js rel=preload><link href=./a.css rel=stylesheet>";
        let addresses: Vec<_> = links(html).into_iter().map(|link| &html[link.address]).collect();
        assert_eq!(addresses, ["./b.css", "./a.css"]);
    }
}
