"""Runs the local AWS on a free port of this machine and prints the port."""

import asyncio
import os
import socket

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
print(port, flush=True)
# The local AWS names its address in responses and hands it to the functions that it runs.
os.environ["GATEWAY_PORT"] = str(port)
os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app

config = Config()
config.bind = [f"fd://{listener.fileno()}"]
config.keep_alive_timeout = 75
asyncio.run(serve(app, config))
