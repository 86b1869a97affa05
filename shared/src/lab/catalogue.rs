//! The scenarios, as data.

use super::{Kind, Parameter, Scenario, Text};

const DAY: u64 = 24 * HOUR;
const HOUR: u64 = 60 * MINUTE;
const MINUTE: u64 = 60 * SECOND;
const SECOND: u64 = 1_000;
const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

const fn parameter(name: &'static str, kind: Kind, default: &'static str, description: Text) -> Parameter {
    Parameter { name, description, kind, default }
}

const fn time(least: u64, most: u64) -> Kind {
    Kind::Time { least, most }
}

const fn number(least: u64, most: u64) -> Kind {
    Kind::Number { least, most }
}

const fn size(most: u64) -> Kind {
    Kind::Size { least: 0, most }
}

const KIND: Kind = Kind::Choice { of: &["text", "binary"] };

/// All scenarios, in the order in which they are shown.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "push",
        title: text("The server speaks by itself", "服务器主动发送"),
        description: text(
            "Sends numbered messages with checksums, and then closes with 1000. A text is JSON with seq, time_ms, pad and crc32 of \
             the pad. A binary message has 8 bytes seq, 8 bytes time in ms (both big endian), the pad, and 4 bytes CRC-32 of all before.",
            "发送带编号和校验和的消息，然后以 1000 关闭。文本消息是 JSON：seq、time_ms、pad 以及 pad 的 crc32。\
             二进制消息：8 字节 seq、8 字节毫秒时间（均为大端）、pad，以及前面所有字节的 4 字节 CRC-32。",
        ),
        parameters: &[
            parameter("every", time(1, HOUR), "1s", text("Time between two messages", "两条消息之间的时间")),
            parameter(
                "count",
                number(0, 1_000_000),
                "10",
                text("Number of messages; 0 goes on", "消息数；0 表示不停"),
            ),
            parameter("size", size(MIB), "0", text("Length of the pad", "pad 的长度")),
            parameter("kind", KIND, "text", text("Kind of the messages", "消息类型")),
        ],
        examples: &["", "every=100ms&count=50", "kind=binary&size=1KiB"],
    },
    Scenario {
        name: "delay",
        title: text("Late echo", "延迟回显"),
        description: text(
            "Echoes each message after a time. The order is kept, and the answer to Close follows the echoes.",
            "一段时间后回显每条消息，顺序不变；对 Close 的应答在回显之后。",
        ),
        parameters: &[
            parameter("by", time(0, MINUTE), "500ms", text("Time until the echo", "回显前的时间")),
            parameter(
                "jitter",
                time(0, MINUTE),
                "0ms",
                text("Random time that is added, at most", "另加的随机时间上限"),
            ),
        ],
        examples: &["", "by=2s", "by=100ms&jitter=400ms"],
    },
    Scenario {
        name: "inspect",
        title: text("The request as it arrived", "到达时的请求"),
        description: text(
            "The first message is JSON: the request with its headers in order, the version of HTTP and its stream, addresses, TLS, what was \
             offered and agreed on, and the round trip of TCP. Then echoes. Cookie, Authorization and Proxy-Authorization are not shown.",
            "第一条消息是 JSON：请求及按序的头部、HTTP 版本及其流、地址、TLS、提供与协商的内容以及 TCP 往返时间。之后回显。\
             不显示 Cookie、Authorization 和 Proxy-Authorization。",
        ),
        parameters: &[],
        examples: &[""],
    },
    Scenario {
        name: "handshake",
        title: text("Odd answer to the handshake", "异常的握手应答"),
        description: text(
            "The 101 has more headers, a long header, a subprotocol that was not offered, or a wrong Sec-WebSocket-Accept. Then echoes.",
            "101 应答带有额外的头部、很长的头部、未提供的子协议或错误的 Sec-WebSocket-Accept。之后回显。",
        ),
        parameters: &[
            parameter(
                "header",
                Kind::Headers { count: 32 },
                "",
                text("Further header line, NAME:VALUE", "额外的头部行 NAME:VALUE"),
            ),
            parameter("pad", size(64 * KIB), "0", text("Length of a header X-Pad", "X-Pad 头部的长度")),
            parameter(
                "subprotocol",
                Kind::Token,
                "",
                text("Subprotocol of the answer, offered or not", "应答的子协议，无论是否提供过"),
            ),
            parameter(
                "accept",
                Kind::Choice { of: &["right", "wrong", "missing"] },
                "right",
                text("Sec-WebSocket-Accept", "Sec-WebSocket-Accept"),
            ),
        ],
        examples: &["header=X-Test:1", "pad=16KiB", "subprotocol=x", "accept=wrong"],
    },
    Scenario {
        name: "close",
        title: text("Closes, in many ways", "各种关闭方式"),
        description: text(
            "Echoes, and closes after a number of messages or a time; without both, at once. mode: frame sends Close; fin ends TCP without \
             Close; rst resets it; half sends Close, and goes on sending messages for 10 s; ignore never closes and never answers the Close of \
             the client, and goes without the other parameters.",
            "先回显，在若干消息或一段时间后关闭；两者皆无则立即关闭。mode：frame 发送 Close；fin 不发 Close 就结束 TCP；\
             rst 重置连接；half 发送 Close 后继续发送 10 秒消息；ignore 从不关闭，也不应答客户端的 Close，不与其他参数同用。",
        ),
        parameters: &[
            parameter(
                "code",
                number(0, 65_535),
                "1000",
                text("Close code; 0 sends a Close frame without a code", "关闭码；0 表示 Close 帧不带关闭码"),
            ),
            parameter("reason", Kind::Text { most: 123 }, "", text("Reason", "原因")),
            parameter("after", number(0, 1_000_000), "0", text("Number of messages", "消息数")),
            parameter(
                "after_time",
                time(0, DAY),
                "0s",
                text("Time; 0s waits for messages only", "时间；0s 只看消息数"),
            ),
            parameter(
                "mode",
                Kind::Choice { of: &["frame", "fin", "rst", "ignore", "half"] },
                "frame",
                text("Way of closing", "关闭方式"),
            ),
            parameter(
                "raw",
                Kind::Flag,
                "0",
                text("Allows codes that must not be in a Close frame", "允许不得出现在 Close 帧中的关闭码"),
            ),
        ],
        examples: &["code=4001&reason=bye", "after=1&mode=rst", "after_time=5s&mode=fin", "code=1006&raw=1"],
    },
    Scenario {
        name: "refuse",
        title: text("Refused handshake", "拒绝握手"),
        description: text(
            "Answers the handshake with a status other than 101.",
            "用 101 以外的状态应答握手。",
        ),
        parameters: &[
            parameter("status", number(300, 599), "503", text("Status of the answer", "应答状态")),
            parameter(
                "retry_after",
                number(0, 86_400),
                "0",
                text("Retry-After in seconds; 0 sends none", "Retry-After 秒数；0 表示不带"),
            ),
            parameter(
                "location",
                Kind::Text { most: 2_000 },
                "",
                text("Location, for 3xx", "3xx 的 Location"),
            ),
            parameter("delay", time(0, MINUTE), "0s", text("Time until the answer", "应答前的时间")),
            parameter("body", Kind::Text { most: 2_000 }, "", text("Text of the body", "正文")),
        ],
        examples: &["", "status=429&retry_after=5", "status=401", "status=307&location=/echo", "delay=5s"],
    },
    Scenario {
        name: "auth",
        title: text("Handshake with credentials", "需要凭据的握手"),
        description: text(
            "Echoes if the handshake has the credentials: basic, user and password in Authorization; bearer, the password in Authorization; \
             cookie, session=PASSWORD; query, token=PASSWORD in the URL; subprotocol, bearer.PASSWORD among the offers. If not, the answer \
             is 401 or 403, and its JSON says what was missing.",
            "握手带有凭据才回显：basic 在 Authorization 中带用户和密码；bearer 在 Authorization 中带密码；cookie 为 session=密码；\
             query 为 URL 中的 token=密码；subprotocol 在提供的子协议中带 bearer.密码。否则以 401 或 403 应答，JSON 说明缺少什么。",
        ),
        parameters: &[
            parameter(
                "scheme",
                Kind::Choice { of: &["basic", "bearer", "cookie", "query", "subprotocol"] },
                "basic",
                text("Place of the credentials", "凭据所在之处"),
            ),
            parameter("user", Kind::Text { most: 64 }, "u", text("User, for basic", "basic 的用户")),
            parameter(
                "password",
                Kind::Token,
                "p",
                text(
                    "Password, or the token of all schemes but basic, that the server wants",
                    "服务器期望的密码；basic 以外为令牌",
                ),
            ),
            parameter(
                "token",
                Kind::Text { most: 256 },
                "",
                text("Token that the client gives, for query", "query 时客户端给出的令牌"),
            ),
        ],
        examples: &["", "scheme=query&password=secret&token=secret", "scheme=subprotocol&password=secret"],
    },
    Scenario {
        name: "early",
        title: text("Frames with the handshake", "与握手同到的帧"),
        description: text(
            "The 101 and some text messages leave in one write; or the head of the answer is cut at a byte, with a pause. Then echoes.",
            "101 与若干文本消息在一次写入中发出；或者应答头部在某字节处被切开并停顿。之后回显。",
        ),
        parameters: &[
            parameter("frames", number(0, 100), "3", text("Number of messages", "消息数")),
            parameter(
                "split",
                number(0, 1_000),
                "0",
                text(
                    "Byte of the head in front of which is the pause; 0 does not cut",
                    "停顿之前的头部字节数；0 不切开",
                ),
            ),
            parameter("pause", time(0, MINUTE), "500ms", text("Length of the pause", "停顿长度")),
        ],
        examples: &["", "frames=0&split=20", "frames=2&split=50&pause=2s"],
    },
    Scenario {
        name: "ping",
        title: text("Pings and pongs", "Ping 与 Pong"),
        description: text(
            "Sends pings, and reports each pong as JSON with its round trip. pong says how pings of the client are answered: reply, \
             drop (not at all), late, or wrong (another payload). Echoes messages.",
            "发送 ping，并以 JSON 报告每个 pong 及往返时间。pong 指定如何应答客户端的 ping：reply、drop（不应答）、\
             late（延迟）或 wrong（其他载荷）。同时回显消息。",
        ),
        parameters: &[
            parameter("every", time(10, HOUR), "1s", text("Time between two pings", "两次 ping 之间的时间")),
            parameter(
                "pong",
                Kind::Choice { of: &["reply", "drop", "late", "wrong"] },
                "reply",
                text("Answer to pings of the client", "对客户端 ping 的应答"),
            ),
            parameter("late_by", time(0, MINUTE), "500ms", text("Delay of a late pong", "延迟 pong 的时间")),
        ],
        examples: &["", "every=100ms", "pong=drop"],
    },
    Scenario {
        name: "idle",
        title: text("Silence, for growing times", "逐渐加长的静默"),
        description: text(
            "Is silent for each time of the plan, and then sends a numbered message. The last report has the longest silence that the \
             connection survived, and how it ended. With a tap, the report outlives the connection. mode is the traffic in the silence: \
             none; pings of the server; pings that the client has to send by itself, which are counted; or only frames from the server, \
             pongs, which need no answer.",
            "按计划中的每个时间静默，然后发送一条编号消息。最后的报告给出连接经受住的最长静默及其结束方式。mode 决定静默期间由服务器 \
             ping、由客户端 ping，或只有服务器发送（无需应答的 pong）。使用 tap 时，报告在连接结束后仍可取得。",
        ),
        parameters: &[
            parameter(
                "plan",
                Kind::Times { most: 2 * HOUR, count: 32 },
                "15s,30s,60s,120s,300s",
                text("Times of silence", "静默时间"),
            ),
            parameter(
                "mode",
                Kind::Choice { of: &["silent", "server_ping", "client_ping", "one_way"] },
                "silent",
                text("Traffic in the silence", "静默期间的流量"),
            ),
            parameter(
                "every",
                time(10, HOUR),
                "5s",
                text("Time between two pings of the server", "服务器两次 ping 之间的时间"),
            ),
        ],
        examples: &["", "plan=1s,2s,5s", "plan=90s&mode=server_ping"],
    },
    Scenario {
        name: "fragment",
        title: text("Fragmented echo", "分片回显"),
        description: text(
            "Echoes each message in fragments. size=0 puts an empty fragment in front of the message and one behind it.",
            "把每条消息分片回显。size=0 在消息前后各放一个空分片。",
        ),
        parameters: &[
            parameter("size", size(MIB), "16", text("Length of a fragment", "分片长度")),
            parameter(
                "ping",
                number(0, 10),
                "0",
                text("Pings between two fragments", "两个分片之间的 ping 数"),
            ),
            parameter(
                "gap",
                time(0, MINUTE),
                "0ms",
                text("Time between two fragments", "两个分片之间的时间"),
            ),
        ],
        examples: &["", "size=0", "size=1&ping=1", "size=1KiB&gap=100ms"],
    },
    Scenario {
        name: "source",
        title: text("Messages as fast as you read", "尽快发送消息"),
        description: text(
            "Sends messages of the form of push, as fast as the client takes them or at a rate, and then closes with 1000.",
            "以 push 的格式发送消息，速度取决于客户端的读取或给定速率，然后以 1000 关闭。",
        ),
        parameters: &[
            parameter(
                "rate",
                number(0, 1_000_000),
                "0",
                text("Messages a second; 0 has no limit", "每秒消息数；0 不限"),
            ),
            parameter("size", size(MIB), "1KiB", text("Length of the pad", "pad 的长度")),
            parameter(
                "count",
                number(0, 1_000_000_000),
                "0",
                text("Number of messages; 0 goes on", "消息数；0 表示不停"),
            ),
            parameter("kind", KIND, "binary", text("Kind of the messages", "消息类型")),
        ],
        examples: &["count=1000", "rate=100&kind=text"],
    },
    Scenario {
        name: "sink",
        title: text("Counts your messages", "统计消息"),
        description: text(
            "Takes messages and answers none. After count messages, after the text end, or at your Close, a JSON verdict says how many \
             came, and if they have the form of push, how many were lost, doubled, reordered or damaged.",
            "接收消息而不应答。在 count 条消息之后、收到文本 end 之后或客户端 Close 时，以 JSON 结论说明收到多少；\
             若消息为 push 的格式，还说明丢失、重复、乱序或损坏的数量。",
        ),
        parameters: &[parameter(
            "count",
            number(0, 1_000_000_000),
            "0",
            text(
                "Number of messages until the verdict; 0 waits for the end",
                "得出结论前的消息数；0 等待结束",
            ),
        )],
        examples: &["", "count=10"],
    },
    Scenario {
        name: "slow",
        title: text("Slow peer", "缓慢的对端"),
        description: text(
            "Echoes, and reads and writes only so many bytes a second. Small socket buffers let the client feel it soon.",
            "回显，但每秒只读写这么多字节。较小的套接字缓冲区使客户端很快感受到。",
        ),
        parameters: &[
            parameter(
                "read",
                Kind::Size { least: 1, most: 64 * MIB },
                "1KiB",
                text(
                    "Bytes to read a second; 64MiB is no limit in practice",
                    "每秒读取字节数；64MiB 实际上不限",
                ),
            ),
            parameter(
                "write",
                Kind::Size { least: 1, most: 64 * MIB },
                "1KiB",
                text(
                    "Bytes to write a second; 64MiB is no limit in practice",
                    "每秒写入字节数；64MiB 实际上不限",
                ),
            ),
        ],
        examples: &["", "read=64MiB&write=100", "read=100&write=64MiB"],
    },
    Scenario {
        name: "deflate",
        title: text("Compression by the letter", "严格的压缩"),
        description: text(
            "Agrees on exactly these parameters of RFC 7692, or refuses the handshake if the offer does not allow them. Echoes messages that \
             it compressed itself. flush says how the data of a message ends: sync or full flush, a final block (legal, but many clients \
             cannot inflate the next message), or stored blocks.",
            "严格按 RFC 7692 的这些参数协商；若客户端的提议不允许则拒绝握手。回显由服务器自行压缩的消息。\
             flush 指定消息数据如何结束：sync 或 full 刷新、final 块（合法，但许多客户端无法解压下一条消息），或 stored 块。",
        ),
        parameters: &[
            parameter(
                "server_no_context_takeover",
                Kind::Flag,
                "0",
                text("The server forgets each message", "服务器不保留上下文"),
            ),
            parameter(
                "client_no_context_takeover",
                Kind::Flag,
                "0",
                text("The client forgets each message", "客户端不保留上下文"),
            ),
            parameter(
                "server_max_window_bits",
                number(9, 15),
                "15",
                text(
                    "Window of the server; with 15 the answer goes without this parameter",
                    "服务器窗口；15 时应答不含此参数",
                ),
            ),
            parameter(
                "client_max_window_bits",
                number(9, 15),
                "15",
                text(
                    "Window of the client; with 15 the answer goes without this parameter",
                    "客户端窗口；15 时应答不含此参数",
                ),
            ),
            parameter(
                "compress",
                Kind::Choice { of: &["always", "never", "alternate"] },
                "always",
                text("Messages that are compressed", "压缩哪些消息"),
            ),
            parameter("level", number(0, 9), "6", text("Level of the compressor", "压缩级别")),
            parameter(
                "flush",
                Kind::Choice { of: &["sync", "full", "final", "stored"] },
                "sync",
                text("End of the data of a message", "消息数据的结尾"),
            ),
        ],
        examples: &["", "server_no_context_takeover=1", "compress=alternate", "flush=final"],
    },
    Scenario {
        name: "violate",
        title: text("One illegal thing", "一次违规"),
        description: text(
            "Does one illegal thing after the handshake, and watches the client for a time: its close code, the time until it, whether it \
             still answered a ping. The report is a message if the client is still there, and stands in the tap if not. split_utf8 is legal: \
             a test of clients that are too strict.",
            "握手后做一件违规的事，并观察客户端一段时间：关闭码、所需时间、是否仍应答 ping。客户端还在时以消息报告，\
             否则见 tap。split_utf8 是合法的：检验过于严格的客户端。",
        ),
        parameters: &[
            parameter("what", Kind::Choice { of: VIOLATIONS }, "rsv1", text("Violation", "违规内容")),
            parameter("watch", time(10, MINUTE), "2s", text("Time for the reaction", "等待反应的时间")),
        ],
        examples: &["what=rsv1", "what=bad_utf8", "what=close_1005", "what=split_utf8"],
    },
];

/// Things of `violate`.
const VIOLATIONS: &[&str] = &[
    "rsv1",
    "rsv2",
    "rsv3",
    "opcode3",
    "opcode11",
    "masked",
    "long_ping",
    "fragmented_ping",
    "bad_utf8",
    "split_utf8",
    "orphan_continuation",
    "nested_text",
    "close_1byte",
    "close_1005",
    "close_bad_utf8",
    "after_close",
    "len_not_minimal",
    "len_63bit",
    "huge",
];
