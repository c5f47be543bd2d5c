"""A small load generator: keep-alive connections on asyncio streams, requests made beforehand, bounded in number.

It runs in a process of its own (`python load.py HOST PORT CONNECTIONS`), reads request bodies from standard input
(one a line) and prints one JSON object: seconds, latencies and answers that were not 200.
"""

import asyncio
import json
import sys
import time

import uvloop


async def talk(host: str, port: int, bodies: list[bytes], head: bytes, times: list[float], bad: list[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while bodies:
        body = bodies.pop()
        started = time.perf_counter()
        writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        at = answer.lower().index(b"content-length:") + 15
        await reader.readexactly(int(answer[at : answer.index(b"\r\n", at)]))
        times.append(time.perf_counter() - started)
        if not answer.startswith(b"HTTP/1.1 200"):
            bad.append(int(answer[9:12]))
    writer.close()


async def main(host: str, port: int, connections: int, token: str) -> None:
    bodies = sys.stdin.buffer.read().splitlines()[::-1]
    head = (
        f"POST /api/v1/door/scans HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\n"
    ).encode()
    times: list[float] = []
    bad: list[int] = []
    started = time.perf_counter()
    await asyncio.gather(*(talk(host, port, bodies, head, times, bad) for _ in range(connections)))
    print(json.dumps({"seconds": time.perf_counter() - started, "times": times, "bad": bad}))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
