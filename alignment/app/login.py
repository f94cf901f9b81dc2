"""Streamlit's login, set up from the environment: no secret lies in a file."""

import hmac

from streamlit.runtime.secrets import SecretsValue

from alignment.app.settings import Settings

__all__ = ["login_secrets"]


def login_secrets(settings: Settings) -> dict[str, SecretsValue] | None:
    """What `st.App` takes as `secrets`, for `st.login`; None where nobody signs in."""
    if settings.login is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{settings.address}oauth2callback",
            # Another one than signs links: what the one signs, the other does not.
            "cookie_secret": hmac.digest(settings.secret.encode(), b"login cookies", "sha256").hex(),
            "client_id": settings.login.client_id,
            "client_secret": settings.login.client_secret,
            "server_metadata_url": settings.login.metadata,
        }
    }
