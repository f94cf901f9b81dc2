"""Who may do what. Values in, a yes or no out; whoever asks acts on it.

In a personal app everything is everybody's. In a hosted one visitors read what is public. What is private is
there for its owner alone, and for those who hold a link to it. To add and to change takes a sign-in.
"""

from dataclasses import dataclass

from alignment.app.private_links import time_left
from alignment.app.settings import Settings, everybody
from alignment.library import Episode, Job

__all__ = [
    "NOBODY",
    "Visitor",
    "may_add",
    "may_change",
    "may_list",
    "may_read",
    "may_see_job",
    "may_share_privately",
    "named",
    "owns",
]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. email: verified by the login, in small letters; None for who has not signed in.

    keys: from links to private episodes, each with the episode's id; what they open is for `may_read` to say.
    """

    email: str | None = None
    keys: tuple[tuple[str, str], ...] = ()

    def key_to(self, id: str) -> str:
        """The key that this visitor holds to the episode with this id, "" for none."""
        return dict(self.keys).get(id, "")


NOBODY = Visitor()
"""Who has not signed in and holds no link."""


def may_list(settings: Settings, visitor: Visitor, episode: Episode) -> bool:
    """Whether lists, searches and feeds show this visitor the episode."""
    return not settings.hosted or not episode.private or owns(visitor, episode)


def may_read(settings: Settings, visitor: Visitor, episode: Episode, salt: str = "") -> bool:
    """Whether this visitor may listen to the episode and read it. salt: of the episode's private links."""
    if may_list(settings, visitor, episode):
        return True
    return time_left(settings, episode, salt, visitor.key_to(episode.id)) > 0


def may_add(settings: Settings, visitor: Visitor) -> bool:
    """Whether this visitor may add episodes."""
    return not settings.hosted or named(visitor, settings.adders) or named(visitor, settings.editors)


def may_change(settings: Settings, visitor: Visitor, episode: Episode) -> bool:
    """Whether this visitor may correct, note, align again, remove: its owner, and editors a public one."""
    if not settings.hosted or owns(visitor, episode):
        return True
    return not episode.private and named(visitor, settings.editors)


def may_share_privately(settings: Settings, visitor: Visitor, episode: Episode) -> bool:
    """Whether this visitor may hand out links to a private episode."""
    return settings.hosted and episode.private and owns(visitor, episode)


def may_see_job(settings: Settings, visitor: Visitor, job: Job) -> bool:
    """Whether this visitor may watch the job, stop it and ask for it again."""
    return not settings.hosted or (visitor.email is not None and job.request.owner == visitor.email)


def named(visitor: Visitor, people: frozenset[str]) -> bool:
    """Whether a list of people has this visitor: the address, its domain, or everybody who signs in."""
    if visitor.email is None:
        return False
    domain = visitor.email[visitor.email.rfind("@") :]
    return not people.isdisjoint({visitor.email, domain, everybody})


def owns(visitor: Visitor, episode: Episode) -> bool:
    """Whether this visitor has added the episode."""
    return visitor.email is not None and episode.owner == visitor.email
