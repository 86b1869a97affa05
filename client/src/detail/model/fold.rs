//! Collapsible blocks of a pretty-printed JSON text.

use std::rc::Rc;

use serde_json::Value;

use super::tokens::{Token, tokens};

/// Approximate number of lines that a long text shows at first.
pub const SHOWN_AT_FIRST: usize = 200;

/// A text, its blocks, and the lines that are visible.
///
/// The text must be pretty-printed: each line ends with the bracket that opens its block, begins with the bracket that closes it,
/// or has neither. Other text yields fewer blocks, and no error.
#[derive(Debug)]
pub struct Fold {
    text: Rc<str>,
    /// Start of each line, in bytes.
    starts: Vec<u32>,
    /// Blocks in the order of their first lines.
    blocks: Vec<Block>,
    visible: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    /// Line of the opening bracket.
    first: u32,
    /// Line of the closing bracket.
    last: u32,
    /// Number of blocks inside, at any depth.
    within: u32,
    /// Number of items or members.
    items: u32,
    depth: u32,
    closed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Line number in the text, from 0.
    pub line: usize,
    /// Position of the line in the text, in bytes.
    pub start: usize,
    /// Text of the line, without the line feed.
    pub text: &'a str,
    /// Block that the line opens.
    pub block: Option<RowBlock<'a>>,
}

/// The block that a visible line opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowBlock<'a> {
    /// True if its contents are hidden.
    pub closed: bool,
    /// Number of items or members.
    pub items: usize,
    /// Closing bracket, with its comma if there is one.
    pub end: &'a str,
}

