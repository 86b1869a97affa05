"""Runs every scenario of the lab with the Python client `websockets`. Usage: lab.py URL, such as ws://127.0.0.1:8080"""

import asyncio
import json
import sys
import time
import urllib.request
import zlib

import websockets
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK, InvalidHandshake, InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

# The code with which the client fails the connection. None: it does not notice, or not by a Close frame.
VIOLATIONS = {
    "rsv1": 1002,
    "rsv2": 1002,
    "rsv3": 1002,
    "opcode3": 1002,
    "opcode11": 1002,
    "masked": 1002,
    "long_ping": 1002,
    "fragmented_ping": 1002,
    "bad_utf8": 1007,
    "split_utf8": None,
    "orphan_continuation": 1002,
    "nested_text": 1002,
    "close_1byte": 1002,
    "close_1005": 1002,
    "close_bad_utf8": 1007,
    "after_close": None,
    "len_not_minimal": None,
    "len_63bit": 1009,
    "huge": 1009,
}

URL = sys.argv[1]


def connect(target, **options):
    return websockets.connect(f"{URL}/lab/{target}", compression=None, **options)


def get(path):
    with urllib.request.urlopen(URL.replace("ws", "http", 1) + path) as response:
        return json.load(response)


async def echoes(target, **options):
    async with connect(target, **options) as client:
        await client.send("h\N{LATIN SMALL LETTER E WITH ACUTE}llo")
        assert await client.recv() == "h\N{LATIN SMALL LETTER E WITH ACUTE}llo", target
        return client


async def refused(target, status, **options):
    try:
        async with connect(target, **options):
            raise AssertionError(f"{target} is not refused")
    except InvalidStatus as error:
        assert error.response.status_code == status, (target, error)
        return error.response


async def closed(target, code, reason=""):
    async with connect(target) as client:
        try:
            while True:
                await client.recv()
        except ConnectionClosed:
            assert (client.close_code, client.close_reason) == (code, reason), (target, client.close_code)


async def push():
    async with connect("push?every=10ms&count=3&size=5") as client:
        messages = [json.loads(message) async for message in client]
    assert [message["seq"] for message in messages] == [1, 2, 3]
    assert all(int(message["crc32"], 16) == zlib.crc32(message["pad"].encode()) for message in messages)


async def delay():
    began = time.monotonic()
    await echoes("delay?by=100ms")
    assert time.monotonic() - began >= 0.1


async def inspect():
    async with connect("inspect", additional_headers={"X-Test": "1"}, subprotocols=["a", "b"]) as client:
        request = json.loads(await client.recv())
        assert ["X-Test", "1"] in request["headers"], request
        assert request["offered_subprotocols"] == ["a", "b"] and request["subprotocol"] == "a"


async def handshake():
    client = await echoes("handshake?header=X-One:1&pad=4KiB")
    assert client.response.headers["X-One"] == "1" and len(client.response.headers["X-Pad"]) == 4096
    for target in ("handshake?accept=wrong", "handshake?accept=missing", "handshake?subprotocol=never.offered"):
        try:
            await echoes(target)
        except InvalidHandshake:
            continue
        raise AssertionError(f"{target} is accepted")


async def close():
    await closed("close?code=4001&reason=bye", 4001, "bye")
    await closed("close?mode=fin", 1006)
    await closed("close?mode=rst", 1006)
    await closed("close?after_time=50ms&code=0", 1005)
    await closed("close?mode=half&code=4000", 4000)
    client = await connect("close?mode=ignore", close_timeout=0.2)
    await client.close()
    assert client.close_code == 1006, "no Close frame came back"


async def refuse():
    response = await refused("refuse?status=503&retry_after=5", 503)
    assert response.headers["Retry-After"] == "5"
    await refused("refuse?status=404", 404)


async def auth():
    response = await refused("auth", 401)
    assert response.headers["WWW-Authenticate"].startswith("Basic "), response.headers
    await echoes("auth", additional_headers={"Authorization": "Basic dTpw"})
    await echoes("auth?scheme=cookie", additional_headers={"Cookie": "session=p"})
    await echoes("auth?scheme=query&token=p")
    await echoes("auth?scheme=subprotocol", subprotocols=["chat", "bearer.p"])
    await refused("auth?scheme=subprotocol", 403, subprotocols=["chat"])


async def early():
    for target in ("early", "early?split=30&pause=100ms"):
        async with connect(target) as client:
            assert [await client.recv() for _ in range(3)] == ["early 1", "early 2", "early 3"], target


async def ping():
    async with connect("ping?every=20ms") as client:
        assert json.loads(await client.recv())["round_trip_us"] > 0
    async with connect("ping?every=1h&pong=late&late_by=100ms") as client:
        began = time.monotonic()
        await (await client.ping())
        assert time.monotonic() - began >= 0.1


async def idle():
    async with connect("idle?plan=10ms,50ms&mode=server_ping&every=10ms") as client:
        messages = [json.loads(message) async for message in client]
    assert messages[-1]["longest_silence_ms"] == 50, messages


async def fragment():
    for target in ("fragment?size=1&ping=1", "fragment?size=0"):
        await echoes(target)


async def source_and_sink():
    async with connect("source?count=50") as client:
        messages = [message async for message in client]
    assert len(messages) == 50
    async with connect("sink") as client:
        for message in messages:
            await client.send(message)
        await client.send("end")
        verdict = json.loads(await client.recv())
    assert (verdict["numbered"], verdict["lost"], verdict["damaged"]) == (50, 0, 0), verdict


async def slow():
    began = time.monotonic()
    async with connect("slow?read=64MiB&write=1KiB") as client:
        await client.send(bytes(300))
        assert await client.recv() == bytes(300)
    assert time.monotonic() - began >= 0.2


async def deflate():
    far = bytes(range(256)) * 40
    for flush in ("sync", "full", "final", "stored"):
        for query in ("", "&server_no_context_takeover=1&client_no_context_takeover=1", "&server_max_window_bits=9&client_max_window_bits=9"):
            if flush == "final" and "no_context" not in query:
                # RFC 7692 section 7.2.3.4 allows a last block, and the client cannot read on behind it with the same context.
                continue
            offer = ClientPerMessageDeflateFactory(client_max_window_bits=True)
            target = f"{URL}/lab/deflate?compress=alternate&flush={flush}{query}"
            async with websockets.connect(target, compression=None, extensions=[offer]) as client:
                for message in ("text " * 1000, "", far, far, "behind"):
                    await client.send(message)
                    assert await client.recv() == message, target
    await refused("deflate", 400)


async def violate():
    for number, (what, code) in enumerate(VIOLATIONS.items()):
        tap = f"lab-interop-python-{number}"
        async with connect(f"violate?what={what}&watch=300ms&tap={tap}") as client:
            try:
                async for _ in client:
                    pass
            except ConnectionClosed:
                pass
        while not (content := get(f"/api/taps/{tap}"))["ended"]:
            await asyncio.sleep(0.01)
        report = next(entry["report"] for entry in content["entries"] if entry["type"] == "report")
        seen = report["close_code"] if report["reaction"] == "close_frame" else None
        if what in ("after_close", "len_not_minimal", "split_utf8"):
            assert seen in (None, 1000), report
        else:
            assert seen == code, report


async def main():
    for scenario in (push, delay, inspect, handshake, close, refuse, auth, early, ping, idle, fragment, source_and_sink, slow, deflate, violate):
        try:
            await asyncio.wait_for(scenario(), 60)
        except Exception as error:
            raise AssertionError(f"{scenario.__name__}: {error!r}") from error


asyncio.run(main())
