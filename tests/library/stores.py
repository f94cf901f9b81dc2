"""Stores of objects for tests: in memory, and a real server of S3's protocol on the loopback."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from alignment.library import Library
from alignment.library.object_store import ObjectStore
from alignment.library.store_backing import StoreBacking

__all__ = ["KEYS", "machine", "s3_server"]

KEYS = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_DEFAULT_REGION": "us-east-1"}
"""What a client of S3 has to be given, whatever the server makes of it."""


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of a server that is up."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def bucket(endpoint: str) -> Iterator[str]:
    """The address of a library in a new bucket; the environment tells where, and has the keys."""
    from boto3 import client

    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
            patch.setenv(name, value)
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        name = f"shelf-{uuid4()}"
        S3FileSystem.clear_instance_cache()  # those have what the environment said before
        client("s3").create_bucket(Bucket=name)
        yield f"s3://{name}/library"


def machine(address: str, root: Path, *, most_audio: int = 1 << 30) -> Library:
    """The library as a process on the machine whose copy is in `root` opens it."""
    return Library(root, StoreBacking(ObjectStore(address), root, most_audio=most_audio))
