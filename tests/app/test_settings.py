"""The settings of a server: what is read, and what is said of what cannot be used."""

import pytest
from typer.testing import CliRunner

from alignment.app.login import login_secrets
from alignment.app.settings import Login, Settings, SettingsError
from alignment.cli import app

HOSTED = {
    "ALIGNMENT_HOSTED": "1",
    "ALIGNMENT_ADDRESS": "https://talks.example.org/library",
    "ALIGNMENT_SECRET": "s" * 32,
}
LOGIN = {
    "ALIGNMENT_LOGIN_METADATA": "https://login.example.org/.well-known/openid-configuration",
    "ALIGNMENT_LOGIN_ID": "talks",
    "ALIGNMENT_LOGIN_SECRET": "nobody's business",
}


def test_without_a_word_the_app_is_personal() -> None:
    assert Settings.from_environment({}) == Settings()


def test_a_hosted_app_is_read_only_until_somebody_may_sign_in() -> None:
    settings = Settings.from_environment(HOSTED)

    assert settings.hosted
    assert settings.encrypted
    assert (settings.address, settings.path) == ("https://talks.example.org/library/", "/library/")
    assert settings.hosts == ("talks.example.org",)
    assert settings.login is None
    assert login_secrets(settings) is None


def test_people_and_limits_are_read() -> None:
    settings = Settings.from_environment(
        {
            **HOSTED,
            **LOGIN,
            "ALIGNMENT_MAY_ADD": "Ada@Example.org, @club.example",
            "ALIGNMENT_EDITORS": "*",
            "ALIGNMENT_HOSTS": "talks.example.org *.example.net",
            "ALIGNMENT_PROXY": "127.0.0.1,10.0.0.0/8",
            "ALIGNMENT_MOST_HOURS": "1.5",
            "ALIGNMENT_MOST_UPLOAD_MB": "10",
        }
    )

    assert settings.adders == {"ada@example.org", "@club.example"}
    assert settings.editors == {"*"}
    assert settings.hosts == ("talks.example.org", "*.example.net")
    assert settings.proxies == ("127.0.0.1", "10.0.0.0/8")
    assert (settings.limits.audio_s, settings.limits.upload_bytes) == (5400.0, 10 << 20)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ALIGNMENT_HOSTED": "perhaps"}, "ALIGNMENT_HOSTED"),
        ({"ALIGNMENT_SECRET": ""}, "ALIGNMENT_SECRET is not set"),
        ({"ALIGNMENT_SECRET": "short"}, "ALIGNMENT_SECRET has 5 characters"),
        ({"ALIGNMENT_ADDRESS": "talks.example.org"}, "ALIGNMENT_ADDRESS"),
        ({"ALIGNMENT_ADDRESS": "https://talks.example.org/?a=b"}, "ALIGNMENT_ADDRESS"),
        ({"ALIGNMENT_MAY_ADD": "ada@example.org"}, "nobody can sign in"),
        ({"ALIGNMENT_LOGIN_ID": "talks"}, "ALIGNMENT_LOGIN_METADATA and ALIGNMENT_LOGIN_SECRET"),
        ({**LOGIN, "ALIGNMENT_LOGIN_METADATA": "login.example.org"}, "ALIGNMENT_LOGIN_METADATA"),
        ({**LOGIN, "ALIGNMENT_MAY_ADD": "ada"}, "'ada'"),
        ({"ALIGNMENT_HOSTS": "https://talks.example.org"}, "ALIGNMENT_HOSTS"),
        ({"ALIGNMENT_HOSTS": "a.*.example.org"}, "ALIGNMENT_HOSTS"),
        ({"ALIGNMENT_PROXY": "the proxy"}, "ALIGNMENT_PROXY"),
        ({"ALIGNMENT_MOST_JOBS": "0"}, "ALIGNMENT_MOST_JOBS"),
        ({"ALIGNMENT_MOST_JOBS_A_DAY": "1.5"}, "ALIGNMENT_MOST_JOBS_A_DAY"),
        ({"ALIGNMENT_MOST_HOURS": "nan"}, "ALIGNMENT_MOST_HOURS"),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match="ALIGNMENT_") as raised:
        Settings.from_environment({**HOSTED, **changes})

    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings.from_environment({**HOSTED, **LOGIN}))

    assert HOSTED["ALIGNMENT_SECRET"] not in shown
    assert LOGIN["ALIGNMENT_LOGIN_SECRET"] not in shown


def test_cookies_are_signed_with_another_secret_than_links() -> None:
    settings = Settings(
        hosted=True, address="https://t.example/", secret="s" * 32, login=Login("https://l/", "i", "s")
    )

    secrets = login_secrets(settings)

    assert secrets is not None
    auth = secrets["auth"]
    assert isinstance(auth, dict)
    assert auth["redirect_uri"] == "https://t.example/oauth2callback"
    assert settings.secret not in str(auth["cookie_secret"])
    assert len(str(auth["cookie_secret"])) == 64


def test_serve_says_what_is_missing_and_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNMENT_HOSTED", "")
    monkeypatch.setenv("ALIGNMENT_ADDRESS", HOSTED["ALIGNMENT_ADDRESS"])
    monkeypatch.delenv("ALIGNMENT_SECRET", raising=False)

    ended = CliRunner().invoke(app, ["serve", "--hosted"])

    assert ended.exit_code == 2
    assert "ALIGNMENT_SECRET is not set." in ended.stderr
