"""Echoes through the Python client `websockets`. Usage: echo.py URL"""

import asyncio
import random
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

LENGTHS = [0, 1, 125, 126, 65_535, 65_536, 16 << 20]


def text(length):
    return ("0123456789abcdef" * (length // 16 + 1))[:length]


async def echo(url):
    async with websockets.connect(url, max_size=None, compression=None) as client:
        for length in LENGTHS:
            for message in (text(length), bytes(range(256)) * (length // 256) + bytes(length % 256)):
                await client.send(message)
                answer = await client.recv()
                assert type(answer) is type(message) and answer == message, f"{type(message).__name__} of {length} bytes"
        await client.send(["frag", "men", "ts ", "\N{CRAB}"])
        assert await client.recv() == "fragments \N{CRAB}"
        await (await client.ping(b"are you there"))


async def windows(url):
    """A regression test: a window of 8 bits was once negotiated, with which zlib cannot compress."""
    far = random.Random(1).randbytes(3000)
    for server in (None, 8, 9, 12, 15):
        for client in (None, True, 9, 12, 15):
            offer = ClientPerMessageDeflateFactory(server_max_window_bits=server, client_max_window_bits=client)
            async with websockets.connect(url, max_size=None, compression=None, extensions=[offer]) as connection:
                for message in ("", "text " * 1000, far * 3, far * 3):
                    await connection.send(message)
                    assert await connection.recv() == message, f"server {server}, client {client}"
                # The last fragment is empty.
                await connection.send(["frag", "ments"])
                assert await connection.recv() == "fragments"


async def close_codes(url):
    for code, reason in [(1000, "done"), (1001, ""), (3000, ""), (4999, "¡adiós!")]:
        client = await websockets.connect(url)
        await client.close(code, reason)
        assert (client.close_code, client.close_reason) == (code, reason), f"code {code}: {client.close_code} {client.close_reason}"


async def main(url):
    await echo(url)
    await windows(url)
    await close_codes(url)


asyncio.run(asyncio.wait_for(main(sys.argv[1]), 60))