impl Fold {
    /// Finds the blocks of a text. Returns `None` for a text of 4 GiB or more.
    ///
    /// Deeper blocks of a long text start closed, so that about [`SHOWN_AT_FIRST`] lines are visible. The outermost block always
    /// starts open.
    pub fn of(text: Rc<str>) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        let (starts, blocks) = scan(&text);
        let mut fold = Self { text, starts, blocks, visible: Vec::new() };
        let depth = fold.first_depth();
        fold.close_where(|block| block.depth >= depth);
        Some(fold)
    }

    pub fn visible(&self) -> usize {
        self.visible.len()
    }

    pub fn has_blocks(&self) -> bool {
        !self.blocks.is_empty()
    }

    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        let line = *self.visible.get(index)?;
        let block = self.blocks.binary_search_by_key(&line, |block| block.first).ok();
        let block = block.and_then(|at| self.blocks.get(at)).map(|block| RowBlock {
            closed: block.closed,
            items: block.items as usize,
            end: self.line(block.last).trim_start(),
        });
        Some(Row { line: line as usize, start: self.start(line), text: self.line(line), block })
    }

    /// The formatted text.
    pub fn text(&self) -> Rc<str> {
        self.text.clone()
    }

    /// Returns the index of a line among the visible ones; that of the nearest one before it if it is hidden.
    pub fn index_of(&self, line: usize) -> usize {
        self.visible.partition_point(|visible| *visible as usize <= line).saturating_sub(1)
    }

    /// Returns the line of a byte of the text.
    pub fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= byte).saturating_sub(1)
    }

    /// Opens the blocks around a byte of the text. Returns its line.
    pub fn open_around(&mut self, byte: usize) -> usize {
        let line = self.line_of(byte);
        let mut is_changed = false;
        for block in self.blocks.iter_mut().take_while(|block| (block.first as usize) < line) {
            if block.closed && block.last as usize >= line {
                block.closed = false;
                is_changed = true;
            }
        }
        if is_changed {
            self.see();
        }
        line
    }

    /// Returns the path of the value of a line, such as `$.items[3].name`. The line of a closing bracket has the path of its block.
    pub fn path(&self, line: usize) -> String {
        let line = self.opening(line);
        let around: Vec<_> = self
            .blocks
            .iter()
            .take_while(|block| block.first < line)
            .filter(|block| block.last > line)
            .collect();
        let inner = around.iter().skip(1).map(|block| block.first).chain([line]);
        let mut path = "$".to_owned();
        for (block, line) in around.iter().zip(inner) {
            let key = self.line(line).trim_start();
            match tokens(key).next() {
                Some((Token::Key, key)) => {
                    let name = key.trim_matches('"');
                    if is_identifier(name) {
                        path.extend([".", name]);
                    } else {
                        path.extend(["[", key, "]"]);
                    }
                }
                _ => path.extend(["[", &self.items_before(block, line).to_string(), "]"]),
            }
        }
        path
    }

    /// Returns the value of a line: the contents of a string, and of other values the text, of a block in all its lines.
    pub fn value(&self, line: usize) -> String {
        let line = self.opening(line);
        let text = self.line(line);
        let content = text.trim_start();
        let indent = text.len() - content.len();
        let key = match tokens(content).next() {
            Some((Token::Key, key)) => key.len() + ": ".len(),
            _ => 0,
        };
        if let Some(block) = self.block_at(line) {
            let start = self.start(line) + indent + key;
            let end = self.start(block.last) + self.line(block.last).trim_end_matches(',').len();
            let value = self.text.get(start..end).unwrap_or_default();
            return value.replace(&format!("\n{}", " ".repeat(indent)), "\n");
        }
        let value = content.get(key..).unwrap_or_default();
        let value = value.strip_suffix(',').unwrap_or(value);
        match serde_json::from_str(value) {
            Ok(Value::String(contents)) => contents,
            _ => value.to_owned(),
        }
    }

    /// Returns the line that opens the block which a line closes; any other line itself.
    fn opening(&self, line: usize) -> u32 {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.blocks.iter().find(|block| block.last == line).map_or(line, |block| block.first)
    }

    fn block_at(&self, line: u32) -> Option<&Block> {
        self.blocks.get(self.blocks.binary_search_by_key(&line, |block| block.first).ok()?)
    }

    fn items_before(&self, block: &Block, line: u32) -> usize {
        let (mut at, mut items) = (block.first + 1, 0);
        while at < line {
            at = self.block_at(at).map_or(at, |inner| inner.last) + 1;
            items += 1;
        }
        items
    }

    fn start(&self, line: u32) -> usize {
        self.starts.get(line as usize).map_or(self.text.len(), |start| *start as usize)
    }

    /// Closes or opens the block that this line opens. Does nothing if the line opens no block.
    pub fn toggle(&mut self, line: usize) {
        let at = self.blocks.binary_search_by_key(&line, |block| block.first as usize);
        if let Some(block) = at.ok().and_then(|at| self.blocks.get_mut(at)) {
            block.closed = !block.closed;
            self.see();
        }
    }

    pub fn open_all(&mut self) {
        self.close_where(|_| false);
    }

    /// Closes every block except the outermost.
    pub fn close_all(&mut self) {
        self.close_where(|block| block.depth > 0);
    }

    fn close_where(&mut self, closed: impl Fn(&Block) -> bool) {
        for block in &mut self.blocks {
            block.closed = closed(block);
        }
        self.see();
    }

    fn line(&self, line: u32) -> &str {
        let (start, end) = (self.start(line), self.start(line + 1));
        self.text.get(start..end).unwrap_or_default().trim_end_matches('\n')
    }

    fn see(&mut self) {
        self.visible.clear();
        let (mut line, mut at) = (0_u32, 0_usize);
        while (line as usize) < self.starts.len() {
            self.visible.push(line);
            line += 1;
            if let Some(block) = self.blocks.get(at).filter(|block| block.first + 1 == line) {
                at += 1;
                if block.closed {
                    at += block.within as usize;
                    line = block.last + 1;
                }
            }
        }
    }

    /// Returns the smallest depth at which all blocks must be closed to show at most [`SHOWN_AT_FIRST`] lines; at least 1.
    fn first_depth(&self) -> u32 {
        if self.starts.len() <= SHOWN_AT_FIRST {
            return u32::MAX;
        }
        // Number of lines that opening all blocks of a depth adds: their items and their closing brackets.
        let mut opened: Vec<usize> = Vec::new();
        for block in &self.blocks {
            let depth = block.depth as usize;
            if opened.len() <= depth {
                opened.resize(depth + 1, 0);
            }
            if let Some(lines) = opened.get_mut(depth) {
                *lines += block.items as usize + 1;
            }
        }
        let mut shown = 1;
        let fitting = opened.iter().take_while(|lines| {
            shown += **lines;
            shown <= SHOWN_AT_FIRST
        });
        u32::try_from(fitting.count()).unwrap_or(u32::MAX).max(1)
    }
}

