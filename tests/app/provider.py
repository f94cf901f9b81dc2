"""A small OpenID provider on the loopback: whoever comes is signed in as the person it is told."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.app.servers import free_port

CLIENT_ID, CLIENT_SECRET = "talks", "known to two"


@dataclass
class Provider:
    """Where it is, and as whom it signs people in. codes: given out and not redeemed, with their nonces."""

    url: str
    email: str = "ada@example.org"
    verified: bool = True
    codes: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k"}))

    @property
    def metadata(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def describe(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def authorize(self, request: Request) -> Response:
        code = secrets.token_hex()
        self.codes[code] = request.query_params["nonce"]
        query = urlencode({"code": code, "state": request.query_params["state"]})
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{query}", 302)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        nonce = self.codes.pop(str(form["code"]))
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": self.email,
            "email": self.email,
            "email_verified": self.verified,
            "nonce": nonce,
            "iat": now,
            "exp": now + 600,
        }
        id_token = jwt.encode({"alg": "RS256", "kid": "k"}, claims, self.key)
        return JSONResponse(
            {"access_token": secrets.token_hex(), "token_type": "Bearer", "id_token": id_token}
        )

    def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def provider() -> Iterator[Provider]:
    """Serve one."""
    port = free_port()
    made = Provider(f"http://127.0.0.1:{port}")
    routes = [
        Route("/.well-known/openid-configuration", made.describe),
        Route("/authorize", made.authorize),
        Route("/token", made.token, methods=["POST"]),
        Route("/keys", made.keys),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield made
    server.should_exit = True
    thread.join()