/// True if a path has the key behind a dot, without quotes.
fn is_identifier(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    name.bytes().all(is_part) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

fn scan(text: &str) -> (Vec<u32>, Vec<Block>) {
    let (mut starts, mut blocks) = (Vec::new(), Vec::<Block>::new());
    // Indices of the enclosing blocks at the current line.
    let mut around: Vec<usize> = Vec::new();
    let mut start = 0_u32;
    for (number, line) in (0_u32..).zip(text.split_inclusive('\n')) {
        starts.push(start);
        // The sum stays below 4 GiB, the limit of the whole text.
        start = start.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        let content = line.trim();
        if content.starts_with(['}', ']']) {
            let within = around.pop().and_then(|at| {
                let after = blocks.len();
                blocks.get_mut(at).map(|block| (block, after - at - 1))
            });
            if let Some((block, within)) = within {
                block.last = number;
                block.within = u32::try_from(within).unwrap_or(u32::MAX);
            }
        } else if let Some(block) = around.last().and_then(|at| blocks.get_mut(*at)) {
            block.items += 1;
        }
        if content.ends_with(['{', '[']) {
            let depth = u32::try_from(around.len()).unwrap_or(u32::MAX);
            around.push(blocks.len());
            blocks.push(Block { first: number, last: 0, within: 0, items: 0, depth, closed: false });
        }
    }
    // Blocks without an end are dropped.
    blocks.retain(|block| block.last > block.first);
    (starts, blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::json;

    const SMALL: &str = r#"{
  "a": [
    1,
    {
      "b": "{"
    }
  ],
  "empty": {},
  "c": {
    "d": null
  }
}"#;

    fn fold(text: &str) -> Fold {
        Fold::of(text.into()).unwrap()
    }

    fn lines(fold: &Fold) -> Vec<usize> {
        (0..fold.visible()).map(|index| fold.row(index).unwrap().line).collect()
    }

    /// Returns an object with an array of this many objects.
    fn many(objects: usize) -> String {
        let object = "    {\n      \"a\": 1\n    }";
        format!("{{\n  \"list\": [\n{}\n  ]\n}}", vec![object; objects].join(",\n"))
    }

    #[test]
    fn a_short_text_is_all_visible() {
        let fold = fold(SMALL);
        assert_eq!(lines(&fold), (0..12).collect::<Vec<_>>());
        assert_eq!(fold.row(1).unwrap().text, "  \"a\": [");
        assert_eq!(fold.row(1).unwrap().block, Some(RowBlock { closed: false, items: 2, end: "]," }));
        assert_eq!(fold.row(0).unwrap().block, Some(RowBlock { closed: false, items: 3, end: "}" }));
        assert_eq!(fold.row(4).unwrap().block, None, "a bracket in a string opens nothing");
        assert_eq!(fold.row(7).unwrap().block, None, "an empty block has nothing to hide");
        assert_eq!(fold.row(12), None);
    }

    #[test]
    fn a_closed_block_hides_what_is_in_it_and_its_end() {
        let mut fold = fold(SMALL);
        fold.toggle(3);
        assert_eq!(lines(&fold), [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]);
        fold.toggle(1);
        assert_eq!(lines(&fold), [0, 1, 7, 8, 9, 10, 11]);
        assert_eq!(fold.row(1).unwrap().block.map(|block| (block.closed, block.end)), Some((true, "],")));
        fold.toggle(1);
        assert_eq!(lines(&fold), [0, 1, 2, 3, 6, 7, 8, 9, 10, 11], "the inner one stays as it was");
        fold.toggle(2);
        assert_eq!(fold.visible(), 10, "a line without a block changes nothing");
        fold.toggle(usize::MAX);
        fold.open_all();
        assert_eq!(fold.visible(), 12);
        fold.close_all();
        assert_eq!(lines(&fold), [0, 1, 7, 8, 11]);
        fold.toggle(0);
        assert_eq!(lines(&fold), [0]);
    }

    #[test]
    fn a_long_text_shows_about_two_hundred_lines_at_first() {
        assert_eq!(fold(&many(60)).visible(), 184, "few enough to be all open");
        let text = many(150);
        let middle = fold(&text);
        assert_eq!(middle.visible(), 154, "the objects are closed");
        assert!(middle.row(2).unwrap().block.unwrap().closed);
        let long = fold(&many(10_000));
        assert_eq!(lines(&long), [0, 1, 30_003], "the list is closed");
        assert_eq!(long.row(1).unwrap().block.unwrap().items, 10_000);
        let flat = fold(&format!("[\n{}\n]", vec!["  1"; 1_000].join(",\n")));
        assert_eq!(flat.visible(), 1_002, "the outermost is never closed");
    }

    #[test]
    fn a_line_is_found_whatever_its_place() {
        let text = many(150);
        let mut fold = fold(&text);
        fold.open_all();
        let all: Vec<&str> = (0..fold.visible()).map(|index| fold.row(index).unwrap().text).collect();
        assert_eq!(all.join("\n"), text);
    }

    #[test]
    fn other_texts_give_no_error() {
        for text in ["", "\n", "]", "[", "}\n{", "[\n[\n]", "\"text\"", "{\n}\n}\n"] {
            let mut fold = fold(text);
            fold.close_all();
            assert_eq!(fold.row(fold.visible()), None);
            fold.toggle(0);
            fold.open_all();
            assert_eq!(fold.visible(), text.split_inclusive('\n').count(), "{text:?}");
        }
    }

    #[test]
    fn a_deep_text_needs_no_stack() {
        let deep = 100_000;
        let text = format!("{}{}", "[\n".repeat(deep), "]\n".repeat(deep));
        let mut fold = fold(&text);
        assert_eq!(fold.visible(), 199, "99 are open, and the next is closed");
        fold.open_all();
        assert_eq!(fold.visible(), 2 * deep);
        fold.close_all();
        assert_eq!(fold.visible(), 3);
    }

    #[test]
    fn a_line_has_a_path_and_a_value() {
        let text =
            json::pretty(r#"{"items":[1,{"a-b":[]},[{"name":"x\n\"y\"","n":1.50}]],"":null}"#).unwrap();
        let fold = fold(&text);
        let lines = text.lines().map(str::trim).enumerate();
        let got: Vec<_> = lines
            .map(|(line, text)| (text, fold.path(line), fold.value(line).replace("\n  ", "~")))
            .collect();
        let all = &fold.text[..];
        let all = all.replace("\n  ", "~");
        let want = [
            ("{", "$", all.as_str()),
            (
                "\"items\": [",
                "$.items",
                "[~1,~{~  \"a-b\": []~},~[~  {~    \"name\": \"x\\n\\\"y\\\"\",~    \"n\": 1.50~  }~]\n]",
            ),
            ("1,", "$.items[0]", "1"),
            ("{", "$.items[1]", "{~\"a-b\": []\n}"),
            ("\"a-b\": []", "$.items[1][\"a-b\"]", "[]"),
            ("},", "$.items[1]", "{~\"a-b\": []\n}"),
            ("[", "$.items[2]", "[~{~  \"name\": \"x\\n\\\"y\\\"\",~  \"n\": 1.50~}\n]"),
            ("{", "$.items[2][0]", "{~\"name\": \"x\\n\\\"y\\\"\",~\"n\": 1.50\n}"),
            ("\"name\": \"x\\n\\\"y\\\"\",", "$.items[2][0].name", "x\n\"y\""),
            ("\"n\": 1.50", "$.items[2][0].n", "1.50"),
        ];
        for (got, want) in got.iter().zip(want) {
            assert_eq!((got.0, got.1.as_str(), got.2.as_str()), want);
        }
        assert_eq!((fold.path(13), fold.value(13)), ("$[\"\"]".into(), "null".into()));
    }

    #[test]
    fn the_blocks_around_a_byte_open() {
        let text = json::pretty(r#"{"a":[[1],[{"b":2}]],"c":[3]}"#).unwrap();
        let mut fold = fold(&text);
        fold.close_all();
        assert_eq!(fold.visible(), 4);
        let line = fold.open_around(text.find('2').unwrap());
        assert_eq!(fold.row(fold.index_of(line)).unwrap().text.trim(), "\"b\": 2");
        assert_eq!(fold.row(fold.index_of(line)).unwrap().start, text.find("\"b\"").unwrap() - 8);
        assert_eq!(fold.visible(), 11, "the other blocks stay closed");
        assert_eq!(fold.open_around(0), 0);
    }
}
